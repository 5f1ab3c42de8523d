//! The house, built, and what can be asked of it.

use crate::accounts::{Accounts, Flows, Grants};
use crate::alerts::Alerts;
use crate::daylist::Daylist;
use crate::db::Db;
use crate::eventsub::{Keeper, Watch};
use crate::http::Doors;
use crate::hub::Hub;
use crate::live::{Controls, Live, Writer};
use crate::overlay::Overlays;
use crate::retention::Retention;
use crate::setup::Setup;
use crate::telemetry::Metrics;
use anyhow::Context as _;
use axum::Router;
use reqwest::Url;
use secrecy::SecretString;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

/// The house, built: it listens already, and follows who is live. [`App::run_until`] opens its doors.
#[derive(Debug)]
pub struct App {
    pub(super) listener: TcpListener,
    pub(super) addr: SocketAddr,
    pub(super) router: Router,
    pub(super) db: Db,
    pub(super) hub: Hub,
    pub(super) live: Live,
    pub(super) retention: Retention,
    pub(super) alerts: Alerts,
    pub(super) overlays: Overlays,
    pub(super) daylist: Daylist,
    pub(super) accounts: Accounts,
    pub(super) grants: Grants,
    pub(super) setup: Setup,
    pub(super) metrics: Metrics,
    pub(super) writer: Writer,
    pub(super) keeper: Keeper,
    pub(super) watch: Watch,
    pub(super) public_url: Url,
    /// Work in the background that ends with the house.
    pub(super) _tasks: Vec<AbortOnDropHandle<()>>,
}

impl App {
    /// Where the server listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Under which URL people reach it; ends without a slash.
    #[must_use]
    pub fn public_url(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }

    /// What whoever is to be the owner has to type, and where; none when there is one, or none is needed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn setup_code(&self) -> anyhow::Result<Option<(SecretString, &'static str)>> {
        let flows = self.flows();
        let is_first = self.setup.is_first().await.context("reading whose house this is")?;
        let awaits_owner = flows.awaits_owner().await.context("reading whose house this is")?;
        let place = if is_first { "/setup" } else { "/auth/twitch" };
        Ok((is_first || awaits_owner).then(|| (flows.setup_code(), place)))
    }

    /// Sends people away for consents, and takes them back.
    #[must_use]
    pub fn flows(&self) -> &Flows {
        &self.setup.flows
    }

    /// The accounts room.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// What Twitch granted.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// The counters.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The doors for viewers.
    #[must_use]
    pub fn doors(&self) -> &Doors {
        &self.daylist.doors
    }

    /// The hub.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The writer.
    #[must_use]
    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The overlays.
    #[must_use]
    pub fn overlays(&self) -> &Overlays {
        &self.overlays
    }

    /// The retention room.
    #[must_use]
    pub fn retention(&self) -> &Retention {
        &self.retention
    }

    /// Where EventSub subscriptions stand, and how they are woken.
    #[must_use]
    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    /// What streamers can do about tracking.
    #[must_use]
    pub fn controls(&self) -> Controls {
        self.live.controls()
    }

    /// Has the heart look again after people were changed, and Twitch asked to tell of them.
    pub fn wake(&self) {
        self.live.wake();
        self.watch.wake();
    }
}
