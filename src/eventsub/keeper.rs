//! The keeper: sees to it, as long as the program runs, that Twitch tells us of everybody who is enabled, in the way that
//! `twitch.eventsub` says.

use super::crowd::Crowd;
use super::intake::Intake;
use super::pace::Pace;
use super::socket::Kit;
use super::watch::Watch;
use super::webhooks::Webhooks;
use crate::accounts::Accounts;
use crate::clients::AppCell;
use crate::clients::twitch::{SocketClient, SocketSubscriptions};
use crate::telemetry::Metrics;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// How long a keeper that failed rests before it begins again.
const REST: Duration = Duration::from_secs(1);
/// How many sockets may be opened at the same time.
const GATE: usize = 16;

/// What it takes to keep everybody subscribed over sockets.
#[derive(Debug, Clone)]
pub struct SocketParts {
    /// Who streams here, and whose tokens work.
    pub accounts: Accounts,
    /// Opens sockets.
    pub client: SocketClient,
    /// Subscribes them.
    pub subscriptions: SocketSubscriptions,
    /// Where sockets are opened.
    pub url: String,
    /// Takes in what is heard.
    pub intake: Intake,
    /// Where it is shown how they stand.
    pub watch: Watch,
    /// Counts what becomes of messages.
    pub metrics: Metrics,
    /// How long things may take.
    pub pace: Pace,
    /// How often it is looked whether people have changed without a word.
    pub people: Duration,
}

/// Keeps everybody subscribed, as soon as there are credentials for it.
#[derive(Debug, Clone)]
pub struct Keeper {
    way: Way,
    /// As whom.
    app: AppCell,
}

#[derive(Debug, Clone)]
enum Way {
    Webhooks(Webhooks),
    Sockets(SocketParts),
}

impl Keeper {
    /// One that has Twitch call us.
    #[must_use]
    pub fn by_webhook(webhooks: Webhooks, app: AppCell) -> Self {
        Self { way: Way::Webhooks(webhooks), app }
    }

    /// One that listens on a socket for each streamer.
    #[must_use]
    pub fn by_socket(parts: SocketParts, app: AppCell) -> Self {
        Self { way: Way::Sockets(parts), app }
    }

    /// Works until `stop` ends, then says goodbye within about a second. With another app it begins anew.
    pub async fn run(self, stop: CancellationToken) {
        let mut changes = self.app.changes();
        while !stop.is_cancelled() {
            changes.mark_unchanged();
            let round = stop.child_token();
            let ended = async {
                // The cell lives as long as this does.
                let _ = stop.run_until_cancelled(changes.changed()).await;
                round.cancel();
            };
            tokio::join!(ended, self.clone().keep(&round));
        }
    }

    /// Works until `stop` ends, if there are credentials for it. A panic costs a rest.
    async fn keep(self, stop: &CancellationToken) {
        while self.is_ready() && !stop.is_cancelled() {
            let work = AbortOnDropHandle::new(tokio::spawn(self.clone().work(stop.clone())));
            let Err(error) = work.await else { return };
            tracing::error!(%error, "keeping EventSub subscriptions failed; it begins again");
            let _ = stop.run_until_cancelled(tokio::time::sleep(REST)).await;
        }
    }

    fn is_ready(&self) -> bool {
        match self.way {
            Way::Webhooks(_) => self.app.has_secret(),
            Way::Sockets(_) => self.app.get().is_some(),
        }
    }

    async fn work(self, stop: CancellationToken) {
        match self.way {
            Way::Webhooks(webhooks) => drop(stop.run_until_cancelled(webhooks.run()).await),
            Way::Sockets(parts) => parts.crowd().run(&stop).await,
        }
    }
}

impl SocketParts {
    fn crowd(self) -> Crowd {
        let kit = Kit {
            grants: self.intake.grants.clone(),
            client: self.client,
            subscriptions: self.subscriptions,
            home: self.url,
            intake: self.intake,
            watch: self.watch,
            metrics: self.metrics,
            pace: self.pace,
            gate: Arc::new(Semaphore::new(GATE)),
            tasks: TaskTracker::new(),
        };
        Crowd { accounts: self.accounts, kit, people: self.people }
    }
}
