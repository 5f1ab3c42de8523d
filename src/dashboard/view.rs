//! The dashboard: plain data in, HTML out. It reads nothing and knows no clock.

use super::words::{Notice, Said, days_of, deaf_notice, link_notice, login_notice, said};
use crate::accounts::rules::{link_age, link_ends_at};
use crate::accounts::{AfterLeaving, GrantStatus, LinkView, User, Visibility};
use crate::base::clock::Instant;
use crate::curation::{Buttons, Panic};
use crate::daylist::now_card;
use crate::eventsub::Standing;
use crate::http::{Layout, Ways};
use crate::hub::NowPlaying;
use crate::i18n::{Locale, Messages, fill, full_date, messages};
use crate::live::{IgnoreRule, Kind, Status};
use askama::Template;

/// How many days can be chosen.
const DAYS: [i64; 7] = [1, 3, 7, 14, 30, 90, 365];

/// What the dashboard shows.
#[derive(Debug)]
pub(super) struct Dashboard {
    pub(super) locale: Locale,
    pub(super) now: Instant,
    pub(super) user: User,
    pub(super) ways: Ways,
    /// Whom whoever looks helps besides.
    pub(super) helped: Vec<User>,
    /// Where the panic buttons stand.
    pub(super) panic: Panic,
    /// What each form repeats.
    pub(super) token: String,
    pub(super) status: Status,
    pub(super) link: Option<LinkView>,
    pub(super) grant: Option<GrantStatus>,
    /// Where the subscriptions at Twitch stand.
    pub(super) standing: Option<Standing>,
    pub(super) rules: Vec<IgnoreRule>,
    pub(super) now_playing: Option<NowPlaying>,
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
#[template(path = "dashboard.html")]
struct DashboardTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    user: &'a User,
    ways: &'a Ways,
    helped: &'a [User],
    token: &'a str,
    said: Option<&'a Answer>,
    notices: Vec<Notice>,
    status: Said,
    panic: String,
    card: String,
    link: Option<&'a LinkView>,
    link_line: String,
    days: Vec<(String, String, bool)>,
    zones: &'static [chrono_tz::Tz],
    rules: &'a [IgnoreRule],
}

#[derive(Template)]
#[template(path = "status.html")]
struct StatusTemplate<'a> {
    m: &'static Messages,
    ways: &'a Ways,
    token: &'a str,
    notices: Vec<Notice>,
    status: Said,
}

impl Dashboard {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let page = Layout::new(self.locale, &m.dashboard.title, &m.dashboard.title).asked(&self.ways.query);
        let template = DashboardTemplate {
            page,
            m,
            user: &self.user,
            ways: &self.ways,
            helped: &self.helped,
            token: &self.token,
            said: self.answer.as_ref(),
            notices: self.notices(),
            status: self.said(),
            panic: self.buttons(),
            card: now_card(self.locale, self.now_playing.as_ref(), self.now),
            link: self.link.as_ref(),
            link_line: self
                .link
                .as_ref()
                .map(|link| link_line(link, &self.user, self.locale))
                .unwrap_or_default(),
            days: self.days(),
            zones: &chrono_tz::TZ_VARIANTS,
            rules: &self.rules,
        };
        template.render().expect("the template writes to memory only")
    }

    /// How things are, for a page that is open already.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render_status(&self) -> String {
        let m = messages(self.locale);
        let template = StatusTemplate {
            m,
            ways: &self.ways,
            token: &self.token,
            notices: self.notices(),
            status: self.said(),
        };
        template.render().expect("the template writes to memory only")
    }

    fn buttons(&self) -> String {
        let (locale, user, token) = (self.locale, &self.user, &*self.token);
        Buttons { locale, user, token, query: &self.ways.query, back: "home", panic: &self.panic }.html()
    }

    /// Where there is something to do about it, that is the streamer's to do.
    fn said(&self) -> Said {
        let said = said(&self.status, &self.user, self.locale, self.now);
        Said { remedy: said.remedy.filter(|_| self.ways.is_streamer), ..said }
    }

    fn notices(&self) -> Vec<Notice> {
        let lost = matches!(self.grant, Some(GrantStatus::Refused | GrantStatus::Revoked));
        let login = lost.then(|| login_notice(self.locale));
        let link = self
            .link
            .as_ref()
            .and_then(|link| link_notice(link_age(link.authorized_at, self.now), self.locale));
        let deaf = match self.standing {
            Some(Standing::Trouble(trouble)) => deaf_notice(trouble, self.locale),
            _ => None,
        };
        let own = login.into_iter().chain(link).filter(|_| self.ways.is_streamer);
        own.chain(deaf).collect()
    }

    /// The choices of how long lists are kept, the streamer's own among them.
    fn days(&self) -> Vec<(String, String, bool)> {
        let m = &messages(self.locale).dashboard;
        let chosen = self.user.retention_days;
        let mut days: Vec<i64> = DAYS.into_iter().chain(chosen).collect();
        days.sort_unstable();
        days.dedup();
        let label = |days: i64| days_of(days, self.locale);
        let for_ever = ("for-ever".to_owned(), m.for_ever.clone(), chosen.is_none());
        let days = days.into_iter().map(|days| (days.to_string(), label(days), chosen == Some(days)));
        days.chain([for_ever]).collect()
    }
}

/// Since when a link is there, and until when.
pub(super) fn link_line(link: &LinkView, user: &User, locale: Locale) -> String {
    let day = |at: Instant| full_date(locale, at.with_timezone(&user.timezone).date_naive());
    let told = fill(&messages(locale).dashboard.link_line, "date", &day(link.authorized_at));
    fill(&told, "end", &day(link_ends_at(link.authorized_at)))
}

impl DashboardTemplate<'_> {
    fn is_private(&self) -> bool {
        self.user.visibility == Visibility::Private
    }

    fn deletes(&self) -> bool {
        self.user.after_leaving == AfterLeaving::Delete
    }

    fn kind(&self, rule: &IgnoreRule) -> &str {
        let m = &self.m.dashboard;
        match rule.kind {
            Kind::Playlist => &m.playlist,
            Kind::Device => &m.device,
            Kind::Artist => &m.artist,
        }
    }
}
