//! The keeper: sees to it, as long as the program runs, that Twitch tells us of everybody who is enabled, in the way that
//! `twitch.eventsub` says.

use super::crowd::Crowd;
use super::intake::Intake;
use super::pace::Pace;
use super::socket::Kit;
use super::watch::Watch;
use super::webhooks::Webhooks;
use crate::accounts::Accounts;
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

/// Keeps everybody subscribed.
#[derive(Debug, Clone)]
pub struct Keeper(Way);

#[derive(Debug, Clone)]
enum Way {
    Webhooks(Webhooks),
    Sockets(SocketParts),
}

impl Keeper {
    /// One that has Twitch call us.
    #[must_use]
    pub fn by_webhook(webhooks: Webhooks) -> Self {
        Self(Way::Webhooks(webhooks))
    }

    /// One that listens on a socket for each streamer.
    #[must_use]
    pub fn by_socket(parts: SocketParts) -> Self {
        Self(Way::Sockets(parts))
    }

    /// Works until `stop` ends, then says goodbye within about a second. A panic costs a rest.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            let work = AbortOnDropHandle::new(tokio::spawn(self.clone().work(stop.clone())));
            let Err(error) = work.await else { return };
            tracing::error!(%error, "keeping EventSub subscriptions failed; it begins again");
            if stop.run_until_cancelled(tokio::time::sleep(REST)).await.is_none() {
                return;
            }
        }
    }

    async fn work(self, stop: CancellationToken) {
        match self.0 {
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
