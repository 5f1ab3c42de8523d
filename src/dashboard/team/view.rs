//! The team's page: plain data in, HTML out. It reads nothing and knows no clock.

use super::words::line;
use crate::accounts::{ApiKey, Moderator, Power, User};
use crate::audit::Entry;
use crate::base::clock::Instant;
use crate::base::id::AuditId;
use crate::dashboard::view::Answer;
use crate::http::{Layout, Ways};
use crate::i18n::{Locale, Messages, fill, full_date, full_moment, messages};
use askama::Template;
use secrecy::{ExposeSecret, SecretString};

/// What the page shows.
#[derive(Debug)]
pub(super) struct Team {
    pub(super) locale: Locale,
    pub(super) user: User,
    pub(super) ways: Ways,
    /// What each form repeats.
    pub(super) token: String,
    pub(super) moderators: Vec<Helper>,
    pub(super) keys: Vec<ApiKey>,
    /// The log, the newest first.
    pub(super) log: Vec<Entry>,
    /// The line that these are older than; none where they are the newest.
    pub(super) before: Option<AuditId>,
    /// A key that has just been made.
    pub(super) new_key: Option<NewKey>,
    /// What has just been done, or could not be.
    pub(super) answer: Option<Answer>,
}

/// Somebody who helps, and the code that they need to log in, if they need one.
#[derive(Debug)]
pub(super) struct Helper {
    pub(super) moderator: Moderator,
    pub(super) code: Option<SecretString>,
}

/// A key that is shown now and never again.
#[derive(Debug)]
pub(super) struct NewKey {
    pub(super) name: String,
    pub(super) secret: SecretString,
}

/// A line of the log.
struct Line {
    at: String,
    who: String,
    what: String,
}

#[derive(Template)]
#[template(path = "team.html")]
struct TeamTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    locale: Locale,
    user: &'a User,
    ways: &'a Ways,
    token: &'a str,
    moderators: &'a [Helper],
    keys: &'a [ApiKey],
    lines: Vec<Line>,
    is_older: bool,
    older: Option<AuditId>,
    new_key: Option<(&'a str, &'a str)>,
    said: Option<&'a Answer>,
}

impl Team {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let before = self.before.map(|id| format!("?before={id}"));
        let page = Layout::new(self.locale, &m.team.title, &m.team.title).asked(before.unwrap_or_default());
        let is_full = self.log.len() == usize::from(super::LINES);
        let template = TeamTemplate {
            page,
            m,
            locale: self.locale,
            user: &self.user,
            ways: &self.ways,
            token: &self.token,
            moderators: &self.moderators,
            keys: &self.keys,
            lines: self.log.iter().map(|entry| self.line(entry)).collect(),
            is_older: self.before.is_some(),
            older: self.log.last().filter(|_| is_full).map(|entry| entry.id),
            new_key: self.new_key.as_ref().map(|key| (key.name.as_str(), key.secret.expose_secret())),
            said: self.answer.as_ref(),
        };
        template.render().expect("the template writes to memory only")
    }

    fn line(&self, entry: &Entry) -> Line {
        let (who, what) = line(entry, self.locale);
        let at = full_moment(self.locale, entry.at.with_timezone(&self.user.timezone).naive_local());
        Line { at, who, what }
    }
}

impl Helper {
    fn code(&self) -> Option<&str> {
        self.code.as_ref().map(ExposeSecret::expose_secret)
    }
}

impl TeamTemplate<'_> {
    /// The day where the streamer lives.
    fn day(&self, at: &Instant) -> String {
        full_date(self.locale, at.with_timezone(&self.user.timezone).date_naive())
    }

    fn since(&self, moderator: &Moderator) -> String {
        let text = if moderator.twitch_id.is_some() { &self.m.team.since } else { &self.m.team.awaited };
        fill(text, "date", &self.day(&moderator.since))
    }

    /// What is known of a key, in one line.
    fn facts(&self, key: &ApiKey) -> String {
        let m = &self.m.team;
        let scopes = Power::ALL.into_iter().filter(|power| key.scopes.allow(*power));
        let scopes: Vec<&str> = scopes.map(|power| self.scope(power)).collect();
        let used = match &key.last_used_at {
            Some(at) => fill(&m.used, "date", &self.minute(at)),
            None => m.unused.clone(),
        };
        let made = fill(&m.made, "date", &self.day(&key.made_at));
        format!("{} · {made} · {used}", scopes.join(", "))
    }

    fn scope(&self, power: Power) -> &str {
        let m = &self.m.team;
        match power {
            Power::Read => &m.scope_read,
            Power::Curate => &m.scope_curate,
            Power::Track => &m.scope_track,
            Power::Settings => &m.scope_settings,
        }
    }

    fn minute(&self, at: &Instant) -> String {
        full_moment(self.locale, at.with_timezone(&self.user.timezone).naive_local())
    }
}
