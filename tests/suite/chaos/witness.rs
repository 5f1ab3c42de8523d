//! Viewers who stay through it all: real clients that come back by themselves from where they were, as a page does.

use super::page::Page;
use futures_util::StreamExt as _;
use serde_json::Value;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::task::AbortOnDropHandle;

/// Who hears nothing for so long takes the connection for dead: this is how a half-open one is left.
const SILENCE: Duration = Duration::from_secs(6);
/// How long somebody waits for a connection.
const OPENING: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(150);

/// How somebody listens.
#[derive(Debug, Clone, Copy)]
pub enum Door {
    Socket,
    SocketOfStream,
    Events,
}

/// A play that somebody was shown for the first time.
#[derive(Debug, Clone)]
pub struct Shown {
    pub at: Instant,
    /// Since when the connection stood: what came over it was told by a program that lived then.
    pub since: Instant,
    pub uri: String,
}

/// Somebody who has the page of `login` open.
pub struct Witness {
    pub login: String,
    pub door: Door,
    seen: Arc<Mutex<Seen>>,
    _listening: AbortOnDropHandle<()>,
}

struct Seen {
    page: Page,
    since: Instant,
    cursor: Option<String>,
    shown: HashMap<String, Shown>,
    comings: usize,
}

impl Witness {
    /// Comes, and stays until this is dropped.
    pub fn comes(server: SocketAddr, login: &str, door: Door) -> Self {
        let (page, cursor, shown) = (Page::default(), None, HashMap::new());
        let seen = Seen { page, since: Instant::now(), cursor, shown, comings: 0 };
        let seen = Arc::new(Mutex::new(seen));
        let base = format!("{server}/api/v1/streamers/{login}");
        let listening = tokio::spawn(stays(base, door, Arc::clone(&seen)));
        let login = login.to_owned();
        Self { login, door, seen, _listening: AbortOnDropHandle::new(listening) }
    }

    /// The page as it is now.
    pub fn page(&self) -> Page {
        lock(&self.seen).page.clone()
    }

    /// Each play that was ever shown, by id.
    pub fn shown(&self) -> HashMap<String, Shown> {
        lock(&self.seen).shown.clone()
    }

    /// How often the connection was made.
    pub fn comings(&self) -> usize {
        lock(&self.seen).comings
    }
}

async fn stays(base: String, door: Door, seen: Arc<Mutex<Seen>>) {
    loop {
        // However it ended, it begins again.
        let _ = match door {
            Door::Socket => hears_socket(&base, "day", &seen).await,
            Door::SocketOfStream => hears_socket(&base, "stream", &seen).await,
            Door::Events => hears_events(&base, &seen).await,
        };
        sleep(PAUSE).await;
    }
}

async fn hears_socket(base: &str, view: &str, seen: &Mutex<Seen>) -> anyhow::Result<()> {
    let after = lock(seen).cursor.as_ref().map(|cursor| format!("&after={cursor}")).unwrap_or_default();
    let (mut socket, _) =
        timeout(OPENING, connect_async(format!("ws://{base}/live?view={view}{after}"))).await??;
    lock(seen).is_connected();
    while let Some(message) = timeout(SILENCE, socket.next()).await? {
        if let Message::Text(text) = message? {
            lock(seen).takes(&serde_json::from_str(&text)?);
        }
    }
    Ok(())
}

async fn hears_events(base: &str, seen: &Mutex<Seen>) -> anyhow::Result<()> {
    let http = airlog::clients::http_client(Duration::from_mins(10))?;
    let cursor = lock(seen).cursor.clone();
    let ask = http.get(format!("http://{base}/events"));
    let ask = cursor.iter().fold(ask, |ask, cursor| ask.header("Last-Event-ID", cursor));
    let mut answer = timeout(OPENING, ask.send()).await??.error_for_status()?;
    lock(seen).is_connected();
    let mut heard = String::new();
    while let Some(piece) = timeout(SILENCE, answer.chunk()).await?? {
        heard.push_str(std::str::from_utf8(&piece)?);
        while let Some((event, rest)) = heard.split_once("\n\n") {
            if let Some(frame) = event.lines().find_map(|line| line.strip_prefix("data: ")) {
                lock(seen).takes(&serde_json::from_str(frame)?);
            }
            heard = rest.to_owned();
        }
    }
    Ok(())
}

impl Seen {
    fn is_connected(&mut self) {
        self.since = Instant::now();
        self.comings += 1;
    }

    fn takes(&mut self, frame: &Value) {
        self.cursor = frame["cursor"].as_str().map(str::to_owned);
        self.page.takes(frame);
        let now = Instant::now();
        for (_, id, uri) in self.page.rows() {
            self.shown.entry(id).or_insert(Shown { at: now, since: self.since, uri });
        }
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().expect("nobody fails with it in hand")
}
