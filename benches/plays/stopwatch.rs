//! What a run took: time, and the processor's time in this process.

use std::time::Duration;
use tokio::time::Instant;

/// What a run took.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// How many plays were stored.
    pub plays: usize,
    /// From the first to the last.
    pub took: Duration,
    /// Of all threads of this process, in seconds.
    pub processor: f64,
}

/// A run under way.
pub struct Stopwatch {
    began: Instant,
    processor: f64,
}

impl Stopwatch {
    pub fn start() -> Self {
        Self { began: Instant::now(), processor: processor_seconds() }
    }

    pub fn stop(self, plays: usize) -> Run {
        Run { plays, took: self.began.elapsed(), processor: processor_seconds() - self.processor }
    }
}

impl Run {
    pub fn per_second(&self) -> f64 {
        real(self.plays) / self.took.as_secs_f64()
    }

    /// Microseconds of the processor for each play.
    pub fn micros_each(&self) -> f64 {
        self.processor * 1e6 / real(self.plays)
    }
}

fn real(count: usize) -> f64 {
    airlog::twins::score::real(count)
}

/// What this process has used so far, 0 where nobody says: the kernel counts hundredths of seconds.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in parentheses may hold anything.
    let rest = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks = rest.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}
