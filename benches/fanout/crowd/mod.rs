//! All viewers of a server in one thread: it takes them in, waits until the last of them has a frame, and counts what was
//! read. It is the same for every server.

mod frames;
mod slow;
mod viewer;

pub use slow::Slow;

use crate::servers::{Kind, Order, Server};
use crate::stopwatch;
use anyhow::Context as _;
use mio::{Events, Interest, Poll, Token};
use std::time::Duration;
use viewer::Viewer;

/// So many come in at the same time.
const WAVE: usize = 64;
/// What one reading takes in at most.
const SCRATCH: usize = 64 * 1024;
/// How long all viewers wait for what they are owed.
const PATIENCE: Duration = Duration::from_secs(100);
const GLANCE: Duration = Duration::from_millis(100);

/// What was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Read {
    pub times: usize,
    pub bytes: usize,
}

/// The viewers of one server.
pub struct Crowd {
    poll: Poll,
    events: Events,
    viewers: Vec<Viewer>,
    scratch: Vec<u8>,
    /// How many frames a viewer is owed, and how many viewers have them.
    owed: u32,
    served: usize,
    read: Read,
    lost: usize,
}

impl Crowd {
    pub fn new() -> anyhow::Result<Self> {
        let (poll, events) = (Poll::new()?, Events::with_capacity(1024));
        let (viewers, scratch) = (Vec::new(), vec![0; SCRATCH]);
        Ok(Self { poll, events, viewers, scratch, owed: 0, served: 0, read: Read::default(), lost: 0 })
    }

    pub fn len(&self) -> usize {
        self.viewers.len()
    }

    /// Takes in viewers until there are so many, evenly at all doors; each has been welcomed then.
    pub fn grow_to(&mut self, count: usize, kind: Kind, server: &Server) -> anyhow::Result<()> {
        self.owe(kind.welcomes());
        while self.len() < count {
            let door = &server.doors[self.len() % server.doors.len()];
            let token = Token(self.len());
            let mut viewer = Viewer::comes_in(server.addr, door).context("connecting a viewer")?;
            self.poll.registry().register(&mut viewer.wire, token, Interest::READABLE)?;
            self.viewers.push(viewer);
            self.until("coming in", |crowd| crowd.len() - crowd.served < WAVE)?;
        }
        self.until("coming in", |crowd| crowd.served == crowd.len())
    }

    /// Tells the server, and gives how long it takes until the last viewer has so many frames more.
    pub fn are_told(&mut self, server: &mut Server, order: Order, frames: u32) -> anyhow::Result<Duration> {
        self.begin_anew();
        self.owe(frames);
        let told = stopwatch::now();
        server.tell(order)?;
        self.until("waiting for a frame", |crowd| crowd.served == crowd.len())?;
        Ok(told.elapsed())
    }

    /// Hears whatever comes for so long.
    pub fn rest(&mut self, rest: Duration) -> anyhow::Result<()> {
        let until = stopwatch::now() + rest;
        while stopwatch::now() < until {
            self.hear(until.saturating_duration_since(stopwatch::now()).min(GLANCE))?;
        }
        Ok(())
    }

    /// What was read since the last time this was asked.
    pub fn read(&mut self) -> Read {
        std::mem::take(&mut self.read)
    }

    fn begin_anew(&mut self) {
        for viewer in &mut self.viewers {
            viewer.begin_anew();
        }
    }

    fn owe(&mut self, frames: u32) {
        self.owed = frames;
        self.served = self.viewers.iter().filter(|viewer| viewer.has(frames)).count();
    }

    fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        let until = stopwatch::now() + PATIENCE;
        while !is_so(self) {
            // Whoever sleeps has to be woken, which costs a server as much as the frame: these viewers are awake.
            self.hear(Duration::ZERO)?;
            let (lost, served, all) = (self.lost, self.served, self.len());
            anyhow::ensure!(lost == 0, "{what}: {lost} viewers were sent away");
            anyhow::ensure!(stopwatch::now() < until, "{what}: {served} of {all} viewers after {PATIENCE:?}");
        }
        Ok(())
    }

    fn hear(&mut self, patience: Duration) -> anyhow::Result<()> {
        self.poll.poll(&mut self.events, Some(patience))?;
        for event in &self.events {
            let viewer = &mut self.viewers[event.token().0];
            let was_served = viewer.has(self.owed);
            match viewer.hear(&mut self.scratch)? {
                Some(read) => self.read.add(read),
                None => self.lost += 1,
            }
            self.served += usize::from(!was_served && viewer.has(self.owed));
        }
        Ok(())
    }
}

impl Read {
    fn add(&mut self, more: Self) {
        self.times += more.times;
        self.bytes += more.bytes;
    }
}
