//! Dates in words.

use super::{Locale, fill, messages};
use chrono::{Datelike as _, NaiveDate};

/// A date as people say it, without its year: `Friday 20 November`, `vendredi 20 novembre`.
#[must_use]
pub fn long_date(locale: Locale, date: NaiveDate) -> String {
    let dates = &messages(locale).dates;
    let day = if date.day() == 1 { dates.first_of_month.clone() } else { date.day().to_string() };
    let text = fill(&dates.long, "weekday", &dates.weekdays[date.weekday().num_days_from_monday() as usize]);
    fill(&fill(&text, "day", &day), "month", &dates.months[date.month0() as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(locale: Locale, month: u32, day: u32) -> String {
        long_date(locale, NaiveDate::from_ymd_opt(2026, month, day).expect("a date"))
    }

    #[test]
    fn a_date_is_said_as_people_say_it() {
        assert_eq!(said(Locale::En, 11, 20), "Friday 20 November");
        assert_eq!(said(Locale::Fr, 11, 20), "vendredi 20 novembre");
    }

    #[test]
    fn the_first_of_a_month_is_first_in_french() {
        assert_eq!(said(Locale::En, 11, 1), "Sunday 1 November");
        assert_eq!(said(Locale::Fr, 8, 1), "samedi 1er août");
    }
}
