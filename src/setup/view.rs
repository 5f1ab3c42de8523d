//! What the setup shows: plain data in, HTML out. No secret is ever part of it.

use super::model::{Company, Given, Refusal};
use super::words::{Steps, console, refusal, steps};
use crate::clients::OwnApp;
use crate::http::Layout;
use crate::i18n::{Locale, Messages, fill, messages};
use askama::Template;

/// The page that asks for the setup code.
#[derive(Debug, Clone, Copy)]
pub(super) struct CodePage {
    pub(super) locale: Locale,
    pub(super) is_wrong: bool,
}

/// The page on which apps are entered.
#[derive(Debug)]
pub(super) struct SetupPage<'a> {
    pub(super) locale: Locale,
    pub(super) panels: [Panel<'a>; 2],
    /// What was just entered and is in use now.
    pub(super) done: Option<Company>,
    /// What the owner's forms repeat; none while the setup code is the guard.
    pub(super) token: Option<String>,
}

/// What the page knows of one app.
#[derive(Debug)]
pub(super) struct Panel<'a> {
    pub(super) company: Company,
    pub(super) given: &'a Given,
    pub(super) in_use: Option<&'a OwnApp>,
    /// The redirect URI to paste.
    pub(super) address: String,
    /// What stays in the form: the client id that was typed, and why it is not used.
    pub(super) refused: Option<(&'a str, &'a Refusal)>,
}

#[derive(Template)]
#[template(path = "setup_code.html")]
struct CodeTemplate {
    page: Layout,
    m: &'static Messages,
    is_wrong: bool,
}

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    panels: Vec<PanelView<'a>>,
    done: Option<&'static str>,
    token: Option<&'a str>,
    login: Option<&'static str>,
}

struct PanelView<'a> {
    word: &'static str,
    name: &'static str,
    why: &'static str,
    is_ready: bool,
    console: (&'static str, &'static str),
    steps: Steps,
    address: &'a str,
    caution: Option<&'static str>,
    given_id: Option<(&'a str, String)>,
    given_secret: Option<String>,
    client_id: &'a str,
    secret_hint: &'static str,
    keeps_secret: bool,
    changes: Option<&'static str>,
    problem: Option<String>,
}

impl CodePage {
    /// The page as HTML.
    pub(super) fn render(self) -> String {
        let m = messages(self.locale);
        let page = frame(self.locale, &m.setup.code_hint);
        let template = CodeTemplate { page, m, is_wrong: self.is_wrong };
        template.render().expect("the template writes to memory only")
    }
}

impl SetupPage<'_> {
    /// The page as HTML.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let done = self.done.map(|company| match company {
            Company::Twitch => m.setup.twitch_done.as_str(),
            Company::Spotify => m.setup.spotify_done.as_str(),
        });
        let template = SetupTemplate {
            page: frame(self.locale, &m.setup.lead),
            m,
            panels: self.panels.iter().map(|panel| panel.view(self.locale)).collect(),
            done,
            token: self.token.as_deref(),
            login: self.login(),
        };
        template.render().expect("the template writes to memory only")
    }

    /// Where somebody logs in, as soon as that is possible: without a secret with a code that Twitch asks for.
    fn login(&self) -> Option<&'static str> {
        let twitch = self.panels.iter().find(|panel| panel.company == Company::Twitch)?.in_use?;
        Some(if twitch.client_secret.is_some() { "/auth/twitch" } else { "/auth/twitch/device" })
    }
}

impl Panel<'_> {
    fn view(&self, locale: Locale) -> PanelView<'_> {
        let (m, company) = (&messages(locale).setup, self.company);
        let key = |name: &str| fill(&m.given, "key", &format!("{}.{name}", company.word()));
        let (in_use, given) = (self.in_use, self.given);
        let used_id = in_use.map(|app| app.client_id.as_str());
        let (why, secret_hint, changes) = match company {
            Company::Twitch => (&m.twitch_why, &m.twitch_secret, &m.twitch_changes),
            Company::Spotify => (&m.spotify_why, &m.spotify_secret, &m.spotify_changes),
        };
        PanelView {
            word: company.word(),
            name: company.name(),
            why,
            is_ready: in_use.is_some(),
            console: console(company),
            steps: steps(company, locale),
            address: &self.address,
            caution: self.caution(locale),
            given_id: given.client_id.as_deref().map(|id| (id, key("client_id"))),
            given_secret: given.client_secret.as_ref().map(|_| key("client_secret")),
            client_id: self.refused.map(|(typed, _)| typed).or(used_id).unwrap_or_default(),
            secret_hint,
            keeps_secret: given.client_secret.is_none()
                && in_use.is_some_and(|app| app.client_secret.is_some()),
            changes: (in_use.is_some() && given.client_id.is_none()).then_some(changes),
            problem: self.refused.map(|(_, why)| refusal(company, why, locale)),
        }
    }

    /// What is to be known of an address that is not HTTPS.
    fn caution(&self, locale: Locale) -> Option<&'static str> {
        let m = &messages(locale).setup;
        let is_plain = self.address.starts_with("http:");
        match self.company {
            Company::Twitch if is_plain && !self.address.starts_with("http://localhost") => {
                Some(&m.twitch_plain)
            }
            Company::Spotify if is_plain => Some(&m.spotify_plain),
            Company::Twitch | Company::Spotify => None,
        }
    }
}

fn frame(locale: Locale, description: &str) -> Layout {
    let title = messages(locale).setup.title.clone();
    Layout::new(locale, title, description)
}
