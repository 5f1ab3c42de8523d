//! What all parts of the running twins share: the world behind its lock, the clock, the open sockets.

use super::letter::Letter;
use super::world::{Delivery, World};
use crate::base::clock::{Instant, SharedClock};
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc::UnboundedSender, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many sent letters are kept.
const KEPT: usize = 200;

/// What an open `EventSub` socket is told to do.
#[derive(Debug)]
pub(super) enum Order {
    /// Send this.
    Send(Box<Delivery>),
    /// Ask the client to reconnect.
    Reconnect,
    /// Another connection takes the session over: whoever waits for that is told when everything that was to be sent
    /// here is.
    Replaced(oneshot::Sender<()>),
    /// Hang up with this code.
    Close(u16),
    /// Say nothing any more, and leave the line open.
    Silence,
}

/// A letter that was sent, and the status it was answered with; none when nobody answered in time.
#[derive(Debug, Clone)]
pub struct SentLetter {
    /// The letter.
    pub letter: Letter,
    /// The answer's HTTP status.
    pub status: Option<u16>,
}

/// The state of the running twins.
#[derive(Debug)]
pub(super) struct Shared {
    world: Mutex<World>,
    clock: SharedClock,
    addr: SocketAddr,
    pub(super) http: reqwest::Client,
    pub(super) sockets: Mutex<HashMap<String, UnboundedSender<Order>>>,
    /// Sessions that were asked to reconnect, by their challenge.
    pub(super) rejoining: Mutex<HashMap<String, String>>,
    /// Wakes whoever takes notice of what people do.
    pub(super) acts: watch::Sender<()>,
    pub(super) stop: CancellationToken,
    pub(super) tasks: TaskTracker,
    /// How many messages are on their way.
    pub(super) in_flight: watch::Sender<usize>,
    sent: Mutex<VecDeque<SentLetter>>,
}

impl Shared {
    pub(super) fn new(world: World, clock: SharedClock, addr: SocketAddr, http: reqwest::Client) -> Self {
        Self {
            world: Mutex::new(world),
            clock,
            addr,
            http,
            sockets: Mutex::default(),
            rejoining: Mutex::default(),
            acts: watch::Sender::new(()),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            in_flight: watch::Sender::new(0),
            sent: Mutex::default(),
        }
    }

    /// What time it is.
    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Where the twins listen.
    pub(super) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address of a path here; who listens everywhere is called on loopback.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }

    /// Host and port, as they stand in addresses.
    pub(super) fn host(&self) -> String {
        let port = self.addr.port();
        if self.addr.ip().is_unspecified() { format!("127.0.0.1:{port}") } else { self.addr.to_string() }
    }

    /// Looks at the world or changes it; answers also with the messages that calls for.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut World, Instant) -> T) -> (T, Vec<Delivery>) {
        let mut world = lock(&self.world);
        let answer = change(&mut world, self.clock.now());
        (answer, world.take_deliveries())
    }

    /// Remembers a letter that was sent.
    pub(super) fn keep_letter(&self, letter: SentLetter) {
        let mut sent = lock(&self.sent);
        if sent.len() == KEPT {
            sent.pop_front();
        }
        sent.push_back(letter);
    }

    /// The letters sent so far, oldest first.
    pub(super) fn sent_letters(&self) -> Vec<SentLetter> {
        lock(&self.sent).iter().cloned().collect()
    }
}

/// A lock that a panicking test has left is still good: the world is never left half changed for long.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
