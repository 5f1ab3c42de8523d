//! Tables of dues and borders, and what holds in every zone on every day.

use super::*;
use chrono::DateTime;
use chrono_tz::TZ_VARIANTS;
use proptest::prelude::*;

fn at(text: &str) -> Instant {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

fn four() -> NaiveTime {
    NaiveTime::from_hms_opt(4, 0, 0).expect("a time")
}

#[test]
fn a_sweep_is_due_each_day_at_its_time() {
    for (now, day, minutes) in [
        ("2026-11-20T03:59:00Z", "2026-11-19", 1),
        ("2026-11-20T04:00:00Z", "2026-11-20", 24 * 60),
        ("2026-11-20T23:59:00Z", "2026-11-20", 4 * 60 + 1),
        ("2026-11-21T00:00:00Z", "2026-11-20", 4 * 60),
        ("2027-01-01T00:00:00Z", "2026-12-31", 4 * 60),
    ] {
        assert_eq!(due_day(at(now), four()).to_string(), day, "{now}");
        assert_eq!(until_next(at(now), four()), TimeDelta::minutes(minutes), "{now}");
    }
    assert_eq!(due_day(at("2026-11-20T00:00:00Z"), NaiveTime::MIN).to_string(), "2026-11-20");
}

#[test]
fn the_border_is_a_midnight_of_the_streamers() {
    for (timezone, days, now, border_at) in [
        (Tz::UTC, 7, "2026-11-20T04:00:00Z", "2026-11-13T00:00:00Z"),
        (Tz::UTC, 1, "2026-11-20T04:00:00Z", "2026-11-19T00:00:00Z"),
        // The farthest east and the farthest west, a second before and at their midnight.
        (Tz::Pacific__Kiritimati, 1, "2026-11-20T09:59:59Z", "2026-11-18T10:00:00Z"),
        (Tz::Pacific__Kiritimati, 1, "2026-11-20T10:00:00Z", "2026-11-19T10:00:00Z"),
        (Tz::Pacific__Honolulu, 1, "2026-11-20T09:59:59Z", "2026-11-18T10:00:00Z"),
        (Tz::Pacific__Honolulu, 1, "2026-11-20T10:00:00Z", "2026-11-19T10:00:00Z"),
        // Clocks were set between the border and now: it is a midnight all the same.
        (Tz::Europe__Paris, 1, "2026-03-30T04:00:00Z", "2026-03-28T23:00:00Z"),
        (Tz::Europe__Paris, 2, "2026-03-30T04:00:00Z", "2026-03-27T23:00:00Z"),
        (Tz::Europe__Paris, 1, "2026-10-26T04:00:00Z", "2026-10-24T22:00:00Z"),
        // And where midnight itself is skipped, the day begins an hour later.
        (Tz::America__Santiago, 1, "2026-09-07T04:00:00Z", "2026-09-06T04:00:00Z"),
        (Tz::Europe__Paris, 365, "2026-11-20T04:00:00Z", "2025-11-19T23:00:00Z"),
    ] {
        let found = border(timezone, Some(days), at(now));
        assert_eq!(found, Some(at(border_at)), "{days} days in {timezone} at {now}");
    }
}

#[test]
fn who_keeps_everything_has_no_border() {
    assert_eq!(border(Tz::UTC, None, at("2026-11-20T04:00:00Z")), None);
    assert_eq!(border(Tz::UTC, Some(-1), at("2026-11-20T04:00:00Z")), None, "nonsense deletes nothing");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The sweep and the day page agree to the millisecond: a kept day is never touched, an old one always goes.
    #[test]
    fn what_is_old_is_what_lies_on_no_day_that_is_kept(
        zone in prop::sample::select(&TZ_VARIANTS[..]),
        now in 1_767_225_600_000..2_082_758_400_000_i64,
        days in 1..=365_i64,
        nudge in prop_oneof![-3_i64..=3, -3_600_000..=3_600_000_i64, -40_000_000_000..=40_000_000_000_i64],
    ) {
        let now = DateTime::from_timestamp_millis(now).expect("an instant");
        let border = border(zone, Some(days), now).expect("a border");
        let today = local_date(now, zone);
        prop_assert!(border <= bounds(today - TimeDelta::days(1), zone).0, "yesterday is always kept");
        let played = border + TimeDelta::milliseconds(nudge);
        let day = local_date(played, zone);
        let is_kept = first_kept(today, Some(days)).is_none_or(|first| day >= first);
        prop_assert_eq!(played >= border, is_kept, "{} of {} with {} days in {}", played, now, days, zone);
    }

    /// Whenever one looks, the sweep that was due last is less than a day ago, and the next comes after it.
    #[test]
    fn one_sweep_follows_the_other(now in 0..4_000_000_000_000_i64, minute in 0..1_440_u32) {
        let now = DateTime::from_timestamp_millis(now).expect("an instant");
        let sweep_at = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).expect("a time");
        let wait = until_next(now, sweep_at);
        prop_assert!(wait > TimeDelta::zero() && wait <= TimeDelta::days(1));
        let (last, next) = (due_day(now, sweep_at), due_day(now + wait, sweep_at));
        prop_assert_eq!(last.succ_opt(), Some(next));
    }
}
