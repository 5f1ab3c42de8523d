//! A topic: one streamer's day in memory, the frames that changed it, and everybody who listens.
//!
//! Publishing never waits for a subscriber: it appends to the ring and wakes them. A subscriber is a cursor; one that
//! falls behind the ring gets a fresh snapshot, so that a slow reader costs a number and not a queue.

use super::day::{Day, Terms};
use super::frame::{Frame, Shape};
use super::model::Event;
use super::ring::Ring;
use super::snapshot::Snapshot;
use crate::base::clock::{Clock, Instant};
use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Frames kept for those who come back or read slowly.
const RING: usize = 256;

/// One streamer's topic.
#[derive(Debug)]
pub struct Topic {
    /// A random name for this life of the topic: cursors of another life resume nothing.
    life: String,
    state: Mutex<State>,
    newest: watch::Sender<u64>,
}

#[derive(Debug)]
struct State {
    /// Shared with those who read it outside the lock: it is copied when it changes meanwhile.
    day: Arc<Day>,
    ring: Ring<Frame>,
    /// What whoever comes new is sent, while nothing has changed since.
    snapshot: Option<Arc<Snapshot>>,
    /// How often everybody has been sent away.
    closings: u64,
}

impl Topic {
    pub(super) fn new(day: Day) -> Arc<Self> {
        let life = format!("{:08x}", rand::random::<u32>());
        let (day, ring) = (Arc::new(day), Ring::new(RING));
        let state = Mutex::new(State { day, ring, snapshot: None, closings: 0 });
        Arc::new(Self { life, state, newest: watch::Sender::new(0) })
    }

    /// Tells everybody; events that say nothing new are dropped. A new local day is told first.
    pub fn publish(&self, events: &[Event], now: Instant) {
        let mut state = self.lock();
        if let Some(turn) = state.day.turn(now) {
            state.push(&self.life, &turn, now);
        }
        for event in events {
            state.push(&self.life, event, now);
        }
        let newest = state.ring.last();
        drop(state);
        self.newest.send_if_modified(|seen| std::mem::replace(seen, newest) != newest);
    }

    /// The day as it is, after it has turned if `now` lies in a new one, and the cursor that goes on from there.
    pub fn day(&self, now: Instant) -> (Arc<Day>, String) {
        self.publish(&[], now);
        let state = self.lock();
        (Arc::clone(&state.day), self.cursor(state.ring.last()))
    }

    /// A subscriber that goes on after `cursor`, or begins with a snapshot when it cannot.
    #[must_use]
    pub fn subscribe(self: &Arc<Self>, cursor: Option<&str>, shape: Shape) -> Subscription {
        let seen = cursor.and_then(|cursor| self.number(cursor));
        let (topic, newest, closings) = (Arc::clone(self), self.newest.subscribe(), self.lock().closings);
        Subscription { topic, newest, shape, seen, closings }
    }

    /// Remembers what the streamer has chosen, as just read from the database.
    pub fn keep(&self, terms: Terms) {
        let mut state = self.lock();
        if state.day.terms != terms {
            Arc::make_mut(&mut state.day).terms = terms;
        }
    }

