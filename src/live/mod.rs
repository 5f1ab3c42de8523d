//! The heart: who is live, what plays there, what was played.
//!
//! Evidence (EventSub hints, Get Streams) is weighed by pure rules; a registry actor keeps one supervised session actor
//! for each live stream; a session asks pure rules what to do and does it: look at the player, tell viewers through the
//! hub, then hand the play to the writer. What looks have missed is found again by healing.
//! Read `rules.rs` first, then `session.rs`, `reconcile.rs` and `healing.rs`.

mod ask;
mod board;
pub mod budget;
mod budgets;
pub mod control;
mod controls;
pub mod crash;
mod diagnosis;
pub mod evidence;
#[cfg(test)]
mod fixtures;
pub mod gaps;
mod healer;
pub mod healing;
mod hide;
pub mod ignore;
mod look;
pub mod model;
mod pace;
mod pages;
mod parts;
mod past;
mod public;
mod reconcile;
mod registry;
mod root;
pub mod rules;
mod scout;
mod session;
mod status;
pub mod store;
mod trial;
mod writer;

pub use budget::Rest;
pub use budgets::Purse;
pub use control::Action;
pub use controls::{Controls, Refused};
pub use diagnosis::Diagnosis;
pub use evidence::Broadcast;
pub use hide::{Act, ActKind, Hide};
pub use ignore::{BadRule, IgnoreRule, Kind};
pub use model::{Play, Source as PlaySource, Stream, Track};
pub use pace::Pace;
pub use parts::Parts;
pub use past::store_past;
pub use status::{Doing, Status};
pub use store::ghosts;
pub use trial::Trial;

use crate::accounts::Links;
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::hub;
use ask::Asker;
use board::Board;
use budgets::{Budgets, Terms};
use evidence::Source;
use healer::Healer;
use pace::delta;
use ractor::{Actor as _, ActorRef};
use registry::Registry;
use root::{Current, Root};
use scout::Scout;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::timeout_at;
use tokio_util::task::AbortOnDropHandle;
pub use writer::{CAPACITY, Writer};

/// How long work that panicked rests before it is started again.
const REST: Duration = Duration::from_secs(1);

/// The heart, beating.
#[derive(Debug)]
pub struct Live {
    hints: Hints,
    controls: Controls,
    budgets: Budgets,
    links: Links,
    writer: Writer,
    root: ActorRef<root::Message>,
    root_task: JoinHandle<()>,
    writer_task: AbortOnDropHandle<()>,
    healer_task: AbortOnDropHandle<()>,
}

/// What one hint says about a streamer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Whose.
    pub user: UserId,
    /// On air with this, or off air.
    pub news: Option<Broadcast>,
    /// When the message was sent.
    pub at: Instant,
}

/// Takes hints in; can be cloned into handlers.
#[derive(Debug, Clone)]
pub struct Hints {
    scout: Arc<Scout>,
    registry: Current,
}

impl Hints {
    /// Keeps the hint and wakes the registry. Taking the same hint twice changes nothing.
    ///
    /// # Errors
    /// When the hint could not be kept: whoever sent it should send it again.
    pub async fn take(&self, hint: Hint) -> anyhow::Result<()> {
        self.scout.weigh(hint.user, Source::Hint, hint.news, hint.at).await?;
        self.registry.tell(registry::Message::Wake);
        Ok(())
    }

    /// Has the registry ask Twitch and look again, because something it depends on was changed.
    pub fn wake(&self) {
        self.registry.tell(registry::Message::Ask);
    }
}

