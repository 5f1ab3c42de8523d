//! Stories of all topics together.

use super::day::tests::{at, day, track};
use super::topic::tests::evening;
use super::*;
use crate::base::clock::{Clock as _, ShiftedClock};
use crate::base::id::StreamId;
use chrono_tz::Tz;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Semaphore;

/// Streamers who can all be loaded, and what they have chosen.
#[derive(Clone)]
struct Shelf {
    clock: Arc<ShiftedClock>,
    choices: Arc<Mutex<Choices>>,
    stored: Arc<Mutex<Vec<Track>>>,
    /// A load takes one of these.
    loads: Arc<Semaphore>,
    is_loading: Arc<AtomicBool>,
}

impl Shelf {
    fn new() -> Self {
        let Day { streamer, .. } = day();
        let terms = Terms { is_public: true, ..Terms::default() };
        let choices = Arc::new(Mutex::new(Choices { streamer, timezone: Tz::UTC, terms }));
        Self {
            clock: Arc::new(evening()),
            choices,
            stored: Arc::default(),
            loads: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            is_loading: Arc::default(),
        }
    }

    fn hub(&self) -> Hub {
        Hub::new(self.clone(), self.clock.clone(), Metrics::default())
    }

    fn choose(&self, change: impl FnOnce(&mut Choices)) {
        change(&mut self.choices.lock().expect("choices"));
    }

    fn chosen(&self) -> Choices {
        self.choices.lock().expect("choices").clone()
    }
}

impl LoadDay for Shelf {
    fn load(&self, _: UserId) -> Loading<'_, Loaded> {
        Box::pin(async {
            let tracks = self.stored.lock().expect("plays").clone();
            self.is_loading.store(true, Ordering::SeqCst);
            self.loads.acquire().await.expect("a load").forget();
            let Choices { streamer, timezone, terms } = self.chosen();
            let day = Day::empty(streamer, timezone, self.clock.now());
            Ok(Some(Loaded::open(Day { terms, tracks, ..day })))
        })
    }

    fn choices(&self, _: UserId) -> Loading<'_, Choices> {
        Box::pin(async { Ok(Some(self.chosen())) })
    }
}

fn somebody() -> UserId {
    UserId::random(at("2026-11-20T20:00:00Z"))
}

async fn topic(hub: &Hub, user: UserId) -> Topic {
    hub.topic(user).await.expect("a day").expect("a streamer")
}

async fn staff(hub: &Hub, user: UserId) -> Topic {
    hub.staff(user).await.expect("a day").expect("a streamer")
}

