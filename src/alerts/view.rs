//! The page of alerts: plain data in, HTML out.

use super::letter::advice;
use super::model::{Failure, Kind, Reason, Refusal, Target};
use crate::accounts::User;
use crate::base::clock::Instant;
use crate::http::{Layout, Ways};
use crate::i18n::{Locale, Messages, fill, full_moment, messages};
use askama::Template;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};

/// What is said about what somebody has just done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    Added,
    Removed,
    Sent,
    Failed,
    Refused(Refusal),
    TooMany,
}

impl Answer {
    /// What a page that was led back to says.
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "added" => Self::Added,
            "removed" => Self::Removed,
            "sent" => Self::Sent,
            "failed" => Self::Failed,
            _ => return None,
        })
    }

    fn is_bad(self) -> bool {
        matches!(self, Self::Failed | Self::Refused(_) | Self::TooMany)
    }

    fn text(self, locale: Locale) -> String {
        let m = &messages(locale).alerts;
        match self {
            Self::Added => m.added.clone(),
            Self::Removed => m.removed.clone(),
            Self::Sent => m.test_sent.clone(),
            Self::Failed => m.test_failed.clone(),
            Self::TooMany => m.too_many.clone(),
            Self::Refused(refusal) => refused(refusal, locale).to_owned(),
        }
    }
}

/// What the page shows.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) locale: Locale,
    pub(super) user: &'a User,
    pub(super) ways: Ways,
    /// What each form repeats.
    pub(super) token: String,
    pub(super) targets: &'a [Target],
    pub(super) answer: Option<Answer>,
    /// An address that was refused, to be corrected.
    pub(super) typed: &'a str,
}

/// A target as the page shows it.
#[derive(Debug)]
struct Line {
    id: String,
    kind: &'static str,
    place: String,
    sent: String,
    failure: Option<String>,
}

#[derive(Template)]
#[template(path = "alerts.html")]
struct AlertsTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    user: &'a User,
    ways: &'a Ways,
    token: &'a str,
    lines: Vec<Line>,
    said: Option<(bool, String)>,
    typed: &'a str,
}

/// What is said on every page of the dashboard.
#[derive(Debug)]
pub(super) struct Banner {
    pub(super) reason: Option<Reason>,
    pub(super) locale: Locale,
    /// Whether whoever reads it can link the account again.
    pub(super) can_link: bool,
}

#[derive(Template)]
#[template(path = "banner.html")]
struct BannerTemplate {
    text: Option<String>,
    remedy: Option<(&'static str, &'static str)>,
}

impl Banner {
    /// As HTML; nothing when there is nothing to say.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let text = self.reason.map(|reason| {
            let words = advice(reason, self.locale);
            fill(&fill(&m.alerts.banner, "why", &words.why), "todo", &words.todo)
        });
        let helps = |reason: &Reason| {
            matches!(reason, Reason::ReconnectNeeded | Reason::ScopeMissing | Reason::PremiumRequired)
        };
        let remedy = self.reason.filter(helps).filter(|_| self.can_link);
        let remedy = remedy.map(|_| ("/auth/spotify", m.dashboard.link_again.as_str()));
        BannerTemplate { text, remedy }.render().expect("the template writes to memory only")
    }
}

impl View<'_> {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let title = fill(&m.error.title, "title", &m.ways.alerts);
        let page = Layout::new(self.locale, &title, &title).asked(&self.ways.query);
        let template = AlertsTemplate {
            page,
            m,
            user: self.user,
            ways: &self.ways,
            token: &self.token,
            lines: self.targets.iter().map(|target| self.line(target)).collect(),
            said: self.answer.map(|answer| (answer.is_bad(), answer.text(self.locale))),
            typed: self.typed,
        };
        template.render().expect("the template writes to memory only")
    }

    fn line(&self, target: &Target) -> Line {
        let m = &messages(self.locale).alerts;
        let kind = match target.kind {
            Kind::Ntfy => &m.ntfy,
            Kind::Discord => &m.discord,
            Kind::Webhook => &m.webhook,
        };
        let sent = target.last_sent_at.map(|at| fill(&m.sent, "time", &self.time(at)));
        let failure = target.last_error.map(|failure| fill(&m.failed, "why", &why(failure, self.locale)));
        Line {
            id: target.id.to_string(),
            kind,
            place: place(&target.url),
            sent: sent.unwrap_or_else(|| m.never.clone()),
            failure,
        }
    }

    fn time(&self, at: Instant) -> String {
        full_moment(self.locale, at.with_timezone(&self.user.timezone).naive_local())
    }
}

/// Where a target is, without the part that whoever knows it could write there with.
pub(super) fn place(url: &SecretString) -> String {
    let url = Url::parse(url.expose_secret()).ok();
    url.map(|url| format!("{}/…", url.origin().ascii_serialization())).unwrap_or_default()
}

fn refused(refusal: Refusal, locale: Locale) -> &'static str {
    let m = &messages(locale).alerts;
    match refusal {
        Refusal::NoAddress => &m.no_address,
        Refusal::Credentials => &m.credentials,
        Refusal::Private => &m.private_network,
        Refusal::Unknown => &m.unknown_name,
    }
}

fn why(failure: Failure, locale: Locale) -> String {
    let m = &messages(locale).alerts;
    match failure {
        Failure::Refused(refusal) => refused(refusal, locale).to_owned(),
        Failure::Timeout => m.timeout.clone(),
        Failure::NoConnection => m.no_connection.clone(),
        Failure::SentOn => m.sent_on.clone(),
        Failure::Status(status) => fill(&m.answered, "status", &status.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_of_an_address_lets_nobody_write_there() {
        let shown = |url: &str| place(&url.into());
        assert_eq!(shown("https://discord.com/api/webhooks/1/s3cret?wait=true"), "https://discord.com/…");
        assert_eq!(shown("http://192.168.1.7:8080/topic"), "http://192.168.1.7:8080/…");
        assert_eq!(shown("nonsense"), "");
    }
}
