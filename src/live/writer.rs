//! The writer: viewers have seen a play already, so it tries until the row is in.
//!
//! Plays that are not stored yet stand in one ordered map, which is queue and memory at once: a restarted session and a
//! freshly loaded day read it too. It is bounded: while it is full, sessions do not look, so nothing new comes.
//!
//! It is worked off streamer by streamer, round and round. Rows of one streamer lie beside each other in the indexes, so a
//! batch of a few streamers touches a third of the pages that one of everybody's newest play does.

mod asides;
mod gaps;
mod hides;
mod tidy;

use super::gaps::Gap;
use super::model::{Ignored, Jump, Play, Stream};
use super::store::{self, PLAYS_AT_ONCE};
use crate::base::backoff::Backoff;
use crate::base::clock::SharedClock;
use crate::base::id::{GapId, PlayId, UserId};
use crate::base::revisions::Revisions;
use crate::db::{Db, DbError, Resident, is_refused};
use crate::telemetry::Metrics;
use futures_util::future::join_all;
use hides::Hides;
use std::collections::BTreeMap;
use std::ops::{Bound, RangeInclusive};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio::task::yield_now;

/// Plays that may wait: some days of streams on a home server, minutes of thousands of streams.
pub const CAPACITY: usize = 10_000;
/// So many statements are put together in one go: all but the first while another is being stored.
const BATCHES: usize = 4;
/// How long one statement may take, with those before it.
const PATIENCE: Duration = Duration::from_secs(30);
/// However long the database was away, the next try comes within a second.
const RETRY: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_millis(800) };

/// Takes plays and stores them behind the caller's back.
#[derive(Debug, Clone)]
pub struct Writer {
    inner: Arc<Inner>,
}

/// A streamer's plays stand together.
type Place = (UserId, PlayId);
/// Shared with the batch that is being stored.
type Waiting = BTreeMap<Place, Arc<Play>>;

#[derive(Debug)]
struct Inner {
    db: Db,
    clock: SharedClock,
    metrics: Metrics,
    revisions: Revisions,
    /// How many plays, ignored plays and gaps may wait before no more are looked for.
    room: usize,
    pending: Mutex<Waiting>,
    /// The last play that was taken into a batch.
    turn: Mutex<Option<Place>>,
    /// A few: a session has one open gap at most.
    gaps: Mutex<BTreeMap<GapId, Gap>>,
    /// A few: one for each time a player jumps back.
    jumps: Mutex<Vec<Jump>>,
    /// What was heard and is not to be listed.
    ignored: Mutex<Vec<Ignored>>,
    /// What was hidden by hand or by ghost mode.
    hides: Mutex<Hides>,
    /// How many statements are on their way at once.
    lanes: Semaphore,
    came: Notify,
    stored: Notify,
    /// A whole batch was stored.
    grown: Notify,
}

impl Writer {
    /// A writer into `db` with `room` for that many plays, usually [`CAPACITY`]; [`Writer::run`] does its work.
    #[must_use]
    pub fn new(db: Db, clock: SharedClock, metrics: Metrics, room: usize) -> Self {
        let (came, stored, grown) = (Notify::new(), Notify::new(), Notify::new());
        let (revisions, turn) = (Revisions::default(), Mutex::default());
        let (pending, gaps) = (Mutex::default(), Mutex::default());
        let (jumps, ignored, hides) = (Mutex::default(), Mutex::default(), Mutex::default());
        let lanes = Semaphore::new(lanes(&db));
        let inner = Inner {
            db,
            clock,
            metrics,
            revisions,
            room,
            pending,
            turn,
            gaps,
            jumps,
            ignored,
            hides,
            lanes,
            came,
            stored,
            grown,
        };
        Self { inner: Arc::new(inner) }
    }

    /// Which lists have changed, by this writer or by whoever says so here.
    #[must_use]
    pub fn revisions(&self) -> &Revisions {
        &self.inner.revisions
    }

    /// Takes a play. It never waits; who asks [`Writer::has_room`] before looking keeps it bounded.
    pub fn push(&self, play: Play) {
        self.inner.pending().insert(place(&play), Arc::new(play));
        self.inner.came.notify_one();
    }

    /// What waits of one stream.
    pub(super) fn waiting_of(&self, stream: &Stream) -> (Vec<Play>, Vec<Gap>, Vec<Jump>) {
        let pending = self.inner.pending();
        let plays = plays_of(&pending, stream).map(|play| Play::clone(play)).collect();
        drop(pending);
        let gaps = self.inner.gaps().values().filter(|gap| gap.stream_id == stream.id).cloned().collect();
        let jumps = self.inner.jumps().iter().filter(|jump| jump.stream_id == stream.id).cloned().collect();
        (plays, gaps, jumps)
    }

