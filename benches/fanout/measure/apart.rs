//! What is measured apart: viewers of many streams beside as many of one, and viewers who do not read.

use super::{Bench, Latency, Session};
use crate::crowd::Slow;
use crate::servers::{Kind, Order};
use airlog::twins::score::real;
use std::time::Duration;

/// Each stream has a frame in so long, which is four times as often as on a busy evening.
const ROUND: Duration = Duration::from_millis(2_500);
const ROUNDS: u32 = 4;
/// More than the ring of a stream holds, and than there is room for on the way to somebody who does not read.
const FILLING: usize = 4;
const AT_ONCE: u32 = 100;

/// What the same deliveries cost.
#[derive(Debug, Clone)]
pub struct Spread {
    pub streams: usize,
    /// Seconds of CPU for a million deliveries on many streams, and before and after each time on one.
    on_many: Vec<f64>,
    on_one: Vec<f64>,
}

/// What viewers who do not read cost.
#[derive(Debug, Clone, Copy)]
pub struct Slowness {
    pub slow: usize,
    /// Until the last of the others has a frame.
    pub without: Latency,
    pub with: Latency,
    /// Bytes that the server holds more, at most.
    pub memory: f64,
}

impl Spread {
    pub fn of(kind: Kind, bench: &Bench) -> anyhow::Result<Self> {
        let (streams, name) = (bench.options.streams(bench.subscribers), kind.name());
        eprint!("{name}, with the same deliveries on one stream or {streams}, s of CPU a million:");
        let (mut on_one, mut on_many) = (vec![cpu(kind, 1, bench)?], Vec::new());
        for _ in 0..bench.options.rounds {
            on_many.push(cpu(kind, streams, bench)?);
            on_one.push(cpu(kind, 1, bench)?);
        }
        eprintln!();
        Ok(Self { streams, on_many, on_one })
    }

    /// How many times what they cost on one stream, each time.
    pub fn ratios(&self) -> Vec<f64> {
        let around = self.on_one.windows(2).map(|around| f64::midpoint(around[0], around[1]));
        self.on_many.iter().zip(around).map(|(many, one)| many / one).collect()
    }
}

fn cpu(kind: Kind, streams: usize, bench: &Bench) -> anyhow::Result<f64> {
    let mut session = Session::start(kind, streams, bench)?;
    session.grow_to(bench.subscribers)?;
    let before = session.cpu()?;
    let order = Order::Rounds { rounds: ROUNDS, each: ROUND };
    session.crowd.are_told(&mut session.server, order, ROUNDS)?;
    let cpu = session.cpu_per_million(&before, ROUNDS.try_into()?)?;
    eprint!(" {cpu:.2}");
    Ok(cpu)
}

impl Slowness {
    pub fn of(bench: &Bench) -> anyhow::Result<Self> {
        let slow = bench.options.slow(bench.subscribers);
        let quarter = bench.options.frames.div_ceil(4);
        let mut session = Session::start(Kind::Airlog, 1, bench)?;
        session.grow_to(bench.subscribers - slow)?;
        let mut without = session.latencies(quarter)?;
        let before = session.memory()?;
        let sleepers = Slow::come_in(slow, &session.server)?;
        session.fill()?;
        let filled = session.memory()?;
        let with = Latency::of(session.latencies(2 * quarter)?);
        let memory = session.memory()?.max(filled) - before;
        drop(sleepers);
        without.extend(session.latencies(quarter)?);
        let slowness = Self { slow, without: Latency::of(without), with, memory };
        eprintln!(
            "Airlog, with {slow} viewers who do not read: p99 {:.1} ms instead of {:.1}, {:.1} MB",
            with.p99,
            slowness.without.p99,
            memory / 1e6
        );
        Ok(slowness)
    }

    /// How much of it the others' p99 moves.
    pub fn moved(&self) -> f64 {
        self.with.p99 / self.without.p99 - 1.0
    }

    /// Bytes for each of them.
    pub fn memory_each(&self) -> f64 {
        self.memory / real(self.slow)
    }
}

impl Session {
    /// Publishes until whoever does not read has more waiting than fits.
    fn fill(&mut self) -> anyhow::Result<()> {
        for _ in 0..FILLING {
            self.crowd.are_told(&mut self.server, Order::Now(usize::try_from(AT_ONCE)?), AT_ONCE)?;
        }
        Ok(())
    }
}
