//! The hub: what is on air right now, told to every viewer at once.
//!
//! Each streamer has a topic: the day in memory and a ring of the frames that changed it, each encoded once per format
//! into shared bytes. Topics live as long as someone uses them: a session that follows the stream, or a subscriber. The
//! first to need one loads its day; those who come meanwhile wait for that one load.

mod day;
mod events;
mod frame;
pub mod markup;
mod model;
mod ring;
mod snapshot;
mod socket;
mod topic;
mod whole;

pub use day::{Day, Terms, View};
pub use events::serve as serve_events;
pub use frame::{Format, Shape};
pub use model::{Event, Gap, NowPlaying, OnAir, Streamer, Track, text as instant_text};
pub use socket::serve as serve_socket;
pub use topic::{Subscription, Topic};
pub use whole::Latest;

use crate::base::id::UserId;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Where the day of a streamer comes from when nobody holds it in memory.
pub trait LoadDay: Send + Sync {
    /// Loads the local day that it is now for this streamer; none when there is no such streamer.
    fn load(&self, user: UserId) -> Pin<Box<dyn Future<Output = anyhow::Result<Option<Day>>> + Send + '_>>;
}

/// All topics.
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    loader: Box<dyn LoadDay>,
    slots: Mutex<HashMap<UserId, Arc<Slot>>>,
}

/// A topic's place.
#[derive(Default)]
struct Slot {
    topic: Mutex<Weak<Topic>>,
    /// Makes one load of many that ask at once.
    loading: tokio::sync::Mutex<()>,
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

impl Hub {
    /// A hub whose days come from `loader`.
    #[must_use]
    pub fn new(loader: impl LoadDay + 'static) -> Self {
        Self { inner: Arc::new(Inner { loader: Box::new(loader), slots: Mutex::default() }) }
    }

    /// The streamer's topic, loaded if need be; none when there is no such streamer.
    ///
    /// # Errors
    /// When the day cannot be loaded.
    pub async fn topic(&self, user: UserId) -> anyhow::Result<Option<Arc<Topic>>> {
        let slot = self.slot(user);
        if let Some(topic) = slot.held() {
            return Ok(Some(topic));
        }
        let _loading = slot.loading.lock().await;
        if let Some(topic) = slot.held() {
            return Ok(Some(topic));
        }
        let day = self.inner.loader.load(user).await?;
        Ok(day.map(|day| slot.hold(day)))
    }

    /// The public topics that are in memory. This asks no database, so it is what can be read while that is away.
    #[must_use]
    pub fn in_memory(&self) -> Vec<(UserId, Arc<Topic>)> {
        let slots = self.slots();
        let held = slots.iter().filter_map(|(user, slot)| Some((*user, slot.held()?)));
        held.filter(|(_, topic)| topic.is_public()).collect()
    }

    /// Whose topics are in memory, public or not.
    #[must_use]
    pub fn users(&self) -> Vec<UserId> {
        self.slots().iter().filter(|(_, slot)| slot.held().is_some()).map(|(user, _)| *user).collect()
    }

    /// Sends away everybody who follows this streamer: the list is gone, or no longer theirs to read. Sockets close with
    /// 1008, event streams end. Costs nothing when nobody is there, so it may be called again and again.
    pub async fn close(&self, user: UserId) {
        let slot = self.slots().get(&user).cloned();
        if let Some(slot) = slot {
            let _loading = slot.loading.lock().await;
            if let Some(topic) = slot.held() {
                topic.close();
            }
        }
    }

    /// The slot of a streamer; slots of topics that nobody uses any more are swept out on the way.
    fn slot(&self, user: UserId) -> Arc<Slot> {
        let mut slots = self.slots();
        slots.retain(|id, slot| *id == user || slot.in_use());
        Arc::clone(slots.entry(user).or_default())
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<UserId, Arc<Slot>>> {
        self.inner.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    fn held(&self) -> Option<Arc<Topic>> {
        self.topic.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }

    fn hold(&self, day: Day) -> Arc<Topic> {
        let topic = Topic::new(day);
        *self.topic.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(&topic);
        topic
    }

    fn in_use(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1 || self.held().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::day::tests::{at, day};
    use super::*;
    use crate::base::clock::SystemClock;

    struct Always;

    impl LoadDay for Always {
        fn load(&self, _: UserId) -> Pin<Box<dyn Future<Output = anyhow::Result<Option<Day>>> + Send + '_>> {
            Box::pin(async { Ok(Some(day())) })
        }
    }

    async fn topic(hub: &Hub, user: UserId) -> Arc<Topic> {
        hub.topic(user).await.expect("a day").expect("a streamer")
    }

    #[tokio::test]
    async fn closing_a_streamers_door_sends_their_viewers_away_and_nobody_elses() {
        let (hub, now) = (Hub::new(Always), at("2026-11-20T20:00:00Z"));
        let (ann, bob) = (UserId::random(now), UserId::random(now));
        let mut anns = topic(&hub, ann).await.subscribe(None, Shape::default());
        let mut bobs = topic(&hub, bob).await.subscribe(None, Shape::default());
        hub.close(ann).await;
        hub.close(UserId::random(now)).await;
        assert!(anns.next(&SystemClock).await.is_none());
        assert!(bobs.next(&SystemClock).await.is_some());
    }

    #[tokio::test]
    async fn a_session_goes_on_in_a_closed_topic_for_those_who_are_let_in_later() {
        let (hub, ann) = (Hub::new(Always), UserId::random(at("2026-11-20T20:00:00Z")));
        let session = topic(&hub, ann).await;
        session.keep(Terms { is_public: true, retention_days: None });
        assert_eq!(hub.in_memory().len(), 1);
        hub.close(ann).await;
        assert!(hub.in_memory().is_empty(), "what was closed is not read from memory");
        assert!(Arc::ptr_eq(&session, &topic(&hub, ann).await));
    }
}
