//! What Spotify notices: when looks begin, how late each comes, and how evenly they are spread.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What is counted.
#[derive(Debug, Default)]
pub struct Tally {
    /// When each streamer is to be looked at next, since all began; none before the first look.
    due: Vec<Option<Duration>>,
    /// How many were looked at for the first time, by second.
    starts: Vec<u32>,
    /// Since the last telling: looks by second, how late each came, in microseconds, and when the first second began.
    looks: Vec<u32>,
    late: Vec<u64>,
    from: Duration,
    /// Questions for what was heard recently.
    heals: u64,
}

/// What is told of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Told {
    /// Streamers who were looked at.
    pub started: u32,
    /// From the first of them to the last.
    pub seconds_to_start: usize,
    /// The fullest second against the mean one.
    pub starts_unevenness: f64,
    pub looks: usize,
    pub looks_unevenness: f64,
    /// How late a look comes, in milliseconds.
    pub late: Option<Spread>,
    pub heals: u64,
}

/// How values are spread.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Spread {
    pub count: usize,
    pub p50: f64,
    pub p99: f64,
    pub most: f64,
}

impl Tally {
    pub fn of(streams: u32) -> Self {
        Self { due: vec![None; streams as usize], ..Self::default() }
    }

    /// A look came at `now`; the next is due after `wait`.
    pub fn look(&mut self, number: u32, now: Duration, wait: Duration) {
        let Some(due) = self.due.get_mut(number as usize) else { return };
        match due.replace(now + wait) {
            Some(due) => self.late.push(micros(now.saturating_sub(due))),
            None => count(&mut self.starts, now),
        }
        count(&mut self.looks, now.saturating_sub(self.from));
    }

    /// The answer to a look was written only now: the next is due so much later.
    pub fn answered(&mut self, number: u32, took: Duration) {
        if let Some(Some(due)) = self.due.get_mut(number as usize) {
            *due += took;
        }
    }

    pub fn heal(&mut self) {
        self.heals += 1;
    }

    /// What was counted since the last telling.
    pub fn told(&mut self, now: Duration) -> Told {
        let (looks, late) = (std::mem::take(&mut self.looks), std::mem::take(&mut self.late));
        self.from = now;
        let began = self.starts.iter().position(|starts| *starts > 0).unwrap_or(self.starts.len());
        let starts = &self.starts[began..];
        // The last second has only begun.
        let whole = &looks[..looks.len().saturating_sub(1)];
        Told {
            started: starts.iter().sum(),
            seconds_to_start: starts.len(),
            starts_unevenness: unevenness(starts),
            looks: late.len(),
            looks_unevenness: unevenness(whole),
            late: Spread::of(late.into_iter().map(|late| real(late) / 1_000.0).collect()),
            heals: self.heals,
        }
    }
}

impl Spread {
    /// None of nothing.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let at =
            |hundredths: usize| values.get((values.len() * hundredths / 100).min(values.len().max(1) - 1));
        Some(Self { count: values.len(), p50: *at(50)?, p99: *at(99)?, most: *values.last()? })
    }
}

fn count(seconds: &mut Vec<u32>, at: Duration) {
    let second = usize::try_from(at.as_secs()).unwrap_or_default();
    if seconds.len() <= second {
        seconds.resize(second + 1, 0);
    }
    seconds[second] += 1;
}

fn unevenness(seconds: &[u32]) -> f64 {
    let (most, sum) = (seconds.iter().max().copied().unwrap_or_default(), seconds.iter().sum::<u32>());
    let count = u32::try_from(seconds.len()).unwrap_or(u32::MAX);
    if sum == 0 { 0.0 } else { f64::from(most) * f64::from(count) / f64::from(sum) }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn real(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
