//! The day page: what plays now and the list of the day, newest first for the eye.

use super::calendar::Calendar;
use super::card::NowCard;
use super::finder::Finder;
use super::tape::Tape;
use crate::base::clock::Instant;
use crate::daylist::model::Stream;
use crate::daylist::search::Search;
use crate::http::{Layout, Site};
use crate::hub::{Gap, NowPlaying, OnAir, Streamer, Track};
use crate::i18n::{Locale, Messages, fill, long_date, messages, near_date};
use askama::Template;
use chrono::NaiveDate;

/// What the day page shows.
#[derive(Debug, Clone)]
pub struct DayPage<'a> {
    /// The language of the page.
    pub locale: Locale,
    /// Where the page is.
    pub site: &'a Site,
    /// Whose day it is.
    pub streamer: &'a Streamer,
    /// The day, as the streamer counts days.
    pub date: NaiveDate,
    /// Whether that day is going on, so that the page stays live.
    pub is_today: bool,
    /// Where the streamer's days begin and end: an IANA name such as `Europe/Paris`.
    pub timezone: &'a str,
    /// Whether the streamer is on air now.
    pub live: bool,
    /// The broadcast that is on air.
    pub stream: Option<&'a OnAir>,
    /// What is in the player.
    pub now_playing: Option<&'a NowPlaying>,
    /// The instant at which the progress of `now_playing` holds.
    pub at: Instant,
    /// The plays of the day, oldest first.
    pub tracks: &'a [Track],
    /// When we could not look, in any order, healed ones included.
    pub gaps: &'a [Gap],
    /// Where the live socket goes on from.
    pub cursor: &'a str,
    /// The day before that has a page.
    pub previous_day: Option<NaiveDate>,
    /// The day after that has a page.
    pub next_day: Option<NaiveDate>,
    /// The days that have music, in any order.
    pub days: &'a [NaiveDate],
    /// The local day that it is now.
    pub today: NaiveDate,
    /// The streams that reach into the day, the longest ago first.
    pub streams: &'a [Stream],
    /// What the visitor looks for in the list.
    pub search: Option<&'a Search>,
    /// Whether the list is private, so that only the streamer and those who help them see it.
    pub is_private: bool,
}

/// A neighbouring day to go to.
struct Neighbour {
    path: String,
    label: String,
}

#[derive(Template)]
#[template(path = "day.html")]
struct DayTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    day: &'a DayPage<'a>,
    date: String,
    count: String,
    midnight: String,
    calendar: String,
    card: String,
    finder: String,
    timezone: &'a str,
    tape: Tape<'a>,
    previous: Option<Neighbour>,
    next: Option<Neighbour>,
}

impl DayPage<'_> {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    #[must_use]
    pub fn render(&self) -> String {
        self.template().render().expect("the template writes to memory only")
    }

    fn template(&self) -> DayTemplate<'_> {
        let m = messages(self.locale);
        let tape = Tape::of(m, self.tracks, self.gaps, |track| self.start_of(track), self.search);
        DayTemplate {
            page: self.layout(m),
            m,
            day: self,
            date: self.said(),
            count: m.counts.tracks.of(self.locale, self.tracks.len()),
            midnight: fill(&m.day.midnight, "zone", self.timezone),
            calendar: self.calendar().html(),
            card: NowCard { m, now: self.now(), at: self.at }.html(),
            finder: Finder::of(self.locale, &m.find.in_day, self.search, tape.found).html(),
            timezone: self.timezone,
            tape,
            previous: self.previous_day.map(|date| self.neighbour(date, &m.day.previous)),
            next: self.next_day.map(|date| self.neighbour(date, &m.day.next)),
        }
    }

    fn layout(&self, m: &Messages) -> Layout {
        let date = self.said();
        let told = |text| fill(&fill(text, "date", &date), "name", &self.streamer.name);
        let (path, layout) =
            (self.path(self.date), Layout::new(self.locale, told(&m.day.title), told(&m.day.description)));
        if let Some(search) = self.search {
            return layout.asked(search.query());
        }
        let picture = format!("{path}/share.png");
        layout.at(self.site, path).pictured(picture)
    }

    fn said(&self) -> String {
        near_date(self.locale, self.date, self.today)
    }

    fn path(&self, date: NaiveDate) -> String {
        format!("/streamers/{}/tracks/{date}", self.streamer.login)
    }

    fn neighbour(&self, date: NaiveDate, label: &str) -> Neighbour {
        Neighbour { path: self.path(date), label: fill(label, "date", &long_date(self.locale, date)) }
    }

    fn calendar(&self) -> Calendar<'_> {
        let (login, shown) = (&self.streamer.login, Some(self.date));
        Calendar { locale: self.locale, login, days: self.days, shown, today: self.today }
    }

    /// When the stream began in which a track was played, as far as the streams of the day tell.
    fn start_of(&self, track: &Track) -> Option<Instant> {
        let at = track.started_at;
        let around = |stream: &&Stream| stream.started_at <= at && stream.ended_at.is_none_or(|end| at < end);
        self.streams.iter().rev().find(around).map(|stream| stream.started_at)
    }

    /// What plays, on a day that is going on.
    fn now(&self) -> Option<&NowPlaying> {
        self.now_playing.filter(|_| self.is_today && self.live)
    }
}