    /// Ends all subscriptions, because their holders may no longer read. The topic lives on for the session that
    /// follows the stream; whoever is let in later subscribes anew.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closings += 1;
        Arc::make_mut(&mut state.day).terms.is_public = false;
        drop(state);
        self.newest.send_modify(|_| {});
    }

    pub(super) fn is_public(&self) -> bool {
        self.lock().day.terms.is_public
    }

    fn has_closed_since(&self, closings: u64) -> bool {
        self.lock().closings != closings
    }

    /// What a subscriber who has seen `seen` is to be sent, and what it has seen then.
    fn pending(&self, seen: Option<u64>, shape: Shape, now: Instant) -> (Vec<Bytes>, u64) {
        let mut state = self.lock();
        let last = state.ring.last();
        if let Some(frames) = seen.and_then(|seen| state.ring.after(seen)) {
            return (frames.filter_map(|frame| frame.bytes(shape)).collect(), last);
        }
        let snapshot = state.snapshot(&self.life, now);
        drop(state);
        (vec![snapshot.bytes(shape)], last)
    }

    fn cursor(&self, number: u64) -> String {
        cursor(&self.life, number)
    }

    fn number(&self, cursor: &str) -> Option<u64> {
        cursor.strip_prefix(&self.life)?.strip_prefix('-')?.parse().ok()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn push(&mut self, life: &str, event: &Event, now: Instant) {
        // Let go first, so that the day is copied only while somebody encodes it.
        self.snapshot = None;
        let news = Arc::make_mut(&mut self.day).apply(event, now);
        if news.is_any() {
            let cursor = cursor(life, self.ring.last() + 1);
            self.ring.push(Frame::of(event, &self.day, news, &cursor, now));
        }
    }

    /// The snapshot that others have been given a moment ago, or a new one.
    fn snapshot(&mut self, life: &str, now: Instant) -> Arc<Snapshot> {
        if let Some(snapshot) = self.snapshot.as_ref().filter(|snapshot| snapshot.is_fresh(now)) {
            return Arc::clone(snapshot);
        }
        let cursor = cursor(life, self.ring.last());
        let snapshot = Arc::new(Snapshot::new(Arc::clone(&self.day), cursor, now));
        self.snapshot = Some(Arc::clone(&snapshot));
        snapshot
    }
}

fn cursor(life: &str, number: u64) -> String {
    format!("{life}-{number}")
}

/// A subscriber's place in a topic. Holding one keeps the topic in memory.
#[derive(Debug)]
pub struct Subscription {
    topic: Arc<Topic>,
    newest: watch::Receiver<u64>,
    shape: Shape,
    seen: Option<u64>,
    closings: u64,
}

impl Subscription {
    /// Waits until there is something to send and gives all of it: frames in order, or one snapshot. None when the
    /// topic was closed: its holder may no longer read.
    ///
    /// Safe to cancel: what was not given is given the next time.
    pub async fn next(&mut self, clock: &dyn Clock) -> Option<Vec<Bytes>> {
        loop {
            self.newest.mark_unchanged();
            if self.topic.has_closed_since(self.closings) {
                return None;
            }
            let (frames, seen) = self.topic.pending(self.seen, self.shape, clock.now());
            self.seen = Some(seen);
            if !frames.is_empty() {
                return Some(frames);
            }
            // Cannot fail: the sender lives in the topic that is held here.
            self.newest.changed().await.ok()?;
        }
    }

    /// Turns the day if it is over, also while nobody streams.
    pub fn tick(&self, now: Instant) {
        self.topic.publish(&[], now);
    }
}

#[cfg(test)]
mod tests {
    use super::super::day::tests::{at, day, track};
    use super::*;
    use crate::hub::{Format, View};
    use serde_json::Value;

    const JSON: Shape = Shape { format: Format::Json, view: View::Day };
    const HTML: Shape = Shape { format: Format::Html, view: View::Day };

    fn topic_with(names: &[&str]) -> Arc<Topic> {
        let topic = Topic::new(day());
        for (minute, name) in names.iter().enumerate() {
            add(&topic, name, i64::try_from(minute).expect("few tracks"));
        }
        topic
    }

    fn add(topic: &Topic, name: &str, minute: i64) {
        let start = at("2026-11-20T20:00:00Z") + chrono::TimeDelta::minutes(minute);
        topic.publish(&[Event::TrackAdded { track: track(name, start) }], start);
    }

    fn kinds(topic: &Topic, seen: Option<u64>) -> Vec<String> {
        let (frames, _) = topic.pending(seen, JSON, at("2026-11-20T21:00:00Z"));
        let kind = |frame: &Bytes| serde_json::from_slice::<Value>(frame).expect("JSON")["type"].to_string();
        frames.iter().map(kind).collect()
    }