impl Live {
    /// Starts registry, sessions of who is live, and writer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn start(parts: Parts) -> anyhow::Result<Self> {
        let terms = Terms { limit: parts.pace.budget, poll_interval: delta(parts.pace.poll_interval) };
        let budgets = Budgets::load(parts.db.clone(), parts.clock.clone(), terms).await?;
        let asker = Asker { links: parts.links.clone(), budgets: budgets.clone() };
        let healer = Healer::new(parts::kit(&parts, asker.clone()));
        let (scout, reconciler) = (Arc::new(parts::scout(&parts)), Arc::new(parts::reconciler(&parts)));
        let hints = Hints { scout: Arc::clone(&scout), registry: Current::default() };
        let board = Board::default();
        let controls = parts::controls(&parts, hints.registry.clone(), board.clone(), asker.clone());
        let (tools, interval) =
            (Arc::new(parts::tools(&parts, asker, healer.clone(), board)), parts.pace.reconcile_interval);
        let make = move || Registry {
            scout: Arc::clone(&scout),
            reconciler: Arc::clone(&reconciler),
            tools: Arc::clone(&tools),
            interval,
        };
        let (root, root_task) =
            Root::spawn(None, Root { make, current: hints.registry.clone(), clock: parts.clock.clone() }, ())
                .await?;
        let writer_task = AbortOnDropHandle::new(tokio::spawn(keep_writing(parts.writer.clone())));
        let healer_task = AbortOnDropHandle::new(tokio::spawn(keep_healing(healer)));
        let Parts { links, writer, .. } = parts;
        Ok(Self { hints, controls, budgets, links, writer, root, root_task, writer_task, healer_task })
    }

    /// Where hints go.
    #[must_use]
    pub fn hints(&self) -> Hints {
        self.hints.clone()
    }

    /// What a streamer can do about tracking.
    #[must_use]
    pub fn controls(&self) -> Controls {
        self.controls.clone()
    }

    /// Has the registry look again, because something it depends on was changed.
    pub fn wake(&self) {
        self.hints.wake();
    }

    /// Stops all sessions, then stores what still waits, for at most `patience`.
    ///
    /// # Errors
    /// Says how many plays could not be stored in time.
    pub async fn stop(self, patience: Duration) -> anyhow::Result<()> {
        let deadline = tokio::time::Instant::now() + patience;
        self.root.stop(None);
        self.healer_task.abort();
        let _ = timeout_at(deadline, self.root_task).await;
        let settled = async {
            self.links.settled().await;
            self.budgets.settled().await;
        };
        // Each by itself: whether Spotify answers says nothing about what is stored.
        let (settled, written) =
            tokio::join!(timeout_at(deadline, settled), timeout_at(deadline, self.writer.flushed()));
        drop(self.writer_task);
        if settled.is_err() {
            tracing::warn!("a refresh of tokens or a budget was not settled before the stop");
        }
        let (plays, pairs) = (self.writer.pending(), self.links.unsaved_pairs());
        anyhow::ensure!(written.is_ok(), "{plays} plays could not be stored before the stop");
        anyhow::ensure!(
            pairs == 0,
            "new Spotify tokens of {pairs} streamers could not be stored before the stop"
        );
        Ok(())
    }
}

/// The plays of a streamer that are not stored yet, as viewers see them: those that are hidden too.
#[must_use]
pub fn waiting(writer: &Writer, user: UserId) -> Vec<hub::Track> {
    writer.pending_of(user).iter().map(public::track).collect()
}

/// The gaps of a streamer that are not stored yet, as viewers see them.
#[must_use]
pub fn waiting_gaps(writer: &Writer, user: UserId) -> Vec<hub::Gap> {
    writer.gaps_of(user).iter().map(public::gap).collect()
}

/// The writer never stops working: a panic in it costs one batch a second try, after a rest.
async fn keep_writing(writer: Writer) {
    while let Err(error) = AbortOnDropHandle::new(tokio::spawn(writer.clone().run())).await {
        tracing::error!(%error, "the writer failed; it is started again");
        tokio::time::sleep(REST).await;
    }
}

/// Neither does healing.
async fn keep_healing(healer: Healer) {
    while let Err(error) = AbortOnDropHandle::new(tokio::spawn(healer.clone().run())).await {
        tracing::error!(%error, "healing failed; it is started again");
        tokio::time::sleep(REST).await;
    }
}
