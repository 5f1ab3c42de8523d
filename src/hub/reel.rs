//! A reel: the day as somebody has been told of it, and the newest frames that told it, each with its cursor. Pure.

use super::choices::Choices;
use super::day::Day;
use super::frame::{Frame, Shape};
use super::mark::Mark;
use super::model::Event;
use super::ring::Ring;
use super::snapshot::Snapshot;
use super::wire::Message;
use crate::base::clock::Instant;
use chrono::TimeDelta;
use std::sync::Arc;

/// Frames kept for those who come back or read slowly.
const RING: usize = 256;

/// What has been told.
#[derive(Debug)]
pub(super) struct Reel {
    life: u32,
    /// Shared with those who read it outside the lock: it is copied when it changes meanwhile.
    day: Arc<Day>,
    ring: Ring<Arc<Frame>>,
    /// What whoever comes new is sent, while nothing has changed since.
    snapshot: Option<Arc<Snapshot>>,
}

impl Reel {
    pub(super) fn new(day: Arc<Day>) -> Self {
        Self { life: rand::random(), day, ring: Ring::new(RING), snapshot: None }
    }

    pub(super) fn day(&self) -> &Arc<Day> {
        &self.day
    }

    /// The place of whoever has been told everything.
    pub(super) fn end(&self) -> Mark {
        Mark { life: self.life, number: self.ring.last() }
    }

    /// Tells that a new local day has begun, if `now` lies in one.
    pub(super) fn turn(&mut self, now: Instant, told_at: Instant) {
        if let Some(turn) = self.day.turn(now) {
            self.push(&turn, told_at);
        }
    }

    /// Tells an event; one that says nothing new is dropped, which gives false.
    pub(super) fn push(&mut self, event: &Event, now: Instant) -> bool {
        // Let go first, so that the day is copied only while somebody encodes it.
        self.snapshot = None;
        let news = Arc::make_mut(&mut self.day).apply(event, now);
        if news.is_any() {
            let mark = Mark { number: self.ring.last() + 1, ..self.end() };
            self.ring.push(Arc::new(Frame::of(event, &self.day, news, mark, now)));
        }
        news.is_any()
    }

    /// What was told is told to nobody again: whoever has not heard all of it gets a snapshot.
    pub(super) fn cut(&mut self) {
        self.ring.cut();
    }

    /// What plays is so much further than was told.
    pub(super) fn hasten(&mut self, by: TimeDelta, now: Instant) {
        Arc::make_mut(&mut self.day).now_playing_at -= by;
        if let Some(playing) = self.day.playing_at(now).filter(|playing| playing.is_playing) {
            self.push(&Event::NowPlaying { now_playing: Some(playing) }, now);
        }
    }

    /// Takes in who reads what and when, which no frame tells of.
    pub(super) fn go_by(&mut self, choices: &Choices) {
        if self.day.terms != choices.terms || self.day.streamer != choices.streamer {
            self.snapshot = None;
            let day = Arc::make_mut(&mut self.day);
            day.terms = choices.terms;
            day.streamer = choices.streamer.clone();
        }
    }

    /// Another day in place of this one, of which nothing that was told says how it came about: all get a snapshot.
    pub(super) fn replace(&mut self, day: Arc<Day>) {
        self.snapshot = None;
        self.day = day;
        self.ring.forget();
    }

    /// The same day as somebody else has it: who has been told of this one goes on from there, unless the lists differ.
    pub(super) fn join(&mut self, day: Arc<Day>) {
        if self.day.reads_like(&day) {
            self.snapshot = None;
            self.day = day;
        } else {
            self.replace(day);
        }
    }

    /// What whoever has seen `seen` is to be sent: the frames since, or a snapshot; and what they have seen then.
    pub(super) fn since(&mut self, seen: Option<Mark>, shape: Shape, now: Instant) -> (Pending, Mark) {
        let seen = seen.filter(|mark| mark.life == self.life);
        if let Some(frames) = seen.and_then(|mark| self.ring.after(mark.number)) {
            let news = frames.filter(|frame| frame.is_news_to(shape)).cloned();
            return (Pending::Frames(news.collect()), self.end());
        }
        (Pending::Snapshot(self.snapshot(now)), self.end())
    }

    /// The snapshot that others have been given a moment ago, or a new one.
    fn snapshot(&mut self, now: Instant) -> Arc<Snapshot> {
        if let Some(snapshot) = self.snapshot.as_ref().filter(|snapshot| snapshot.is_fresh(now)) {
            return Arc::clone(snapshot);
        }
        let snapshot = Arc::new(Snapshot::new(Arc::clone(&self.day), self.end().to_string(), now));
        self.snapshot = Some(Arc::clone(&snapshot));
        snapshot
    }
}

/// What a subscriber is to be sent, perhaps not encoded yet: that is done outside any lock.
pub(super) enum Pending {
    /// Frames in order; possibly none.
    Frames(Vec<Arc<Frame>>),
    /// All of it.
    Snapshot(Arc<Snapshot>),
}

