//! The day of one streamer as viewers see it, and how each event changes it. Pure.

use super::model::{Event, Gap, NowPlaying, OnAir, Streamer, Track};
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use crate::base::local_day::{bounds, local_date};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

/// What the streamer has chosen about who reads, kept in memory for when the database is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// Whether everybody may read the list.
    pub is_public: bool,
    /// How many days the list is kept; none keeps it for ever.
    pub retention_days: Option<i64>,
}

/// Everything a new viewer needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Whose day.
    pub streamer: Streamer,
    /// Who may read it.
    pub terms: Terms,
    /// Where the day begins and ends.
    pub timezone: Tz,
    /// The local day.
    pub date: NaiveDate,
    /// The broadcast that is on air.
    pub stream: Option<OnAir>,
    /// What plays, as it was at `now_playing_at`.
    pub now_playing: Option<NowPlaying>,
    /// When `now_playing` held.
    pub now_playing_at: Instant,
    /// The plays, by `started_at`.
    pub tracks: Vec<Track>,
    /// The gaps, by their beginning.
    pub gaps: Vec<Gap>,
}

impl Day {
    /// The day that `now` lies in, with nothing in it yet.
    #[must_use]
    pub fn empty(streamer: Streamer, timezone: Tz, now: Instant) -> Self {
        let date = local_date(now, timezone);
        Self {
            streamer,
            terms: Terms::default(),
            timezone,
            date,
            stream: None,
            now_playing: None,
            now_playing_at: now,
            tracks: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// The event that begins a new day, when `now` lies in one.
    pub(super) fn turn(&self, now: Instant) -> Option<Event> {
        let date = local_date(now, self.timezone);
        (date > self.date).then_some(Event::DayChanged { date })
    }

    /// Changes the day as `event` says; false when it says nothing new, so that nobody need be told.
    pub(super) fn apply(&mut self, event: &Event, at: Instant) -> bool {
        match event {
            Event::TrackAdded { track } => self.put(track),
            Event::TrackUpdated { track } => self.correct(track),
            Event::TrackRemoved { id } => self.remove(*id),
            // A look that comes back late must not make an ended stream play on.
            Event::NowPlaying { now_playing } => {
                self.play(now_playing.as_ref().filter(|_| self.stream.is_some()).cloned(), at)
            }
            Event::StreamStarted { stream } => replace(&mut self.stream, Some(stream.clone())),
            Event::StreamEnded { stream } => self.end(stream, at),
            Event::DayChanged { date } => self.begin(*date),
            Event::Gap { gap } => self.put_gap(gap),
        }
    }

    /// The id of the row that follows this play on a page with the newest first: the next older play.
    pub(super) fn row_after(&self, id: PlayId) -> Option<PlayId> {
        let place = self.tracks.iter().position(|track| track.id == id)?;
        self.tracks.get(place.checked_sub(1)?).map(|older| older.id)
    }

    /// What plays, with its progress carried forward to `now`.
    #[must_use]
    pub fn playing_at(&self, now: Instant) -> Option<NowPlaying> {
        let mut playing = self.now_playing.clone()?;
        if playing.is_playing {
            let elapsed = (now - self.now_playing_at).max(TimeDelta::zero()).num_milliseconds();
            playing.progress_ms =
                (playing.progress_ms + elapsed).min(playing.track.duration_ms.max(playing.progress_ms));
        }
        Some(playing)
    }

    fn put(&mut self, track: &Track) -> bool {
        if local_date(track.started_at, self.timezone) != self.date || self.tracks.contains(track) {
            return false;
        }
        self.tracks.retain(|known| known.id != track.id);
        let place =
            self.tracks.partition_point(|known| (known.started_at, known.id) <= (track.started_at, track.id));
        self.tracks.insert(place, track.clone());
        true
    }

    /// A correction holds in the list and in what plays.
    fn correct(&mut self, track: &Track) -> bool {
        if let Some(playing) = self.now_playing.as_mut().filter(|playing| playing.track.id == track.id) {
            playing.track = track.clone();
        }
        self.put(track)
    }

    fn remove(&mut self, id: PlayId) -> bool {
        let before = self.tracks.len();
        self.tracks.retain(|track| track.id != id);
        self.tracks.len() < before
    }

    fn play(&mut self, playing: Option<NowPlaying>, at: Instant) -> bool {
        let news = playing.is_some() || self.now_playing.is_some();
        self.now_playing = playing;
        self.now_playing_at = at;
        news
    }

    fn end(&mut self, stream: &OnAir, at: Instant) -> bool {
        if self.stream.as_ref().is_none_or(|on_air| on_air.id != stream.id) {
            return false;
        }
        self.stream = None;
        self.play(None, at);
        true
    }

    fn begin(&mut self, date: NaiveDate) -> bool {
        self.tracks.clear();
        self.gaps.retain(|gap| gap.to.is_none());
        replace(&mut self.date, date)
    }

    fn put_gap(&mut self, gap: &Gap) -> bool {
        let known = self.gaps.iter().find(|known| known.id == gap.id);
        if known.map_or_else(|| self.is_over(gap), |known| known == gap) {
            return false;
        }
        self.gaps.retain(|known| known.id != gap.id);
        let place = self.gaps.partition_point(|known| known.from <= gap.from);
        self.gaps.insert(place, gap.clone());
        true
    }

    /// Whether the gap ended before the day began: one of yesterday's that was healed today.
    fn is_over(&self, gap: &Gap) -> bool {
        gap.to.is_some_and(|to| to <= bounds(self.date, self.timezone).0)
    }
}

fn replace<T: PartialEq>(slot: &mut T, value: T) -> bool {
    let changed = *slot != value;
    *slot = value;
    changed
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::base::id::{GapId, StreamId};

    pub(in crate::hub) fn at(text: &str) -> Instant {
        chrono::DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
    }

    pub(in crate::hub) fn day() -> Day {
        let ann = Streamer { login: "ann".into(), name: "Ann".into() };
        Day::empty(ann, Tz::Europe__Paris, at("2026-11-20T20:00:00Z"))
    }

    pub(in crate::hub) fn track(name: &str, started_at: Instant) -> Track {
        Track {
            id: PlayId::derived(started_at, &[name]),
            provider: "spotify",
            provider_id: Some(name.into()),
            uri: format!("spotify:track:{name}"),
            name: name.into(),
            artist: "Maren Vale, Odd Numbers".into(),
            artists: vec!["Maren Vale".into(), "Odd Numbers".into()],
            album: Some("Low Tide Letters".into()),
            duration_ms: 201_000,
            started_at,
            url: None,
            image_url: None,
            source: "poll",
        }
    }

    fn added(name: &str, text: &str) -> Event {
        Event::TrackAdded { track: track(name, at(text)) }
    }

    #[test]
    fn a_backfilled_play_takes_its_place_and_knows_its_neighbour() {
        let (mut day, now) = (day(), at("2026-11-20T20:10:00Z"));
        for (name, start) in
            [("a", "2026-11-20T20:00:00Z"), ("c", "2026-11-20T20:06:00Z"), ("b", "2026-11-20T20:03:00Z")]
        {
            assert!(day.apply(&added(name, start), now));
        }
        let names: Vec<&str> = day.tracks.iter().map(|track| track.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(day.row_after(day.tracks[1].id), Some(day.tracks[0].id));
        assert_eq!(day.row_after(day.tracks[0].id), None);
    }

    #[test]
    fn a_correction_holds_in_the_list_and_in_what_plays_and_a_removed_play_is_gone() {
        let (mut day, now) = (day(), at("2026-11-20T20:10:00Z"));
        day.stream = Some(OnAir { id: StreamId::random(now), started_at: now });
        day.apply(&added("a", "2026-11-20T20:00:00Z"), now);
        let track = day.tracks[0].clone();
        let playing = NowPlaying { track: track.clone(), is_playing: true, progress_ms: 0 };
        day.apply(&Event::NowPlaying { now_playing: Some(playing) }, now);
        let corrected = Track { name: "A".into(), source: "manual", ..track.clone() };
        let event = Event::TrackUpdated { track: corrected.clone() };
        assert!(day.apply(&event, now) && !day.apply(&event, now), "once is news");
        assert_eq!((&day.tracks[..], day.tracks.len()), (&[corrected.clone()][..], 1));
        assert_eq!(day.playing_at(now).map(|now| now.track), Some(corrected));
        let gone = Event::TrackRemoved { id: track.id };
        assert!(day.apply(&gone, now) && !day.apply(&gone, now));
        assert!(day.tracks.is_empty());
    }

    #[test]
    fn a_gap_of_yesterday_that_is_healed_today_is_not_todays() {
        let (mut day, midnight) = (day(), at("2026-11-20T23:00:00Z"));
        let gap = |from: &str, to: Option<&str>| Gap {
            id: GapId::derived(at(from), &["gap"]),
            from: at(from),
            to: to.map(at),
            healed: to.is_some(),
            reason: "spotify_down",
        };
        day.apply(&Event::Gap { gap: gap("2026-11-20T22:50:00Z", None) }, midnight);
        day.apply(&Event::DayChanged { date: "2026-11-21".parse().expect("a date") }, midnight);
        let early = gap("2026-11-20T21:00:00Z", Some("2026-11-20T21:10:00Z"));
        assert!(!day.apply(&Event::Gap { gap: early }, midnight));
        let across = gap("2026-11-20T22:50:00Z", Some("2026-11-20T23:02:00Z"));
        assert!(day.apply(&Event::Gap { gap: across.clone() }, midnight), "it reached into today");
        assert_eq!(day.gaps, [across]);
    }

    #[test]
    fn the_same_track_twice_is_no_news() {
        let (mut day, now) = (day(), at("2026-11-20T20:10:00Z"));
        assert!(day.apply(&added("a", "2026-11-20T20:00:00Z"), now));
        assert!(!day.apply(&added("a", "2026-11-20T20:00:00Z"), now));
        assert_eq!(day.tracks.len(), 1);
    }

    #[test]
    fn the_day_turns_at_the_streamers_midnight() {
        let mut day = day();
        assert!(day.turn(at("2026-11-20T22:59:59Z")).is_none());
        let midnight = at("2026-11-20T23:00:00Z");
        day.apply(&added("a", "2026-11-20T22:58:00Z"), midnight);
        let turn = day.turn(midnight).expect("a new day in Paris");
        assert!(day.apply(&turn, midnight));
        assert!(day.tracks.is_empty());
        assert!(
            !day.apply(&added("late", "2026-11-20T22:59:00Z"), midnight),
            "yesterday's play is not today's"
        );
    }

    #[test]
    fn only_the_stream_on_air_can_end() {
        let (mut day, now) = (day(), at("2026-11-20T20:10:00Z"));
        let stream = OnAir { id: StreamId::random(now), started_at: now };
        let other = OnAir { id: StreamId::random(now), started_at: now };
        assert!(day.apply(&Event::StreamStarted { stream: stream.clone() }, now));
        assert!(!day.apply(&Event::StreamStarted { stream: stream.clone() }, now));
        assert!(!day.apply(&Event::StreamEnded { stream: other }, now));
        assert!(day.apply(&Event::StreamEnded { stream }, now));
    }

    #[test]
    fn progress_runs_on_while_playing_but_not_past_the_end() {
        let (mut day, start) = (day(), at("2026-11-20T20:00:00Z"));
        day.stream = Some(OnAir { id: StreamId::random(start), started_at: start });
        let playing = NowPlaying { track: track("a", start), is_playing: true, progress_ms: 1_000 };
        day.apply(&Event::NowPlaying { now_playing: Some(playing) }, start);
        let progress = |day: &Day, text| day.playing_at(at(text)).expect("plays").progress_ms;
        assert_eq!(progress(&day, "2026-11-20T20:00:09Z"), 10_000);
        assert_eq!(progress(&day, "2026-11-20T21:00:00Z"), 201_000);
    }
}
