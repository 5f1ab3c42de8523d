//! What viewers and programs read.

use crate::i18n::Plural;

catalogue! {
    /// The day page.
    pub(crate) Day {
        title: String, description: String,
        on_air: String, off_air: String, on_air_now: String, since: String,
        previous: String, next: String, days: String,
        midnight: String, streams: String,
        playing: String, paused: String, progress: String, silence: String,
        tracks: String, empty_today: String, empty_today_hint: String, empty_past: String, empty_past_hint: String,
        reconnecting: String, fresh: Plural, calendar: String, private: String,
    }
    /// Looking for a track in a list, and taking its name along.
    pub(crate) Find {
        in_day: String, in_stream: String, go: String, all: String, matches: Plural,
        nothing: String, nothing_hint: String, copy: String, copied: String,
    }
    /// The page of a stream.
    pub(crate) Stream {
        title: String, description: String, heading: String, ended: String, days: String,
        tracks: String, empty: String, into: String,
    }
    /// The calendar of the days with music.
    pub(crate) Calendar { today: String, more: String }
    /// The streamer page.
    pub(crate) Streamer {
        title: String, description: String, summary: String, own: String, away: String, today: String,
        days: String, clock: String, busiest: String, zone: String, streams: String, hours_long: String,
        minutes_long: String, tracks: String, artists: String, empty: String, empty_hint: String,
    }
    /// In which time zone times are shown.
    pub(crate) Zone { times_in_utc: String, times_in: String, to_theirs: String, to_yours: String }
    /// Why nothing is known about a time, by the reason of the gap.
    pub(crate) Gaps {
        rate_limited: String, spotify_down: String, link_lost: String, server_down: String,
        database: String, paused: String, other: String,
    }
    /// The home page.
    pub(crate) Home {
        title: String, description: String, heading: String, lead: String, live: String, others: String,
        nothing_playing: String, nobody_live: String, nobody_live_hint: String, nobody: String, nobody_hint: String,
    }
    /// The description of the API.
    pub(crate) Docs {
        title: String, heading: String, lead: String, contents: String,
        parameters: String, body: String, answers: String, example: String, shapes: String,
    }
}

impl Gaps {
    /// Every reason with its message; the last one, without a name, stands for reasons we do not know yet.
    pub(crate) fn all(&self) -> [(&'static str, &str); 7] {
        [
            ("rate_limited", &self.rate_limited),
            ("spotify_down", &self.spotify_down),
            ("link_lost", &self.link_lost),
            ("server_down", &self.server_down),
            ("database", &self.database),
            ("paused", &self.paused),
            ("", &self.other),
        ]
    }

    /// Why nothing is known, for a gap's `reason`.
    pub(crate) fn why(&self, reason: &str) -> &str {
        self.all().into_iter().find(|(name, _)| *name == reason).map_or(&self.other, |(_, why)| why)
    }
}
