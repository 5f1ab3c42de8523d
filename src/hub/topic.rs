//! A topic: what one audience of a streamer is told, live, and everybody of that audience who listens.
//!
//! Publishing never waits for a subscriber: it appends to the reel and wakes them. A subscriber is a place, which goes on
//! from a cursor; one that falls behind the ring gets a fresh snapshot.

use super::air::Air;
use super::choices::Choices;
use super::curtain::Kept;
use super::day::Day;
use super::desk::Audience;
use super::frame::Shape;
use super::mark::Mark;
use super::model::Event;
use super::place::Place;
use super::row::Rows;
use super::wire::Message;
use crate::base::clock::Instant;
use crate::telemetry::Learned;
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::watch;

/// One audience's side of a streamer's day. Holding one keeps both sides in memory.
#[derive(Debug, Clone)]
pub struct Topic {
    pub(super) air: Arc<Air>,
    /// Its subscribers who are told by many at a time.
    pub(super) rows: Arc<Rows>,
    pub(super) audience: Audience,
}

impl Topic {
    /// Tells what happens: the staff now, the public after the streamer's delay, whichever side this is. Events that say
    /// nothing new are dropped. A new local day is told first.
    pub fn publish(&self, events: &[Event], now: Instant) {
        drop(self.offer(events, now, None));
    }

    /// The same, for whoever stores plays too: gives those that ghost mode keeps back, which have to be stored hidden. How
    /// soon viewers are told of what was `learned` at a moment that counts is measured.
    #[must_use]
    pub fn offer(&self, events: &[Event], now: Instant, learned: Option<Learned>) -> Vec<Kept> {
        self.air.change_by(learned, |desk| desk.publish(events, now))
    }

    /// The day as this audience knows it, after it has turned if that is due, and the cursor that goes on from there.
    #[must_use]
    pub fn day(&self, now: Instant) -> (Arc<Day>, String) {
        self.air.change(|desk| {
            desk.advance(now);
            let reel = desk.reel(self.audience);
            (Arc::clone(reel.day()), reel.end().to_string())
        })
    }

    /// A subscriber that goes on after `cursor`, or begins with a snapshot when it cannot.
    #[must_use]
    pub fn subscribe(&self, cursor: Option<&str>, shape: Shape) -> Subscription {
        self.subscription(self.place(cursor, shape).anew())
    }

    /// The same for a guest of the streamer's, who reads what the public would: they stay when the list becomes private,
    /// until whoever let them in sends them away.
    #[must_use]
    pub fn subscribe_guest(&self, cursor: Option<&str>, shape: Shape) -> Subscription {
        self.subscription(self.place(cursor, shape))
    }

    /// Whether this is what it goes by.
    #[must_use]
    pub fn goes_by(&self, choices: &Choices) -> bool {
        self.air.see(|desk| desk.reel(self.audience).day().choices() == *choices)
    }

    /// Whether everybody may read the public side.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.air.see(|desk| desk.reel(self.audience).day().terms.is_public)
    }

    fn place(&self, cursor: Option<&str>, shape: Shape) -> Place {
        Place::new(Arc::clone(&self.air), self.audience, shape, cursor.and_then(Mark::read))
    }

    fn subscription(&self, place: Place) -> Subscription {
        Subscription { place, rows: Arc::clone(&self.rows) }
    }
}

/// A subscriber's place in a topic, and the rows where they may sit. Holding one keeps the topic in memory.
#[derive(Debug, Clone)]
pub struct Subscription {
    pub(super) place: Place,
    pub(super) rows: Arc<Rows>,
}

/// A subscriber that waits by itself, and reads what is said without what carries it.
#[derive(Debug)]
pub struct Listener {
    place: Place,
    bell: watch::Receiver<Option<Learned>>,
}

impl Listener {
    /// One that goes on from this place.
    #[must_use]
    pub fn new(Subscription { place, .. }: Subscription) -> Self {
        Self { bell: place.bell(), place }
    }

    /// Waits until there is something to send and gives all of it: frames in order, or one snapshot. None when the
    /// topic was closed: its holder may no longer read.
    ///
    /// Safe to cancel: what was not given is given the next time.
    pub async fn next(&mut self) -> Option<Vec<Bytes>> {
        loop {
            self.bell.mark_unchanged();
            let messages = self.place.pending()?;
            if !messages.is_empty() {
                return Some(messages.iter().map(Message::payload).collect());
            }
            // Cannot fail: the sender lives in the topic that is held here.
            self.bell.changed().await.ok()?;
        }
    }

