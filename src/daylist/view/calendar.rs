//! The calendar of the days that have music: a table for each month, the newest first, weeks from Monday.

use crate::i18n::{Locale, Messages, fill, long_date, messages};
use askama::Template;
use chrono::{Datelike as _, NaiveDate};
use std::collections::BTreeMap;

/// More months than these are a page of their own to scroll past.
const MOST_MONTHS: usize = 12;
const DAYS_OF_WEEK: usize = 7;

/// The days of a streamer that have music, each leading to its list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar<'a> {
    /// The language of the page.
    pub(super) locale: Locale,
    /// Whose days.
    pub(super) login: &'a str,
    /// Those with music, in any order.
    pub(super) days: &'a [NaiveDate],
    /// The day whose list is on the page.
    pub(super) shown: Option<NaiveDate>,
    /// The local day that it is now.
    pub(super) today: NaiveDate,
}

#[derive(Template)]
#[template(path = "calendar.html")]
struct CalendarTemplate<'a> {
    m: &'static Messages,
    months: Vec<Month>,
    weekdays: Vec<(&'a str, &'a str)>,
    has_more: bool,
}

/// A month with music, week by week.
struct Month {
    name: String,
    weeks: Vec<Vec<Cell>>,
}

/// A place in a week: a day of the month, or none.
#[derive(Clone, Default)]
struct Cell {
    day: Option<u32>,
    link: Option<Link>,
    is_today: bool,
}

/// The way to a day's list.
#[derive(Clone)]
struct Link {
    path: String,
    label: String,
    is_shown: bool,
}

impl Calendar<'_> {
    /// The months as HTML; nothing when no day has music.
    pub(super) fn html(&self) -> String {
        self.template().render().expect("the template writes to memory only")
    }

    fn template(&self) -> CalendarTemplate<'_> {
        let m = messages(self.locale);
        let (months, has_more) = self.months();
        let weekdays = m.dates.weekdays_short.iter().zip(&m.dates.weekdays);
        let weekdays = weekdays.map(|(short, long)| (short.as_str(), long.as_str())).collect();
        CalendarTemplate { m, months, weekdays, has_more }
    }

    /// The newest months, and whether there are more.
    fn months(&self) -> (Vec<Month>, bool) {
        let mut days = BTreeMap::<NaiveDate, Vec<NaiveDate>>::new();
        for day in self.days {
            days.entry(first_of_month(*day)).or_default().push(*day);
        }
        let months = days.iter().rev().take(MOST_MONTHS).map(|(first, with_music)| Month {
            name: self.name(*first),
            weeks: self.weeks(*first, with_music),
        });
        (months.collect(), days.len() > MOST_MONTHS)
    }

    fn name(&self, first: NaiveDate) -> String {
        let dates = &messages(self.locale).dates;
        let name = fill(&dates.month, "month", &dates.months[first.month0() as usize]);
        fill(&name, "year", &first.year().to_string())
    }

    fn weeks(&self, first: NaiveDate, with_music: &[NaiveDate]) -> Vec<Vec<Cell>> {
        let before = first.weekday().num_days_from_monday() as usize;
        let days = first.iter_days().take_while(|day| day.month() == first.month());
        let mut cells = vec![Cell::default(); before];
        cells.extend(days.map(|day| self.cell(day, with_music.contains(&day))));
        cells.resize(cells.len().next_multiple_of(DAYS_OF_WEEK), Cell::default());
        cells.chunks(DAYS_OF_WEEK).map(<[Cell]>::to_vec).collect()
    }

    fn cell(&self, day: NaiveDate, has_music: bool) -> Cell {
        let link = has_music.then(|| Link {
            path: format!("/streamers/{}/tracks/{day}", self.login),
            label: self.label(day),
            is_shown: self.shown == Some(day),
        });
        Cell { day: Some(day.day()), link, is_today: day == self.today }
    }

    fn label(&self, day: NaiveDate) -> String {
        let date = long_date(self.locale, day);
        if day == self.today { fill(&messages(self.locale).calendar.today, "date", &date) } else { date }
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn calendar(days: &[NaiveDate]) -> Calendar<'_> {
        let (shown, today) = (Some(day("2026-11-19")), day("2026-11-21"));
        Calendar { locale: Locale::En, login: "ann", days, shown, today }
    }

    #[test]
    fn months_with_music_stand_the_newest_first_and_no_others() {
        let days = [day("2026-09-30"), day("2026-11-19"), day("2026-11-02"), day("2025-11-05")];
        let (months, has_more) = calendar(&days).months();
        let names: Vec<_> = months.iter().map(|month| month.name.as_str()).collect();
        assert_eq!((names, has_more), (vec!["November 2026", "September 2026", "November 2025"], false));
        assert!(calendar(&[]).html().trim().is_empty());
    }

    #[test]
    fn a_week_runs_from_monday_to_sunday() {
        let (months, _) = calendar(&[day("2026-11-19")]).months();
        let rows: Vec<Vec<Option<u32>>> =
            months[0].weeks.iter().map(|week| week.iter().map(|cell| cell.day).collect()).collect();
        assert_eq!(rows.len(), 6);
        assert_eq!(rows[0], [None, None, None, None, None, None, Some(1)], "the 1st is a Sunday");
        assert_eq!(rows[5], [Some(30), None, None, None, None, None, None]);
        let (months, _) = calendar(&[day("2027-02-01")]).months();
        assert_eq!(months[0].weeks.len(), 4, "a February from Monday to Sunday");
    }

    #[test]
    fn days_with_music_lead_to_their_lists_and_say_which_is_shown_and_which_is_today() {
        let days = [day("2026-11-19"), day("2026-11-21")];
        let html = calendar(&days).html();
        for part in [
            "href=\"/streamers/ann/tracks/2026-11-19\" aria-label=\"Thursday 19 November\" aria-current=\"date\"",
            "href=\"/streamers/ann/tracks/2026-11-21\" aria-label=\"Saturday 21 November, today\">21</a>",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert_eq!(html.matches("<a ").count(), 2);
    }

    #[test]
    fn today_is_marked_without_music_too() {
        let html = calendar(&[day("2026-11-19")]).html();
        assert!(html.contains("<td class=\"today\">21</td>"), "{html}");
    }

    #[test]
    fn only_the_newest_months_are_drawn_and_it_is_said_that_there_are_more() {
        let days: Vec<NaiveDate> = (1..=12).map(|month| day(&format!("2026-{month:02}-03"))).collect();
        assert!(!calendar(&days).html().contains("class=\"more\""));
        let days = [&days[..], &[day("2025-12-31")]].concat();
        let html = calendar(&days).html();
        assert!(html.matches("<table").count() == MOST_MONTHS && html.contains("class=\"more\""), "{html}");
        assert!(!html.contains("December 2025"));
    }

    #[test]
    fn it_is_french_for_the_french() {
        let days = [day("2026-08-01")];
        let html = Calendar { locale: Locale::Fr, ..calendar(&days) }.html();
        for part in [
            "<caption>août 2026</caption>",
            ">lu</span><span class=\"unseen\">lundi</span>",
            "samedi 1er août",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }
}
