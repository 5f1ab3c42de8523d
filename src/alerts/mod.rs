//! Alerts: whoever streams is told when tracking stands still, with the reason and what to do, once for each trouble; and
//! once that it goes on.
//!
//! Read `rules.rs` first: what counts as standing still, and when that is told. `guard.rs` keeps messages out of networks
//! that are nobody's business. The room asks the heart how things are and changes nothing there.

pub mod guard;
mod job;
pub mod letter;
pub mod model;
mod outbox;
mod pages;
mod post;
pub mod public;
pub mod rules;
pub mod store;
mod view;

pub use guard::{Guard, Names};
pub use model::{Kind, Reason, Refusal, Target};
pub use pages::router;

use crate::accounts::{Accounts, User};
use crate::audit::Audit;
use crate::base::clock::SharedClock;
use crate::base::id::{AlertId, UserId};
use crate::base::seal::SealingKey;
use crate::db::Db;
use crate::i18n::Locale;
use crate::live::Controls;
use anyhow::Context as _;
use job::Job;
use model::{Event, News};
use outbox::Outbox;
use post::Post;
use rules::{Reading, Terms};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// As many targets as anybody needs.
const MOST_TARGETS: usize = 10;
/// How long work that panicked rests before it is started again.
const REST: Duration = Duration::from_secs(1);

/// What the room is built from.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Where targets are kept.
    pub db: Db,
    /// What their addresses are sealed with.
    pub key: Arc<SealingKey>,
    /// Whose they are.
    pub accounts: Accounts,
    /// Who did what.
    pub audit: Audit,
    /// How things are.
    pub controls: Controls,
    /// The time.
    pub clock: SharedClock,
    /// Under which URL people reach us, without a slash at the end.
    pub public_url: String,
    /// How often a player is looked at: what is a hiccup is measured by that.
    pub poll_interval: Duration,
    /// Where messages may go.
    pub guard: Guard,
}

/// Why a target is not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// Messages are not sent there.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There are enough.
    #[error("there are {MOST_TARGETS} already: remove one first")]
    TooMany,
    /// The database does not answer.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// Watches while it is held; can be cloned into handlers.
#[derive(Debug, Clone)]
pub struct Alerts {
    job: Arc<Job>,
    audit: Audit,
    _watching: Arc<AbortOnDropHandle<()>>,
}

impl Alerts {
    /// Starts watching.
    ///
    /// # Errors
    /// When the machine's certificate store cannot be read.
    pub fn start(parts: Parts) -> anyhow::Result<Self> {
        let Parts { db, key, accounts, audit, controls, clock, public_url, poll_interval, guard } = parts;
        let post = Post::new(guard).context("making a client for messages")?;
        let outbox = Outbox::new(db.clone(), clock.clone(), post, poll_interval);
        let (dashboard, stop) = (format!("{public_url}/dashboard"), CancellationToken::new());
        let job =
            Arc::new(Job { db, key, accounts, controls, clock, outbox, dashboard, poll_interval, stop });
        let watching = AbortOnDropHandle::new(tokio::spawn(keep_watching(Arc::clone(&job))));
        Ok(Self { job, audit, _watching: Arc::new(watching) })
    }

    /// Where a streamer wants messages to go, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn targets(&self, user: UserId) -> anyhow::Result<Vec<Target>> {
        store::targets(&self.job.db, &self.job.key, user).await.context("reading whom to tell")
    }

    /// Why tracking stands still for a streamer at this moment, however short it may be; none when it does not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reason(&self, user: UserId) -> anyhow::Result<Option<Reason>> {
        let (now, terms) = (self.job.clock.now(), Terms::of(self.job.poll_interval));
        Ok(match rules::read(&self.job.controls.status(user).await?, now, &terms) {
            Reading::Still(reason, _) => Some(reason),
            Reading::Goes(_) | Reading::Rests => None,
        })
    }

    /// Adds a target; its messages are in this language.
    ///
    /// # Errors
    /// [`NotKept`]
    pub async fn add(&self, user: UserId, kind: Kind, url: &str, locale: Locale) -> Result<Target, NotKept> {
        let url = self.job.outbox.post().guard().admit(url).await?;
        let known = self.targets(user).await?;
        if known.len() >= MOST_TARGETS {
            return Err(NotKept::TooMany);
        }
        let now = self.job.clock.now();
        if known.is_empty() {
            // What was told to nobody is told to whoever is new.
            store::end_all(&self.job.db, user, now).await.context("ending old troubles")?;
        }
        let url = SecretString::from(String::from(url));
        let target = Target {
            id: AlertId::random(now),
            kind,
            url,
            locale,
            last_sent_at: None,
            last_error: None,
            pending: None,
        };
        store::add(&self.job.db, &self.job.key, user, &target, now).await.context("keeping whom to tell")?;
        Ok(target)
    }

    /// Removes a target; false when the streamer has no such one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove(&self, user: UserId, target: AlertId) -> anyhow::Result<bool> {
        let removed =
            store::drop_target(&self.job.db, user, target).await.context("removing whom to tell")?;
        if removed {
            self.job.outbox.drop_target(target);
        }
        Ok(removed)
    }

    /// Sends a message that says that messages get there; whether it did. None when the streamer has no such target.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn test(&self, user: &User, target: AlertId) -> anyhow::Result<Option<bool>> {
        let targets = self.targets(user.id).await?;
        let Some(target) = targets.into_iter().find(|known| known.id == target) else { return Ok(None) };
        let now = self.job.clock.now();
        let news = News { event: Event::Test, since: now, at: now };
        Ok(Some(self.job.outbox.send_now(&target, &self.job.reader(user), &news).await))
    }

    /// Watches no more; what is still to be told is told after the next start.
    pub fn stop(&self) {
        self.job.stop.cancel();
        self.job.outbox.stop();
    }
}

/// Watching does not die of a panic.
async fn keep_watching(job: Arc<Job>) {
    while let Err(error) = AbortOnDropHandle::new(tokio::spawn(Arc::clone(&job).run())).await {
        tracing::error!(%error, "watching for troubles failed; it is started again");
        tokio::time::sleep(REST).await;
    }
}
