//! The whole of Airlog, with streamers on air in whose hub this process publishes as their sessions would.

use super::process::{Server, of_ours};
use super::{Order, Rig};
use airlog::accounts::NewStreamer;
use airlog::app::{self, App};
use airlog::base::clock::{Clock as _, SystemClock};
use airlog::base::id::{PlayId, StreamId};
use airlog::base::steady_clock::SteadyClock;
use airlog::config::Config;
use airlog::hub::{Event, NowPlaying, OnAir, Topic, TrackFacts};
use anyhow::Context as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::{Handle, Runtime};
use tokio::time::{Instant, sleep_until};

/// Nobody is asked anything: no streamer is followed.
const NOWHERE: &str = "http://127.0.0.1:9";
/// The track that plays, and how far: of these all frames are.
const LENGTH: i64 = 201_000;
const PROGRESS: i64 = 100_000;

pub fn start(rig: &Rig, streams: usize) -> anyhow::Result<Server> {
    let folder = TempDir::with_prefix("airlog-fanout-")?;
    let mut command = of_ours(rig)?;
    command.arg("airlog").arg(streams.to_string()).arg(folder.path());
    let doors = (0..streams).map(|stream| format!("/api/v1/streamers/{}/live", login(stream))).collect();
    Ok(Server::that_listens(command)?.with_doors(doors).with_folder(folder))
}

/// Serves and publishes until standard input ends.
pub fn serve(streams: usize, folder: &Path) -> anyhow::Result<()> {
    let runtime = Runtime::new()?;
    let app = runtime.block_on(app::build(&config(folder)?, SteadyClock::shared()))?;
    let topics = runtime.block_on(on_air(&app, streams))?;
    println!("{}", app.addr());
    let handle = runtime.handle().clone();
    let obeying = std::thread::spawn(move || obey(&topics, &handle));
    runtime.block_on(app.run_until(async {
        let ended = tokio::task::spawn_blocking(move || obeying.join());
        drop(ended.await);
    }))
}

fn config(folder: &Path) -> anyhow::Result<Config> {
    let mut config = Config::default();
    config.server.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config.database.url = format!("sqlite://{}", folder.join("airlog.db").display()).parse()?;
    config.spotify.api_url = NOWHERE.parse()?;
    config.twitch.api_url = NOWHERE.parse()?;
    config.twitch.id_url = NOWHERE.parse()?;
    let limits = &mut config.limits;
    (limits.sockets, limits.sockets_per_address, limits.requests_per_minute) = (None, None, None);
    Ok(config)
}

async fn on_air(app: &App, streams: usize) -> anyhow::Result<Vec<Topic>> {
    let mut topics = Vec::new();
    for stream in 0..streams {
        let (streamer, now) = (streamer(stream), SystemClock.now());
        let user = app.accounts().add(&streamer, now).await.context("adding a streamer")?;
        let topic = app.hub().topic(user.id).await?.context("a streamer has a topic")?;
        let stream = OnAir { id: StreamId::random(now), started_at: now };
        topic.publish(&[Event::StreamStarted { stream }], now);
        topics.push(topic);
    }
    Ok(topics)
}

fn login(stream: usize) -> String {
    format!("ann{stream}")
}

fn streamer(stream: usize) -> NewStreamer {
    NewStreamer {
        twitch_id: stream.to_string(),
        login: login(stream),
        name: None,
        timezone: None,
        retention_days: None,
        client_id: "client".to_owned(),
        access_token: "access".into(),
        refresh_token: "refresh".into(),
    }
}

fn obey(topics: &[Topic], handle: &Handle) -> anyhow::Result<()> {
    let _within = handle.enter();
    let playing = playing();
    for line in std::io::stdin().lines() {
        match line?.parse()? {
            Order::Now(frames) => (0..frames).for_each(|_| publish(&topics[0], &playing)),
            Order::Rounds { rounds, each } => {
                drop(handle.spawn(go_round(topics.to_vec(), rounds, each)));
            }
        }
    }
    Ok(())
}

/// Each stream has a frame in each round, one after the other.
async fn go_round(topics: Vec<Topic>, rounds: u32, each: Duration) {
    let (playing, pause) = (playing(), each / u32::try_from(topics.len()).unwrap_or(u32::MAX));
    let mut due = Instant::now();
    for _ in 0..rounds {
        for topic in &topics {
            due += pause;
            sleep_until(due).await;
            publish(topic, &playing);
        }
    }
}

fn publish(topic: &Topic, playing: &NowPlaying) {
    topic.publish(&[Event::NowPlaying { now_playing: Some(playing.clone()) }], SystemClock.now());
}

fn playing() -> NowPlaying {
    let started_at = SystemClock.now();
    let track = TrackFacts {
        id: PlayId::random(started_at),
        provider: "spotify",
        provider_id: None,
        uri: "spotify:local:::Rain:201".to_owned(),
        name: "Rain".to_owned(),
        artist: "Odd Numbers".to_owned(),
        artists: vec!["Odd Numbers".to_owned()],
        album: None,
        duration_ms: LENGTH,
        started_at,
        url: None,
        image_url: None,
        source: "poll",
    }
    .into();
    NowPlaying { track, is_playing: true, progress_ms: PROGRESS }
}
