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
        if self.gaps.contains(gap) {
            return false;
        }
        let before = self.gaps.len();
        self.gaps.retain(|known| known.id != gap.id);
        if self.is_over(gap) {
            return self.gaps.len() < before;
        }
        let place = self.gaps.partition_point(|known| known.from <= gap.from);
        self.gaps.insert(place, gap.clone());
        true
    }

    /// Whether the gap ended before the day began: one of yesterday's that was healed or closed today.
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
pub(super) mod tests;
