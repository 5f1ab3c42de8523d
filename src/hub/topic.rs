//! A topic: what one audience of a streamer is told, live, and everybody of that audience who listens.
//!
//! Publishing never waits for a subscriber: it appends to the reel and wakes them. A subscriber is a cursor; one that
//! falls behind the ring gets a fresh snapshot, so that a slow reader costs a number and not a queue.

use super::air::Air;
use super::choices::Choices;
use super::curtain::Kept;
use super::day::Day;
use super::desk::Audience;
use super::frame::Shape;
use super::model::Event;
use super::reel::Mark;
use crate::base::clock::{Clock, Instant};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::watch;

/// One audience's side of a streamer's day. Holding one keeps both sides in memory.
#[derive(Debug, Clone)]
pub struct Topic {
    pub(super) air: Arc<Air>,
    pub(super) audience: Audience,
}

impl Topic {
    /// Tells what happens: the staff now, the public after the streamer's delay, whichever side this is. Events that say
    /// nothing new are dropped. A new local day is told first.
    pub fn publish(&self, events: &[Event], now: Instant) {
        drop(self.offer(events, now));
    }

    /// The same, for whoever stores plays too: gives those that ghost mode keeps back, which have to be stored hidden.
    #[must_use]
    pub fn offer(&self, events: &[Event], now: Instant) -> Vec<Kept> {
        self.air.change(|desk| desk.publish(events, now))
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
        let closings = Some(self.air.closings(self.audience));
        Subscription { closings, ..self.subscribe_guest(cursor, shape) }
    }

    /// The same for a guest of the streamer's, who reads what the public would: they stay when the list becomes private,
    /// until whoever let them in sends them away.
    #[must_use]
    pub fn subscribe_guest(&self, cursor: Option<&str>, shape: Shape) -> Subscription {
        let (topic, bell) = (self.clone(), self.air.bell(self.audience).subscribe());
        Subscription { topic, bell, shape, seen: cursor.and_then(Mark::read), closings: None }
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

    /// What a subscriber who has seen `seen` is to be sent, and what it has seen then.
    fn pending(&self, seen: Option<Mark>, shape: Shape, now: Instant) -> (Vec<Bytes>, Mark) {
        let (pending, seen) = self.air.see(|desk| desk.reel_mut(self.audience).since(seen, shape, now));
        (pending.bytes(shape), seen)
    }
}

/// A subscriber's place in a topic. Holding one keeps the topic in memory.
#[derive(Debug)]
pub struct Subscription {
    topic: Topic,
    bell: watch::Receiver<()>,
    shape: Shape,
    seen: Option<Mark>,
    /// How often its audience had been sent away before; none for a guest, who is not sent away with it.
    closings: Option<u64>,
}

impl Subscription {
    /// Waits until there is something to send and gives all of it: frames in order, or one snapshot. None when the
    /// topic was closed: its holder may no longer read.
    ///
    /// Safe to cancel: what was not given is given the next time.
    pub async fn next(&mut self, clock: &dyn Clock) -> Option<Vec<Bytes>> {
        loop {
            self.bell.mark_unchanged();
            if self.closings.is_some_and(|closings| closings != self.topic.air.closings(self.topic.audience))
            {
                return None;
            }
            let (frames, seen) = self.topic.pending(self.seen, self.shape, clock.now());
            self.seen = Some(seen);
            if !frames.is_empty() {
                return Some(frames);
            }
            // Cannot fail: the sender lives in the topic that is held here.
            self.bell.changed().await.ok()?;
        }
    }

    /// Turns the day if it is over, also while nobody streams.
    pub fn tick(&self, now: Instant) {
        self.topic.publish(&[], now);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::day::tests::{at, day, track};
    use super::super::load::Loaded;
    use super::*;
    use crate::base::clock::{SharedClock, ShiftedClock, SystemClock};

    /// The public side of a topic without a delay, with a day of nothing.
    pub(in crate::hub) fn topic() -> Topic {
        topic_with(Loaded::open(day()), Arc::new(evening()))
    }

    /// A clock that says what time it is when a sample day is loaded.
    pub(in crate::hub) fn evening() -> ShiftedClock {
        ShiftedClock::starting_at(at("2026-11-20T20:00:00Z"))
    }

    pub(in crate::hub) fn topic_with(loaded: Loaded, clock: SharedClock) -> Topic {
        Topic { air: Air::new(loaded, clock), audience: Audience::Public }
    }

    fn add(topic: &Topic, name: &str, minute: i64) {
        let start = at("2026-11-20T20:00:00Z") + chrono::TimeDelta::minutes(minute);
        topic.publish(&[Event::TrackAdded { track: track(name, start) }], start);
    }

    #[tokio::test]
    async fn a_waiting_subscriber_is_woken_and_loses_nothing() {
        let topic = topic();
        add(&topic, "a", 0);
        let mut subscription = topic.subscribe(None, Shape::default());
        assert_eq!(subscription.next(&SystemClock).await.map(|frames| frames.len()), Some(1));
        let waiting =
            tokio::spawn(async move { subscription.next(&SystemClock).await.map(|frames| frames.len()) });
        add(&topic, "b", 1);
        assert_eq!(waiting.await.expect("woken"), Some(1));
        let bell = topic.air.bell(Audience::Public);
        assert_eq!(bell.receiver_count(), 0, "a subscription that is dropped is gone");
    }

    #[tokio::test]
    async fn a_topic_that_closes_sends_everybody_away_and_takes_in_whoever_is_let_in_later() {
        let topic = topic();
        let (mut waits, mut late) =
            (topic.subscribe(None, Shape::default()), topic.subscribe(None, Shape::default()));
        assert!(waits.next(&SystemClock).await.is_some());
        let waiting = tokio::spawn(async move { waits.next(&SystemClock).await });
        topic.air.close(Audience::Public);
        assert!(waiting.await.expect("woken").is_none());
        assert!(late.next(&SystemClock).await.is_none(), "what was not sent yet is not theirs either");
        assert!(topic.subscribe(None, Shape::default()).next(&SystemClock).await.is_some());
    }

    #[tokio::test]
    async fn a_guest_stays_when_the_public_is_sent_away() {
        let topic = topic();
        let mut guest = topic.subscribe_guest(None, Shape::default());
        guest.next(&SystemClock).await.expect("a snapshot");
        topic.air.close(Audience::Public);
        add(&topic, "a", 0);
        assert_eq!(guest.next(&SystemClock).await.map(|frames| frames.len()), Some(1));
    }

    #[tokio::test]
    async fn what_is_delayed_wakes_the_public_when_it_is_due_and_the_staff_at_once() {
        let (clock, mut day): (SharedClock, _) = (Arc::new(evening()), day());
        day.terms.delay = chrono::TimeDelta::milliseconds(300);
        let public = topic_with(Loaded::open(day), Arc::clone(&clock));
        let staff = Topic { audience: Audience::Staff, ..public.clone() };
        let [mut viewer, mut host] = [&public, &staff].map(|topic| topic.subscribe(None, Shape::default()));
        for subscription in [&mut viewer, &mut host] {
            subscription.next(clock.as_ref()).await.expect("a snapshot");
        }
        let noticed = clock.now();
        staff.publish(&[Event::TrackAdded { track: track("a", noticed) }], noticed);
        host.next(clock.as_ref()).await.expect("told");
        assert!(public.day(noticed).0.tracks.is_empty());
        viewer.next(clock.as_ref()).await.expect("told");
        assert!(clock.now() - noticed >= chrono::TimeDelta::milliseconds(300));
        assert_eq!(public.day(clock.now()).0.tracks.len(), 1);
    }
}
