//! From a config to a running house: which room needs which, in the order they start.

use super::health::Health;
use super::listen;
use super::router::{self, Frame};
use super::unlock::unlock;
use crate::accounts::{Accounts, Links};
use crate::base::clock::SharedClock;
use crate::base::mishap::Mishaps;
use crate::base::seal::SealingKey;
use crate::clients;
use crate::clients::spotify::{OwnApp, SpotifyAccounts, SpotifyPlayer};
use crate::clients::twitch::Helix;
use crate::config::{self, Config};
use crate::daylist::{Daylist, Loader, Reader};
use crate::db::{self, Db};
use crate::eventsub::{Receiver, Subscriber};
use crate::http::{Doors, Limits, Proxies, Safety};
use crate::hub::Hub;
use crate::live::{self, Controls, Live, Pace, Parts, Writer};
use crate::telemetry::Metrics;
use anyhow::Context as _;
use axum::Router;
use reqwest::Url;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The house, built: it listens already, and follows who is live. [`App::run_until`] opens its doors.
#[derive(Debug)]
pub struct App {
    pub(super) listener: TcpListener,
    pub(super) addr: SocketAddr,
    pub(super) router: Router,
    pub(super) db: Db,
    pub(super) live: Live,
    pub(super) doors: Doors,
    accounts: Accounts,
    metrics: Metrics,
    writer: Writer,
    subscriber: Option<Subscriber>,
    public_url: Url,
}

/// What no config says, because only tests change it.
#[derive(Debug, Clone)]
pub struct Rig {
    /// What goes wrong.
    pub mishaps: Mishaps,
    /// How many plays may wait to be stored.
    pub plays_waiting: usize,
}

impl Default for Rig {
    fn default() -> Self {
        Self { mishaps: Mishaps::default(), plays_waiting: live::CAPACITY }
    }
}

/// What the rooms share while the house is built.
struct Ground {
    config: Config,
    clock: SharedClock,
    key: Arc<SealingKey>,
    db: Db,
    accounts: Accounts,
    metrics: Metrics,
    http: reqwest::Client,
    public_url: Url,
}

/// Builds the house that `config` describes: binds its address, opens and migrates the database, starts the heart.
///
/// # Errors
/// Says what is in the way: a taken port, a database that does not open, a key that does not fit.
pub async fn build(config: &Config, clock: SharedClock) -> anyhow::Result<App> {
    build_with(config, clock, Rig::default()).await
}

/// The same with other properties than a config can give: for tests.
///
/// # Errors
/// As [`build`].
pub async fn build_with(config: &Config, clock: SharedClock, rig: Rig) -> anyhow::Result<App> {
    let listener = listen::passed_or(config.server.listen).await?;
    let addr = listener.local_addr().context("reading the bound address")?;
    let ground = ground(config, clock, addr).await?;
    // Before any day is loaded: which day it is, a clock that is wrong does not know.
    clients::ask_time(&ground.http, config.spotify.api_url.as_str(), ground.clock.as_ref()).await;
    let writer =
        Writer::new(ground.db.clone(), ground.clock.clone(), ground.metrics.clone(), rig.plays_waiting);
    let hub = Hub::new(ground.loader(&writer));
    let live = Live::start(ground.parts(&hub, &writer, rig.mishaps)).await.context("starting the heart")?;
    let doors = Doors::new(config.limits.sockets, config.limits.sockets_per_address);
    let router = router::assemble(ground.frame(&hub, &live, &doors, &writer)?);
    let subscriber = ground.subscriber();
    if subscriber.is_none() {
        tracing::warn!("without twitch.client_id and twitch.client_secret nobody is noticed going live");
    }
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, %addr, database = %config.database.url, "Airlog is up");
    let Ground { db, accounts, metrics, public_url, .. } = ground;
    Ok(App { listener, addr, router, db, live, doors, accounts, metrics, writer, subscriber, public_url })
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

    /// The accounts room.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The counters.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The doors for viewers.
    #[must_use]
    pub fn doors(&self) -> &Doors {
        &self.doors
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

    /// Asks Twitch to tell this server about streamers by webhook; none without Twitch credentials.
    #[must_use]
    pub fn subscriber(&self) -> Option<&Subscriber> {
        self.subscriber.as_ref()
    }

    /// What streamers can do about tracking.
    #[must_use]
    pub fn controls(&self) -> Controls {
        self.live.controls()
    }

    /// Has the heart look again after people were changed.
    pub fn wake(&self) {
        self.live.wake();
    }
}

