//! Airlog, whole, in a process of its own: one streamer is live with a list, another one too, of whom viewers can be told
//! something again and again. Nobody else is asked for anything.

use crate::client::{self, Wish};
use crate::cores;
use airlog::accounts::NewStreamer;
use airlog::app::{self, App};
use airlog::base::clock::{Clock as _, Instant, SystemClock};
use airlog::base::id::{PlayId, StreamId};
use airlog::config::Config;
use airlog::hub::{Event, NowPlaying, OnAir, Topic, Track, TrackFacts};
use anyhow::Context as _;
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;

/// How often viewers of others are told something.
const OTHERS: Duration = Duration::from_millis(100);
const MADE: &str = "airlog_pages_made_total ";

/// A server that runs; it ends when this is dropped.
pub struct Airlog {
    process: Child,
    orders: ChildStdin,
    said: BufReader<ChildStdout>,
    addr: SocketAddr,
}

impl Airlog {
    /// Starts one on a core, with so many tracks on the day page.
    pub fn start(core: Option<usize>, tracks: u32) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("server").arg("--tracks").arg(tracks.to_string());
        if let Some(core) = core {
            command.arg("--core").arg(core.to_string());
        }
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let orders = process.stdin.take().context("its input")?;
        let mut said = BufReader::new(process.stdout.take().context("its output")?);
        let addr = line(&mut said)?.parse().context("Airlog did not start")?;
        Ok(Self { process, orders, said, addr })
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Has another track begin: its name, as soon as viewers have been told.
    pub fn plays_another(&mut self) -> anyhow::Result<String> {
        self.order("track")
    }

    /// Whether viewers of somebody else are told something all the time.
    pub fn tells_others(&mut self, is_on: bool) -> anyhow::Result<()> {
        self.order(if is_on { "others" } else { "quiet" }).map(drop)
    }

    /// How many pages it has made.
    pub fn pages_made(&self) -> anyhow::Result<u64> {
        let metrics = client::fetch(self.addr, Wish { path: "/metrics", takes_gzip: false })?;
        let text = String::from_utf8(metrics.body)?;
        let count = text.lines().find_map(|line| line.strip_prefix(MADE));
        Ok(count.context("it does not count its pages")?.parse()?)
    }

    fn order(&mut self, order: &str) -> anyhow::Result<String> {
        writeln!(self.orders, "{order}")?;
        line(&mut self.said)
    }
}

impl Drop for Airlog {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn line(said: &mut BufReader<ChildStdout>) -> anyhow::Result<String> {
    let mut line = String::new();
    said.read_line(&mut line)?;
    anyhow::ensure!(!line.is_empty(), "Airlog has ended");
    Ok(line.trim_end().to_owned())
}

/// The server process: does what is ordered until its input ends.
pub fn serve(core: Option<usize>, tracks: u32) -> anyhow::Result<()> {
    core.map_or(Ok(()), cores::pin)?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let data = TempDir::with_prefix("airlog-pages-")?;
        let app = app::build(&config(&data)?, SystemClock::shared()).await?;
        let (ann, bob) = (goes_live(&app, "ann", "1").await?, goes_live(&app, "bob", "2").await?);
        for number in 0..tracks {
            plays(&ann, &format!("Slow Harbour, part {number}"), i64::from(tracks - number) * 3);
        }
        println!("{}", app.addr());
        app.run_until(obey(ann, bob)).await
    })
}

/// Nobody answers at the addresses of the two companies.
fn config(data: &TempDir) -> anyhow::Result<Config> {
    let mut config = Config::default();
    config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config.database.url = format!("sqlite://{}", data.path().join("airlog.db").display()).parse()?;
    config.twitch.client_id = Some("nobody".to_owned());
    config.twitch.api_url = "http://127.0.0.1:9/helix".parse()?;
    config.twitch.id_url = "http://127.0.0.1:9/oauth2".parse()?;
    config.twitch.eventsub_url = "ws://127.0.0.1:9/ws".parse()?;
    config.spotify.api_url = "http://127.0.0.1:9/v1".parse()?;
    config.spotify.accounts_url = "http://127.0.0.1:9".parse()?;
    // Whoever asks is counted, as everywhere.
    config.limits.requests_per_minute = NonZeroU32::new(u32::MAX);
    Ok(config)
}

async fn goes_live(app: &App, login: &str, twitch_id: &str) -> anyhow::Result<Topic> {
    let now = SystemClock.now();
    let streamer = NewStreamer {
        twitch_id: twitch_id.to_owned(),
        login: login.to_owned(),
        name: None,
        timezone: Some(Tz::UTC),
        retention_days: Some(7),
        client_id: "nobody".to_owned(),
        access_token: "none".into(),
        refresh_token: "none".into(),
    };
    let user = app.accounts().add(&streamer, now).await?;
    let topic = app.hub().topic(user.id).await?.context("a streamer")?;
    let stream = OnAir { id: StreamId::random(now), started_at: now - TimeDelta::hours(4) };
    topic.publish(&[Event::StreamStarted { stream }], now);
    Ok(topic)
}

async fn obey(ann: Topic, bob: Topic) {
    let (mut orders, mut number, mut others) = (orders(), 0, None::<JoinHandle<()>>);
    while let Some(order) = orders.recv().await {
        if let Some(others) = others.take() {
            others.abort();
        }
        let said = match order.as_str() {
            "track" => {
                number += 1;
                let name = format!("News {number}");
                plays(&ann, &name, 0);
                name
            }
            "others" => {
                others = Some(tokio::spawn(again_and_again(bob.clone())));
                "on".to_owned()
            }
            _ => "off".to_owned(),
        };
        println!("{said}");
    }
}

/// What stands on the standard input, line by line.
fn orders() -> UnboundedReceiver<String> {
    let (sender, orders) = unbounded_channel();
    std::thread::spawn(move || {
        let lines = std::io::stdin().lines().map_while(Result::ok);
        // Whoever listens no more has ended.
        lines.map_while(|line| sender.send(line).ok()).for_each(drop);
    });
    orders
}

async fn again_and_again(topic: Topic) {
    for number in 0_u64.. {
        plays(&topic, &format!("Other {number}"), 0);
        tokio::time::sleep(OTHERS).await;
    }
}

/// A track that began so many minutes ago, now or before the last one.
fn plays(topic: &Topic, name: &str, minutes: i64) {
    let now = SystemClock.now();
    let track = track(name, now - TimeDelta::minutes(minutes));
    let now_playing = Some(NowPlaying { track: track.clone(), is_playing: true, progress_ms: 0 });
    topic.publish(&[Event::TrackAdded { track }, Event::NowPlaying { now_playing }], now);
}

fn track(name: &str, started_at: Instant) -> Track {
    let id = PlayId::random(started_at);
    let provider_id = id.to_string().replace('-', "");
    TrackFacts {
        id,
        provider: "spotify",
        uri: format!("spotify:track:{provider_id}"),
        name: name.to_owned(),
        artist: "The Lanterns, Ada Quay".to_owned(),
        artists: vec!["The Lanterns".to_owned(), "Ada Quay".to_owned()],
        album: Some("Tides and Timetables".to_owned()),
        duration_ms: 183_000,
        started_at,
        url: Some(format!("https://open.spotify.com/track/{provider_id}")),
        image_url: Some(format!("https://i.scdn.co/image/{provider_id}")),
        source: "poll",
        provider_id: Some(provider_id),
    }
    .into()
}
