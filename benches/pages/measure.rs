//! What a server does under load, and what that costs it.

use crate::asking::{Crowd, Given};
use crate::client::Wish;
use crate::stopwatch::now;
use airlog::twins::score::percentile;
use anyhow::Context as _;
use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

/// Before anything is counted, for the caches of both sides.
const WARM_UP: Duration = Duration::from_millis(300);

/// What a server did.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Answers in a second.
    pub per_second: f64,
    /// Seconds of its core for an answer.
    pub cpu: f64,
    /// The share of the time for which it used its core: below 1 whoever asks is the slower one.
    pub busy: f64,
    /// Half of the answers came within this time, in seconds, 99 of 100 within that.
    pub within: [f64; 2],
}

/// Asks a server for so long.
pub fn under_load(
    addr: SocketAddr,
    pid: u32,
    wish: Wish,
    connections: u16,
    time: Duration,
) -> anyhow::Result<Measured> {
    let mut crowd = Crowd::of(connections, addr, wish)?;
    crowd.ask_for(WARM_UP)?;
    let (begun, before) = (now(), used(pid)?);
    let given = crowd.ask_for(time)?;
    let (took, used) = (begun.elapsed(), used(pid)?.saturating_sub(before));
    Ok(Measured::of(given, took, used))
}

impl Measured {
    fn of(mut given: Given, took: Duration, used: Duration) -> Self {
        let answers = f64::from(u32::try_from(given.took.len()).unwrap_or(u32::MAX));
        Self {
            per_second: answers / took.as_secs_f64(),
            cpu: used.as_secs_f64() / answers,
            busy: used.as_secs_f64() / took.as_secs_f64(),
            within: [50, 99].map(|percent| given.percentile(percent).as_secs_f64()),
        }
    }

    /// What lies between two of them.
    pub fn between(self, other: Self) -> Self {
        let mean = |this: f64, other: f64| f64::midpoint(this, other);
        Self::each(|read| mean(read(&self), read(&other)))
    }

    /// The median of each figure.
    pub fn median(all: &[Self]) -> Option<Self> {
        let middle = |read: &dyn Fn(&Self) -> f64| {
            let mut values: Vec<f64> = all.iter().map(read).collect();
            percentile(&mut values, 50).unwrap_or(f64::NAN)
        };
        (!all.is_empty()).then(|| Self::each(middle))
    }

    /// Each figure anew, from what reads it.
    fn each(figure: impl Fn(&dyn Fn(&Self) -> f64) -> f64) -> Self {
        Self {
            per_second: figure(&|measured| measured.per_second),
            cpu: figure(&|measured| measured.cpu),
            busy: figure(&|measured| measured.busy),
            within: [0, 1].map(|place| figure(&|measured| measured.within[place])),
        }
    }
}

/// The time that all threads of a process have been on a core.
pub fn used(pid: u32) -> anyhow::Result<Duration> {
    let mut nanos = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task")).context("looking at a server")? {
        // One that has ended meanwhile did nothing of what is measured.
        let used = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        nanos += used.split(' ').next().unwrap_or_default().parse().unwrap_or(0);
    }
    Ok(Duration::from_nanos(nanos))
}
