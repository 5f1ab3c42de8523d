//! The day of one streamer as viewers see it, with the whole of the latest stream, and how each event changes both.
//! Pure.

use super::choices::{Choices, Terms};
use super::delay::Row;
use super::markup;
use super::model::{Event, Gap, NowPlaying, OnAir, Streamer, Track};
use super::whole::{Latest, drop_gap, drop_track, place_of, put_gap, put_track};
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use crate::base::local_day::{bounds, local_date};
use chrono::NaiveDate;
use chrono_tz::Tz;

/// Which list a subscriber follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// The streamer's local day.
    #[default]
    Day,
    /// The latest stream, also across midnight.
    Stream,
}

/// To whom an event is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct News {
    pub(super) day: bool,
    pub(super) stream: bool,
}

impl News {
    fn to_all(is_news: bool) -> Self {
        Self { day: is_news, stream: is_news }
    }

    /// To anybody at all.
    pub(super) fn is_any(self) -> bool {
        self.day || self.stream
    }

    /// To those who follow this.
    pub(super) fn is_for(self, view: View) -> bool {
        match view {
            View::Day => self.day,
            View::Stream => self.stream,
        }
    }
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
    /// The plays, by `started_at` and id.
    pub tracks: Vec<Track>,
    /// The gaps, by their beginning.
    pub gaps: Vec<Gap>,
    /// What began before today of the stream on air, or of the last one.
    pub latest: Latest,
    /// Whether the markup of its rows shows covers.
    pub covers: bool,
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
            latest: Latest::default(),
            covers: true,
        }
    }

    /// The same day without the addresses of covers, for pages that show none.
    #[must_use]
    pub fn without_covers(&self) -> Self {
        let bare = |tracks: &[Track]| tracks.iter().map(Track::without_cover).collect();
        let mut day = self.clone();
        (day.covers, day.tracks, day.latest.tracks) = (false, bare(&self.tracks), bare(&self.latest.tracks));
        day.now_playing = day.now_playing.map(NowPlaying::without_cover);
        day
    }

    /// The row of a play, as viewers of this day get it.
    pub(super) fn row(&self, track: &Track) -> String {
        markup::row_with(track, self.covers)
    }

    /// The event that begins a new day, when `now` lies in one.
    pub(super) fn turn(&self, now: Instant) -> Option<Event> {
        let date = local_date(now, self.timezone);
        (date > self.date).then_some(Event::DayChanged { date })
    }

    /// Changes the lists as `event` says, and gives to whom that is news: nobody else need be told.
    pub(super) fn apply(&mut self, event: &Event, at: Instant) -> News {
        match event {
            Event::TrackAdded { track } => self.put(track),
            Event::TrackUpdated { track } => self.correct(track),
            Event::TrackRemoved { id } => self.remove(*id),
            // A look that comes back late must not make an ended stream play on.
            Event::NowPlaying { now_playing } => {
                News::to_all(self.play(now_playing.as_ref().filter(|_| self.stream.is_some()).cloned(), at))
            }
            Event::StreamStarted { stream } => News::to_all(self.start(stream)),
            Event::StreamEnded { stream } => News::to_all(self.end(stream, at)),
            Event::DayChanged { date } => News::to_all(self.begin(*date)),
            Event::Gap { gap } => self.put_gap(gap),
        }
    }

    /// The plays of a list, the longest ago first.
    #[must_use]
    pub fn tracks_of(&self, view: View) -> impl DoubleEndedIterator<Item = &Track> {
        let is_whole = view == View::Stream;
        let earlier = self.latest.tracks.iter().filter(move |_| is_whole);
        earlier.chain(self.tracks.iter().filter(move |track| !is_whole || self.latest.has(track.started_at)))
    }

    /// The gaps of a list, by their beginning.
    pub fn gaps_of(&self, view: View) -> impl Iterator<Item = &Gap> {
        let is_whole = view == View::Stream;
        let earlier = self.latest.gaps.iter().filter(move |_| is_whole);
        earlier.chain(self.gaps.iter().filter(move |gap| !is_whole || self.latest.has_gap(gap)))
    }

    /// The id of the row that follows this play on a page with the newest first: the next older play.
    pub(super) fn row_after(&self, id: PlayId, view: View) -> Option<PlayId> {
        self.tracks_of(view).rev().skip_while(|track| track.id != id).nth(1).map(|older| older.id)
    }

    /// What plays, with its progress carried forward to `now`.
    #[must_use]
    pub fn playing_at(&self, now: Instant) -> Option<NowPlaying> {
        self.now_playing.clone().map(|playing| playing.carried(now - self.now_playing_at))
    }

    /// What it goes by.
    pub(super) fn choices(&self) -> Choices {
        Choices { streamer: self.streamer.clone(), timezone: self.timezone, terms: self.terms }
    }

    /// A play of one of its lists.
    pub(super) fn track(&self, id: PlayId) -> Option<&Track> {
        self.latest.tracks.iter().chain(&self.tracks).rfind(|track| track.id == id)
    }

    /// Whether this play stands in one of its lists.
    pub(super) fn lists(&self, track: &Track) -> bool {
        [&self.tracks, &self.latest.tracks].into_iter().any(|tracks| place_of(tracks, track).is_ok())
    }

    /// Keeps these plays only.
    pub fn keep_tracks(&mut self, is_kept: impl Fn(&Track) -> bool) {
        self.tracks.retain(&is_kept);
        self.latest.tracks.retain(is_kept);
    }

    /// Whether this stands in one of its lists.
    pub(super) fn has(&self, row: Row) -> bool {
        match row {
            Row::Play(id) => self.track(id).is_some(),
            Row::Gap(id) => {
                [View::Day, View::Stream].into_iter().any(|view| self.gaps_of(view).any(|gap| gap.id == id))
            }
        }
    }

    /// Whether whoever knows one knows the other.
    pub(super) fn reads_like(&self, other: &Self) -> bool {
        let plays =
            |day: &Self| day.now_playing.as_ref().map(|playing| (playing.track.id, playing.is_playing));
        let lists = |day: &Self| (day.date, day.timezone, day.stream.clone(), plays(day));
        lists(self) == lists(other)
            && (&self.tracks, &self.gaps, &self.latest) == (&other.tracks, &other.gaps, &other.latest)
    }

    /// Turns if `now` lies in a new day.
    pub(super) fn advance(&mut self, now: Instant) {
        if let Some(turn) = self.turn(now) {
            self.apply(&turn, now);
        }
    }

    /// Takes over what nobody stores: who is on air, and what plays if that is still in a list.
    pub(super) fn goes_on_from(&mut self, old: &Self) {
        self.stream.clone_from(&old.stream);
        self.now_playing_at = old.now_playing_at;
        let playing = old.now_playing.clone().filter(|playing| self.has(Row::Play(playing.track.id)));
        self.now_playing = playing;
    }

    fn put(&mut self, track: &Track) -> News {
        let in_stream = self.latest.has(track.started_at);
        if local_date(track.started_at, self.timezone) == self.date {
            let day = put_track(&mut self.tracks, track);
            return News { day, stream: day && in_stream };
        }
        let earlier = in_stream && local_date(track.started_at, self.timezone) < self.date;
        News { day: false, stream: earlier && put_track(&mut self.latest.tracks, track) }
    }

    /// A correction holds in the lists and in what plays.
    fn correct(&mut self, track: &Track) -> News {
        if let Some(playing) = self.now_playing.as_mut().filter(|playing| playing.track.id == track.id) {
            playing.track = track.clone();
        }
        self.put(track)
    }

    fn remove(&mut self, id: PlayId) -> News {
        let in_stream = self.tracks_of(View::Stream).any(|track| track.id == id);
        drop_track(&mut self.latest.tracks, id);
        News { day: drop_track(&mut self.tracks, id), stream: in_stream }
    }

    fn play(&mut self, playing: Option<NowPlaying>, at: Instant) -> bool {
        let news = playing.is_some() || self.now_playing.is_some();
        self.now_playing = playing;
        self.now_playing_at = at;
        news
    }

    fn start(&mut self, stream: &OnAir) -> bool {
        self.latest.turns_to(stream);
        replace(&mut self.stream, Some(stream.clone()))
    }

    fn end(&mut self, stream: &OnAir, at: Instant) -> bool {
        if self.stream.as_ref().is_none_or(|on_air| on_air.id != stream.id) {
            return false;
        }
        self.stream = None;
        self.play(None, at);
        true
    }

    /// What was of the stream goes on in its list.
    fn begin(&mut self, date: NaiveDate) -> bool {
        let (old, latest) = (std::mem::take(&mut self.tracks), &mut self.latest);
        let earlier: Vec<Track> = old.into_iter().filter(|track| latest.has(track.started_at)).collect();
        latest.tracks.extend(earlier);
        let (over, lasting) = std::mem::take(&mut self.gaps).into_iter().partition(|gap| gap.to.is_some());
        self.gaps = lasting;
        let over: Vec<Gap> = over;
        let earlier: Vec<Gap> = over.into_iter().filter(|gap| latest.has_gap(gap)).collect();
        latest.gaps.extend(earlier);
        replace(&mut self.date, date)
    }

    fn put_gap(&mut self, gap: &Gap) -> News {
        let in_stream = self.latest.has_gap(gap);
        if !self.is_over(gap) {
            let day = put_gap(&mut self.gaps, gap);
            return News { day, stream: day && in_stream };
        }
        let earlier = in_stream && put_gap(&mut self.latest.gaps, gap);
        News { day: drop_gap(&mut self.gaps, gap), stream: earlier }
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
