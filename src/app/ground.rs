//! What the rooms share while the house is built, and what each is given of it.

use super::pace;
use super::unlock::unlock;
use crate::accounts::rules::spotify_site;
use crate::accounts::{Accounts, Grants, Links};
use crate::alerts::{self, Guard, Names};
use crate::audit::Audit;
use crate::base::clock::SharedClock;
use crate::base::mishap::Mishaps;
use crate::base::seal::SealingKey;
use crate::clients::Apps;
use crate::clients::spotify::SpotifyPlayer;
use crate::clients::twitch::Helix;
use crate::config::Config;
use crate::curation::{self, Curation};
use crate::daylist::{Daylist, Loader, Reader};
use crate::db::{self, Db};
use crate::http::{Doors, Site};
use crate::hub::Hub;
use crate::live::{Controls, Parts, Writer};
use crate::overlay::{self, Overlays};
use crate::retention;
use crate::setup::Register;
use crate::telemetry::Metrics;
use anyhow::Context as _;
use reqwest::Url;
use std::net::SocketAddr;
use std::sync::Arc;

/// What the rooms share while the house is built.
pub(super) struct Ground {
    pub(super) config: Config,
    pub(super) clock: SharedClock,
    pub(super) key: Arc<SealingKey>,
    pub(super) db: Db,
    pub(super) accounts: Accounts,
    pub(super) register: Register,
    pub(super) audit: Audit,
    pub(super) metrics: Metrics,
    pub(super) http: reqwest::Client,
    pub(super) public_url: Url,
    /// On which port we listen.
    pub(super) port: u16,
}

impl Ground {
    pub(super) async fn new(
        config: &Config,
        clock: SharedClock,
        addr: SocketAddr,
        http: reqwest::Client,
    ) -> anyhow::Result<Self> {
        let db = db::open(config.database.url.expose()).await?;
        db::migrate(&db).await.context("migrating the database")?;
        let key = unlock(config, &db).await?;
        let register = Register::open(config, db.clone(), Arc::clone(&key), clock.clone()).await?;
        Ok(Self {
            config: config.clone(),
            register,
            accounts: Accounts::new(db.clone(), Arc::clone(&key)),
            audit: Audit::new(db.clone(), clock.clone()),
            clock,
            key,
            db,
            metrics: Metrics::default(),
            http,
            public_url: config.server.effective_public_url(addr),
            port: addr.port(),
        })
    }

    /// Our own apps.
    pub(super) fn apps(&self) -> &Apps {
        self.register.apps()
    }

    /// What pages know of the server.
    pub(super) fn site(&self) -> Site {
        Site::new(self.public_url.as_str().trim_end_matches('/')).with_covers(self.config.pages.covers)
    }

    /// What is to be pasted into a Spotify app.
    pub(super) fn spotify_callback(&self) -> String {
        format!("{}/auth/spotify/callback", spotify_site(&self.public_url, self.port))
    }

    pub(super) fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    pub(super) fn loader(&self, writer: &Writer) -> Loader {
        let (db, accounts, clock) = (self.db.clone(), self.accounts.clone(), self.clock.clone());
        let (metrics, covers) = (self.metrics.clone(), self.config.pages.covers);
        Loader { db, accounts, writer: writer.clone(), clock, metrics, covers }
    }

    /// Pages and live lists.
    pub(super) fn daylist(&self, hub: &Hub, writer: &Writer, doors: Doors) -> Daylist {
        Daylist::new(self.reader(hub, writer), doors, self.metrics.clone())
    }

    fn reader(&self, hub: &Hub, writer: &Writer) -> Reader {
        let (hub, writer) = (hub.clone(), writer.clone());
        Reader::new(self.db.clone(), self.accounts.clone(), hub, writer, self.clock.clone())
    }

    pub(super) fn parts(
        &self,
        (links, grants): (&Links, &Grants),
        hub: &Hub,
        writer: &Writer,
        mishaps: Mishaps,
    ) -> Parts {
        Parts {
            db: self.db.clone(),
            accounts: self.accounts.clone(),
            links: links.clone(),
            player: self.player(),
            helix: self.helix().borrowing(Arc::new(grants.clone())),
            hub: hub.clone(),
            writer: writer.clone(),
            clock: self.clock.clone(),
            metrics: self.metrics.clone(),
            pace: pace::of_live(&self.config.tracking),
            mishaps,
        }
    }

    pub(super) fn kept(&self, hub: &Hub, writer: &Writer, mishaps: Mishaps) -> retention::Parts {
        retention::Parts {
            db: self.db.clone(),
            accounts: self.accounts.clone(),
            hub: hub.clone(),
            revisions: writer.revisions().clone(),
            clock: self.clock.clone(),
            metrics: self.metrics.clone(),
            pace: pace::of_retention(&self.config),
            mishaps,
        }
    }

    pub(super) fn curation(&self, writer: &Writer, hub: &Hub) -> Curation {
        Curation::new(curation::Parts {
            db: self.db.clone(),
            writer: writer.clone(),
            hub: hub.clone(),
            audit: self.audit.clone(),
            clock: self.clock.clone(),
            site: self.site(),
        })
    }

    pub(super) fn overlays(&self) -> Overlays {
        Overlays::new(overlay::Parts {
            db: self.db.clone(),
            seal: Arc::clone(&self.key),
            accounts: self.accounts.clone(),
            audit: self.audit.clone(),
            clock: self.clock.clone(),
            asks_per_minute: self.config.limits.requests_per_minute,
        })
    }

    /// Where overlays are made, in a server that is bound to this address.
    pub(super) fn overlay_desk(&self, overlays: &Overlays, hub: &Hub, bound: SocketAddr) -> overlay::Desk {
        overlay::Desk {
            overlays: overlays.clone(),
            hub: hub.clone(),
            clock: self.clock.clone(),
            site: self.site(),
            bound,
        }
    }

    pub(super) fn watching(&self, controls: Controls, names: Names) -> alerts::Parts {
        alerts::Parts {
            db: self.db.clone(),
            key: Arc::clone(&self.key),
            accounts: self.accounts.clone(),
            audit: self.audit.clone(),
            controls,
            clock: self.clock.clone(),
            public_url: self.public_url.as_str().trim_end_matches('/').to_owned(),
            poll_interval: self.config.tracking.poll_interval,
            guard: Guard::new(names, self.config.alerts.allow_private),
        }
    }

    fn player(&self) -> SpotifyPlayer {
        let api = self.config.spotify.api_url.as_str();
        SpotifyPlayer::new(self.http.clone(), api, self.clock.clone())
    }

    pub(super) fn helix(&self) -> Helix {
        let twitch = &self.config.twitch;
        let (api, tokens) = (twitch.api_url.as_str(), twitch.id_url.as_str());
        Helix::new(&self.http, api, tokens, self.apps().twitch.clone(), self.clock.clone())
    }

    /// Where covers come from besides Spotify's own hosts: a twin serves them itself.
    pub(super) fn covers(&self) -> Option<String> {
        let api = Url::parse(self.config.spotify.api_url.as_str()).ok()?;
        (api.scheme() == "http").then(|| api.origin().ascii_serialization())
    }
}
