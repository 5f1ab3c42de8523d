//! The list by hand and the panic buttons: plain data in, HTML out. It reads nothing and knows no clock.

use super::model::{Done, Listed, Panic};
use crate::accounts::User;
use crate::base::clock::Instant;
use crate::base::local_day::local_date;
use crate::http::{Layout, Ways};
use crate::hub::instant_text;
use crate::hub::markup::{hue, safe_address};
use crate::i18n::{Locale, Messages, fill, long_date, messages};
use crate::live::ActKind;
use askama::Template;
use chrono::{Days, NaiveDate};

/// The panic buttons, for any page of the dashboard.
#[derive(Debug, Clone, Copy)]
pub struct Buttons<'a> {
    /// The language of the page.
    pub locale: Locale,
    /// Whose list they are about.
    pub user: &'a User,
    /// What each form repeats.
    pub token: &'a str,
    /// What links and forms carry behind their path.
    pub query: &'a str,
    /// Where a form leads back to: `home` or `list`.
    pub back: &'a str,
    /// How things stand.
    pub panic: &'a Panic,
}

#[derive(Template)]
#[template(path = "panic.html")]
struct PanicTemplate<'a> {
    m: &'static Messages,
    of: Buttons<'a>,
}

/// The page of one day.
#[derive(Debug)]
pub(super) struct ListPage {
    pub(super) locale: Locale,
    pub(super) now: Instant,
    pub(super) user: User,
    pub(super) ways: Ways,
    pub(super) token: String,
    pub(super) date: NaiveDate,
    pub(super) plays: Vec<Listed>,
    pub(super) panic: Panic,
    /// What has just been done, or could not be.
    pub(super) answer: Option<Answer>,
}

/// What is said about what somebody has just done.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) is_bad: bool,
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    list: &'a ListPage,
    ways: &'a Ways,
    said: Option<&'a Answer>,
    date: String,
    panic: String,
    rows: Vec<Row<'a>>,
    previous: (String, String),
    next: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "list_row.html")]
struct Row<'a> {
    m: &'static Messages,
    list: &'a ListPage,
    play: &'a Listed,
}

impl Buttons<'_> {
    /// The buttons as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    #[must_use]
    pub fn html(self) -> String {
        let template = PanicTemplate { m: messages(self.locale), of: self };
        template.render().expect("the template writes to memory only")
    }
}

impl PanicTemplate<'_> {
    fn clock(&self, at: &Instant) -> String {
        at.with_timezone(&self.of.user.timezone).format("%H:%M").to_string()
    }

    fn ghost_since(&self, at: &Instant) -> String {
        fill(&self.m.curation.ghost_since, "time", &self.clock(at))
    }

    /// What was done, for the button that undoes it.
    fn done(&self, act: &Done) -> String {
        let m = &self.m.curation;
        let text = match act.kind {
            ActKind::HideLast => &m.did_hide_last,
            ActKind::HideMinutes => &m.did_hide_minutes,
            ActKind::Ghost => &m.did_ghost,
        };
        let text = fill(text, "time", &self.clock(&act.at));
        fill(&text, "count", &self.m.counts.tracks.of(self.of.locale, act.plays))
    }
}

impl ListPage {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let page =
            Layout::new(self.locale, &m.curation.title, &m.curation.title).asked(self.query(self.date));
        let template = ListTemplate {
            page,
            m,
            list: self,
            ways: &self.ways,
            said: self.answer.as_ref(),
            date: long_date(self.locale, self.date),
            panic: self.buttons().html(),
            rows: self.plays.iter().rev().map(|play| Row { m, list: self, play }).collect(),
            previous: self.neighbour(self.date - Days::new(1)),
            next: (!self.is_today()).then(|| self.neighbour(self.date + Days::new(1))),
        };
        template.render().expect("the template writes to memory only")
    }

    fn buttons(&self) -> Buttons<'_> {
        Buttons {
            locale: self.locale,
            user: &self.user,
            token: &self.token,
            query: &self.ways.query,
            back: "list",
            panic: &self.panic,
        }
    }

    fn is_today(&self) -> bool {
        self.date == local_date(self.now, self.user.timezone)
    }

    /// The way to another day, and what it is called.
    fn neighbour(&self, date: NaiveDate) -> (String, String) {
        (format!("/dashboard/list{}", self.query(date)), long_date(self.locale, date))
    }

    /// What says whose day this is, and which.
    fn query(&self, date: NaiveDate) -> String {
        let start = if self.ways.query.is_empty() { "?".to_owned() } else { format!("{}&", self.ways.query) };
        format!("{start}date={date}")
    }
}

impl Row<'_> {
    fn at(&self) -> String {
        instant_text(self.play.track.started_at)
    }

    fn clock(&self) -> String {
        self.play.track.started_at.with_timezone(&self.list.user.timezone).format("%H:%M").to_string()
    }

    fn hue(&self) -> u32 {
        hue(&self.play.track.uri)
    }

    fn image(&self) -> Option<&str> {
        safe_address(self.play.track.image_url.as_deref())
    }

    fn album(&self) -> &str {
        self.play.track.album.as_deref().unwrap_or_default()
    }

    fn is_by_hand(&self) -> bool {
        self.play.track.source == "manual"
    }

    /// What it was called before it was corrected.
    fn original(&self) -> Option<String> {
        let title = self.play.original.as_ref()?;
        let text = fill(&self.m.curation.original, "name", &title.name);
        Some(fill(&text, "artist", &title.artist()))
    }
}
