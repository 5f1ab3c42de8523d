//! What the heart is built from, and what each part of it takes of that.

use super::ask::Asker;
use super::board::Board;
use super::controls::Controls;
use super::healer::{Healer, Kit};
use super::look::Eye;
use super::pace::{Pace, delta};
use super::reconcile::Reconciler;
use super::root::Current;
use super::scout::Scout;
use super::session::Tools;
use super::trial::Trials;
use super::writer::Writer;
use crate::accounts::{Accounts, Links};
use crate::base::clock::SharedClock;
use crate::base::mishap::Mishaps;
use crate::clients::spotify::SpotifyPlayer;
use crate::clients::twitch::Helix;
use crate::db::Db;
use crate::hub::Hub;
use crate::telemetry::Metrics;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
    /// Twitch; it says whether it can be asked.
    pub helix: Helix,
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
    /// What goes wrong in tests.
    pub mishaps: Mishaps,
}

pub(super) fn scout(parts: &Parts) -> Scout {
    Scout {
        db: parts.db.clone(),
        accounts: parts.accounts.clone(),
        helix: parts.helix.clone(),
        clock: parts.clock.clone(),
        weighing: tokio::sync::Mutex::default(),
    }
}

pub(super) fn reconciler(parts: &Parts) -> Reconciler {
    Reconciler {
        db: parts.db.clone(),
        accounts: parts.accounts.clone(),
        hub: parts.hub.clone(),
        writer: parts.writer.clone(),
        clock: parts.clock.clone(),
        stream_grace: delta(parts.pace.stream_grace),
        since: parts.clock.now(),
        mishaps: parts.mishaps.clone(),
    }
}

pub(super) fn kit(parts: &Parts, asker: Asker) -> Kit {
    Kit {
        db: parts.db.clone(),
        accounts: parts.accounts.clone(),
        asker,
        player: parts.player.clone(),
        hub: parts.hub.clone(),
        writer: parts.writer.clone(),
        clock: parts.clock.clone(),
        metrics: parts.metrics.clone(),
        heal_interval: delta(parts.pace.heal_interval),
        poll_interval: delta(parts.pace.poll_interval),
        mishaps: parts.mishaps.clone(),
    }
}

pub(super) fn tools(parts: &Parts, asker: Asker, healer: Healer, board: Board) -> Tools {
    let (player, metrics, budgets) = (parts.player.clone(), parts.metrics.clone(), asker.budgets.clone());
    Tools {
        eye: Eye { player, asker, metrics, puzzled: AtomicBool::default() },
        board,
        writer: parts.writer.clone(),
        budgets,
        healer,
        clock: parts.clock.clone(),
        metrics: parts.metrics.clone(),
        timing: parts.pace.timing().into(),
        mishaps: parts.mishaps.clone(),
    }
}

fn trials(parts: &Parts, registry: Current, asker: Asker) -> Trials {
    Trials {
        accounts: parts.accounts.clone(),
        asker,
        player: parts.player.clone(),
        registry,
        clock: parts.clock.clone(),
        cooldown: delta(parts.pace.default_cooldown),
        min_gap: parts.pace.test_gap(),
        slots: Arc::default(),
    }
}

pub(super) fn controls(parts: &Parts, registry: Current, board: Board, asker: Asker) -> Controls {
    Controls {
        db: parts.db.clone(),
        accounts: parts.accounts.clone(),
        board,
        budgets: asker.budgets.clone(),
        trials: trials(parts, registry.clone(), asker),
        registry,
        writer: parts.writer.clone(),
        clock: parts.clock.clone(),
        stream_grace: delta(parts.pace.stream_grace),
        since: parts.clock.now(),
    }
}
