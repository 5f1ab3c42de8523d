//! Dates in words.

use super::{Locale, fill, messages};
use chrono::{Datelike as _, NaiveDate, NaiveDateTime};

/// A date as people say it, without its year: `Friday 20 November`, `vendredi 20 novembre`.
#[must_use]
pub fn long_date(locale: Locale, date: NaiveDate) -> String {
    said(locale, &messages(locale).dates.long, date)
}

/// The same with its year: `Friday 20 November 2026`.
#[must_use]
pub fn full_date(locale: Locale, date: NaiveDate) -> String {
    said(locale, &messages(locale).dates.full, date)
}

/// A date as people say it on the day `today`: its year is said where it is another.
#[must_use]
pub fn near_date(locale: Locale, date: NaiveDate, today: NaiveDate) -> String {
    if date.year() == today.year() { long_date(locale, date) } else { full_date(locale, date) }
}

/// A date without its year, and the time of day there, for what is near: `Friday 20 November, 14:03`.
#[must_use]
pub fn moment(locale: Locale, at: NaiveDateTime) -> String {
    timed(locale, &long_date(locale, at.date()), at)
}

/// A date with its year but without its weekday, and the time of day there: `20 November 2026, 14:03`.
#[must_use]
pub fn full_moment(locale: Locale, at: NaiveDateTime) -> String {
    timed(locale, &said(locale, &messages(locale).dates.short, at.date()), at)
}

fn timed(locale: Locale, date: &str, at: NaiveDateTime) -> String {
    let text = fill(&messages(locale).dates.moment, "date", date);
    fill(&text, "time", &at.format("%H:%M").to_string())
}

fn said(locale: Locale, order: &str, date: NaiveDate) -> String {
    let dates = &messages(locale).dates;
    let day = if date.day() == 1 { dates.first_of_month.clone() } else { date.day().to_string() };
    let text = fill(order, "weekday", &dates.weekdays[date.weekday().num_days_from_monday() as usize]);
    let text = fill(&fill(&text, "day", &day), "month", &dates.months[date.month0() as usize]);
    fill(&text, "year", &date.year().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a date")
    }

    #[test]
    fn a_date_is_said_as_people_say_it() {
        assert_eq!(long_date(Locale::En, date(11, 20)), "Friday 20 November");
        assert_eq!(long_date(Locale::Fr, date(11, 20)), "vendredi 20 novembre");
        let at = date(11, 20).and_hms_opt(9, 5, 59).expect("a time");
        assert_eq!(moment(Locale::En, at), "Friday 20 November, 09:05");
        assert_eq!(full_moment(Locale::Fr, at), "20 novembre 2026 à 09:05");
    }

    #[test]
    fn the_first_of_a_month_is_first_in_french() {
        assert_eq!(long_date(Locale::En, date(11, 1)), "Sunday 1 November");
        assert_eq!(near_date(Locale::En, date(11, 1), date(1, 1)), "Sunday 1 November");
        assert_eq!(full_date(Locale::Fr, date(8, 1)), "samedi 1er août 2026");
    }
}
