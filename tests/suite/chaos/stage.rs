//! The stage: the program on a database with wires to everybody, three streamers, and those who watch them.
//!
//! ann and bob play what a stream-day of the bench plays, twenty times faster; bob's streams end while the program is
//! away. cat plays files that Spotify never reports: only what was seen and stored is left of those.

use super::log::Log;
use super::records::Records;
use super::witness::{Door, Witness};
use crate::house::database::{self, Database};
use crate::house::station::Station;
use crate::house::wire::Wire;
use airlog::base::clock::{Instant, SystemClock};
use airlog::twins::{Act, BroadcastKind, Cue, Deed, Mix, StreamDay, TrackRef};
use chrono::TimeDelta;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tempfile::TempDir;

pub const TIMES: i32 = 20;
/// Spotify reports what was heard for longer: 30 s, twenty times faster.
pub const REPORTED: Duration = Duration::from_millis(1_500);
/// How long before the streams the music begins: five minutes, twenty times faster, and a second.
const OVERTURE: TimeDelta = TimeDelta::seconds(16);
/// After this time on air at the latest a start finds a stream that is known: the longest absence, and a little.
const KNOWN: TimeDelta = TimeDelta::seconds(12);
const VIEWERS: [(&str, Door); 6] = [
    ("ann", Door::Socket),
    ("ann", Door::SocketOfStream),
    ("ann", Door::Events),
    ("bob", Door::Socket),
    ("cat", Door::Socket),
    ("cat", Door::Socket),
];

/// Everything around the program.
pub struct Stage {
    pub station: Station,
    pub seed: u64,
    pub length: Duration,
    /// When the streams begin, and end.
    pub span: (Instant, Instant),
    pub ann: StreamDay,
    pub bob: StreamDay,
    pub spotify: Wire,
    pub twitch: Wire,
    pub viewers: Wire,
    /// The wire to PostgreSQL; SQLite has none.
    pub database: Option<Arc<Wire>>,
    pub database_url: String,
    /// When bob was on air.
    pub bobs: Mutex<Vec<(Instant, Option<Instant>)>>,
    /// What cat has played, and from when.
    pub files: Mutex<Vec<(String, Instant)>>,
    log: Mutex<Log>,
    _folder: TempDir,
}

impl Stage {
    /// A stage on the database that the story is told on.
    pub async fn set(seed: u64, length: Duration) -> Self {
        let mut station = Station::built().await;
        let (spotify, twitch) = (Wire::to(station.twins.addr()).await, Wire::to(station.twins.addr()).await);
        let viewers = Wire::to(station.addr).await;
        let folder = TempDir::with_prefix("airlog-chaos-").expect("a folder");
        let (database_url, database) = database::empty(folder.path()).await;
        settings(&mut station, &spotify, &twitch, &database_url);
        station.twins.with(|world, _| {
            world.history_rules.least_heard = REPORTED;
            world.history_rules.keeps_skipped = true;
        });
        for login in ["ann", "bob", "cat"] {
            station.has_streamer(login).await;
        }
        let start = SystemClock::shared().now() + OVERTURE;
        let span = TimeDelta::from_std(length).expect("an evening");
        let day = |seed| StreamDay::slice(seed, &Mix::standard(), start, span, TIMES);
        let (ann, mut bob, span) = (day(seed), day(seed.wrapping_add(1)), (start, start + span));
        bob.acts.retain(|(_, deed)| !matches!(deed, Deed::GoLive { .. } | Deed::GoOffline));
        Self {
            station,
            seed,
            length,
            span,
            ann,
            bob,
            spotify,
            twitch,
            viewers,
            database,
            database_url,
            bobs: Mutex::default(),
            files: Mutex::default(),
            log: Mutex::default(),
            _folder: folder,
        }
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().expect("nobody fails with it in hand")
    }

    pub fn kind(&self) -> Database {
        if self.database.is_some() { Database::Postgres } else { Database::Sqlite }
    }

    /// Those who watch, through their wire.
    pub fn witnesses(&self) -> Vec<Witness> {
        VIEWERS.iter().map(|(login, door)| Witness::comes(self.viewers.addr(), login, *door)).collect()
    }

