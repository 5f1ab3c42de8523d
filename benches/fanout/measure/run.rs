//! One server with all viewers on one stream.

use super::session::with_warm_up;
use super::{Bench, Session};
use crate::options::Part;
use crate::servers::{Kind, Order};
use airlog::twins::score::{percentile, real};
use std::time::Duration;

/// Frames at once.
const BURST: usize = 100;
/// Whoever writes each frame by itself has a rate that shows with fewer.
const BURST_OF_OTHERS: usize = 40;
/// The median of so many bursts, or of as many as there is time for.
const BURSTS: usize = 5;
const TIME_FOR_BURSTS: Duration = Duration::from_secs(4);

/// What one server has shown.
pub struct Run {
    pub kind: Kind,
    pub latency: Option<Latency>,
    /// Seconds of CPU for a million deliveries.
    pub cpu: Option<f64>,
    pub burst: Option<Burst>,
    /// Bytes for each viewer who waits.
    pub memory: Option<f64>,
}

/// Until the last viewer has a frame, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Latency {
    pub p50: f64,
    pub p99: f64,
}

/// Many frames at once.
#[derive(Debug, Clone, Copy)]
pub struct Burst {
    /// Deliveries a second.
    pub rate: f64,
    /// How often each viewer has read until all frames were there.
    pub reads: f64,
}

impl Run {
    pub fn of(kind: Kind, bench: &Bench) -> anyhow::Result<Self> {
        eprint!("{}:", kind.name());
        let (viewers, options) = (bench.subscribers, &bench.options);
        let mut session = Session::start(kind, 1, bench)?;
        session.grow_to(viewers)?;
        let memory = session.memory()? / real(viewers - 1);
        eprint!(" {viewers} viewers, {memory:.0} bytes each");
        let mut run = Self { kind, latency: None, cpu: None, burst: None, memory: Some(memory) };
        if options.wants(Part::Fanout) {
            run.fan_out(&mut session, options.frames)?;
        }
        if options.wants(Part::Burst) {
            run.burst(&mut session)?;
        }
        eprintln!();
        Ok(run)
    }

    fn fan_out(&mut self, session: &mut Session, frames: usize) -> anyhow::Result<()> {
        let frames = if self.kind == Kind::Airlog { frames } else { frames / 2 };
        let before = session.cpu()?;
        let latency = Latency::of(session.latencies(frames)?);
        let cpu = session.cpu_per_million(&before, with_warm_up(frames))?;
        eprint!(", {:.1} ms, {cpu:.2} s of CPU a million", latency.p50);
        (self.latency, self.cpu) = (Some(latency), Some(cpu));
        Ok(())
    }

    fn burst(&mut self, session: &mut Session) -> anyhow::Result<()> {
        let started = crate::stopwatch::now();
        let mut bursts = Vec::new();
        while bursts.len() < BURSTS && started.elapsed() < TIME_FOR_BURSTS {
            bursts.push(Burst::of(session)?);
        }
        bursts.sort_by(|one, other| one.rate.total_cmp(&other.rate));
        let burst = bursts[bursts.len() / 2];
        eprint!(", {:.2} million/s in bursts, {:.1} reads each", burst.rate / 1e6, burst.reads);
        self.burst = Some(burst);
        Ok(())
    }

    pub fn p50(&self) -> Option<f64> {
        self.latency.map(|latency| latency.p50)
    }

    pub fn p99(&self) -> Option<f64> {
        self.latency.map(|latency| latency.p99)
    }

    pub fn rate(&self) -> Option<f64> {
        self.burst.map(|burst| burst.rate)
    }
}

impl Latency {
    /// Of these times, of which there is at least one.
    pub fn of(mut times: Vec<f64>) -> Self {
        let [p50, p99] = [50, 99].map(|part| percentile(&mut times, part).unwrap_or(f64::NAN));
        Self { p50, p99 }
    }
}

impl Burst {
    fn of(session: &mut Session) -> anyhow::Result<Self> {
        let frames = if session.kind == Kind::Airlog { BURST } else { BURST_OF_OTHERS };
        let Session { crowd, server, .. } = session;
        crowd.read();
        let took = crowd.are_told(server, Order::Now(frames), u32::try_from(frames)?)?;
        let viewers = real(crowd.len());
        let rate = viewers * real(frames) / took.as_secs_f64();
        Ok(Self { rate, reads: real(crowd.read().times) / viewers })
    }
}