impl Pending {
    pub(super) fn messages(self, shape: Shape) -> Vec<Message> {
        match self {
            Self::Frames(frames) => frames.iter().map(|frame| frame.message(shape)).collect(),
            Self::Snapshot(snapshot) => vec![snapshot.message(shape)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::day::tests::{at, day, track};
    use super::*;
    use crate::hub::{Format, View};
    use bytes::Bytes;
    use serde_json::Value;

    const JSON: Shape = Shape { format: Format::Json, view: View::Day };
    const HTML: Shape = Shape { format: Format::Html, view: View::Day };

    fn reel_with(names: &[&str]) -> Reel {
        let mut reel = Reel::new(Arc::new(day()));
        for (minute, name) in names.iter().enumerate() {
            add(&mut reel, name, i64::try_from(minute).expect("few tracks"));
        }
        reel
    }

    fn add(reel: &mut Reel, name: &str, minute: i64) {
        let start = at("2026-11-20T20:00:00Z") + TimeDelta::minutes(minute);
        reel.push(&Event::TrackAdded { track: track(name, start) }, start);
    }

    fn sent(reel: &mut Reel, seen: Option<Mark>, shape: Shape, now: Instant) -> Vec<Bytes> {
        reel.since(seen, shape, now).0.messages(shape).iter().map(Message::payload).collect()
    }

    fn kinds(reel: &mut Reel, seen: Option<Mark>) -> Vec<String> {
        let frames = sent(reel, seen, JSON, at("2026-11-20T21:00:00Z"));
        let kind = |frame: &Bytes| serde_json::from_slice::<Value>(frame).expect("JSON")["type"].to_string();
        frames.iter().map(kind).collect()
    }

    fn mark(reel: &Reel, number: u64) -> Mark {
        Mark { number, ..reel.end() }
    }

    #[test]
    fn whoever_comes_new_gets_a_snapshot_and_whoever_comes_back_what_was_missed() {
        let mut reel = reel_with(&["a", "b", "c"]);
        let [second, third] = [2, 3].map(|number| mark(&reel, number));
        assert_eq!(kinds(&mut reel, None), ["\"snapshot\""]);
        assert_eq!(kinds(&mut reel, Some(second)), ["\"track_added\""]);
        assert!(kinds(&mut reel, Some(third)).is_empty());
    }

    #[test]
    fn whoever_falls_behind_the_ring_gets_one_snapshot() {
        let mut reel = Reel::new(Arc::new(day()));
        let [start, first] = [0, 1].map(|number| mark(&reel, number));
        for number in 0..=i64::try_from(RING).expect("small") {
            let start = at("2026-11-20T20:00:00Z") + TimeDelta::seconds(number);
            reel.push(&Event::TrackAdded { track: track(&number.to_string(), start) }, start);
        }
        assert_eq!(kinds(&mut reel, Some(start)), ["\"snapshot\""]);
        assert_eq!(kinds(&mut reel, Some(first)).len(), RING);
    }

    #[test]
    fn a_cursor_of_another_life_resumes_nothing_and_nonsense_is_none() {
        let (mut reel, other) = (reel_with(&["a"]), reel_with(&["a"]));
        let cursor = reel.end().to_string();
        assert_eq!(Mark::read(&cursor), Some(reel.end()));
        assert_eq!(kinds(&mut reel, Some(other.end())), ["\"snapshot\""]);
        for nonsense in ["", "-", "-1", "x-1", "+0000001-1", &format!("{cursor} "), &cursor[..8]] {
            assert_eq!(Mark::read(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn another_day_is_a_snapshot_for_everybody() {
        let mut reel = reel_with(&["a", "b"]);
        let (end, earlier) = (reel.end(), mark(&reel, 1));
        let day = Arc::clone(reel.day());
        reel.join(Arc::clone(&day));
        assert!(kinds(&mut reel, Some(end)).is_empty(), "it is the same to whoever reads it");
        reel.replace(day);
        for seen in [end, earlier] {
            assert_eq!(kinds(&mut reel, Some(seen)), ["\"snapshot\""]);
        }
        let end = reel.end();
        add(&mut reel, "c", 2);
        assert_eq!(kinds(&mut reel, Some(end)), ["\"track_added\""]);
    }

    #[test]
    fn those_who_come_at_once_share_one_snapshot_that_is_true_and_fresh() {
        let mut reel = reel_with(&["a"]);
        let now = at("2026-11-20T21:00:00Z");
        let mut comes = |shape, now| sent(&mut reel, None, shape, now).remove(0);
        let (first, row) = (comes(JSON, now), comes(HTML, now));
        let soon = now + TimeDelta::milliseconds(900);
        assert_eq!(comes(JSON, soon).as_ptr(), first.as_ptr(), "encoded once");
        assert_eq!(comes(HTML, soon).as_ptr(), row.as_ptr(), "in each format");
        let later = comes(JSON, now + TimeDelta::seconds(1));
        assert!(String::from_utf8_lossy(&later).contains("\"at\":\"2026-11-20T21:00:01.000Z\""));
        add(&mut reel, "b", 61);
        let news = sent(&mut reel, None, JSON, at("2026-11-20T21:01:00Z")).remove(0);
        assert!(String::from_utf8_lossy(&news).contains("\"name\":\"b\""));
    }
}
