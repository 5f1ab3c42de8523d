//! `airlog demo`: twins, server, a temporary database and a scripted evening in one process. Nothing is short-circuited:
//! the server gets its subscriptions, its webhooks and its looks over HTTP, as from the real companies.

mod past;

use super::build::build;
use super::built::App;
use super::listen::on as listen_on;
use crate::accounts::{NewStreamer, User};
use crate::base::clock::{Clock as _, SystemClock};
use crate::config::{Allow, Config, EventSub};
use crate::eventsub::{Standing, Watch};
use crate::twins::{
    Act, BroadcastKind, Deed, Evening, SPOTIFY_CLIENT_ID, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET, Twins,
    World,
};
use anyhow::Context as _;
use chrono_tz::Tz;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tempfile::TempDir;

/// Who is live when the demo begins.
const LOGIN: &str = "ann";
/// The looks of a real evening are a minute apart; tracks of the demo last some 30 seconds.
const POLL_INTERVAL: Duration = Duration::from_secs(8);
const PROBE_DELAY: Duration = Duration::from_millis(400);
const MIN_GAP: Duration = Duration::from_secs(1);
const COOLDOWN: Duration = Duration::from_secs(20);
const RECONCILE_INTERVAL: Duration = Duration::from_secs(5);
const HEAL_INTERVAL: Duration = Duration::from_secs(20);

/// How often it is looked whether Twitch tells of everybody, and for how long at most.
const GLANCE: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(5);

/// A demo that runs.
#[derive(Debug)]
pub struct Demo {
    app: App,
    twins: Twins,
    streamers: Vec<User>,
    data: TempDir,
}

impl Demo {
    /// Starts everything; the music plays from now on.
    ///
    /// # Errors
    /// When the address is taken, or there is no room for temporary files.
    pub async fn start(listen: SocketAddr, speed: f64) -> anyhow::Result<Self> {
        // Whoever has the port is told of before anything else begins.
        drop(listen_on(listen).await?);
        let data = folder().context("making a temporary folder")?;
        let dice = SystemClock.now().timestamp().unsigned_abs();
        let twins = start_twins(listen.ip(), dice, speed).await?;
        let app = build(&config(listen, speed, &twins, &data)?, SystemClock::shared()).await?;
        let streamers = add_streamers(&app, &twins).await?;
        past::store_past(app.db(), &streamers, dice, &twins.covers_url(), SystemClock.now()).await?;
        play(&twins, &streamers, speed);
        Ok(Self { app, twins, streamers, data })
    }

    /// Each URL on its own line.
    #[must_use]
    pub fn welcome(&self) -> String {
        let (server, control) = (self.app.public_url(), self.twins.control_url());
        format!(
            "An evening with {LOGIN}, live on simulated Twitch with simulated Spotify. Ctrl-C ends it.\n\n\
             Day page: the list, live\n  {server}/streamers/{LOGIN}/tracks/today\n\
             Streamer page: the days before, and what came up most\n  {server}/streamers/{LOGIN}\n\
             Overlay: a browser source for OBS\n  {server}/overlay/{LOGIN}/now-playing\n\
             Everybody who is live\n  {server}/\n\
             Dashboard: log in as {LOGIN}\n  {server}/dashboard\n\
             Twins: play fate, skip, pause, go offline, break things\n  {control}\n"
        )
    }

    /// Opens the doors, goes live, and runs until `stop` ends; then the data is removed.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn run_until(self, stop: impl Future<Output = ()> + Send) -> anyhow::Result<()> {
        let watch = self.app.watch().clone();
        let mut serving = pin!(self.app.run_until(stop));
        // Twitch asks a new subscriber back, so going live needs the open doors.
        let result = tokio::select! {
            result = &mut serving => result,
            () = go_live(&self.twins, &watch, &self.streamers) => serving.await,
        };
        self.twins.stop().await;
        self.data.close().context("removing the demo's data")?;
        result
    }
}

/// Everybody has music on; the others go live when somebody has them do so.
fn play(twins: &Twins, streamers: &[User], speed: f64) {
    let first = SystemClock.now().timestamp_millis().unsigned_abs();
    for (seed, streamer) in (first..).zip(streamers) {
        twins.run_script(&streamer.login, Evening::new(seed, speed));
    }
}

/// Goes live once Twitch tells of it; should that take long, asking who is live will do.
async fn go_live(twins: &Twins, watch: &Watch, streamers: &[User]) {
    let subscribed = |user: &User| watch.of(user.id) == Some(Standing::Subscribed);
    let everybody = async {
        while !streamers.iter().all(subscribed) {
            tokio::time::sleep(GLANCE).await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, everybody).await;
    twins.perform(&Act::of(LOGIN, Deed::GoLive { kind: BroadcastKind::default() }));
}

/// A folder that nobody else on the machine can look into.
fn folder() -> std::io::Result<TempDir> {
    let mut folder = tempfile::Builder::new();
    #[cfg(unix)]
    folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    folder.prefix("airlog-demo-").tempdir()
}

async fn start_twins(address: std::net::IpAddr, dice: u64, speed: f64) -> anyhow::Result<Twins> {
    let world = World::demo(dice, speed);
    Twins::start(SocketAddr::new(address, 0), world, SystemClock::shared())
        .await
        .context("starting the twins")
}

fn config(listen: SocketAddr, speed: f64, twins: &Twins, data: &TempDir) -> anyhow::Result<Config> {
    let mut config = Config::default();
    config.server.listen = listen;
    config.database.url = format!("sqlite://{}", data.path().join("airlog.db").display()).parse()?;
    config.accounts.allow = Allow::Anyone;
    config.twitch.client_id = Some(TWITCH_CLIENT_ID.to_owned());
    config.twitch.client_secret = Some(TWITCH_CLIENT_SECRET.into());
    config.twitch.eventsub = EventSub::Webhook;
    config.twitch.api_url = twins.twitch_api_url().parse()?;
    config.twitch.id_url = twins.twitch_id_url().parse()?;
    config.twitch.eventsub_url = twins.twitch_eventsub_url().parse()?;
    config.spotify.client_id = Some(SPOTIFY_CLIENT_ID.to_owned());
    config.spotify.api_url = twins.spotify_api_url().parse()?;
    config.spotify.accounts_url = twins.spotify_accounts_url().parse()?;
    config.tracking.poll_interval = POLL_INTERVAL.div_f64(speed);
    config.tracking.probe_delay = PROBE_DELAY.div_f64(speed);
    config.tracking.min_gap = MIN_GAP.div_f64(speed);
    config.tracking.default_cooldown = COOLDOWN.div_f64(speed);
    config.tracking.reconcile_interval = RECONCILE_INTERVAL.div_f64(speed);
    config.tracking.heal_interval = HEAL_INTERVAL.div_f64(speed);
    Ok(config)
}

async fn add_streamers(app: &App, twins: &Twins) -> anyhow::Result<Vec<User>> {
    let mut users = Vec::new();
    for person in twins.with(|world, _| world.persons().to_vec()) {
        let tokens = twins.grant(&person.login);
        let streamer = NewStreamer {
            twitch_id: person.twitch_id,
            login: person.login,
            name: Some(person.name),
            timezone: Some(Tz::UTC),
            retention_days: Some(past::KEPT_DAYS),
            client_id: SPOTIFY_CLIENT_ID.to_owned(),
            access_token: tokens.access_token.into(),
            refresh_token: tokens.refresh_token.unwrap_or_default().into(),
        };
        users.push(app.accounts().add(&streamer, SystemClock.now()).await.context("adding a streamer")?);
    }
    Ok(users)
}
