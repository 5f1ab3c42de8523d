//! Retention: what is kept how long, and the daily sweep of what is older.
//!
//! [`TABLE`] says it, for the program as for people: the sweep works it off, the privacy page and the README show it. The sweep deletes in
//! small batches with rests between them, so that whoever has something to write is never locked out. It takes no input:
//! cancelled or killed anywhere and run again, it goes on where it was.

mod job;
mod last;
mod model;
mod rules;
pub mod store;

pub use last::see_out_now;
pub use model::{Common, Erased, Erasure, FOR_GOOD, Kept, Personal, TABLE, Term};
pub use rules::border;
pub use store::erased_before;

use crate::accounts::Accounts;
use crate::base::clock::SharedClock;
use crate::base::id::UserId;
use crate::base::mishap::Mishaps;
use crate::base::revisions::Revisions;
use crate::db::Db;
use crate::hub::Hub;
use crate::telemetry::Metrics;
use chrono::NaiveTime;
use job::Job;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

/// How long work that panicked rests before it is started again.
const REST: Duration = Duration::from_secs(1);
/// How long whoever has their lists deleted waits to see them empty.
const A_MOMENT: Duration = Duration::from_secs(5);

/// What retention is built from.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Where things are kept.
    pub db: Db,
    /// Whose they are, and how long they want them.
    pub accounts: Accounts,
    /// Forgets what is swept, too.
    pub hub: Hub,
    /// Learns whose lists are swept.
    pub revisions: Revisions,
    /// The time.
    pub clock: SharedClock,
    /// Counters.
    pub metrics: Metrics,
    /// When and in what steps to sweep.
    pub pace: Pace,
    /// What goes wrong in tests.
    pub mishaps: Mishaps,
}

/// When and in what steps to sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The time of day, UTC, at which a sweep is due.
    pub sweep_at: NaiveTime,
    /// The clock is looked at so often.
    pub glance: Duration,
    /// The most rows that one statement deletes.
    pub batch: u16,
    /// The least rest after a batch. After one that took longer, the rest is as long as that.
    pub rest: Duration,
}

impl Pace {
    /// The pace of a server: batches that take some milliseconds.
    #[must_use]
    pub fn of(sweep_at: NaiveTime, glance: Duration) -> Self {
        Self { sweep_at, glance, batch: 500, rest: Duration::from_millis(10) }
    }
}

/// Sweeps daily while it is held; can be cloned into handlers.
#[derive(Debug, Clone)]
pub struct Retention {
    job: Arc<Job>,
    _sweeping: Arc<AbortOnDropHandle<()>>,
}

impl Retention {
    /// Starts the daily sweep. One that was missed or interrupted begins at once after `time_is_told`: when the clock has
    /// heard what time it is, or nobody tells it.
    #[must_use]
    pub fn start(parts: Parts, time_is_told: impl Future<Output = ()> + Send + 'static) -> Self {
        let job = Arc::new(Job::new(parts));
        let sweeping = keep_sweeping(Arc::clone(&job), time_is_told);
        let sweeping = AbortOnDropHandle::new(tokio::spawn(sweeping));
        Self { job, _sweeping: Arc::new(sweeping) }
    }

    /// Has what this streamer no longer keeps deleted now, because they have chosen to keep less. Should the server stop
    /// before that, the next daily sweep does it.
    pub fn sweep_now(&self, user: UserId) {
        self.job.hasten(user);
    }

    /// Has all deleted that a streamer's lists hold of what has begun until now, for good. Once this is stored it is done,
    /// whether or not the caller stays to see it, also after a restart. It waits a moment until the lists are empty.
    ///
    /// # Errors
    /// When it could not be stored.
    pub async fn erase(&self, user: UserId) -> anyhow::Result<()> {
        let seen_to = self.job.wish(user).await?;
        // A long list goes on going while the caller leaves.
        let _ = timeout(A_MOMENT, seen_to).await;
        Ok(())
    }

    /// Has what somebody leaves behind deleted, who has just left; whether nobody waits or not. It waits a moment until
    /// nothing is left.
    pub async fn see_out(&self) {
        let _ = timeout(A_MOMENT, self.job.hurry()).await;
    }

    /// Ends the sweep after the batch that is under way; what is left is done after the next start. One that hangs is
    /// not waited for longer than `patience`.
    pub async fn stop(&self, patience: Duration) {
        self.job.stop.cancel();
        if timeout(patience, self.job.ended.cancelled()).await.is_err() {
            tracing::warn!("a batch of the sweep did not end before the stop");
        }
    }
}

/// Neither the sweep nor what is deleted on request dies of a panic.
async fn keep_sweeping(job: Arc<Job>, time_is_told: impl Future<Output = ()>) {
    let _ended = job.ended.clone().drop_guard();
    let sweeping = async {
        // A stop waits for nobody's answer.
        job.stop.run_until_cancelled(time_is_told).await;
        keep_on(|| Arc::clone(&job).run()).await;
    };
    let erasing = keep_on(|| Arc::clone(&job).run_erasing());
    tokio::join!(sweeping, erasing);
}

async fn keep_on<F: Future<Output = ()> + Send + 'static>(work: impl Fn() -> F) {
    while let Err(error) = AbortOnDropHandle::new(tokio::spawn(work())).await {
        tracing::error!(%error, "the sweep failed; it is started again");
        tokio::time::sleep(REST).await;
    }
}