async fn ground(config: &Config, clock: SharedClock, addr: SocketAddr) -> anyhow::Result<Ground> {
    let db = db::open(config.database.url.expose()).await?;
    db::migrate(&db).await.context("migrating the database")?;
    let key = unlock(config, &db).await?;
    Ok(Ground {
        config: config.clone(),
        clock,
        accounts: Accounts::new(db.clone(), Arc::clone(&key)),
        key,
        db,
        metrics: Metrics::default(),
        http: clients::http_client(config.tracking.request_timeout)?,
        public_url: config.server.effective_public_url(addr),
    })
}

impl Ground {
    fn loader(&self, writer: &Writer) -> Loader {
        let (db, accounts, clock) = (self.db.clone(), self.accounts.clone(), self.clock.clone());
        Loader { db, accounts, writer: writer.clone(), clock, metrics: self.metrics.clone() }
    }

    fn parts(&self, hub: &Hub, writer: &Writer, mishaps: Mishaps) -> Parts {
        let spotify = &self.config.spotify;
        let own = spotify.client_id.clone().zip(spotify.client_secret.clone());
        let own = own.map(|(client_id, client_secret)| OwnApp { client_id, client_secret });
        let service = SpotifyAccounts::new(self.http.clone(), spotify.accounts_url.as_str(), own);
        Parts {
            db: self.db.clone(),
            accounts: self.accounts.clone(),
            links: Links::new(self.db.clone(), Arc::clone(&self.key), service, self.clock.clone()),
            player: SpotifyPlayer::new(self.http.clone(), spotify.api_url.as_str(), self.clock.clone()),
            helix: self.helix(),
            hub: hub.clone(),
            writer: writer.clone(),
            clock: self.clock.clone(),
            metrics: self.metrics.clone(),
            pace: pace(&self.config.tracking),
            mishaps,
        }
    }

    fn helix(&self) -> Option<Helix> {
        let twitch = &self.config.twitch;
        let (id, secret) = (twitch.client_id.as_ref()?, twitch.client_secret.clone()?);
        let (api, tokens) = (twitch.api_url.as_str(), twitch.id_url.as_str());
        Some(Helix::new(&self.http, api, tokens, id, secret, self.clock.clone()))
    }

    /// The configured secret, or one made from the sealing key: the same after each start.
    fn webhook_secret(&self) -> SecretString {
        self.config.twitch.webhook_secret.clone().unwrap_or_else(|| self.key.derive("twitch webhook"))
    }

    fn subscriber(&self) -> Option<Subscriber> {
        let callback = self.public_url.join("/webhooks/twitch").ok()?.to_string();
        Some(Subscriber { helix: self.helix()?, callback, secret: self.webhook_secret() })
    }

    fn frame(&self, hub: &Hub, live: &Live, doors: &Doors, writer: &Writer) -> anyhow::Result<Frame> {
        Ok(Frame {
            daylist: Daylist { reader: self.reader(hub), doors: doors.clone() },
            receiver: self.receiver(live),
            health: Health {
                db: self.db.clone(),
                metrics: self.metrics.clone(),
                writer: writer.clone(),
                doors: doors.clone(),
            },
            limits: Limits::new(self.config.limits.requests_per_minute),
            safety: Safety::new(self.covers().as_deref(), self.public_url.scheme() == "https")?,
            proxies: Proxies(self.config.server.trusted_proxies.clone().into()),
        })
    }

    fn reader(&self, hub: &Hub) -> Reader {
        Reader::new(self.db.clone(), self.accounts.clone(), hub.clone(), self.clock.clone())
    }

    fn receiver(&self, live: &Live) -> Receiver {
        Receiver {
            db: self.db.clone(),
            accounts: self.accounts.clone(),
            hints: live.hints(),
            secret: self.webhook_secret(),
            clock: self.clock.clone(),
            metrics: self.metrics.clone(),
        }
    }

    /// Where covers come from besides Spotify's own hosts: a twin serves them itself.
    fn covers(&self) -> Option<String> {
        let api = Url::parse(self.config.spotify.api_url.as_str()).ok()?;
        (api.scheme() == "http").then(|| api.origin().ascii_serialization())
    }
}

fn pace(tracking: &config::Tracking) -> Pace {
    Pace {
        poll_interval: tracking.poll_interval,
        probe_delay: tracking.probe_delay,
        min_gap: tracking.min_gap,
        request_timeout: tracking.request_timeout,
        default_cooldown: tracking.default_cooldown,
        stream_grace: tracking.stream_grace,
        reconcile_interval: tracking.reconcile_interval,
        heal_interval: tracking.heal_interval,
        budget: tracking.budget,
    }
}
