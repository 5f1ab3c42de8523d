//! Deleting what streamers want deleted: a wish is stored before anything goes, and is worked off until nothing comes
//! after it any more.
//!
//! What began before a wish is stored no more. A statement that was under way when the wish came may still end after the
//! first pass: passes go on until that cannot be.

use super::{Job, Portion, Tally};
use crate::base::id::UserId;
use crate::db::scrub;
use crate::retention::REST;
use crate::retention::model::{Erased, Erasure};
use crate::retention::store;
use anyhow::Context as _;
use chrono::TimeDelta;
use std::sync::{Arc, MutexGuard, PoisonError};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How often it is tried to leave no trace in the database's file.
const TRIES: usize = 20;
/// Longer than a statement may take, or a look.
const SETTLED: TimeDelta = TimeDelta::minutes(2);

impl Job {
    /// Stores that everything that has begun by now is to be deleted. What comes back ends when it has been seen to for
    /// the first time, or was put off.
    pub(in crate::retention) async fn wish(&self, user: UserId) -> anyhow::Result<oneshot::Receiver<()>> {
        let wish = Erasure { user, before: self.parts.clock.now() };
        store::wish(&self.parts.db, wish).await.context("storing that lists are to be deleted")?;
        Ok(self.hurry())
    }

    /// Has wishes that are stored worked off now. What comes back ends when they have been seen to once, or were put off.
    pub(in crate::retention) fn hurry(&self) -> oneshot::Receiver<()> {
        let (seen, told) = oneshot::channel();
        self.waiting().push(seen);
        self.wished.notify_one();
        told
    }

    /// Works wishes off as they come, until it is stopped.
    pub(in crate::retention) async fn run_erasing(self: Arc<Self>) {
        let mut changes = self.parts.accounts.changes();
        // Whoever left while the server was down has not been seen off either.
        let mut anybody_left = true;
        while !self.stop.is_cancelled() {
            let more = self.erase_all(&mut anybody_left).await.unwrap_or_else(|error| {
                tracing::warn!(error = format!("{error:#}"), "deleting lists failed; it is tried again");
                false
            });
            let glance = self.parts.pace.glance;
            let pause = if more { REST.min(glance) } else { glance };
            tokio::select! {
                () = self.stop.cancelled() => {}
                news = changes.changed() => anybody_left |= news.is_ok(),
                // Whether a hint or the time wakes it makes no difference.
                _ = timeout(pause, self.wished.notified()) => {}
            }
        }
    }

    /// One pass over all that is wished; true when there is to be another soon.
    async fn erase_all(&self, anybody_left: &mut bool) -> anyhow::Result<bool> {
        let _seen = std::mem::take(&mut *self.waiting());
        let wishes = store::open_wishes(&self.parts.db).await.context("reading what is to be deleted")?;
        for wish in &wishes {
            self.work_off(*wish).await?;
        }
        // Until a wish is settled something may still come of somebody who has left.
        if *anybody_left || !wishes.is_empty() {
            *anybody_left = true;
            self.see_off().await?;
            *anybody_left = false;
        }
        Ok(!wishes.is_empty())
    }

    async fn work_off(&self, wish: Erasure) -> anyhow::Result<()> {
        let (mut tally, now) = (Tally::default(), self.parts.clock.now());
        for what in Erased::ALL {
            let portion = Portion::Erased(what, wish);
            self.in_batches(what.label(), portion, &mut tally).await.context("deleting lists")?;
        }
        if wish.is_for_good() {
            return self.see_out(wish.user, &tally).await;
        }
        self.forget(wish.user, wish.before).await?;
        if tally.total() > 0 {
            tracing::info!(user = %wish.user, deleted = %tally, "a streamer's lists are deleted, as they asked");
            self.parts.hub.reload(wish.user).await.context("telling viewers")?;
            self.parts.revisions.bump(wish.user);
        } else if now - wish.before > SETTLED && !self.stop.is_cancelled() {
            store::end_wish(&self.parts.db, wish, now).await.context("noting that lists are deleted")?;
        }
        Ok(())
    }

    /// Somebody who leaves is gone when nothing of theirs is left. What has come meanwhile goes with them, and what comes
    /// later is refused, because there is nobody whose it could be.
    async fn see_out(&self, user: UserId, tally: &Tally) -> anyhow::Result<()> {
        if self.stop.is_cancelled() {
            return Ok(());
        }
        store::see_out(&self.parts.db, user).await.context("deleting the last of somebody who leaves")?;
        tracing::info!(deleted = %tally, "somebody has left, and nothing of theirs is left");
        self.scrub().await;
        Ok(())
    }

    /// What was deleted is to be found in no file either. Whoever reads or writes just then comes first.
    async fn scrub(&self) {
        for _ in 0..TRIES {
            match scrub(&self.parts.db).await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => tracing::debug!(%error, "the file of the database is cleaned again soon"),
            }
            self.rest(REST).await;
        }
        tracing::warn!("the file of the database may hold traces of what was deleted until it is used anew");
    }

    /// The lists of people who have taken their leave go with them, if they chose so.
    async fn see_off(&self) -> anyhow::Result<()> {
        let gone = self.parts.accounts.gone_with_their_lists().await.context("reading who has left")?;
        for user in gone {
            if store::has_lists(&self.parts.db, user).await.context("reading what is left of somebody")? {
                drop(self.wish(user).await?);
            }
        }
        Ok(())
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<oneshot::Sender<()>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
