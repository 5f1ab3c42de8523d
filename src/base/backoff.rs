//! How long to wait before trying again: exponential, capped, with jitter. Pure: the caller brings the dice.

use std::time::Duration;

/// A waiting rule: `first`, doubled with each failure, never more than `most`.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// The wait after the first failure.
    pub first: Duration,
    /// The longest wait.
    pub most: Duration,
}

impl Backoff {
    /// The wait after `failures` failures in a row (1 or more): between half of the full wait and all of it,
    /// as `dice` (0.0 to 1.0) says. Dice of 1.0 give the wait without jitter.
    #[must_use]
    pub fn wait(self, failures: u32, dice: f64) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
        doubled.min(self.most).mul_f64(0.5 + 0.5 * dice.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(1) };

    #[test]
    fn waits_double_up_to_the_most() {
        let waits: Vec<u128> = (1..=6).map(|n| RULE.wait(n, 1.0).as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1_000, 1_000]);
    }

    #[test]
    fn jitter_takes_at_most_half_away_and_many_failures_do_not_overflow() {
        assert_eq!(RULE.wait(1, 0.0).as_millis(), 50);
        assert_eq!(RULE.wait(u32::MAX, 0.0).as_millis(), 500);
    }
}