    /// Turns the day if it is over, also while nobody streams.
    pub(super) fn tick(&self) {
        self.place.tick();
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::day::tests::{at, day, track};
    use super::super::load::Loaded;
    use super::*;
    use crate::base::clock::{SharedClock, ShiftedClock};
    use crate::telemetry::Metrics;

    /// The public side of a topic without a delay, with a day of nothing.
    pub(in crate::hub) fn topic() -> Topic {
        topic_with(Loaded::open(day()), Arc::new(evening()))
    }

    /// A clock that says what time it is when a sample day is loaded.
    pub(in crate::hub) fn evening() -> ShiftedClock {
        ShiftedClock::starting_at(at("2026-11-20T20:00:00Z"))
    }

    pub(in crate::hub) fn topic_with(loaded: Loaded, clock: SharedClock) -> Topic {
        let air = Air::new(loaded, clock, Metrics::default());
        Topic { air, rows: Arc::default(), audience: Audience::Public }
    }

    fn listener(topic: &Topic) -> Listener {
        Listener::new(topic.subscribe(None, Shape::default()))
    }

    fn add(topic: &Topic, name: &str, minute: i64) {
        let start = at("2026-11-20T20:00:00Z") + chrono::TimeDelta::minutes(minute);
        topic.publish(&[Event::TrackAdded { track: track(name, start) }], start);
    }

    #[tokio::test]
    async fn a_waiting_subscriber_is_woken_and_loses_nothing() {
        let topic = topic();
        add(&topic, "a", 0);
        let mut subscription = listener(&topic);
        assert_eq!(subscription.next().await.map(|frames| frames.len()), Some(1));
        let waiting = tokio::spawn(async move { subscription.next().await.map(|frames| frames.len()) });
        add(&topic, "b", 1);
        assert_eq!(waiting.await.expect("woken"), Some(1));
        let bell = topic.air.bell(Audience::Public);
        assert_eq!(bell.receiver_count(), 0, "a subscription that is dropped is gone");
    }

    #[tokio::test]
    async fn a_topic_that_closes_sends_everybody_away_and_takes_in_whoever_is_let_in_later() {
        let topic = topic();
        let (mut waits, mut late) = (listener(&topic), listener(&topic));
        assert!(waits.next().await.is_some());
        let waiting = tokio::spawn(async move { waits.next().await });
        topic.air.close(Audience::Public);
        assert!(waiting.await.expect("woken").is_none());
        assert!(late.next().await.is_none(), "what was not sent yet is not theirs either");
        assert!(listener(&topic).next().await.is_some());
    }

    #[tokio::test]
    async fn a_guest_stays_when_the_public_is_sent_away() {
        let topic = topic();
        let mut guest = Listener::new(topic.subscribe_guest(None, Shape::default()));
        guest.next().await.expect("a snapshot");
        topic.air.close(Audience::Public);
        add(&topic, "a", 0);
        assert_eq!(guest.next().await.map(|frames| frames.len()), Some(1));
    }

    #[tokio::test]
    async fn what_is_delayed_wakes_the_public_when_it_is_due_and_the_staff_at_once() {
        let (clock, mut day): (SharedClock, _) = (Arc::new(evening()), day());
        day.terms.delay = chrono::TimeDelta::milliseconds(300);
        let public = topic_with(Loaded::open(day), Arc::clone(&clock));
        let staff = Topic { audience: Audience::Staff, ..public.clone() };
        let [mut viewer, mut host] = [&public, &staff].map(listener);
        for subscription in [&mut viewer, &mut host] {
            subscription.next().await.expect("a snapshot");
        }
        let noticed = clock.now();
        staff.publish(&[Event::TrackAdded { track: track("a", noticed) }], noticed);
        host.next().await.expect("told");
        assert!(public.day(noticed).0.tracks.is_empty());
        viewer.next().await.expect("told");
        assert!(clock.now() - noticed >= chrono::TimeDelta::milliseconds(300));
        assert_eq!(public.day(clock.now()).0.tracks.len(), 1);
    }

    #[tokio::test]
    async fn what_a_delay_lets_out_is_not_timed_by_what_is_learned_just_then() {
        let (then, mut day) = (at("2026-11-20T20:00:00Z"), day());
        day.terms.delay = chrono::TimeDelta::minutes(1);
        let topic = topic_with(Loaded::open(day), Arc::new(evening()));
        let [public, staff] =
            [Audience::Public, Audience::Staff].map(|side| topic.air.bell(side).subscribe());
        add(&topic, "a", 0);
        let (now, learned) = (then + chrono::TimeDelta::minutes(1), Some(Learned::now()));
        let _kept = topic.offer(&[Event::TrackAdded { track: track("b", now) }], now, learned);
        assert!(public.has_changed().expect("a topic") && public.borrow().is_none());
        assert!(staff.borrow().is_some());
    }
}