    #[test]
    fn whoever_comes_new_gets_a_snapshot_and_whoever_comes_back_what_was_missed() {
        let topic = topic_with(&["a", "b", "c"]);
        assert_eq!(kinds(&topic, None), ["\"snapshot\""]);
        assert_eq!(kinds(&topic, Some(2)), ["\"track_added\""]);
        assert!(kinds(&topic, Some(3)).is_empty());
    }

    #[test]
    fn whoever_falls_behind_the_ring_gets_one_snapshot() {
        let topic = Topic::new(day());
        for number in 0..=i64::try_from(RING).expect("small") {
            let start = at("2026-11-20T20:00:00Z") + chrono::TimeDelta::seconds(number);
            topic.publish(&[Event::TrackAdded { track: track(&number.to_string(), start) }], start);
        }
        assert_eq!(kinds(&topic, Some(0)), ["\"snapshot\""]);
        assert_eq!(kinds(&topic, Some(1)).len(), RING);
    }

    #[test]
    fn a_cursor_of_another_life_resumes_nothing() {
        let (topic, other) = (topic_with(&["a"]), topic_with(&["a"]));
        let (_, cursor) = topic.day(at("2026-11-20T21:00:00Z"));
        assert_eq!(topic.number(&cursor), Some(1));
        assert_eq!(other.number(&cursor), None);
        for nonsense in ["", "-", "-1", "x-1", &format!("{}-x", topic.life), &topic.life] {
            assert_eq!(topic.number(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn those_who_come_at_once_share_one_snapshot_that_is_true_and_fresh() {
        let topic = topic_with(&["a"]);
        let now = at("2026-11-20T21:00:00Z");
        let comes = |shape, now| topic.pending(None, shape, now).0.remove(0);
        let (first, row) = (comes(JSON, now), comes(HTML, now));
        let soon = now + chrono::TimeDelta::milliseconds(900);
        assert_eq!(comes(JSON, soon).as_ptr(), first.as_ptr(), "encoded once");
        assert_eq!(comes(HTML, soon).as_ptr(), row.as_ptr(), "in each format");
        let later = comes(JSON, now + chrono::TimeDelta::seconds(1));
        assert!(String::from_utf8_lossy(&later).contains("\"at\":\"2026-11-20T21:00:01.000Z\""));
        add(&topic, "b", 61);
        let news = comes(JSON, at("2026-11-20T21:01:00Z"));
        assert!(String::from_utf8_lossy(&news).contains("\"name\":\"b\""));
    }

    #[tokio::test]
    async fn a_waiting_subscriber_is_woken_and_loses_nothing() {
        let topic = topic_with(&["a"]);
        let mut subscription = topic.subscribe(None, JSON);
        let clock = crate::base::clock::SystemClock;
        assert_eq!(subscription.next(&clock).await.map(|frames| frames.len()), Some(1));
        let waiting = tokio::spawn(async move { subscription.next(&clock).await.map(|frames| frames.len()) });
        add(&topic, "b", 1);
        assert_eq!(waiting.await.expect("woken"), Some(1));
        assert_eq!(topic.newest.receiver_count(), 0, "a subscription that is dropped is gone");
    }

    #[tokio::test]
    async fn a_topic_that_closes_sends_everybody_away_and_takes_in_whoever_is_let_in_later() {
        let topic = topic_with(&["a"]);
        let clock = crate::base::clock::SystemClock;
        let (mut waits, mut late) = (topic.subscribe(None, JSON), topic.subscribe(None, JSON));
        assert!(waits.next(&clock).await.is_some());
        let waiting = tokio::spawn(async move { waits.next(&clock).await });
        topic.close();
        assert!(waiting.await.expect("woken").is_none());
        assert!(late.next(&clock).await.is_none(), "what was not sent yet is not theirs either");
        assert!(topic.subscribe(None, JSON).next(&clock).await.is_some());
    }
}
