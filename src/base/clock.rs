//! The time, as a parameter: whoever needs "now" is given a [`Clock`], so that tests decide what time it is.
//!
//! All instants are UTC and whole milliseconds, because that is what both databases keep.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::sync::{Arc, Mutex, PoisonError};

/// An instant: UTC, truncated to milliseconds.
pub type Instant = DateTime<Utc>;

/// A source of the current instant.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now, in UTC, truncated to milliseconds.
    fn now(&self) -> Instant;
}

/// A clock that can be handed to tasks and actors.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's wall clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl SystemClock {
    /// The wall clock, ready to be shared.
    #[must_use]
    pub fn shared() -> SharedClock {
        Arc::new(Self)
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Instant {
        Utc::now().trunc_subsecs(3)
    }
}

/// The wall clock, moved by an offset that its holder may change: for tests and simulations.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    offset: Mutex<TimeDelta>,
}

impl ShiftedClock {
    /// A clock that says `at` now and runs on from there.
    #[must_use]
    pub fn starting_at(at: Instant) -> Self {
        Self { offset: Mutex::new(at - SystemClock.now()) }
    }

    /// Moves this clock by `by`, which may be negative.
    pub fn shift(&self, by: TimeDelta) {
        let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        *offset += by;
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Instant {
        let offset = *self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        (SystemClock.now() + offset).trunc_subsecs(3)
    }
}
