//! The job that sweeps: it waits until a sweep is due, works the table off batch by batch, and rests after each.
//!
//! Which sweep is done stands in the database. A sweep finds out anew what is old, so that one that was cancelled, failed
//! or was killed in the middle is simply run again. What streamers want deleted at once is worked off beside it.

mod erasing;

use super::model::{Common, Erased, Erasure, Personal, TABLE, Term};
use super::rules::{border, due_day, until_next};
use super::{Pace, Parts, store};
use crate::accounts::User;
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::base::mishap::Place;
use crate::db::DbError;
use crate::hub::Event;
use anyhow::Context as _;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Sweeps.
#[derive(Debug)]
pub(super) struct Job {
    parts: Parts,
    /// Streamers who have chosen to keep less.
    soon: Mutex<BTreeSet<UserId>>,
    came: Notify,
    /// Who waits until a wish has been seen to for the first time. They are told when this is dropped.
    waiting: Mutex<Vec<oneshot::Sender<()>>>,
    wished: Notify,
    pub(super) stop: CancellationToken,
    pub(super) ended: CancellationToken,
}

/// What is worked off batch by batch.
#[derive(Debug, Clone, Copy)]
enum Portion {
    /// A streamer's rows that lie before their border.
    Personal(Personal, UserId, Instant),
    /// What a streamer wants deleted.
    Erased(Erased, Erasure),
    /// Rows that are older than this.
    Common(Common, Instant),
}

impl Portion {
    /// Whose list it is of, if it is of one.
    fn whose(self) -> Option<UserId> {
        match self {
            Self::Personal(_, user, _) => Some(user),
            Self::Erased(_, wish) => Some(wish.user),
            Self::Common(..) => None,
        }
    }
}

/// How many rows went, by table.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, u64>);

impl Tally {
    fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<String> = self.0.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
        f.write_str(if counts.is_empty() { "nothing" } else { "" })?;
        f.write_str(&counts.join(", "))
    }
}

impl Job {
    pub(super) fn new(parts: Parts) -> Self {
        let (stop, ended) = (CancellationToken::new(), CancellationToken::new());
        let (came, wished) = (Notify::new(), Notify::new());
        Self { parts, soon: Mutex::default(), came, waiting: Mutex::default(), wished, stop, ended }
    }

    pub(super) fn hasten(&self, user: UserId) {
        self.soon().insert(user);
        self.came.notify_one();
    }

    /// Sweeps when it is due, until it is stopped.
    pub(super) async fn run(self: Arc<Self>) {
        let (mut done, mut failures) = (None, 0_u32);
        while !self.stop.is_cancelled() {
            match self.round(&mut done).await {
                Ok(()) => failures = 0,
                Err(error) => {
                    failures += 1;
                    // A long outage must not fill the log.
                    if failures.is_power_of_two() {
                        tracing::warn!(
                            error = format!("{error:#}"),
                            failures,
                            "a sweep failed; it is tried again"
                        );
                    }
                }
            }
            self.wait().await;
        }
    }

    /// Until a sweep may be due, somebody is in a hurry, or it is time to stop.
    async fn wait(&self) {
        let Pace { sweep_at, glance, .. } = self.parts.pace;
        let next = until_next(self.parts.clock.now(), sweep_at).to_std().unwrap_or(glance);
        tokio::select! {
            () = self.stop.cancelled() => {}
            // Whether a hint or the time wakes it makes no difference.
            _ = timeout(next.min(glance), self.came.notified()) => {}
        }
    }

    /// Sweeps what is in a hurry, and everything if that is due; `done` is the day that needs no further look.
    async fn round(&self, done: &mut Option<NaiveDate>) -> anyhow::Result<()> {
        self.sweep_hurried().await?;
        let day = due_day(self.parts.clock.now(), self.parts.pace.sweep_at);
        if *done != Some(day) {
            if !store::is_done(&self.parts.db, day).await.context("reading whether a sweep is done")? {
                self.sweep_day(day).await?;
            }
            *done = Some(day);
        }
        Ok(())
    }

    async fn sweep_hurried(&self) -> anyhow::Result<()> {
        loop {
            let Some(user) = self.soon().first().copied() else { return Ok(()) };
            // Out before it is done: whoever changes their mind meanwhile is swept again.
            self.soon().remove(&user);
            if let Err(error) = self.sweep_one(user).await {
                self.soon().insert(user);
                return Err(error);
            }
        }
    }

