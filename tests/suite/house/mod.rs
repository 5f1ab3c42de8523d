//! The harness: a real server on a real database beside the twins, with verbs to act on it.
//!
//! Time is scaled down by the config, so that a minute of streaming takes a few hundred milliseconds. A house must be
//! closed: [`House::closes`] fails on plays that are not stored and viewers that are left.

pub mod bare;
pub mod browser;
pub mod database;
mod home;
pub mod mishaps;
pub mod outage;
pub mod overlays;
pub mod people;
pub mod person;
pub mod player;
pub mod postgres;
pub mod program;
pub mod raw;
pub mod receiver;
pub mod secrets;
pub mod setup;
pub mod show;
pub mod sockets;
pub mod staff;
pub mod station;
pub mod sweep;
pub mod team;
pub mod time;
pub mod tracking;
pub mod viewer;
pub mod wire;

use airlog::accounts::Accounts;
use airlog::app::{self, Rig};
use airlog::base::backoff::Backoff;
use airlog::base::clock::{Instant, SharedClock, ShiftedClock};
use airlog::base::steady_clock::SteadyClock;
use airlog::config::Config;
use airlog::eventsub::{Pace, Watch};
use airlog::live::Controls;
use airlog::twins::{Twins, World};
use chrono::DateTime;
use data_encoding::BASE64;
use home::{Home, config};
use reqwest::header::{ETAG, IF_NONE_MATCH};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::timeout;
use wire::Wire;

/// How long a condition may take to come true, on a machine that is busy with other tests.
pub const PATIENCE: Duration = Duration::from_mins(1);
/// How often a condition is looked at that nobody tells us of.
const GLANCE: Duration = Duration::from_millis(20);

/// A house to tell stories in.
pub struct House {
    pub twins: Twins,
    pub clock: Arc<ShiftedClock>,
    /// The clock on the server's wall, where that is not the clock of everybody.
    wall: Option<Arc<ShiftedClock>>,
    config: Config,
    rig: Rig,
    home: Option<Box<Home>>,
    http: reqwest::Client,
    /// To the database, if it is a server.
    wire: Option<Arc<Wire>>,
    /// What browsers hold that nobody may find.
    held: Mutex<Vec<String>>,
    data: TempDir,
}

