//! Lives through the days of a line on all cores.

use crate::scenario::Scenario;
use crate::score::Score;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Seeds of two runs do not meet before so many days.
const DAYS_APART: u64 = 1_000_003;

/// The seed of a day of a run.
pub fn seed_of(seed: u64, day: u64) -> u64 {
    seed.wrapping_mul(DAYS_APART).wrapping_add(day)
}

/// The score of `days` days.
pub fn measure(scenario: Scenario, days: u64, seed: u64) -> Score {
    let (next, total) = (AtomicU64::new(0), Mutex::new(Score::default()));
    let work = || {
        let mut mine = Score::default();
        loop {
            let day = next.fetch_add(1, Ordering::Relaxed);
            if day >= days {
                break;
            }
            mine.add(scenario.day(seed_of(seed, day)));
        }
        total.lock().unwrap_or_else(PoisonError::into_inner).add(mine);
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    total.into_inner().unwrap_or_else(PoisonError::into_inner)
}