    async fn sweep_one(&self, user: UserId) -> anyhow::Result<()> {
        let known = self.parts.accounts.by_id(user).await.context("reading a streamer")?;
        let Some(user) = known else { return Ok(()) };
        let mut tally = Tally::default();
        self.sweep_streamer(&user, &mut tally).await?;
        tracing::info!(streamer = %user.login, deleted = %tally, "swept, because less is kept");
        Ok(())
    }

    /// The whole table. What it has deleted is noted also when it fails or is cancelled.
    async fn sweep_day(&self, day: NaiveDate) -> anyhow::Result<()> {
        let Parts { db, clock, .. } = &self.parts;
        store::begin(db, day, clock.now()).await.context("noting that a sweep begins")?;
        let mut tally = Tally::default();
        let outcome = self.sweep_table(&mut tally).await;
        store::add(db, day, tally.total()).await.context("noting what a sweep has deleted")?;
        outcome?;
        if self.stop.is_cancelled() {
            tracing::info!(%day, deleted = %tally, "the sweep goes on after the next start");
            return Ok(());
        }
        store::end(db, day, clock.now()).await.context("noting that a sweep is done")?;
        tracing::info!(%day, deleted = %tally, "swept");
        Ok(())
    }

    async fn sweep_table(&self, tally: &mut Tally) -> anyhow::Result<()> {
        // Everybody: who is not followed any more keeps no longer what they did not want to keep.
        for user in self.parts.accounts.all().await.context("reading streamers")? {
            self.sweep_streamer(&user, tally).await?;
        }
        for kept in TABLE {
            let Term::Age(what, age) = kept.term else { continue };
            let portion = Portion::Common(what, self.parts.clock.now() - age);
            self.in_batches(kept.label(), portion, tally).await.context("sweeping what is old")?;
        }
        Ok(())
    }

    async fn sweep_streamer(&self, user: &User, tally: &mut Tally) -> anyhow::Result<()> {
        let now = self.parts.clock.now();
        match border(user.timezone, user.retention_days, now) {
            Some(border) => self.sweep_before(user.id, border, tally).await,
            None => Ok(()),
        }
    }

    async fn sweep_before(&self, user: UserId, border: Instant, tally: &mut Tally) -> anyhow::Result<()> {
        for kept in TABLE {
            let Term::Chosen(what) = kept.term else { continue };
            let portion = Portion::Personal(what, user, border);
            self.in_batches(kept.label(), portion, tally).await.context("sweeping a streamer's days")?;
        }
        self.forget(user, border).await
    }

    /// Deletes until nothing is left or it is time to stop. After each batch it is the writers' turn.
    async fn in_batches(
        &self,
        label: &'static str,
        portion: Portion,
        tally: &mut Tally,
    ) -> Result<(), DbError> {
        while !self.stop.is_cancelled() {
            let began = tokio::time::Instant::now();
            let deleted = self.batch(portion).await?;
            if let Some(user) = portion.whose() {
                self.parts.revisions.bump(user);
            }
            if deleted == 0 {
                break;
            }
            *tally.0.entry(label).or_default() += deleted;
            self.parts.metrics.swept(label, deleted);
            self.parts.mishaps.pass(Place::Sweep, label);
            self.rest(began.elapsed()).await;
            if deleted < u64::from(self.parts.pace.batch) {
                break;
            }
        }
        Ok(())
    }

    async fn batch(&self, portion: Portion) -> Result<u64, DbError> {
        let Parts { db, pace, .. } = &self.parts;
        match portion {
            Portion::Personal(what, user, border) => {
                store::sweep_of(db, what, user, border, pace.batch).await
            }
            Portion::Erased(what, wish) => store::erase(db, what, wish, pace.batch).await,
            Portion::Common(what, before) => store::sweep(db, what, before, pace.batch).await,
        }
    }

    async fn rest(&self, took: Duration) {
        // Whether the time or a stop ends it makes no difference.
        let _ = timeout(took.max(self.parts.pace.rest), self.stop.cancelled()).await;
    }

    /// A stream that somebody still looks at is in memory whole, with what is old of it.
    async fn forget(&self, user: UserId, border: Instant) -> anyhow::Result<()> {
        if !self.parts.hub.users().contains(&user) {
            return Ok(());
        }
        let Some(topic) = self.parts.hub.staff(user).await? else { return Ok(()) };
        let now = self.parts.clock.now();
        let (day, _) = topic.day(now);
        let old = day.latest.tracks.iter().filter(|track| track.started_at < border);
        let events: Vec<Event> = old.map(|track| Event::TrackRemoved { id: track.id }).collect();
        topic.publish(&events, now);
        Ok(())
    }

    fn soon(&self) -> MutexGuard<'_, BTreeSet<UserId>> {
        self.soon.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
