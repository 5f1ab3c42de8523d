//! A server with its viewers.

use super::Bench;
use crate::crowd::Crowd;
use crate::servers::{Kind, Order, Server};
use crate::usage::Cpu;
use airlog::twins::score::real;
use std::time::Duration;

/// How long a server gets to put things away after all have come in.
const SETTLING: Duration = Duration::from_millis(1500);
/// Frames before the first that counts.
const WARM_UP: usize = 3;

/// A server that runs, and all its viewers.
pub struct Session {
    pub kind: Kind,
    pub server: Server,
    pub crowd: Crowd,
    /// What it held when it had one viewer.
    alone: f64,
}

impl Session {
    /// With one viewer, who has seen everything once.
    pub fn start(kind: Kind, streams: usize, bench: &Bench) -> anyhow::Result<Self> {
        let (server, crowd) = (kind.start(&bench.rig, streams)?, Crowd::new()?);
        let mut session = Self { kind, server, crowd, alone: 0.0 };
        session.grow_to(1)?;
        session.crowd.are_told(&mut session.server, Order::Now(1), 1)?;
        session.alone = session.server.memory()?;
        Ok(session)
    }

    /// Takes in viewers until there are so many, and lets them settle.
    pub fn grow_to(&mut self, viewers: usize) -> anyhow::Result<()> {
        self.crowd.grow_to(viewers, self.kind, &self.server)?;
        self.crowd.rest(SETTLING)
    }

    /// What it holds more than it held with one viewer.
    pub fn memory(&self) -> anyhow::Result<f64> {
        Ok(self.server.memory()? - self.alone)
    }

    /// How long each of so many frames takes to the last viewer, in milliseconds.
    pub fn latencies(&mut self, frames: usize) -> anyhow::Result<Vec<f64>> {
        let mut frame = || self.crowd.are_told(&mut self.server, Order::Now(1), 1);
        for _ in 0..WARM_UP {
            frame()?;
        }
        (0..frames).map(|_| Ok(frame()?.as_secs_f64() * 1_000.0)).collect()
    }

    pub fn cpu(&self) -> anyhow::Result<Cpu> {
        self.server.cpu()
    }

    /// The seconds that a million deliveries take, of so many frames to everybody since.
    pub fn cpu_per_million(&self, before: &Cpu, frames: usize) -> anyhow::Result<f64> {
        let used = self.cpu()?.since(before).as_secs_f64();
        Ok(used * 1e6 / real(frames * self.crowd.len()))
    }
}

/// How many frames there are with those before the first that counts.
pub fn with_warm_up(frames: usize) -> usize {
    frames + WARM_UP
}
