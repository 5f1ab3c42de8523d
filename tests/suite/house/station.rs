//! A station: the program itself as a process in a folder of its own, with the twins around it.

use super::program::{Program, run_with_input};
use super::{GLANCE, PATIENCE, eventually, text};
use airlog::base::clock::{Clock as _, SystemClock};
use airlog::twins::{
    Act, BroadcastKind, Cue, Deed, Endpoint, SPOTIFY_CLIENT_ID, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET,
    TrackRef, Twins, World,
};
use chrono::Timelike as _;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;
use tempfile::TempDir;

/// The program's folder, its settings and its world.
pub struct Station {
    pub twins: Twins,
    pub addr: SocketAddr,
    folder: TempDir,
    settings: Vec<(String, String)>,
    http: reqwest::Client,
}

impl Station {
    /// A station on a free port, twenty times faster than life.
    pub async fn built() -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let twins = Twins::start(any, World::new(3), SystemClock::shared()).await.expect("twins");
        let addr = TcpListener::bind(any).and_then(|door| door.local_addr()).expect("a port");
        let folder = TempDir::with_prefix("airlog-station-").expect("a folder");
        let http = airlog::clients::http_client(PATIENCE).expect("a client");
        let mut station = Self { twins, addr, folder, settings: Vec::new(), http };
        station.set("SERVER__LISTEN", addr);
        station.set("TWITCH__CLIENT_ID", TWITCH_CLIENT_ID);
        station.set("TWITCH__CLIENT_SECRET", TWITCH_CLIENT_SECRET);
        station.set("TWITCH__API_URL", station.twins.twitch_api_url());
        station.set("TWITCH__ID_URL", station.twins.twitch_id_url());
        station.set("SPOTIFY__CLIENT_ID", SPOTIFY_CLIENT_ID);
        station.set("SPOTIFY__API_URL", station.twins.spotify_api_url());
        station.set("SPOTIFY__ACCOUNTS_URL", station.twins.spotify_accounts_url());
        station.set("TRACKING__POLL_INTERVAL", "3s");
        station.set("TRACKING__PROBE_DELAY", "75ms");
        station.set("TRACKING__MIN_GAP", "250ms");
        station.set("TRACKING__HEAL_INTERVAL", "6s");
        station.set("TRACKING__RECONCILE_INTERVAL", "1s");
        station
    }

    /// Sets a key of the config, as the environment names it.
    pub fn set(&mut self, key: &str, value: impl Display) {
        let key = format!("AIRLOG_{key}");
        self.settings.retain(|(known, _)| *known != key);
        self.settings.push((key, value.to_string()));
    }

    /// Puts a streamer in by command, linked to Spotify.
    pub async fn has_streamer(&self, login: &str) {
        let id = self.twins.with(|world, _| world.add_person(login).twitch_id.clone());
        let tokens = self.twins.grant(login);
        let input = format!("{}\n{}\n", tokens.refresh_token.expect("a refresh token"), tokens.access_token);
        let noon = zone_of_noon();
        let zone = ["--timezone", &noon];
        let add = ["streamer", "add", login, "--twitch-id", &id, "--spotify-client-id", SPOTIFY_CLIENT_ID];
        let add = [&add[..], &zone].concat();
        let added = run_with_input(self.folder.path(), &add, &self.settings, &input).await;
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    }

    /// Starts the program; it need not be ready yet.
    pub fn serves(&self) -> Program {
        Program::start_with(self.folder.path(), &["serve"], &self.settings)
    }

    /// Starts the program with a socket that it is to listen on.
    pub fn serves_on(&self, socket: TcpListener) -> Program {
        Program::start_on(self.folder.path(), &self.settings, socket)
    }

    pub fn goes_live(&self, login: &str) {
        self.twins.perform(&Act::of(login, Deed::GoLive { kind: BroadcastKind::Live }));
    }

    /// Plays track `number` for ten minutes and gives its title.
    pub fn plays(&self, login: &str, number: usize) -> String {
        let track = TrackRef(number);
        self.twins.perform(&Act::of(login, Deed::Play(Cue::lasting(track, Duration::from_mins(10)))));
        self.twins.with(|world, _| world.catalogue.track(track).name.clone())
    }

    /// How often this streamer's player was looked at.
    pub fn looks(&self, login: &str) -> u64 {
        self.twins.with(|world, _| world.calls_of(login, Endpoint::Player))
    }

    /// Locks the program's database against writing, until this is dropped; none if somebody else holds the lock.
    pub async fn locks_database(&self) -> Option<SqliteConnection> {
        let mut connection = self.file().await;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.ok().map(|_| connection)
    }

    async fn file(&self) -> SqliteConnection {
        let file = self.folder.path().join("airlog.db");
        SqliteConnectOptions::new()
            .filename(file)
            .busy_timeout(Duration::from_secs(1))
            .connect()
            .await
            .expect("the program's database")
    }

    /// Today's list; none while nobody answers.
    pub async fn list(&self, login: &str) -> Option<Vec<Value>> {
        self.day(login).await?["tracks"].as_array().cloned()
    }

    /// Today, as the API has it; none while nobody answers.
    pub async fn day(&self, login: &str) -> Option<Value> {
        let url = format!("http://{}/api/v1/streamers/{login}/tracks", self.addr);
        let body = self.http.get(url).send().await.ok()?.text().await.ok()?;
        serde_json::from_str(&body).ok()
    }

    /// How many streams the program follows; none while it does not answer.
    pub async fn sessions(&self) -> Option<usize> {
        let asked = self.http.get(format!("http://{}/metrics", self.addr)).timeout(GLANCE * 10).send();
        let text = asked.await.ok()?.text().await.ok()?;
        text.lines().find_map(|line| line.strip_prefix("airlog_sessions ")?.parse().ok())
    }

    /// Waits until the list has these titles.
    pub async fn lists(&self, login: &str, titles: &[&str]) {
        eventually(&format!("the list is {titles:?}"), async || {
            let rows = self.list(login).await?;
            rows.iter().map(|row| text(&row["name"])).eq(titles.iter().copied()).then_some(())
        })
        .await;
    }
}

/// A zone in which it is about noon, so that no midnight comes into an evening that is lived through in earnest.
fn zone_of_noon() -> String {
    let ahead = 12 - i64::from(SystemClock.now().hour());
    // The signs of these zones are the wrong way round.
    if ahead > 0 { format!("Etc/GMT-{ahead}") } else { format!("Etc/GMT+{}", -ahead) }
}
