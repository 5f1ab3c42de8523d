//! Two minutes of a real evening through the program itself: what the twins say was heard is what the list says.
//!
//! The ground truth is that of the bench, twenty times faster. Half-way the program is killed and started again.

use crate::house::program::{Program, run_with_input};
use airlog::base::clock::{Instant, SystemClock};
use airlog::twins::{
    Act, Deed, Fault, Mix, SPOTIFY_CLIENT_ID, StreamDay, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET, TruePlay,
    Twins, World, truth,
};
use chrono::TimeDelta;
use serde_json::Value;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tempfile::TempDir;

const TIMES: i32 = 20;
const LENGTH: TimeDelta = TimeDelta::minutes(2);
/// Spotify reports what was heard for longer: 30 s, twenty times faster.
const REPORTED: Duration = Duration::from_millis(1_500);
/// How long after the end the list may take to be whole.
const AFTERMATH: TimeDelta = TimeDelta::seconds(15);

/// A program in a folder, with the twins around it.
struct Evening {
    folder: TempDir,
    twins: Twins,
    port: u16,
    day: StreamDay,
}

impl Evening {
    async fn begins() -> Self {
        let clock = SystemClock::shared();
        let twins = Twins::start(SocketAddr::from(([127, 0, 0, 1], 0)), World::new(3), clock.clone());
        let twins = twins.await.expect("twins");
        twins.with(|world, _| {
            world.history_rules.least_heard = REPORTED;
            world.history_rules.keeps_skipped = true;
        });
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|door| door.local_addr()).expect("a port").port();
        let start = clock.now() + TimeDelta::seconds(16);
        let day = StreamDay::slice(11, &Mix::standard(), start, LENGTH, TIMES);
        let evening =
            Self { folder: TempDir::with_prefix("airlog-slice-").expect("a folder"), twins, port, day };
        evening.has_ann().await;
        evening
    }

    async fn has_ann(&self) {
        let id = self.twins.with(|world, _| world.add_person("ann").twitch_id.clone());
        let tokens = self.twins.grant("ann");
        let refresh = tokens.refresh_token.expect("a refresh token");
        let input = format!("{refresh}\n{}\n", tokens.access_token);
        let add = ["streamer", "add", "ann", "--twitch-id", &id, "--spotify-client-id", SPOTIFY_CLIENT_ID];
        let added = run_with_input(self.folder.path(), &add, &input).await;
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    }

    fn serves(&self) -> Program {
        let set = |key: &str, value: &str| (format!("AIRLOG_{key}"), value.to_owned());
        let environment = [
            set("SERVER__LISTEN", &format!("127.0.0.1:{}", self.port)),
            set("TWITCH__CLIENT_ID", TWITCH_CLIENT_ID),
            set("TWITCH__CLIENT_SECRET", TWITCH_CLIENT_SECRET),
            set("TWITCH__API_URL", &self.twins.twitch_api_url()),
            set("TWITCH__ID_URL", &self.twins.twitch_id_url()),
            set("SPOTIFY__CLIENT_ID", SPOTIFY_CLIENT_ID),
            set("SPOTIFY__API_URL", &self.twins.spotify_api_url()),
            set("SPOTIFY__ACCOUNTS_URL", &self.twins.spotify_accounts_url()),
            set("TRACKING__POLL_INTERVAL", "3s"),
            set("TRACKING__PROBE_DELAY", "75ms"),
            set("TRACKING__MIN_GAP", "250ms"),
            set("TRACKING__HEAL_INTERVAL", "6s"),
            set("TRACKING__RECONCILE_INTERVAL", "1s"),
        ];
        Program::start_with(self.folder.path(), &["serve"], &environment)
    }

    /// Lives until then, act by act.
    async fn passes(&self, done: &mut usize, until: Instant) {
        while let Some((at, deed)) = self.day.acts.get(*done).filter(|(at, _)| *at <= until) {
            sleep_until(*at).await;
            self.twins.perform(&Act::of("ann", deed.clone()));
            *done += 1;
        }
        sleep_until(until).await;
    }

    /// What was heard on air for longer than Spotify keeps silent about.
    fn truth(&self) -> Vec<TruePlay> {
        let mut plays = self.twins.with(|world, now| truth(world.heard("ann", now), &self.day));
        plays.retain(|play| play.on_air > Duration::ZERO);
        plays
    }

    async fn list(&self) -> Vec<Value> {
        let url = format!("http://127.0.0.1:{}/api/v1/streamers/ann/tracks", self.port);
        let http = airlog::clients::http_client(Duration::from_secs(10)).expect("a client");
        let body = http.get(url).send().await.expect("an answer").text().await.expect("a body");
        let day: Value = serde_json::from_str(&body).expect("JSON");
        day["tracks"].as_array().expect("tracks").clone()
    }
}

async fn sleep_until(at: Instant) {
    let wait = (at - SystemClock::shared().now()).to_std().unwrap_or_default();
    tokio::time::sleep(wait).await;
}

/// Whether the rows stand for plays of the truth in order, each for one.
fn is_true(rows: &[Value], truth: &[TruePlay]) -> bool {
    let mut plays = truth.iter();
    rows.iter().all(|row| plays.any(|play| row["uri"] == play.uri))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_minutes_of_an_evening_are_listed_as_they_were_heard() {
    let evening = Evening::begins().await;
    let (start, end) = evening.day.streams[0];
    let (mut done, program) = (0, evening.serves());
    evening.passes(&mut done, start + LENGTH / 4).await;
    evening.twins.perform(&Act::of("ann", Deed::Fault(Fault::rate_limit(4))));
    evening.passes(&mut done, start + LENGTH / 2).await;
    program.gets_killed().await;
    evening.passes(&mut done, start + LENGTH / 2 + TimeDelta::seconds(6)).await;
    let program = evening.serves();
    evening.passes(&mut done, end + AFTERMATH).await;

    let (truth, rows) = (evening.truth(), evening.list().await);
    let names: Vec<&Value> = rows.iter().map(|row| &row["uri"]).collect();
    assert!(is_true(&rows, &truth), "{names:#?} of {truth:#?}");
    let reported = truth.iter().filter(|play| play.on_air > REPORTED * 6 / 5);
    let missing: Vec<&TruePlay> =
        reported.filter(|play| !rows.iter().any(|row| row["uri"] == play.uri)).collect();
    assert!(missing.is_empty(), "{missing:#?} not in {names:#?}");
    assert!(truth.len() > 8, "{} plays", truth.len());
    assert_eq!(program.ends_on("TERM").await, Some(0));
    evening.twins.stop().await;
}
