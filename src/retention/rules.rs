//! When a sweep is due, and what is old. Pure.

use crate::base::clock::Instant;
use crate::base::local_day::{bounds, first_kept, local_date};
use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

/// The day (UTC) of the sweep that was due last.
#[must_use]
pub fn due_day(now: Instant, sweep_at: NaiveTime) -> NaiveDate {
    let today = now.date_naive();
    if now.time() < sweep_at { today.pred_opt().unwrap_or(today) } else { today }
}

/// How long it is until the next sweep is due: more than nothing, a day at most.
#[must_use]
pub fn until_next(now: Instant, sweep_at: NaiveTime) -> TimeDelta {
    let last = Utc.from_utc_datetime(&due_day(now, sweep_at).and_time(sweep_at));
    last + TimeDelta::days(1) - now
}

/// What lies before this instant is old: where the first local day begins that a streamer still keeps. None when they
/// keep everything.
#[must_use]
pub fn border(timezone: Tz, retention_days: Option<i64>, now: Instant) -> Option<Instant> {
    let first = first_kept(local_date(now, timezone), retention_days)?;
    Some(bounds(first, timezone).0)
}

#[cfg(test)]
mod tests;
