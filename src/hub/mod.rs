//! The hub: what is on air right now, told to every viewer at once.
//!
//! Each streamer has two topics: `staff` is told at once, `public` after the streamer's delay. What happens is
//! published once. A topic is a day in memory and a ring of the frames that changed it, each encoded once per format
//! into shared bytes, by whoever needs it first; without a delay the two are one. They live as long as someone uses
//! them: a session that follows the stream, a subscriber, or something that waits to be told. The first to need them
//! loads the day; those who come meanwhile wait for that one load.
//!
//! Why it is fast: a frame is encoded once, with the header that it has on the wire, and not at all for nobody. Viewers
//! sit in rows, and one task writes for a whole row, everything that is pending with one `write` for each, waiting for
//! nobody ([`row`]). Who is new or slow is looked after by a task of their own, which otherwise only hears their client
//! ([`socket`]); it goes on from a cursor, so that nobody has a queue. What a quiet viewer costs is a connection, a
//! small buffer and that task.

mod air;
mod choices;
mod curated;
mod curtain;
mod day;
mod delay;
mod desk;
mod ear;
mod events;
mod frame;
mod load;
mod mark;
pub mod markup;
mod model;
mod place;
mod pulse;
mod reel;
mod ring;
mod row;
mod snapshot;
mod socket;
mod topic;
mod upgrade;
mod viewer;
mod whole;
mod wire;

pub use choices::{Choices, Terms};
pub use curtain::{Curtain, Ghost, Kept};
pub use day::{Day, View};
pub use delay::Noticed;
pub use events::serve as serve_events;
pub use frame::{Format, Shape};
pub use load::{Choosing, LoadDay, Loaded, Loading};
pub use model::{Event, Gap, NowPlaying, OnAir, Streamer, Track, TrackFacts, text as instant_text};
pub use socket::{Farewell, Goodbye, serve as serve_socket, turn_away};
pub use topic::{Listener, Subscription, Topic};
pub use upgrade::{Connection, NoUpgrade, Upgrade};
pub use whole::Latest;

use crate::base::clock::{Instant, SharedClock};
use crate::base::id::UserId;
use crate::telemetry::Metrics;
use air::Air;
use desk::Audience;
use row::Rows;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// How many choices are asked for at once.
const MANY: usize = 1_000;

/// All topics.
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    loader: Box<dyn LoadDay>,
    clock: SharedClock,
    metrics: Metrics,
    slots: Mutex<Slots>,
}

/// The places of all streamers.
#[derive(Default)]
struct Slots {
    by_user: HashMap<UserId, Arc<Slot>>,
    /// How many there were in use when they were last swept.
    used: usize,
}

/// The place of a streamer's topics.
#[derive(Default)]
struct Slot {
    air: Mutex<Weak<Air>>,
    /// The subscribers who are told by many at a time. Each row holds the desk that it tells of, so all tell of one.
    rows: Arc<Rows>,
    /// Makes one load of many that ask at once, and lets what is chosen take effect in order.
    loading: tokio::sync::Mutex<()>,
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

impl Hub {
    /// A hub whose days come from `loader`; what it sends is counted.
    #[must_use]
    pub fn new(loader: impl LoadDay + 'static, clock: SharedClock, metrics: Metrics) -> Self {
        let (loader, slots) = (Box::new(loader), Mutex::default());
        Self { inner: Arc::new(Inner { loader, clock, metrics, slots }) }
    }

    /// What the public reads of a streamer, loaded if need be; none when there is no such streamer.
    ///
    /// # Errors
    /// When the day cannot be loaded.
    pub async fn topic(&self, user: UserId) -> anyhow::Result<Option<Topic>> {
        self.side(user, Audience::Public).await
    }

    /// What the streamer and their moderators read, at once; loaded if need be, none when there is no such streamer.
    ///
    /// # Errors
    /// When the day cannot be loaded.
    pub async fn staff(&self, user: UserId) -> anyhow::Result<Option<Topic>> {
        self.side(user, Audience::Staff).await
    }

    /// The same if it is in memory, or about to be; whoever loads it later finds what is stored now.
    pub async fn staff_in_memory(&self, user: UserId) -> Option<Topic> {
        let slot = self.known(user)?;
        let _loading = slot.loading.lock().await;
        slot.topic(Audience::Staff)
    }

    /// Reads what the streamer has chosen and goes by it from now on: call it after a change was stored. A list that is
    /// private closes to strangers, another delay holds for all that waits, another time zone cuts the day anew.
    /// Whoever is gone has no viewers but guests, whom whoever let them in sends away. Costs nothing when nobody uses
    /// the topics: they are loaded by what is chosen then.
    ///
    /// # Errors
    /// When the database does not answer; call it again.
    pub async fn heed(&self, user: UserId) -> anyhow::Result<()> {
        let Some(slot) = self.known(user) else { return Ok(()) };
        let _loading = slot.loading.lock().await;
        let Some(air) = slot.held() else { return Ok(()) };
        let Some(choices) = self.inner.loader.choices(user).await? else {
            air.close(Audience::Public);
            air.close(Audience::Staff);
            return Ok(());
        };
        if air.keep(&choices) { self.renew(user, &air).await } else { Ok(()) }
    }

