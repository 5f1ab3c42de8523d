//! From a config to a running house: which room needs which, in the order they start.

use super::health::Health;
use super::router::{self, Frame};
use super::unlock::unlock;
use super::{listen, pace};
use crate::accounts::{Accounts, Grants, Links};
use crate::base::clock::SharedClock;
use crate::base::mishap::Mishaps;
use crate::base::seal::SealingKey;
use crate::clients;
use crate::clients::spotify::{OwnApp, SpotifyAccounts, SpotifyPlayer};
use crate::clients::twitch::{Helix, TwitchAccounts, TwitchApp};
use crate::config::{self, Config};
use crate::daylist::{Daylist, Loader, Reader};
use crate::db::{self, Db};
use crate::eventsub::{self, Keeper, Receiver, Watch};
use crate::http::{Doors, Limits, Proxies, Safety};
use crate::hub::Hub;
use crate::live::{self, Controls, Live, Parts, Writer};
use crate::retention::{self, Retention};
use crate::telemetry::Metrics;
use anyhow::Context as _;
use axum::Router;
use reqwest::Url;
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
    pub(super) retention: Retention,
    pub(super) doors: Doors,
    accounts: Accounts,
    grants: Grants,
    metrics: Metrics,
    writer: Writer,
    pub(super) keeper: Option<Keeper>,
    watch: Watch,
    public_url: Url,
}

/// What no config says, because only tests change it.
#[derive(Debug, Clone)]
pub struct Rig {
    /// What goes wrong.
    pub mishaps: Mishaps,
    /// How many plays may wait to be stored.
    pub plays_waiting: usize,
    /// How EventSub subscriptions are kept.
    pub eventsub: eventsub::Pace,
}

impl Default for Rig {
    fn default() -> Self {
        let (mishaps, eventsub) = (Mishaps::default(), eventsub::Pace::default());
        Self { mishaps, plays_waiting: live::CAPACITY, eventsub }
    }
}

/// What the rooms share while the house is built.
pub(super) struct Ground {
    pub(super) config: Config,
    pub(super) clock: SharedClock,
    pub(super) key: Arc<SealingKey>,
    pub(super) db: Db,
    pub(super) accounts: Accounts,
    pub(super) grants: Grants,
    pub(super) metrics: Metrics,
    pub(super) http: reqwest::Client,
    pub(super) public_url: Url,
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
    let hub = Hub::new(ground.loader(&writer), ground.clock.clone());
    let live = ground.parts(&hub, &writer, rig.mishaps.clone());
    let live = Live::start(live).await.context("starting the heart")?;
    let retention = Retention::start(ground.kept(&hub, rig.mishaps));
    let doors = Doors::new(config.limits.sockets, config.limits.sockets_per_address);
    let (watch, intake) = (Watch::default(), ground.intake(&live));
    let receiver = ground.receiver(&intake, &watch);
    let router = router::assemble(ground.frame(&hub, &doors, &writer, receiver)?);
    let keeper = ground.keeper(intake, &watch, rig.eventsub)?;
    if keeper.is_none() {
        tracing::warn!("without twitch.client_id and twitch.client_secret nobody is noticed going live");
    }
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, %addr, database = %config.database.url, "Airlog is up");
    let Ground { db, accounts, grants, metrics, public_url, .. } = ground;
    Ok(App {
        listener,
        addr,
        router,
        db,
        live,
        retention,
        doors,
        accounts,
        grants,
        metrics,
        writer,
        keeper,
        watch,
        public_url,
    })
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

    /// The retention room.
    #[must_use]
    pub fn retention(&self) -> &Retention {
        &self.retention
    }

    /// What Twitch granted.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.grants
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

async fn ground(config: &Config, clock: SharedClock, addr: SocketAddr) -> anyhow::Result<Ground> {
    let db = db::open(config.database.url.expose()).await?;
    db::migrate(&db).await.context("migrating the database")?;
    let key = unlock(config, &db).await?;
    let http = clients::http_client(config.tracking.request_timeout)?;
    let service = twitch_accounts(&config.twitch, &http);
    Ok(Ground {
        config: config.clone(),
        accounts: Accounts::new(db.clone(), Arc::clone(&key)),
        grants: Grants::new(db.clone(), Arc::clone(&key), service, clock.clone()),
        clock,
        key,
        db,
        metrics: Metrics::default(),
        http,
        public_url: config.server.effective_public_url(addr),
    })
}

fn twitch_accounts(twitch: &config::Twitch, http: &reqwest::Client) -> TwitchAccounts {
    let client_id = twitch.client_id.clone().unwrap_or_default();
    let app = TwitchApp { client_id, client_secret: twitch.client_secret.clone() };
    TwitchAccounts::new(http.clone(), twitch.id_url.as_str(), twitch.api_url.as_str(), app)
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
            pace: pace::of_live(&self.config.tracking),
            mishaps,
        }
    }

    fn kept(&self, hub: &Hub, mishaps: Mishaps) -> retention::Parts {
        retention::Parts {
            db: self.db.clone(),
            accounts: self.accounts.clone(),
            hub: hub.clone(),
            clock: self.clock.clone(),
            metrics: self.metrics.clone(),
            pace: pace::of_retention(&self.config),
            mishaps,
        }
    }

    pub(super) fn helix(&self) -> Option<Helix> {
        let twitch = &self.config.twitch;
        let (id, secret) = (twitch.client_id.as_ref()?, twitch.client_secret.clone()?);
        let (api, tokens) = (twitch.api_url.as_str(), twitch.id_url.as_str());
        Some(Helix::new(&self.http, api, tokens, id, secret, self.clock.clone()))
    }

    fn frame(&self, hub: &Hub, doors: &Doors, writer: &Writer, receiver: Receiver) -> anyhow::Result<Frame> {
        Ok(Frame {
            daylist: Daylist { reader: self.reader(hub), doors: doors.clone() },
            receiver,
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

    /// Where covers come from besides Spotify's own hosts: a twin serves them itself.
    fn covers(&self) -> Option<String> {
        let api = Url::parse(self.config.spotify.api_url.as_str()).ok()?;
        (api.scheme() == "http").then(|| api.origin().ascii_serialization())
    }
}
