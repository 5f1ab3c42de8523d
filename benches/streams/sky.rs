//! Spotify, played as cheaply as can be: it reads whose player is asked for and writes what that shows. It keeps a tally.
//! The viewer whose frames are timed lives here too, so that both instants are told by one clock.

use crate::options::Options;
use crate::score::Scene;
use crate::tally::Tally;
use crate::viewer;
use airlog::base::clock::{Clock as _, SystemClock};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// Whose tracks are short, where the way of a frame is measured.
pub const STAR: u32 = 0;

/// Where whatever is sent is read, and no more.
const SINK: &str = "/sink";

/// All that connections share.
pub struct Sky {
    began: Instant,
    has_star: bool,
    tally: Mutex<Tally>,
    /// When the answer was written that first told of each track of the star.
    told: Mutex<HashMap<String, Instant>>,
}

impl Sky {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When each track of the star was told first.
    pub fn told(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scene(&self, number: u32) -> Scene {
        let since = self.began.elapsed();
        if self.has_star && number == STAR { Scene::of_star(since) } else { Scene::of(number, since) }
    }
}

/// Answers until it is ended.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{} 0", listener.local_addr()?.port());
    let tally = Mutex::new(Tally::of(options.streams));
    let sky = Sky { began: Instant::now(), has_star: options.latency, tally, told: Mutex::default() };
    let sky = Arc::new(sky);
    loop {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        let sky = Arc::clone(&sky);
        // A connection that breaks is its client's business.
        tokio::spawn(async move { drop(serve(&sky, socket).await) });
    }
}

/// Somebody on this port who reads all they are sent.
pub async fn sink(port: u16) -> anyhow::Result<TcpStream> {
    let mut reader = TcpStream::connect(("127.0.0.1", port)).await?;
    reader.set_nodelay(true)?;
    reader.write_all(format!("GET {SINK} HTTP/1.1\r\n\r\n").as_bytes()).await?;
    // Only then is all that follows read as it comes.
    reader.read_exact(&mut [0]).await?;
    Ok(reader)
}

async fn serve(sky: &Arc<Sky>, mut socket: TcpStream) -> anyhow::Result<()> {
    let mut read = Vec::with_capacity(2_048);
    loop {
        while !read.ends_with(b"\r\n\r\n") {
            if socket.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        }
        let request = String::from_utf8_lossy(&read).into_owned();
        read.clear();
        answer(sky, &request, &mut socket).await?;
    }
}

async fn answer(sky: &Arc<Sky>, request: &str, socket: &mut TcpStream) -> anyhow::Result<()> {
    let path = request.split(' ').nth(1).unwrap_or_default();
    if path.starts_with("/v1/me/player/recently-played") {
        sky.tally().heal();
        return Ok(socket.write_all(ok(r#"{"items":[]}"#).as_bytes()).await?);
    }
    if path.starts_with("/v1/me/player") {
        return show(sky, streamer(request), socket).await;
    }
    if path == SINK {
        socket.write_all(ok("").as_bytes()).await?;
        tokio::io::copy(socket, &mut tokio::io::sink()).await?;
        return Ok(());
    }
    let told = match path.strip_prefix("/viewer/") {
        Some(place) => {
            let told = |track: &str| sky.told().get(track).copied();
            serde_json::to_string(&viewer::watch(place, told).await?)?
        }
        None => serde_json::to_string(&sky.tally().told(sky.began.elapsed()))?,
    };
    Ok(socket.write_all(ok(&told).as_bytes()).await?)
}

/// What a player shows.
async fn show(sky: &Sky, number: u32, socket: &mut TcpStream) -> anyhow::Result<()> {
    let (came, scene) = (sky.began.elapsed(), sky.scene(number));
    let answer = ok(&scene.body());
    sky.tally().look(number, came, scene.next_look());
    if sky.has_star && number == STAR {
        sky.told().entry(scene.track).or_insert_with(Instant::now);
    }
    socket.write_all(answer.as_bytes()).await?;
    sky.tally().answered(number, sky.began.elapsed().saturating_sub(came));
    Ok(())
}

/// Whose token a request has: it begins with their number.
fn streamer(request: &str) -> u32 {
    let token = request.split("Bearer ").nth(1).and_then(|token| token.split('-').next());
    token.and_then(|number| number.parse().ok()).unwrap_or(u32::MAX)
}

fn ok(body: &str) -> String {
    let date = SystemClock.now().format("%a, %d %b %Y %H:%M:%S GMT");
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncache-control: private, max-age=0\r\ndate: {date}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}