    /// Does that for everybody whose topics are in memory, whoever stored what they have chosen: one question for many,
    /// and one for each who has chosen otherwise.
    ///
    /// # Errors
    /// When the database does not answer; call it again.
    pub async fn heed_all(&self) -> anyhow::Result<()> {
        for some in self.users().chunks(MANY) {
            let chosen = self.inner.loader.choices_of(some).await?;
            for user in some {
                self.heed_if_new(*user, chosen.get(user)).await?;
            }
        }
        Ok(())
    }

    async fn heed_if_new(&self, user: UserId, chosen: Option<&Choices>) -> anyhow::Result<()> {
        let Some(topic) = self.held(user) else { return Ok(()) };
        match chosen.filter(|choices| topic.goes_by(choices)) {
            Some(choices) if choices.terms.is_public => {}
            Some(_) => topic.air.close(Audience::Public),
            None => self.heed(user).await?,
        }
        Ok(())
    }

    /// Loads the day anew, because rows of it were changed where nobody published that, and gives all subscribers a
    /// snapshot of it. What is published meanwhile is in it.
    ///
    /// # Errors
    /// When the day cannot be loaded: then the old one stays.
    pub async fn reload(&self, user: UserId) -> anyhow::Result<()> {
        let Some(slot) = self.known(user) else { return Ok(()) };
        let _loading = slot.loading.lock().await;
        match slot.held() {
            Some(air) => self.renew(user, &air).await,
            None => Ok(()),
        }
    }

    /// The public topics that are in memory. This asks no database, so it is what can be read while that is away.
    #[must_use]
    pub fn in_memory(&self) -> Vec<(UserId, Topic)> {
        let slots = self.slots();
        let held =
            slots.by_user.iter().filter_map(|(user, slot)| Some((*user, slot.topic(Audience::Public)?)));
        held.filter(|(_, topic)| topic.is_public()).collect()
    }

    /// What the public reads of a streamer, if that is in memory.
    #[must_use]
    pub fn held(&self, user: UserId) -> Option<Topic> {
        self.known(user)?.topic(Audience::Public)
    }

    /// Whose topics are in memory, public or not.
    #[must_use]
    pub fn users(&self) -> Vec<UserId> {
        let slots = self.slots();
        slots.by_user.iter().filter(|(_, slot)| slot.held().is_some()).map(|(user, _)| *user).collect()
    }

    /// Sends away everybody of the public who follows this streamer: the list is gone, or no longer theirs to read.
    /// Sockets close with 1008, event streams end. The staff stays, and so do guests, who were let in by name. Costs
    /// nothing when nobody is there, so it may be called again and again.
    pub async fn close(&self, user: UserId) {
        self.shut(user, Audience::Public).await;
    }

    /// Sends away the staff, in the same way: somebody logged out or lost their role. Whoever is still let in comes
    /// back.
    pub async fn close_staff(&self, user: UserId) {
        self.shut(user, Audience::Staff).await;
    }

    async fn shut(&self, user: UserId, audience: Audience) {
        let Some(slot) = self.known(user) else { return };
        let _loading = slot.loading.lock().await;
        if let Some(air) = slot.held() {
            air.close(audience);
        }
    }

    async fn side(&self, user: UserId, audience: Audience) -> anyhow::Result<Option<Topic>> {
        let slot = self.slot(user);
        if let Some(topic) = slot.topic(audience) {
            return Ok(Some(topic));
        }
        let _loading = slot.loading.lock().await;
        if let Some(topic) = slot.topic(audience) {
            return Ok(Some(topic));
        }
        let Some(loaded) = self.inner.loader.load(user).await? else { return Ok(None) };
        let air = Air::new(loaded, self.inner.clock.clone(), self.inner.metrics.clone());
        slot.hold(&air);
        Ok(Some(slot.side(air, audience)))
    }

    async fn renew(&self, user: UserId, air: &Arc<Air>) -> anyhow::Result<()> {
        let renewal = air.renew();
        if let Some(loaded) = self.inner.loader.load(user).await? {
            renewal.with(loaded);
        }
        Ok(())
    }

    fn known(&self, user: UserId) -> Option<Arc<Slot>> {
        self.slots().by_user.get(&user).cloned()
    }

    /// The slot of a streamer.
    fn slot(&self, user: UserId) -> Arc<Slot> {
        self.slots().of(user)
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.inner.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slots {
    /// The slot of a streamer; slots of topics that nobody uses any more are swept out when they may be half of all, so
    /// that no number of streamers makes this slow.
    fn of(&mut self, user: UserId) -> Arc<Slot> {
        if self.by_user.len() > 2 * self.used {
            self.by_user.retain(|id, slot| *id == user || slot.in_use());
            self.used = self.by_user.len();
        }
        Arc::clone(self.by_user.entry(user).or_default())
    }
}

impl Slot {
    fn held(&self) -> Option<Arc<Air>> {
        self.air.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }

    fn hold(&self, air: &Arc<Air>) {
        *self.air.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(air);
    }

    /// What an audience is told, if that is in memory.
    fn topic(&self, audience: Audience) -> Option<Topic> {
        Some(self.side(self.held()?, audience))
    }

    fn side(&self, air: Arc<Air>, audience: Audience) -> Topic {
        Topic { air, rows: Arc::clone(&self.rows), audience }
    }

    fn in_use(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1 || self.held().is_some()
    }
}

#[cfg(test)]
mod tests;
