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
mod socket;
mod topic;

pub use day::Day;
pub use events::serve as serve_events;
pub use frame::Format;
pub use model::{Event, Gap, NowPlaying, OnAir, Streamer, Track, text as instant_text};
pub use socket::serve as serve_socket;
pub use topic::{Subscription, Topic};

use crate::base::id::UserId;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};

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

/// A topic's place: its lock makes one load of many that ask at once.
#[derive(Default)]
struct Slot(tokio::sync::Mutex<Weak<Topic>>);

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
        let mut held = slot.0.lock().await;
        if let Some(topic) = held.upgrade() {
            return Ok(Some(topic));
        }
        let Some(day) = self.inner.loader.load(user).await? else { return Ok(None) };
        let topic = Topic::new(day);
        *held = Arc::downgrade(&topic);
        Ok(Some(topic))
    }

    /// The slot of a streamer; slots of topics that nobody uses any more are swept out on the way.
    fn slot(&self, user: UserId) -> Arc<Slot> {
        let mut slots = self.inner.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|id, slot| *id == user || slot.in_use());
        Arc::clone(slots.entry(user).or_default())
    }
}

impl Slot {
    fn in_use(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1 || self.0.try_lock().map_or(true, |topic| topic.strong_count() > 0)
    }
}
