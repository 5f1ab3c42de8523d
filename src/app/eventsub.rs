//! The EventSub room, put together in the way that `twitch.eventsub` says.

use super::ground::Ground;
use crate::accounts::Grants;
use crate::base::together::Together;
use crate::clients::twitch::{SocketClient, SocketSubscriptions};
use crate::config::EventSub;
use crate::eventsub::{Intake, Keeper, Pace, Receiver, SocketParts, Watch, Webhooks};
use crate::live::Live;
use anyhow::Context as _;
use secrecy::SecretString;
use std::sync::Arc;

impl Ground {
    /// Takes in what Twitch says.
    pub(super) fn intake(&self, grants: &Grants, live: &Live) -> Intake {
        Intake {
            db: self.db.clone(),
            accounts: self.accounts.clone(),
            grants: grants.clone(),
            hints: live.hints(),
            clock: self.clock.clone(),
            taking: Together::default(),
            forgot_at: Arc::default(),
        }
    }

    /// Takes the calls of Twitch.
    pub(super) fn receiver(&self, intake: &Intake, watch: &Watch) -> Receiver {
        let (intake, watch, metrics) = (intake.clone(), watch.clone(), self.metrics.clone());
        Receiver { intake, secret: self.webhook_secret(), watch, metrics }
    }

    /// Keeps everybody subscribed, as soon as there are the credentials that this takes.
    pub(super) fn keeper(&self, intake: Intake, watch: &Watch, pace: Pace) -> anyhow::Result<Keeper> {
        let app = self.apps().twitch.clone();
        Ok(match self.config.twitch.eventsub {
            EventSub::Webhook => Keeper::by_webhook(self.webhooks(watch, pace)?, app),
            EventSub::Websocket => Keeper::by_socket(self.sockets(intake, watch, pace)?, app),
        })
    }

    fn webhooks(&self, watch: &Watch, pace: Pace) -> anyhow::Result<Webhooks> {
        Ok(Webhooks {
            accounts: self.accounts.clone(),
            helix: self.helix(),
            callback: self.public_url.join("/webhooks/twitch")?.to_string(),
            secret: self.webhook_secret(),
            watch: watch.clone(),
            pace,
            people: self.config.tracking.reconcile_interval,
        })
    }

    fn sockets(&self, intake: Intake, watch: &Watch, pace: Pace) -> anyhow::Result<SocketParts> {
        let twitch = &self.config.twitch;
        let (api, app, clock) = (twitch.api_url.as_str(), self.apps().twitch.clone(), self.clock.clone());
        Ok(SocketParts {
            accounts: self.accounts.clone(),
            client: SocketClient::new().context("reading the machine's certificates")?,
            subscriptions: SocketSubscriptions::new(&self.http, api, app, clock),
            url: twitch.eventsub_url.as_str().to_owned(),
            intake,
            watch: watch.clone(),
            metrics: self.metrics.clone(),
            pace,
            people: self.config.tracking.reconcile_interval,
        })
    }

    /// The configured secret, or one made from the sealing key: the same after each start.
    fn webhook_secret(&self) -> SecretString {
        self.config.twitch.webhook_secret.clone().unwrap_or_else(|| self.key.derive("twitch webhook"))
    }
}
