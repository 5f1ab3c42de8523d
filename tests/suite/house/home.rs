//! The server while it runs, and the config that it runs with: an evening scaled down.

use airlog::accounts::{Accounts, Flows, Grants};
use airlog::app::App;
use airlog::config::{Config, EventSub};
use airlog::db::Db;
use airlog::eventsub::Watch;
use airlog::http::Doors;
use airlog::hub::Hub;
use airlog::live::{Controls, Writer};
use airlog::overlay::Overlays;
use airlog::retention::Retention;
use airlog::telemetry::Metrics;
use airlog::twins::{SPOTIFY_CLIENT_ID, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET, Twins};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The server while it runs.
pub struct Home {
    pub(super) addr: SocketAddr,
    pub(super) accounts: Accounts,
    pub(super) flows: Flows,
    pub(super) db: Db,
    pub(super) doors: Doors,
    pub(super) hub: Hub,
    pub(super) metrics: Metrics,
    pub(super) retention: Retention,
    pub(super) writer: Writer,
    pub(super) grants: Grants,
    pub(super) watch: Watch,
    pub(super) controls: Controls,
    pub(super) overlays: Overlays,
    pub(super) stop: oneshot::Sender<()>,
    pub(super) serving: JoinHandle<anyhow::Result<()>>,
}

impl Home {
    pub(super) fn of(app: App) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self {
            addr: app.addr(),
            accounts: app.accounts().clone(),
            flows: app.flows().clone(),
            db: app.db().clone(),
            doors: app.doors().clone(),
            hub: app.hub().clone(),
            metrics: app.metrics().clone(),
            retention: app.retention().clone(),
            writer: app.writer().clone(),
            grants: app.grants().clone(),
            watch: app.watch().clone(),
            controls: app.controls(),
            overlays: app.overlays().clone(),
            stop,
            serving: tokio::spawn(app.run_until(async { drop(stopped.await) })),
        }
    }
}

pub(super) fn config(twins: &Twins, database: &str) -> Config {
    let mut config = Config::default();
    config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config.database.url = database.parse().expect("a URL");
    config.twitch.client_id = Some(TWITCH_CLIENT_ID.into());
    config.twitch.client_secret = Some(TWITCH_CLIENT_SECRET.into());
    config.twitch.eventsub = EventSub::Webhook;
    config.twitch.api_url = twins.twitch_api_url().parse().expect("a URL");
    config.twitch.id_url = twins.twitch_id_url().parse().expect("a URL");
    config.twitch.eventsub_url = twins.twitch_eventsub_url().parse().expect("a URL");
    config.spotify.api_url = twins.spotify_api_url().parse().expect("a URL");
    config.spotify.accounts_url = twins.spotify_accounts_url().parse().expect("a URL");
    config.spotify.client_id = Some(SPOTIFY_CLIENT_ID.into());
    config.tracking.poll_interval = Duration::from_millis(300);
    config.tracking.probe_delay = Duration::from_millis(30);
    config.tracking.min_gap = Duration::from_millis(20);
    config.tracking.request_timeout = Duration::from_secs(2);
    config.tracking.default_cooldown = Duration::from_millis(800);
    config.tracking.reconcile_interval = Duration::from_millis(500);
    // Whoever waits for something in a story looks again and again, the longer the busier the machine is.
    config.limits.requests_per_minute = None;
    config
}