impl DayTemplate<'_> {
    /// Whether the newest row is what plays, which the lamp beside it shows.
    fn is_current(&self) -> bool {
        let newest = self.day.tracks.last();
        self.day
            .now()
            .is_some_and(|now| now.is_playing && newest.is_some_and(|track| track.id == now.track.id))
    }

    /// Whether something is looked for that is not there.
    fn is_in_vain(&self) -> bool {
        self.day.search.is_some() && self.tape.found == 0 && !self.tape.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.tape.is_empty() && self.day.now().is_none()
    }

    fn is_silent(&self) -> bool {
        self.day.is_today && self.day.live && self.day.now().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daylist::view::samples::{Evening, gap, instant};

    #[test]
    fn the_page_says_whose_day_it_is_and_what_plays() {
        let html = Evening::default().page().render();
        for part in [
            "<title>Ann · Friday 20 November · Airlog</title>",
            "<h1><a href=\"/streamers/ann\"><bdi>Ann</bdi></a></h1>",
            "On air",
            "Slow Harbour",
            "data-live=\"/api/v1/streamers/ann/live\"",
            "data-cursor=\"k3x9-12\"",
            "Europe/Paris",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn the_newest_track_comes_first() {
        let evening = Evening::default();
        let html = evening.page().render();
        let places: Vec<_> = evening
            .tracks
            .iter()
            .rev()
            .map(|track| html.find(&format!("data-track-id=\"{}\" data-source", track.id)))
            .collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    }

    #[test]
    fn a_gap_stands_between_what_came_before_and_after_and_a_healed_one_is_gone() {
        let mut evening = Evening::default();
        let (open, healed) = (gap("2026-11-20T20:33:00Z", false), gap("2026-11-20T20:10:00Z", true));
        evening.gaps = vec![healed.clone(), open.clone()];
        let html = evening.page().render();
        assert!(!html.contains(&healed.id.to_string()));
        let place =
            |id: &str| html.find(&format!("id=\"{id}\" data-")).unwrap_or_else(|| panic!("{id} in {html}"));
        let (before, after): (Vec<_>, Vec<_>) =
            evening.tracks.iter().partition(|track| track.started_at <= instant("2026-11-20T20:33:00Z"));
        let at = place(&open.id.to_string());
        assert!(before.iter().all(|track| place(&track.id.to_string()) > at));
        assert!(after.iter().all(|track| place(&track.id.to_string()) < at));
    }

    #[test]
    fn a_day_that_is_over_is_not_live() {
        let evening = Evening::default();
        let html = DayPage { is_today: false, ..evening.page() }.render();
        assert!(!html.contains("day.js") && !html.contains("data-live"), "{html}");
        assert!(html.contains("On air now") && html.contains("href=\"/streamers/ann/tracks/today\""));
    }

    #[test]
    fn a_row_says_how_far_into_its_stream_it_began_and_outside_of_streams_nothing() {
        let mut evening = Evening::default();
        evening.streams[0].ended_at = Some(instant("2026-11-20T20:40:00Z"));
        evening
            .streams
            .push(Stream { started_at: instant("2026-11-20T20:45:00Z"), ..evening.streams[0].clone() });
        evening.streams[1].ended_at = None;
        let html = evening.page().render();
        let rows: Vec<&str> = html.split("<li class=\"play\"").skip(1).collect();
        for (row, into) in rows.iter().zip([Some(">3:07<"), None, Some(">31:07<"), Some(">16:07<")]) {
            assert!(into.map_or(!row.contains("into"), |into| row.contains(into)), "{into:?} in {row}");
        }
    }

    #[test]
    fn a_page_on_which_something_is_looked_for_says_how_much_was_found() {
        let (evening, search) = (Evening::default(), Search::of("juno"));
        let html = DayPage { search: search.as_ref(), ..evening.page() }.render();
        let in_sight = html.matches("data-source=\"poll\">").count();
        assert!(html.contains("noindex") && html.contains(">1 match<") && in_sight == 1, "{html}");
        let none = Search::of("\"><b>");
        let html = DayPage { search: none.as_ref(), ..evening.page() }.render();
        assert!(html.contains(">0 matches<") && html.contains("value=\"&#34;&#62;&#60;b&#62;\""), "{html}");
        assert!(!html.contains("id=\"nothing\" hidden"), "{html}");
    }

    #[test]
    fn only_those_who_may_see_a_private_list_are_told_that_it_is_one() {
        let evening = Evening::default();
        assert!(!evening.page().render().contains("class=\"private\""));
        assert!(DayPage { is_private: true, ..evening.page() }.render().contains("class=\"private\""));
    }

    #[test]
    fn a_day_without_music_says_so() {
        let evening = Evening { tracks: vec![], ..Evening::default() };
        let html = DayPage { live: false, now_playing: None, ..evening.page() }.render();
        assert!(html.contains("No music yet today.") && html.contains("0 tracks"), "{html}");
    }

    #[test]
    fn the_page_is_french_for_the_french() {
        let evening = Evening::default();
        let html = DayPage { locale: Locale::Fr, ..evening.page() }.render();
        assert!(html.contains("<html lang=\"fr\"") && html.contains("vendredi 20 novembre"), "{html}");
        assert!(html.contains("En direct") && html.contains("lang=\"en\" rel=\"nofollow\">English"));
    }

    #[test]
    fn there_is_no_code_or_style_in_the_page_that_the_policy_would_refuse() {
        let html = Evening::default().page().render();
        for forbidden in ["style=", "<style", "onclick", "onerror", "<script>"] {
            assert!(!html.contains(forbidden), "{forbidden} is in {html}");
        }
    }
}