    /// What is stored, whatever has become of the wire.
    pub async fn records(&self) -> Records {
        let through = |wire: &Arc<Wire>| {
            self.database_url.replace(&wire.addr().to_string(), &wire.server().to_string())
        };
        Records::at(&self.database.as_ref().map_or_else(|| self.database_url.clone(), through)).await
    }

    pub fn does(&self, login: &str, deed: Deed) {
        self.station.twins.perform(&Act::of(login, deed));
    }

    /// Somebody lives the day, act by act.
    pub async fn lives(&self, login: &str, day: &StreamDay) {
        for (at, deed) in &day.acts {
            sleep_until(*at).await;
            self.does(login, deed.clone());
        }
    }

    /// bob goes on air, with another track than the one that was on when he left.
    pub fn bob_goes_live(&self) {
        let mut bobs = self.bobs.lock().expect("spans");
        let cue = Cue::lasting(TrackRef(990 + bobs.len() % 2), Duration::from_secs(5));
        self.does("bob", Deed::Play(cue));
        self.does("bob", Deed::GoLive { kind: BroadcastKind::Live });
        bobs.push((SystemClock::shared().now(), None));
    }

    pub fn bob_goes_offline(&self) {
        self.does("bob", Deed::GoOffline);
        if let Some(last) = self.bobs.lock().expect("spans").last_mut() {
            last.1.get_or_insert(SystemClock::shared().now());
        }
    }

    /// Who has been on air for so long that a running program knew it.
    pub fn on_air_for_long(&self) -> Vec<&'static str> {
        let now = SystemClock::shared().now();
        if now + KNOWN > self.span.1 {
            return Vec::new();
        }
        let known_since = now - KNOWN;
        let bobs = self.bobs.lock().expect("spans");
        let bob = bobs.last().filter(|(from, to)| *from < known_since && to.is_none()).map(|_| "bob");
        let others = ["ann", "cat"].into_iter().filter(|_| self.span.0 < known_since);
        others.chain(bob).collect()
    }

    /// cat is on air all evening and plays one file after the other, each once.
    pub async fn cat_plays_files(&self) {
        sleep_until(self.span.0).await;
        self.does("cat", Deed::GoLive { kind: BroadcastKind::Live });
        for number in 0_u64.. {
            let length = Duration::from_secs(6 + number % 4);
            let title = format!("File {number}");
            self.station.twins.with(|world, now| world.play_local("cat", &title, "Cat", length, now));
            self.files.lock().expect("files").push((title.replace(' ', "+"), SystemClock::shared().now()));
            sleep_until((SystemClock::shared().now() + length).min(self.span.1)).await;
            if SystemClock::shared().now() >= self.span.1 {
                return self.does("cat", Deed::GoOffline);
            }
        }
    }
}

fn settings(station: &mut Station, spotify: &Wire, twitch: &Wire, database_url: &str) {
    let (twins, through) = (station.twins.addr().to_string(), |wire: &Wire| wire.addr().to_string());
    let over = |url: String, wire: &Wire| url.replace(&twins, &through(wire));
    let twitch_urls = (station.twins.twitch_api_url(), station.twins.twitch_id_url());
    let spotify_urls = (station.twins.spotify_api_url(), station.twins.spotify_accounts_url());
    station.set("DATABASE__URL", database_url);
    station.set("TWITCH__API_URL", over(twitch_urls.0, twitch));
    station.set("TWITCH__ID_URL", over(twitch_urls.1, twitch));
    station.set("SPOTIFY__API_URL", over(spotify_urls.0, spotify));
    station.set("SPOTIFY__ACCOUNTS_URL", over(spotify_urls.1, spotify));
    station.set("TRACKING__REQUEST_TIMEOUT", "1s");
    station.set("TRACKING__HEAL_INTERVAL", "4s");
    station.set("TRACKING__STREAM_GRACE", "3s");
    station.set("LIMITS__REQUESTS_PER_MINUTE", 0);
    station.set("LOG__FILTER", std::env::var("AIRLOG_CHAOS_LOG").unwrap_or_else(|_| "off".to_owned()));
}

pub async fn sleep_until(at: Instant) {
    let wait = (at - SystemClock::shared().now()).to_std().unwrap_or_default();
    tokio::time::sleep(wait).await;
}
