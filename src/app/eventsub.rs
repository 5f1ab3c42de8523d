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

    /// Keeps everybody subscribed; none without the credentials that this takes.
    pub(super) fn keeper(&self, intake: Intake, watch: &Watch, pace: Pace) -> anyhow::Result<Option<Keeper>> {
        Ok(match self.config.twitch.eventsub {
            EventSub::Webhook => self.webhooks(watch, pace).map(Keeper::by_webhook),
            EventSub::Websocket => self.sockets(intake, watch, pace)?.map(Keeper::by_socket),
        })
    }

    fn webhooks(&self, watch: &Watch, pace: Pace) -> Option<Webhooks> {
        Some(Webhooks {
            accounts: self.accounts.clone(),
            helix: self.helix()?,
            client_id: self.config.twitch.client_id.clone()?,
            callback: self.public_url.join("/webhooks/twitch").ok()?.to_string(),
            secret: self.webhook_secret(),
            watch: watch.clone(),
            pace,
            people: self.config.tracking.reconcile_interval,
        })
    }

    fn sockets(&self, intake: Intake, watch: &Watch, pace: Pace) -> anyhow::Result<Option<SocketParts>> {
        let twitch = &self.config.twitch;
        let Some(client_id) = &twitch.client_id else { return Ok(None) };
        let (api, clock) = (twitch.api_url.as_str(), self.clock.clone());
        Ok(Some(SocketParts {
            accounts: self.accounts.clone(),
            client: SocketClient::new().context("reading the machine's certificates")?,
            subscriptions: SocketSubscriptions::new(&self.http, api, client_id, clock),
            url: twitch.eventsub_url.as_str().to_owned(),
            intake,
            watch: watch.clone(),
            metrics: self.metrics.clone(),
            pace,
            people: self.config.tracking.reconcile_interval,
        }))
    }

    /// The configured secret, or one made from the sealing key: the same after each start.
    fn webhook_secret(&self) -> SecretString {
        self.config.twitch.webhook_secret.clone().unwrap_or_else(|| self.key.derive("twitch webhook"))
    }
}
