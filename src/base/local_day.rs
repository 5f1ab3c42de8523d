//! The local day: where it begins and ends in UTC, also on the two days a year that have 23 or 25 hours.

use super::clock::Instant;
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

/// The local day that an instant lies in.
#[must_use]
pub fn local_date(at: Instant, timezone: Tz) -> NaiveDate {
    at.with_timezone(&timezone).date_naive()
}

/// The first instant of a local day, and the first that is no longer in it.
#[must_use]
pub fn bounds(date: NaiveDate, timezone: Tz) -> (Instant, Instant) {
    let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
    (begin(date, timezone), begin(next, timezone))
}

/// The first local day that is still kept by somebody whose day it is today and who keeps so many days before it. None
/// when everything is kept.
#[must_use]
pub fn first_kept(today: NaiveDate, retention_days: Option<i64>) -> Option<NaiveDate> {
    let days = u64::try_from(retention_days?).ok()?;
    today.checked_sub_days(Days::new(days))
}

/// Midnight; where clocks skip it (a change at midnight), the first instant after the skip.
fn begin(date: NaiveDate, timezone: Tz) -> Instant {
    let midnight = date.and_time(NaiveTime::MIN);
    let mut candidates = (0..=4).map(|half_hours| midnight + TimeDelta::minutes(30 * half_hours));
    let first = candidates.find_map(|local| timezone.from_local_datetime(&local).earliest());
    first.map_or_else(|| Utc.from_utc_datetime(&midnight), |begin| begin.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(date: &str, timezone: Tz) -> i64 {
        let (begin, end) = bounds(date.parse().expect("a date"), timezone);
        (end - begin).num_hours()
    }

    #[test]
    fn days_have_as_many_hours_as_the_clocks_say() {
        assert_eq!(hours("2026-11-20", Tz::Europe__Paris), 24);
        assert_eq!(hours("2026-03-29", Tz::Europe__Paris), 23);
        assert_eq!(hours("2026-10-25", Tz::Europe__Paris), 25);
        assert_eq!(hours("2026-09-06", Tz::America__Santiago), 23, "midnight itself is skipped");
    }

    #[test]
    fn each_instant_lies_in_its_own_day() {
        let date: NaiveDate = "2026-09-06".parse().expect("a date");
        for timezone in [Tz::Europe__Paris, Tz::America__Santiago, Tz::Asia__Kathmandu, Tz::UTC] {
            let (begin, end) = bounds(date, timezone);
            assert_eq!(local_date(begin, timezone), date);
            assert_eq!(local_date(end - TimeDelta::milliseconds(1), timezone), date);
            assert_ne!(local_date(end, timezone), date);
        }
    }
}
