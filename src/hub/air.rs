//! A desk that many share: each change wakes those whom it concerns, and somebody watches the time while things wait to
//! be told.

use super::choices::Choices;
use super::desk::{Audience, Desk};
use super::load::Loaded;
use super::mark::Mark;
use crate::base::clock::{Instant, SharedClock};
use crate::telemetry::{Learned, Metrics};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

type Bell = watch::Sender<Option<Learned>>;

/// How long nobody looks at the clock while something waits: it may be set meanwhile.
const NAP: Duration = Duration::from_secs(1);

/// One streamer's desk, with its subscribers.
#[derive(Debug)]
pub(super) struct Air {
    room: Mutex<Room>,
    /// Rings for an audience; carries when its news was learned, if known. Where nobody ever listened there is none.
    public: OnceLock<Bell>,
    staff: OnceLock<Bell>,
    /// What is due next may be another thing than before.
    changed: Notify,
    clock: SharedClock,
    metrics: Metrics,
}

#[derive(Debug)]
struct Room {
    desk: Desk,
    closings: Closings,
    /// Whether somebody watches the time.
    is_watched: bool,
}

/// How often everybody of an audience has been sent away.
#[derive(Debug, Default)]
struct Closings {
    public: u64,
    staff: u64,
}

impl Room {
    /// Up to where each audience has been told.
    fn ends(&self) -> [Mark; 2] {
        [Audience::Public, Audience::Staff].map(|audience| self.desk.reel(audience).end())
    }
}

impl Closings {
    fn of(&mut self, audience: Audience) -> &mut u64 {
        match audience {
            Audience::Public => &mut self.public,
            Audience::Staff => &mut self.staff,
        }
    }
}

impl Air {
    pub(super) fn new(loaded: Loaded, clock: SharedClock, metrics: Metrics) -> Arc<Self> {
        let desk = Desk::new(loaded, clock.now());
        let room = Mutex::new(Room { desk, closings: Closings::default(), is_watched: false });
        let (public, staff, changed) = (OnceLock::new(), OnceLock::new(), Notify::new());
        let air = Arc::new(Self { room, public, staff, changed, clock, metrics });
        air.change(|_| {});
        air
    }

    /// Looks at the desk, changing nothing that anybody waits for.
    pub(super) fn see<T>(&self, look: impl FnOnce(&mut Desk) -> T) -> T {
        look(&mut self.room().desk)
    }

    /// Changes the desk. Whoever has something new to hear is woken; nobody is waited for.
    pub(super) fn change<T>(self: &Arc<Self>, change: impl FnOnce(&mut Desk) -> T) -> T {
        self.change_by(None, change)
    }

    /// The same by something that was learned then.
    pub(super) fn change_by<T>(
        self: &Arc<Self>,
        learned: Option<Learned>,
        change: impl FnOnce(&mut Desk) -> T,
    ) -> T {
        let mut room = self.room();
        let (before, due) = (room.ends(), room.desk.next_due());
        let outcome = change(&mut room.desk);
        let (after, next) = (room.ends(), room.desk.next_due());
        let needs_watch = next.is_some() && !room.is_watched;
        room.is_watched |= needs_watch;
        // What a delay lets out meanwhile was learned at another time.
        let learned = [learned.filter(|_| !room.desk.is_delayed()), learned];
        drop(room);
        for (number, bell) in [&self.public, &self.staff].into_iter().enumerate() {
            if before[number] != after[number] {
                ring(bell, learned[number]);
            }
        }
        if needs_watch {
            tokio::spawn(Arc::clone(self).watch());
        } else if next != due {
            self.changed.notify_one();
        }
        outcome
    }

    /// Sends all subscribers of an audience away, because they may no longer read. Whoever is let in later subscribes
    /// anew.
    pub(super) fn close(&self, audience: Audience) {
        let mut room = self.room();
        *room.closings.of(audience) += 1;
        if audience == Audience::Public {
            room.desk.shut();
        }
        drop(room);
        ring(self.bell_of(audience), None);
    }

    /// How often an audience has been sent away.
    pub(super) fn closings(&self, audience: Audience) -> u64 {
        *self.room().closings.of(audience)
    }

    /// What rings when there is something new for an audience. Whoever takes it looks at the desk afterwards: what came
    /// before there was one has rung for nobody.
    pub(super) fn bell(&self, audience: Audience) -> &Bell {
        self.bell_of(audience).get_or_init(Bell::default)
    }

    fn bell_of(&self, audience: Audience) -> &OnceLock<Bell> {
        match audience {
            Audience::Public => &self.public,
            Audience::Staff => &self.staff,
        }
    }

    /// What is counted.
    pub(super) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What time it is.
    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Goes by what the streamer chooses now; true when the day is cut where they no longer cut it.
    pub(super) fn keep(self: &Arc<Self>, choices: &Choices) -> bool {
        let now = self.clock.now();
        let is_cut_elsewhere = self.change(|desk| {
            desk.keep(choices, now);
            desk.reel(Audience::Staff).day().timezone != choices.timezone
        });
        if !choices.terms.is_public {
            self.close(Audience::Public);
        }
        is_cut_elsewhere
    }

    /// Has what happens remembered until it is told to a day that is being loaded, or until this is dropped.
    pub(super) fn renew(self: &Arc<Self>) -> Renewal {
        self.see(Desk::begin_anew);
        Renewal { air: Arc::clone(self) }
    }

    /// Tells what is due when it is due, until nothing waits.
    async fn watch(self: Arc<Self>) {
        while let Some(due) = self.next_due() {
            let wait = (due - self.clock.now()).to_std().unwrap_or_default();
            // Whether the time or a change wakes it makes no difference.
            let _ = timeout(wait.min(NAP), self.changed.notified()).await;
            let now = self.clock.now();
            self.change(|desk| desk.advance(now));
        }
    }

    /// Whoever learns here that nothing waits watches no longer.
    fn next_due(&self) -> Option<Instant> {
        let mut room = self.room();
        let due = room.desk.next_due();
        room.is_watched = due.is_some();
        due
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ring(bell: &OnceLock<Bell>, learned: Option<Learned>) {
    if let Some(bell) = bell.get() {
        bell.send_replace(learned);
    }
}

/// A day is being loaded in place of the one on the desk.
pub(super) struct Renewal {
    air: Arc<Air>,
}

impl Renewal {
    /// Here it is.
    pub(super) fn with(self, loaded: Loaded) {
        let now = self.air.clock.now();
        self.air.change(|desk| desk.replace(loaded, now));
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        self.air.see(Desk::stay);
    }
}
