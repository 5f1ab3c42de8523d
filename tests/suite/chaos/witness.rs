//! Witnesses: viewers who keep the list as a page does and come back by themselves, whatever happens to them.

use crate::house::text;
use futures_util::StreamExt as _;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::task::AbortOnDropHandle;

/// How long opening may take.
const OPENING: Duration = Duration::from_secs(2);
/// A connection that says nothing for so long is made anew.
const SILENCE: Duration = Duration::from_secs(4);

/// How a witness listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ear {
    Socket,
    SocketOfStream,
    Events,
}

/// What a witness knows.
#[derive(Debug, Default)]
pub struct Sight {
    is_connected: bool,
    cursor: Option<String>,
    /// By start, as a page has them.
    list: BTreeMap<(String, String), Value>,
    first_seen: HashMap<String, Instant>,
    /// How often everything was told, and how often only what was missed.
    pub snapshots: usize,
    pub resumed: usize,
}

/// Somebody who watches.
pub struct Witness {
    sight: Arc<Mutex<Sight>>,
    _task: AbortOnDropHandle<()>,
}

impl Witness {
    /// Watches ann's list at that address.
    pub fn watches(addr: SocketAddr, ear: Ear) -> Self {
        let sight = Arc::new(Mutex::new(Sight::default()));
        let watching = watch(addr, ear, Arc::clone(&sight));
        Self { sight, _task: AbortOnDropHandle::new(tokio::spawn(watching)) }
    }

    /// The ids of the list, in order.
    pub fn ids(&self) -> Vec<String> {
        self.sight().list.keys().map(|(_, id)| id.clone()).collect()
    }

    /// What has been on the list for that long, if the witness is connected.
    pub fn seen_for(&self, time: Duration) -> Vec<String> {
        let sight = self.sight();
        let long = |id: &&String| sight.first_seen.get(*id).is_some_and(|at| at.elapsed() > time);
        let ids = sight.list.keys().map(|(_, id)| id).filter(long);
        if sight.is_connected { ids.cloned().collect() } else { Vec::new() }
    }

    /// How often the list came whole, and how often it was gone on with.
    pub fn returns(&self) -> (usize, usize) {
        let sight = self.sight();
        (sight.snapshots, sight.resumed)
    }

    fn sight(&self) -> std::sync::MutexGuard<'_, Sight> {
        self.sight.lock().expect("a sight")
    }
}

async fn watch(addr: SocketAddr, ear: Ear, sight: Arc<Mutex<Sight>>) {
    loop {
        let cursor = sight.lock().expect("a sight").cursor.clone();
        match ear {
            Ear::Socket => listen(addr, "view=day", cursor, &sight).await,
            Ear::SocketOfStream => listen(addr, "view=stream", cursor, &sight).await,
            Ear::Events => follow(addr, cursor, &sight).await,
        }
        sight.lock().expect("a sight").is_connected = false;
        tokio::time::sleep(Duration::from_millis(rand::random_range(100..300))).await;
    }
}

async fn listen(addr: SocketAddr, query: &str, cursor: Option<String>, sight: &Mutex<Sight>) {
    let after = cursor.iter().fold(String::new(), |_, cursor| format!("&after={cursor}"));
    let url = format!("ws://{addr}/api/v1/streamers/ann/live?{query}{after}");
    let Ok(Ok((mut socket, _))) = timeout(OPENING, connect_async(url)).await else { return };
    let mut is_first = true;
    while let Ok(Some(Ok(message))) = timeout(SILENCE, socket.next()).await {
        if let Message::Text(text) = message {
            hear(sight, &text, std::mem::take(&mut is_first));
        }
    }
}

async fn follow(addr: SocketAddr, cursor: Option<String>, sight: &Mutex<Sight>) {
    let http = airlog::clients::http_client(Duration::from_mins(2)).expect("a client");
    let request = http.get(format!("http://{addr}/api/v1/streamers/ann/events"));
    let request = cursor.iter().fold(request, |request, id| request.header("Last-Event-ID", id));
    let Ok(Ok(mut answer)) = timeout(OPENING, request.send()).await else { return };
    let (mut text, mut is_first) = (Vec::new(), true);
    while let Ok(Ok(Some(chunk))) = timeout(SILENCE, answer.chunk()).await {
        text.extend_from_slice(&chunk);
        while let Some(end) = text.windows(2).position(|pair| pair == b"\n\n") {
            let event: Vec<u8> = text.drain(..end + 2).collect();
            let event = String::from_utf8(event).expect("text");
            if let Some(frame) = event.lines().find_map(|line| line.strip_prefix("data: ")) {
                hear(sight, frame, std::mem::take(&mut is_first));
            }
        }
    }
}

fn hear(sight: &Mutex<Sight>, frame: &str, is_first: bool) {
    let frame: Value = serde_json::from_str(frame).expect("a frame is JSON");
    sight.lock().expect("a sight").takes(&frame, is_first);
}

impl Sight {
    fn takes(&mut self, frame: &Value, is_first: bool) {
        (self.is_connected, self.cursor) = (true, Some(text(&frame["cursor"])));
        match frame["type"].as_str() {
            Some("snapshot") => {
                self.snapshots += 1;
                self.list.clear();
                for track in frame["tracks"].as_array().expect("tracks") {
                    self.put(track);
                }
            }
            Some("track_added" | "track_updated") => self.put(&frame["track"]),
            Some("track_removed") => self.drop(&text(&frame["id"])),
            _ => {}
        }
        self.resumed += usize::from(is_first && frame["type"] != "snapshot");
    }

    fn put(&mut self, track: &Value) {
        let id = text(&track["id"]);
        self.drop(&id);
        self.first_seen.entry(id.clone()).or_insert_with(Instant::now);
        self.list.insert((text(&track["started_at"]), id), track.clone());
    }

    fn drop(&mut self, id: &str) {
        self.list.retain(|(_, known), _| known != id);
    }
}
