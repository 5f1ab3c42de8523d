//! A clock for a program that runs for months on a machine whose clock is set, or that sleeps.

use super::clock::{Clock, Instant, SharedClock, SystemClock, whole_millis};
use super::steady::{Remark, Steady};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A wall clock whose jumps are not believed before others say the same, as [`super::steady`] decides.
#[derive(Debug)]
pub struct SteadyClock {
    wall: SharedClock,
    /// Never jumps, but may stand still while the machine sleeps.
    start: std::time::Instant,
    steady: Mutex<Steady>,
}

impl SteadyClock {
    /// A steady clock over this wall clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "one of the two places that read the machine's clocks")]
    pub fn over(wall: SharedClock) -> Self {
        Self { wall, start: std::time::Instant::now(), steady: Mutex::new(Steady::starting()) }
    }

    /// The machine's own, ready to be shared.
    #[must_use]
    pub fn shared() -> SharedClock {
        Arc::new(Self::over(SystemClock::shared()))
    }

    fn steady(&self) -> MutexGuard<'_, Steady> {
        self.steady.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Instant {
        let mut steady = self.steady();
        let (now, remark) = steady.now(self.wall.now(), self.start.elapsed());
        drop(steady);
        log(remark);
        whole_millis(now)
    }

    fn hear(&self, said: Instant, took: Duration) {
        let mut steady = self.steady();
        let remark = steady.hear(said, took, self.wall.now(), self.start.elapsed());
        drop(steady);
        log(remark);
    }
}

fn log(remark: Option<Remark>) {
    match remark {
        Some(Remark::Jumped(by)) => {
            tracing::warn!(
                seconds = by.num_seconds(),
                "this machine's clock jumped; it is believed when others say so"
            );
        }
        Some(Remark::Corrected(by)) => {
            tracing::warn!(
                seconds = by.num_seconds(),
                "times are this machine's clock and so much, as Spotify and Twitch say"
            );
        }
        None => {}
    }
}