impl House {
    /// A house with nobody in it.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// A house with another config.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::rigged(Rig::default(), change).await
    }

    /// A house in which something goes wrong that no config brings about.
    pub async fn rigged(rig: Rig, change: impl FnOnce(&mut Config)) -> Self {
        let mut house = Self::built(evening(), rig, change).await;
        house.opens().await;
        house.is_swept_at_first().await;
        house
    }

    /// A house whose stories begin then, in which the server has a clock of its own on the wall.
    pub async fn with_own_wall(begins: Instant, change: impl FnOnce(&mut Config)) -> Self {
        let mut house = Self::built(begins, Rig::default(), change).await;
        house.wall = Some(Arc::new(ShiftedClock::starting_at(begins)));
        house.opens().await;
        house.is_swept_at_first().await;
        house
    }

    /// A house that sees to its EventSub subscriptions at this pace.
    pub async fn paced(pace: Pace, change: impl FnOnce(&mut Config)) -> Self {
        let mut house = Self::built(evening(), Rig::default(), change).await;
        house.rig.eventsub = pace;
        house.opens().await;
        house.is_swept_at_first().await;
        house
    }

    async fn built(begins: Instant, rig: Rig, change: impl FnOnce(&mut Config)) -> Self {
        let clock = Arc::new(ShiftedClock::starting_at(begins));
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let shared: SharedClock = clock.clone();
        let twins = Twins::start(listen, World::new(7), shared).await.expect("twins");
        let data = TempDir::with_prefix("airlog-house-").expect("a folder");
        let (url, wire) = database::empty(data.path()).await;
        let mut config = config(&twins, &url);
        // Beside a database that is no file the key would lie in the working directory, which is everybody's.
        config.secrets.key = wire.is_some().then(|| Box::new([7; 32]).into());
        change(&mut config);
        let http = airlog::clients::http_client(PATIENCE).expect("a client");
        // On a busy machine even a twin takes its time.
        let rig = Rig { eventsub: brisk(), time_to_answer: Duration::from_millis(500), ..rig };
        Self { twins, clock, wall: None, config, rig, home: None, http, wire, held: Mutex::default(), data }
    }

    /// A house in which ann is live; what plays is up to the story.
    pub async fn with_ann_live() -> Self {
        let house = Self::start().await;
        house.has_streamer("ann").await;
        house.goes_live("ann").await;
        house
    }

    /// Starts the server; after the first time at the same address, because Twitch delivers there.
    pub async fn opens(&mut self) {
        let clock: SharedClock = match &self.wall {
            Some(wall) => Arc::new(SteadyClock::over(wall.clone())),
            None => self.clock.clone(),
        };
        let app = app::build_with(&self.config, clock, self.rig.clone()).await.expect("a house");
        self.config.server.listen = app.addr();
        self.home = Some(Box::new(Home::of(app)));
    }

    /// Stops the server in order.
    pub async fn stops(&mut self) {
        let home = self.home.take().expect("an open house");
        home.stop.send(()).expect("a running server");
        home.serving.await.expect("no panic").expect("a clean stop");
    }

    /// Has the program seal everything under another key, while the server is stopped.
    pub async fn rotates_keys(&mut self) {
        let (old, new) = (BASE64.encode(&[7; 32]), BASE64.encode(&[8; 32]));
        let is_given = self.config.secrets.key.is_some();
        let url = self.config.database.url.expose().to_owned();
        let settings = [("AIRLOG_DATABASE__URL", url), ("AIRLOG_SERVER__LISTEN", "127.0.0.1:0".to_owned())];
        let key = is_given.then_some(("AIRLOG_SECRETS__KEY", old));
        let environment: Vec<_> =
            settings.into_iter().chain(key).map(|(name, value)| (name.to_owned(), value)).collect();
        let arguments = ["keys", "rotate"];
        let output = program::run_with_input(self.data.path(), &arguments, &environment, &new).await;
        assert!(output.status.success(), "{output:?}");
        self.config.secrets.key = is_given.then(|| Box::new([8; 32]).into());
    }

    /// Closes the house; fails on leftovers.
    pub async fn closes(mut self) {
        let (doors, writer) = (self.home().doors.clone(), self.home().writer.clone());
        self.eventually("all viewers have left", async || (doors.guests() == 0).then_some(())).await;
        self.stops().await;
        assert_eq!(writer.pending(), 0, "plays were not stored");
    }

    pub fn accounts(&self) -> &Accounts {
        &self.home().accounts
    }

    pub fn watch(&self) -> &Watch {
        &self.home().watch
    }

    /// What streamers can do about tracking.
    pub fn controls(&self) -> &Controls {
        &self.home().controls
    }

    pub fn addr(&self) -> SocketAddr {
        self.home().addr
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr())
    }

    /// `GET`: status and body.
    pub async fn get(&self, path: &str) -> (u16, String) {
        let response = self.http.get(self.url(path)).send().await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("a body"))
    }

    /// `GET` by somebody who has a page of this name: its name now, and its text if that is another.
    pub async fn get_unless(&self, path: &str, known: &str) -> (String, Option<String>) {
        let request = self.http.get(self.url(path)).header(IF_NONE_MATCH, known);
        let response = request.send().await.expect("an answer");
        let (status, is_new) = (response.status(), response.status() == 200);
        let name = response.headers().get(ETAG).map(|name| name.to_str().expect("text").to_owned());
        let name = name.unwrap_or_else(|| panic!("{path} has no name: {status}"));
        let text = response.text().await.expect("a body");
        assert!(is_new || text.is_empty(), "{text}");
        (name, is_new.then_some(text))
    }

    /// `GET`, with the headers of the answer.
    pub async fn answer(&self, path: &str) -> reqwest::Response {
        self.http.get(self.url(path)).send().await.expect("an answer")
    }

    /// What whoever is to be the owner has to type.
    pub async fn setup_code(&self) -> Option<String> {
        let flows = &self.home().flows;
        let awaited = flows.awaits_owner().await.expect("an answer");
        awaited.then(|| flows.setup_code().expose_secret().to_owned())
    }

    /// `GET` of JSON that is there.
    pub async fn json(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// The titles of today's list, as the API has it.
    pub async fn list(&self, login: &str) -> Vec<String> {
        let day = self.json(&format!("/api/v1/streamers/{login}/tracks")).await;
        day["tracks"].as_array().expect("tracks").iter().map(|track| text(&track["name"])).collect()
    }

    /// Waits until today's list is this, and the database holds the same.
    pub async fn lists(&self, login: &str, titles: &[&str]) {
        self.eventually(&format!("the list is {titles:?}"), async || {
            let (list, stored) = (self.list(login).await, self.stored().await);
            (list == titles && stored == titles).then_some(())
        })
        .await;
    }

    /// The value of a metric, 0 when it was never counted.
    pub fn counted(&self, metric: &str) -> u64 {
        let text = self.home().metrics.text(0, 0);
        let line = text.lines().find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
        line.map_or(0, |value| value.parse().expect("a number"))
    }

    /// Waits until a metric has reached a value.
    pub async fn counts(&self, metric: &str, least: u64) {
        self.eventually(&format!("{metric} is {least}"), async || {
            (self.counted(metric) >= least).then_some(())
        })
        .await;
    }

    /// Waits until a condition gives something.
    pub async fn eventually<T>(&self, what: &str, condition: impl AsyncFn() -> Option<T>) -> T {
        eventually(what, condition).await
    }

    fn home(&self) -> &Home {
        self.home.as_ref().expect("an open house")
    }
}

impl Drop for House {
    fn drop(&mut self) {
        assert!(self.home.is_none() || std::thread::panicking(), "the house was not closed");
    }
}

/// How EventSub subscriptions are seen to in stories: what fails is tried again soon, and nothing is looked at hourly.
pub fn brisk() -> Pace {
    Pace {
        check: Duration::from_hours(1),
        retry: Backoff { first: Duration::from_millis(40), most: Duration::from_millis(400) },
        hello: Duration::from_secs(5),
        slack: Duration::from_millis(600),
    }
}

/// When all stories begin: in the evening, far from anybody's midnight that a story does not tell of.
fn evening() -> Instant {
    DateTime::parse_from_rfc3339("2026-11-20T18:00:00Z").expect("an instant").to_utc()
}

/// The text of a JSON string.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Waits until a condition gives something.
pub async fn eventually<T>(what: &str, condition: impl AsyncFn() -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = condition().await {
                return found;
            }
            tokio::time::sleep(GLANCE).await;
        }
    };
    timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited in vain until {what}"))
}