/// The type of the next frame.
async fn hears(subscription: &mut Listener) -> Option<String> {
    let frames = subscription.next().await?;
    let frame: serde_json::Value = serde_json::from_slice(&frames[0]).expect("JSON");
    frame["type"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn closing_a_streamers_door_sends_their_viewers_away_and_nobody_elses() {
    let (hub, ann, bob) = (Shelf::new().hub(), somebody(), somebody());
    let mut anns = Listener::new(topic(&hub, ann).await.subscribe(None, Shape::default()));
    let mut bobs = Listener::new(topic(&hub, bob).await.subscribe(None, Shape::default()));
    let mut host = Listener::new(staff(&hub, ann).await.subscribe(None, Shape::default()));
    hub.close(ann).await;
    hub.close(somebody()).await;
    assert!(anns.next().await.is_none());
    assert!(bobs.next().await.is_some());
    assert!(host.next().await.is_some(), "the staff stays");
    let mut viewer = Listener::new(topic(&hub, ann).await.subscribe(None, Shape::default()));
    hub.close_staff(ann).await;
    assert!(host.next().await.is_none());
    assert!(viewer.next().await.is_some(), "and the other way round");
}

#[tokio::test]
async fn a_session_goes_on_in_a_closed_topic_for_those_who_are_let_in_later() {
    let (shelf, ann) = (Shelf::new(), somebody());
    let hub = shelf.hub();
    let session = staff(&hub, ann).await;
    assert_eq!(hub.in_memory().len(), 1);
    shelf.choose(|choices| choices.terms.is_public = false);
    hub.heed(ann).await.expect("choices");
    assert!(hub.in_memory().is_empty(), "what was closed is not read from memory");
    assert!(Arc::ptr_eq(&session.air, &topic(&hub, ann).await.air));
    shelf.choose(|choices| choices.terms.is_public = true);
    hub.heed(ann).await.expect("choices");
    assert_eq!(hub.in_memory().len(), 1);
}

#[tokio::test]
async fn what_is_published_while_the_day_is_cut_anew_is_not_lost() {
    let (shelf, ann) = (Shelf::new(), somebody());
    let hub = shelf.hub();
    let session = staff(&hub, ann).await;
    let mut viewer = Listener::new(topic(&hub, ann).await.subscribe(None, Shape::default()));
    assert_eq!(hears(&mut viewer).await.as_deref(), Some("snapshot"));
    let now = || shelf.clock.now();
    let add = |name: &str| session.publish(&[Event::TrackAdded { track: track(name, now()) }], now());
    add("before");
    shelf.stored.lock().expect("plays").extend(session.day(now()).0.tracks.clone());
    assert_eq!(hears(&mut viewer).await.as_deref(), Some("track_added"));

    let loads = Arc::clone(&shelf.loads);
    loads.forget_permits(Semaphore::MAX_PERMITS);
    shelf.is_loading.store(false, Ordering::SeqCst);
    shelf.choose(|choices| choices.timezone = Tz::Etc__GMTPlus1);
    let cutting = tokio::spawn({
        let hub = hub.clone();
        async move { hub.heed(ann).await }
    });
    while !shelf.is_loading.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    add("meanwhile");
    assert_eq!(hears(&mut viewer).await.as_deref(), Some("track_added"), "nobody waits for the load");
    loads.add_permits(1);
    cutting.await.expect("no panic").expect("a day");
    assert_eq!(hears(&mut viewer).await.as_deref(), Some("snapshot"));
    let (day, _) = topic(&hub, ann).await.day(now());
    let names: Vec<&str> = day.tracks.iter().map(|track| track.name.as_str()).collect();
    assert_eq!((day.timezone, names), (Tz::Etc__GMTPlus1, vec!["before", "meanwhile"]));
}

#[tokio::test]
async fn what_was_changed_where_nobody_published_it_is_loaded_anew_for_whoever_listens() {
    let (shelf, ann) = (Shelf::new(), somebody());
    let hub = shelf.hub();
    hub.reload(ann).await.expect("nobody listens");
    assert!(hub.users().is_empty(), "and nothing is loaded for nobody");
    let topic = topic(&hub, ann).await;
    let mut viewer = Listener::new(topic.subscribe(None, Shape::default()));
    assert_eq!(hears(&mut viewer).await.as_deref(), Some("snapshot"));
    shelf.stored.lock().expect("plays").push(track("found", shelf.clock.now()));
    hub.reload(ann).await.expect("a day");
    assert_eq!(hears(&mut viewer).await.as_deref(), Some("snapshot"));
    assert_eq!(topic.day(shelf.clock.now()).0.tracks.len(), 1);
}

#[test]
fn a_topic_that_nobody_listens_to_takes_little_room() {
    let clock: SharedClock = Arc::new(evening());
    let now = clock.now();
    let (loaded, metrics, mut air) = (Loaded::open(day()), Metrics::default(), None);
    let empty = allocation_counter::measure(|| air = Some(Air::new(loaded, clock, metrics)));
    assert!(empty.bytes_current < 3_500, "{empty:?}");
    let started = Event::StreamStarted { stream: OnAir { id: StreamId::random(now), started_at: now } };
    let added = Event::TrackAdded { track: track("a", now) };
    let topic = Topic { air: air.expect("a topic"), rows: Arc::default(), audience: Audience::Staff };
    let told = allocation_counter::measure(|| topic.publish(&[started, added], now));
    assert!(told.bytes_current < 3_000, "a frame or two, not the room for all that may come: {told:?}");
}

#[tokio::test]
async fn what_all_have_chosen_is_heeded_at_once() {
    let shelf = Shelf::new();
    let hub = shelf.hub();
    let users = [1, 2, 3]
        .map(|second| UserId::random(at("2026-11-20T20:00:00Z") + chrono::TimeDelta::seconds(second)));
    let mut topics = Vec::new();
    for user in users {
        topics.push(topic(&hub, user).await);
    }
    hub.heed_all().await.expect("choices");
    assert!(topics.iter().all(Topic::is_public));
    shelf.choose(|choices| choices.terms.is_public = false);
    hub.heed_all().await.expect("choices");
    assert!(!topics.iter().any(Topic::is_public));
    assert!(topics.iter().all(|topic| topic.goes_by(&shelf.chosen())));
}
