//! The time, as a parameter: whoever needs "now" is given a [`Clock`], so that tests decide what time it is.
//!
//! All instants are UTC and whole milliseconds, because that is what both databases keep. What comes from outside is
//! made so at the door: [`whole_millis`] for an instant at hand, [`read_instant`] for one in JSON.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use serde::{Deserialize as _, Deserializer};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// An instant: UTC, truncated to milliseconds.
pub type Instant = DateTime<Utc>;

/// The same instant, truncated to milliseconds.
#[must_use]
pub fn whole_millis(at: DateTime<Utc>) -> Instant {
    at.trunc_subsecs(3)
}

/// Reads an RFC 3339 text, truncated to milliseconds: for `#[serde(deserialize_with = "read_instant")]`.
///
/// # Errors
/// When the text is no instant.
pub fn read_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    DateTime::deserialize(deserializer).map(whole_millis)
}

/// A source of the current instant.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now, in UTC, truncated to milliseconds.
    fn now(&self) -> Instant;

    /// Somebody to be trusted has just said what time it is there, to the second; they were asked so long ago. Most
    /// clocks do not care.
    fn hear(&self, _said: Instant, _took: Duration) {}
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
    #[expect(clippy::disallowed_methods, reason = "one of the two places that read the machine's clocks")]
    fn now(&self) -> Instant {
        whole_millis(Utc::now())
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
        whole_millis(SystemClock.now() + offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_from_outside_is_utc_and_cut_to_milliseconds() {
        let read = |text: &str| read_instant(serde_json::Value::from(text)).map(|at| at.to_rfc3339());
        let said = read("2026-11-20T21:00:00.123987654+01:00").expect("an instant");
        assert_eq!(said, "2026-11-20T20:00:00.123+00:00");
        assert_eq!(read("2026-11-20T20:00:00Z").expect("an instant"), "2026-11-20T20:00:00+00:00");
        assert!(read("yesterday").is_err());
    }
}
