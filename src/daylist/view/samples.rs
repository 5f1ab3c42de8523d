//! An invented evening for the tests of the views.

use super::{DayPage, LiveNow, StreamPage, StreamerPage};
use crate::base::clock::Instant;
use crate::base::id::{GapId, PlayId, StreamId};
use crate::daylist::model::Stream;
use crate::http::Site;
use crate::hub::{Gap, NowPlaying, OnAir, Streamer, Track, TrackFacts};
use crate::i18n::Locale;
use chrono::NaiveDate;

pub(super) fn instant(text: &str) -> Instant {
    text.parse().expect("an instant")
}

pub(super) fn track(clock: &str, name: &str, artist: &str) -> Track {
    let started_at = instant(&format!("2026-11-20T{clock}:07.250Z"));
    let key: String = name.chars().filter(char::is_ascii_alphanumeric).take(22).collect();
    TrackFacts {
        id: PlayId::derived(started_at, &[name]),
        provider: "spotify",
        provider_id: Some(key.clone()),
        uri: format!("spotify:track:{key}"),
        name: name.to_owned(),
        artist: artist.to_owned(),
        artists: artist.split(", ").map(str::to_owned).collect(),
        album: Some("Low Tide Letters".to_owned()),
        duration_ms: 238_000,
        started_at,
        url: Some(format!("https://open.spotify.com/track/{key}")),
        image_url: None,
        source: "poll",
    }
    .into()
}

pub(super) fn gap(from: &str, healed: bool) -> Gap {
    let from = instant(from);
    let to = Some(from + chrono::TimeDelta::minutes(5));
    Gap { id: GapId::derived(from, &["gap"]), from, to, healed, reason: "spotify_down" }
}

/// All that a day page borrows.
pub(super) struct Evening {
    pub(super) site: Site,
    pub(super) streamer: Streamer,
    pub(super) stream: OnAir,
    pub(super) whole: Stream,
    pub(super) streams: Vec<Stream>,
    pub(super) days: Vec<chrono::NaiveDate>,
    pub(super) now: NowPlaying,
    pub(super) tracks: Vec<Track>,
    pub(super) gaps: Vec<Gap>,
}

impl Default for Evening {
    fn default() -> Self {
        let tracks = vec![
            track("20:14", "Gravel & Honey", "Tom Ashdown"),
            track("20:29", "Paper Lanterns", "Juno Ferris"),
            track("20:44", "夜のラジオ (Night Radio)", "Kaoru Minami"),
            track("20:48", "Slow Harbour", "Maren Vale, Odd Numbers"),
        ];
        let started_at = instant("2026-11-20T19:58:00Z");
        let id = StreamId::derived(started_at, &["stream"]);
        Self {
            site: Site::new("https://airlog.example"),
            streamer: Streamer { login: "ann".to_owned(), name: "Ann".to_owned() },
            stream: OnAir { id, started_at },
            whole: Stream { id, started_at, ended_at: Some(instant("2026-11-21T00:10:30Z")) },
            streams: vec![Stream { id, started_at, ended_at: None }],
            days: ["2026-11-20", "2026-11-19", "2026-10-31"].map(|day| day.parse().expect("a date")).to_vec(),
            now: NowPlaying { track: tracks[3].clone(), is_playing: true, progress_ms: 91_000 },
            tracks,
            gaps: vec![],
        }
    }
}

impl Evening {
    pub(super) fn page(&self) -> DayPage<'_> {
        DayPage {
            locale: Locale::En,
            site: &self.site,
            streamer: &self.streamer,
            date: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date"),
            is_today: true,
            timezone: "Europe/Paris",
            live: true,
            stream: Some(&self.stream),
            now_playing: Some(&self.now),
            at: instant("2026-11-20T20:49:38Z"),
            tracks: &self.tracks,
            gaps: &self.gaps,
            cursor: "k3x9-12",
            previous_day: chrono::NaiveDate::from_ymd_opt(2026, 11, 19),
            next_day: None,
            days: &self.days,
            today: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date"),
            streams: &self.streams,
            search: None,
            is_private: false,
        }
    }

    pub(super) fn live(&self) -> LiveNow<'_> {
        let at = instant("2026-11-20T20:49:38Z");
        LiveNow { streamer: &self.streamer, now_playing: Some(&self.now), at }
    }

    pub(super) fn stream_page(&self) -> StreamPage<'_> {
        StreamPage {
            locale: Locale::En,
            site: &self.site,
            streamer: &self.streamer,
            timezone: chrono_tz::Tz::Europe__Paris,
            stream: &self.whole,
            is_live: false,
            now_playing: Some(&self.now),
            at: instant("2026-11-20T20:49:38Z"),
            tracks: &self.tracks,
            gaps: &self.gaps,
            today: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date"),
            cursor: "k3x9-12",
            search: None,
            is_private: false,
        }
    }
}

/// All that a streamer page borrows.
pub(super) struct Kept {
    pub(super) evening: Evening,
    days: [NaiveDate; 2],
    hours: [usize; 24],
    streams: Vec<(Stream, usize)>,
    tracks: Vec<(Track, usize)>,
    artists: Vec<(String, usize)>,
}

impl Default for Kept {
    fn default() -> Self {
        let evening = Evening::default();
        let days = ["2026-11-20", "2026-11-19"].map(|day| day.parse().expect("a date"));
        let mut hours = [0; 24];
        (hours[20], hours[21], hours[0]) = (4, 2, 1);
        let on_air = Stream { ended_at: None, ..evening.whole.clone() };
        let began = instant("2026-11-19T19:00:00Z");
        let id = StreamId::derived(began, &["stream"]);
        let before = Stream { id, started_at: began, ended_at: Some(instant("2026-11-19T23:12:30Z")) };
        let count = |(place, track): (usize, &Track)| (track.clone(), 3 - place);
        let artists = [("Maren Vale", 3), ("Odd Numbers", 2)].map(|(name, plays)| (name.to_owned(), plays));
        Self {
            days,
            hours,
            streams: vec![(on_air, 4), (before, 3)],
            tracks: evening.tracks.iter().rev().take(3).enumerate().map(count).collect(),
            artists: artists.to_vec(),
            evening,
        }
    }
}

impl Kept {
    pub(super) fn page(&self) -> StreamerPage<'_> {
        StreamerPage {
            locale: Locale::En,
            site: &self.evening.site,
            streamer: &self.evening.streamer,
            timezone: chrono_tz::Tz::Europe__Paris,
            today: self.days[0],
            live: Some(self.evening.live()),
            days: &self.days,
            hours: &self.hours,
            streams: &self.streams,
            tracks: &self.tracks,
            artists: &self.artists,
            is_own: false,
            is_remembered: false,
        }
    }
}
