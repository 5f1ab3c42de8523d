//! Sessions that fail: how long one rests before it is started again. Pure.

use crate::base::backoff::Backoff;
use crate::base::clock::{Instant, whole_millis};
use chrono::TimeDelta;
use std::time::Duration;

const REST: Backoff = Backoff { first: Duration::from_secs(1), most: Duration::from_mins(5) };
/// A session that lived this long has its earlier failures forgiven.
const FORGIVEN_AFTER: TimeDelta = TimeDelta::minutes(10);
/// Letters of a reason that are kept.
const LONGEST_REASON: usize = 500;

/// The last failure of a session, and how many there were in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crash {
    /// Failures in a row; 1 or more.
    pub times: u32,
    /// When it failed.
    pub failed_at: Instant,
    /// Until when it is left alone.
    pub rests_until: Instant,
    /// What it said.
    pub reason: String,
}

impl Crash {
    /// A session that began then has failed now. `dice` (0.0 to 1.0) spreads the rests of many.
    #[must_use]
    pub fn after(before: Option<&Self>, began: Instant, now: Instant, reason: &str, dice: f64) -> Self {
        let forgiven = now - began > FORGIVEN_AFTER;
        let times = before.filter(|_| !forgiven).map_or(1, |crash| crash.times.saturating_add(1));
        let reason = reason.chars().filter(|letter| *letter != '\0').take(LONGEST_REASON).collect();
        let rests_until = whole_millis(now + REST.wait(times, dice));
        Self { times, failed_at: now, rests_until, reason }
    }

    /// Whether it is to be left alone.
    #[must_use]
    pub fn rests(&self, now: Instant) -> bool {
        now < self.rests_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn rest(crash: &Crash) -> i64 {
        (crash.rests_until - crash.failed_at).num_seconds()
    }

    #[test]
    fn a_crash_loop_rests_longer_and_longer_but_never_for_good() {
        let mut crash = Crash::after(None, at(0), at(0), "no", 1.0);
        let mut rests = vec![rest(&crash)];
        for _ in 0..10 {
            let again = crash.rests_until;
            crash = Crash::after(Some(&crash), again, again, "no", 1.0);
            rests.push(rest(&crash));
        }
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(crash.times, 11);
        assert!(crash.rests(crash.failed_at) && !crash.rests(crash.rests_until));
    }

    #[test]
    fn a_session_that_lived_long_is_forgiven_what_was_before() {
        let first = Crash::after(None, at(0), at(1), "no", 0.0);
        let soon = Crash::after(Some(&first), at(2), at(602), "no", 0.0);
        let late = Crash::after(Some(&first), at(2), at(603), "no", 0.0);
        assert_eq!((soon.times, late.times), (2, 1));
    }

    #[test]
    fn a_reason_is_cut_to_what_either_database_holds() {
        let crash = Crash::after(None, at(0), at(1), &"\0é".repeat(600), 0.0);
        assert_eq!(crash.reason, "é".repeat(500));
    }
}
