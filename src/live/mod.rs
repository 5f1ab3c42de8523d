//! The heart: who is live, what plays there, what was played.
//!
//! Evidence (EventSub hints, Get Streams) is weighed by pure rules; a registry actor keeps one supervised session actor
//! for each live stream; a session asks pure rules what to do and does it: look at the player, tell viewers through the
//! hub, then hand the play to the writer. Read `rules.rs` first, then `session.rs`, then `reconcile.rs`.

mod cooldowns;
mod evidence;
mod gaps;
mod look;
mod model;
mod reconcile;
mod registry;
mod root;
mod rules;
mod scout;
mod session;
mod store;
mod writer;

pub use evidence::Broadcast;

use crate::accounts::{Accounts, Links};
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::UserId;
use crate::clients::spotify::SpotifyPlayer;
use crate::clients::twitch::Helix;
use crate::db::Db;
use crate::hub::{self, Hub};
use crate::telemetry::Metrics;
use chrono::TimeDelta;
use cooldowns::Cooldowns;
use evidence::Source;
use look::{Eye, TRIES};
use ractor::{Actor as _, ActorRef};
use reconcile::Reconciler;
use registry::Registry;
use root::{Current, Root};
use rules::Timing;
use scout::Scout;
use session::Tools;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::task::AbortOnDropHandle;
pub use writer::Writer;

/// What Spotify forbids is tried again after so many intervals: hourly, when a player is looked at each minute.
const STANDSTILL_POLLS: u32 = 60;

/// When to look at players and at Twitch.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The longest time between two looks.
    pub poll_interval: Duration,
    /// How long after the expected end of a track the probe comes.
    pub probe_delay: Duration,
    /// The shortest time between two looks.
    pub min_gap: Duration,
    /// How long one call may take.
    pub request_timeout: Duration,
    /// How long to wait after a 429 that names no time.
    pub default_cooldown: Duration,
    /// How long a break may last within one stream.
    pub stream_grace: Duration,
    /// How often reconciling runs when nothing happens.
    pub reconcile_interval: Duration,
}

/// What the heart is built from.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// People.
    pub accounts: Accounts,
    /// Tokens.
    pub links: Links,
    /// Spotify.
    pub player: SpotifyPlayer,
    /// Twitch; none without credentials.
    pub helix: Option<Helix>,
    /// Viewers.
    pub hub: Hub,
    /// The writer, which the hub's loader reads too.
    pub writer: Writer,
    /// The time.
    pub clock: SharedClock,
    /// Counters.
    pub metrics: Metrics,
    /// When to look.
    pub pace: Pace,
}

/// The heart, beating.
#[derive(Debug)]
pub struct Live {
    hints: Hints,
    cooldowns: Cooldowns,
    links: Links,
    writer: Writer,
    root: ActorRef<root::Message>,
    root_task: JoinHandle<()>,
    writer_task: AbortOnDropHandle<()>,
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
        let cooldowns = Cooldowns::load(parts.db.clone(), parts.clock.clone()).await?;
        let (scout, reconciler) = (Arc::new(scout(&parts)), Arc::new(reconciler(&parts)));
        let hints = Hints { scout: Arc::clone(&scout), registry: Current::default() };
        let (tools, interval) = (tools(&parts, cooldowns.clone()), parts.pace.reconcile_interval);
        let make = move || Registry {
            scout: Arc::clone(&scout),
            reconciler: Arc::clone(&reconciler),
            tools: tools.clone(),
            interval,
        };
        let (root, root_task) = Root::spawn(None, Root { make, current: hints.registry.clone() }, ()).await?;
        let writer_task = AbortOnDropHandle::new(tokio::spawn(keep_writing(parts.writer.clone())));
        Ok(Self { hints, cooldowns, links: parts.links, writer: parts.writer, root, root_task, writer_task })
    }

    /// Where hints go.
    #[must_use]
    pub fn hints(&self) -> Hints {
        self.hints.clone()
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
        self.root.stop(None);
        let stopped = tokio::time::timeout(patience, async {
            let _ = self.root_task.await;
            self.links.settled().await;
            self.cooldowns.settled().await;
            self.writer.flushed().await;
        });
        let in_time = stopped.await.is_ok();
        drop(self.writer_task);
        anyhow::ensure!(in_time, "{} plays could not be stored before the stop", self.writer.pending());
        Ok(())
    }
}

/// The plays of a streamer that viewers have seen and that are not stored yet, as viewers see them.
#[must_use]
pub fn waiting(writer: &Writer, user: UserId) -> Vec<hub::Track> {
    writer.pending_of(user).iter().map(session::public).collect()
}

/// The gaps of a streamer that are not stored yet, as viewers see them.
#[must_use]
pub fn waiting_gaps(writer: &Writer, user: UserId) -> Vec<hub::Gap> {
    writer.gaps_of(user).iter().map(session::public_gap).collect()
}

/// The writer never stops working: a panic in it costs one batch a second try, after a rest.
async fn keep_writing(writer: Writer) {
    const REST: Duration = Duration::from_secs(1);
    while let Err(error) = AbortOnDropHandle::new(tokio::spawn(writer.clone().run())).await {
        tracing::error!(%error, "the writer failed; it is started again");
        tokio::time::sleep(REST).await;
    }
}

fn scout(parts: &Parts) -> Scout {
    Scout {
        db: parts.db.clone(),
        accounts: parts.accounts.clone(),
        helix: parts.helix.clone(),
        clock: parts.clock.clone(),
        weighing: tokio::sync::Mutex::default(),
    }
}

fn reconciler(parts: &Parts) -> Reconciler {
    Reconciler {
        db: parts.db.clone(),
        accounts: parts.accounts.clone(),
        hub: parts.hub.clone(),
        writer: parts.writer.clone(),
        clock: parts.clock.clone(),
        stream_grace: delta(parts.pace.stream_grace),
    }
}

fn tools(parts: &Parts, cooldowns: Cooldowns) -> Tools {
    let (player, links, metrics) = (parts.player.clone(), parts.links.clone(), parts.metrics.clone());
    Tools {
        eye: Eye { player, links, metrics, puzzled: Arc::default() },
        writer: parts.writer.clone(),
        cooldowns,
        clock: parts.clock.clone(),
        metrics: parts.metrics.clone(),
        timing: timing(&parts.pace),
    }
}

fn timing(pace: &Pace) -> Timing {
    Timing {
        poll_interval: delta(pace.poll_interval),
        probe_delay: delta(pace.probe_delay),
        min_gap: delta(pace.min_gap),
        default_cooldown: delta(pace.default_cooldown),
        standstill: delta(pace.poll_interval * STANDSTILL_POLLS),
        // Two rounds of tries (before and after a refresh), the refresh, and the waits between.
        lost_after: delta(pace.request_timeout * (2 * TRIES + 1) + Duration::from_secs(20)),
    }
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
