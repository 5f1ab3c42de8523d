//! From a config to a running house: which room needs which, in the order they start.

use super::built::App;
use super::ground::Ground;
use super::health::Health;
use super::listen;
use super::people::People;
use super::router::{self, Frame};
use crate::accounts::Accounts;
use crate::alerts::{self, Alerts};
use crate::base::clock::SharedClock;
use crate::base::mishap::Mishaps;
use crate::clients;
use crate::config::Config;
use crate::curation::Curation;
use crate::dashboard::Dashboard;
use crate::daylist::Daylist;
use crate::eventsub::{self, Receiver, Watch};
use crate::http::{self, Doors, Limits, Proxies, Safety};
use crate::hub::Hub;
use crate::live::{self, Hints, Live, Writer};
use crate::overlay;
use crate::privacy::Privacy;
use crate::retention::Retention;
use anyhow::Context as _;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

/// What no config says, because only tests change it.
#[derive(Debug, Clone)]
pub struct Rig {
    /// What goes wrong.
    pub mishaps: Mishaps,
    /// How many plays may wait to be stored.
    pub plays_waiting: usize,
    /// How fast EventSub is looked after.
    pub eventsub: eventsub::Pace,
    /// What names of hosts mean where messages are sent.
    pub names: alerts::Names,
    /// How long the start waits for Spotify to say what time it is.
    pub time_to_answer: Duration,
}

/// Most of that the start needs anyway, to open its database.
const TIME_TO_ANSWER: Duration = Duration::from_millis(150);

impl Default for Rig {
    fn default() -> Self {
        let (mishaps, eventsub) = (Mishaps::default(), eventsub::Pace::default());
        let (plays_waiting, names, time_to_answer) =
            (live::CAPACITY, alerts::Names::default(), TIME_TO_ANSWER);
        Self { mishaps, plays_waiting, eventsub, names, time_to_answer }
    }
}

/// The rooms that routes lead to.
struct Rooms<'a> {
    people: People,
    privacy: Privacy,
    dashboard: Dashboard,
    curation: Curation,
    alerts: Alerts,
    overlay_desk: overlay::Desk,
    daylist: &'a Daylist,
    writer: &'a Writer,
    receiver: Receiver,
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
    let http = clients::http_client(config.tracking.request_timeout)?;
    // Before any day is loaded: which day it is, a clock that is wrong does not know.
    let told = clients::ask_time(&http, config.spotify.api_url.as_str(), &clock);
    let answer = timeout(rig.time_to_answer, told.cancelled());
    let (_, ground) = tokio::join!(answer, Ground::new(config, clock.clone(), addr, http.clone()));
    let ground = ground?;
    let writer =
        Writer::new(ground.db.clone(), ground.clock.clone(), ground.metrics.clone(), rig.plays_waiting);
    let hub = Hub::new(ground.loader(&writer), ground.clock.clone(), ground.metrics.clone());
    let people = People::new(&ground);
    let (grants, setup) = (people.grants.clone(), people.desk.setup.clone());
    setup.flows.turn_out().await.context("looking who may log in")?;
    let live = Live::start(ground.parts((&people.links, &grants), &hub, &writer, rig.mishaps.clone())).await;
    let live = live.context("starting the heart")?;
    // What is deleted by a wrong clock is gone.
    let retention = Retention::start(ground.kept(&hub, &writer, rig.mishaps), told.cancelled_owned());
    let doors = Doors::new(config.limits.sockets, config.limits.sockets_per_address);
    let (watch, intake) = (Watch::default(), ground.intake(&grants, &live));
    let receiver = ground.receiver(&intake, &watch);
    let keeper = ground.keeper(intake, &watch, rig.eventsub)?;
    let changes = told_of_changes(&ground.accounts, live.hints(), watch.clone());
    let tasks = [tokio::spawn(people.keeper.clone().run()), tokio::spawn(changes)];
    let daylist = ground.daylist(&hub, &writer, doors);
    let curation = ground.curation(&writer, &hub);
    let overlays = ground.overlays();
    let privacy = ground.privacy(&people, &hub, &retention, &overlays);
    let overlay_desk = ground.overlay_desk(&overlays, &hub, addr);
    let dashboard = Dashboard {
        curation: curation.clone(),
        accounts: ground.accounts.clone(),
        links: people.links.clone(),
        brought: setup.flows.brought.clone(),
        redirect_uri: ground.spotify_callback(),
        audit: ground.audit.clone(),
        moderators: people.moderators.clone(),
        keys: people.keys.clone(),
        controls: live.controls(),
        hub: hub.clone(),
        retention: retention.clone(),
        daylist: daylist.clone(),
        watch: watch.clone(),
        clock: ground.clock.clone(),
        site: ground.site(),
    };
    let alerts = Alerts::start(ground.watching(live.controls(), rig.names))?;
    let rooms = Rooms {
        people,
        privacy,
        dashboard,
        curation,
        alerts: alerts.clone(),
        overlay_desk,
        daylist: &daylist,
        writer: &writer,
        receiver,
    };
    let router = router::assemble(ground.frame(rooms)?);
    if ground.apps().twitch.get().is_none() {
        tracing::warn!("without twitch.client_id nobody can log in or is noticed going live; see /setup");
    }
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(version, %addr, database = %config.database.url, "Airlog is up");
    let Ground { db, accounts, metrics, public_url, .. } = ground;
    Ok(App {
        listener,
        addr,
        router,
        db,
        hub,
        live,
        daylist,
        retention,
        alerts,
        overlays,
        accounts,
        grants,
        setup,
        metrics,
        writer,
        keeper,
        watch,
        public_url,
        _tasks: tasks.map(AbortOnDropHandle::new).into(),
    })
}

/// Whatever is changed about people, links and settings takes effect at once, whoever changed it.
fn told_of_changes(accounts: &Accounts, hints: Hints, watch: Watch) -> impl Future<Output = ()> + use<> {
    let mut changes = accounts.changes();
    async move {
        while changes.changed().await.is_ok() {
            hints.wake();
            watch.wake();
        }
    }
}

impl Ground {
    fn frame(&self, rooms: Rooms<'_>) -> anyhow::Result<Frame> {
        let Rooms { people, privacy, dashboard, curation, alerts, overlay_desk, daylist, writer, receiver } =
            rooms;
        Ok(Frame {
            daylist: daylist.clone(),
            receiver,
            health: Health {
                db: self.db.clone(),
                metrics: self.metrics.clone(),
                writer: writer.clone(),
                doors: daylist.doors.clone(),
            },
            limits: Limits::new(self.config.limits.requests_per_minute),
            people,
            privacy,
            dashboard,
            curation,
            alerts,
            overlay_desk,
            around: http::Frame {
                safety: Safety::new(self.covers().as_deref(), &self.site(), self.is_https())?,
                proxies: Proxies(self.config.server.trusted_proxies.clone().into()),
                site: self.site(),
            },
        })
    }
}