    /// Whether there is room for another play. Each session that still looks may add one, and the gap that opens then.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.inner.pending().len() + self.inner.gaps().len() + self.inner.ignored().len() < self.inner.room
    }

    /// How many plays wait.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.inner.pending().len()
    }

    /// The plays of a streamer that wait.
    #[must_use]
    pub fn pending_of(&self, user: UserId) -> Vec<Play> {
        self.inner.pending().range(of_theirs(user)).map(|(_, play)| Play::clone(play)).collect()
    }

    /// The last play of a stream that waits.
    #[must_use]
    pub fn last_of(&self, stream: &Stream) -> Option<Play> {
        let pending = self.inner.pending();
        let last = plays_of(&pending, stream).max_by_key(|play| play.started_at);
        last.map(|play| Play::clone(play))
    }

    /// Waits until nothing waits any more.
    pub async fn flushed(&self) {
        loop {
            let stored = self.inner.stored.notified();
            if self.inner.is_idle() {
                return;
            }
            stored.await;
        }
    }

    /// Stores what comes, for ever. Idempotent: it may be stopped anywhere and run again.
    pub async fn run(self) {
        tokio::join!(self.store(), self.inner.tidy());
    }

    async fn store(&self) {
        let (mut failures, resident): (u32, _) = (0, Resident::default());
        loop {
            let outcome = self.inner.store_batch(&resident).await;
            // Nothing waits, or others should have their turn until it is tried again.
            if !matches!(outcome, Ok(1..)) {
                resident.leave();
            }
            match outcome {
                Ok(0) => self.inner.comes().await,
                Ok(_) => failures = 0,
                Err(error) => {
                    failures += 1;
                    let wait = RETRY.wait(failures, rand::random());
                    // A long outage must not fill the log.
                    if failures.is_power_of_two() {
                        tracing::warn!(%error, failures, waiting = self.pending(), "plays are not stored yet; trying again");
                    }
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }
}

impl Inner {
    /// Ends when something has come. Whoever was just told of it is written to first: once the database works it may take the
    /// processor from them.
    async fn comes(&self) {
        self.came.notified().await;
        yield_now().await;
    }

    /// Stores some of what waits and gives the number of plays in it.
    async fn store_batch(&self, resident: &Resident) -> Result<usize, DbError> {
        self.store_gaps().await?;
        self.store_jumps().await?;
        self.store_ignored().await?;
        self.store_hides().await?;
        let plays = self.next_plays();
        // Not the end of all when one fails: a statement under way is waited for.
        for stored in join_all(plays.chunks(PLAYS_AT_ONCE).map(|batch| self.store(batch, resident))).await {
            stored?;
        }
        Ok(plays.len())
    }

    /// Goes on where the last ones ended, so that nobody waits for somebody who plays without end.
    fn next_plays(&self) -> Vec<Arc<Play>> {
        let (pending, mut turn) = (self.pending(), self.turn.lock().unwrap_or_else(PoisonError::into_inner));
        let (later, earlier) = match *turn {
            Some(last) => (Bound::Excluded(last), Bound::Included(last)),
            None => (Bound::Unbounded, Bound::Excluded((UserId::FIRST, PlayId::FIRST))),
        };
        let round =
            pending.range((later, Bound::Unbounded)).chain(pending.range((Bound::Unbounded, earlier)));
        let plays: Vec<_> = round.take(BATCHES * PLAYS_AT_ONCE).map(|(_, play)| Arc::clone(play)).collect();
        *turn = plays.last().map(|play| place(play)).or(*turn);
        plays
    }

    /// Stores plays in one statement. If one is refused, for example because its streamer was removed, the others must
    /// not suffer: it is looked for half by half.
    async fn store(&self, batch: &[Arc<Play>], resident: &Resident) -> Result<(), DbError> {
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            match self.insert(part, resident).await {
                Ok(()) => {
                    // The next batch goes out first: the database is not to wait for our bookkeeping.
                    yield_now().await;
                    self.done(part, true);
                }
                Err(error) if !is_refused(&error) => return Err(error),
                Err(error) if part.len() == 1 => self.refused(part, &error),
                Err(_) => {
                    let (earlier, later) = part.split_at(part.len() / 2);
                    parts.extend([later, earlier]);
                }
            }
        }
        Ok(())
    }

    fn refused(&self, play: &[Arc<Play>], error: &DbError) {
        tracing::error!(%error, play = %play[0].id, "the database refuses a play for good");
        self.metrics.play_refused();
        self.done(play, false);
    }

    fn is_idle(&self) -> bool {
        let asides = self.jumps().is_empty() && self.ignored().is_empty() && self.hides().is_empty();
        asides && self.pending().is_empty() && self.gaps().is_empty()
    }

    /// A database that does not answer at all is one that fails.
    async fn insert(&self, plays: &[Arc<Play>], resident: &Resident) -> Result<(), DbError> {
        let storing = store::insert_with(&self.db, resident, plays, &self.hides_of(plays), self.clock.now());
        let storing = async {
            let _lane = self.lanes.acquire().await;
            storing.await
        };
        within(PATIENCE, storing).await
    }

    fn done(&self, plays: &[Arc<Play>], stored: bool) {
        let mut pending = self.pending();
        for play in plays {
            pending.remove(&place(play));
        }
        drop(pending);
        if stored {
            if plays.len() == PLAYS_AT_ONCE {
                self.grown.notify_one();
            }
            for play in plays {
                self.revisions.bump(play.user_id);
            }
            self.metrics.plays_stored(plays.len());
        }
        self.stored.notify_waiters();
    }

    fn pending(&self) -> MutexGuard<'_, Waiting> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// SQLite has one writer. PostgreSQL stores one batch while another commits.
fn lanes(db: &Db) -> usize {
    match db {
        Db::Sqlite(_) => 1,
        Db::Postgres(_) => 2,
    }
}

fn place(play: &Play) -> Place {
    (play.user_id, play.id)
}

fn of_theirs(user: UserId) -> RangeInclusive<Place> {
    (user, PlayId::FIRST)..=(user, PlayId::LAST)
}

/// However much waits, only what waits of one streamer is looked at.
fn plays_of<'a>(pending: &'a Waiting, stream: &Stream) -> impl Iterator<Item = &'a Arc<Play>> {
    let id = stream.id;
    pending.range(of_theirs(stream.user_id)).map(|(_, play)| play).filter(move |play| play.stream_id == id)
}

async fn within<T>(patience: Duration, work: impl Future<Output = Result<T, DbError>>) -> Result<T, DbError> {
    tokio::time::timeout(patience, work).await.unwrap_or(Err(DbError::PoolTimedOut))
}

#[cfg(test)]
mod tests;
