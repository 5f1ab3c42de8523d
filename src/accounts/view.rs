//! What a person reads on the way in, when there is something to say: plain data in, HTML out.

use super::consent::FlowError;
use crate::http::Layout;
use crate::i18n::{Locale, Messages, fill, messages};
use askama::Template;

/// A page with one sentence and one thing to do.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    locale: Locale,
    title: String,
    hint: String,
    action: String,
    href: &'static str,
    asks_code: bool,
    /// What the code is called.
    label: &'static str,
    /// What to say of a wrong code.
    wrong: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticeTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    title: &'a str,
    hint: &'a str,
    action: &'a str,
    href: &'static str,
    asks_code: bool,
    label: &'static str,
    wrong: Option<&'static str>,
}

/// The company that a flow leads to, by name and by what the config calls it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Company {
    pub(super) name: &'static str,
    pub(super) keys: &'static str,
    pub(super) start: &'static str,
}

/// To log in.
pub(super) const TWITCH: Company =
    Company { name: "Twitch", keys: "twitch.client_id, twitch.client_secret", start: "/auth/twitch" };
/// To link an account.
pub(super) const SPOTIFY: Company =
    Company { name: "Spotify", keys: "spotify.client_id, spotify.client_secret", start: "/auth/spotify" };

impl Notice {
    /// Asks for the setup code; once more when it was wrong.
    pub(super) fn asking_code(locale: Locale, is_wrong: bool) -> Self {
        let m = &messages(locale).auth;
        let (title, hint) = (m.setup.clone(), m.setup_hint.clone());
        let (label, wrong) = (&*m.setup_code, is_wrong.then_some(&*m.setup_wrong));
        Self { label, wrong, asks_code: true, ..Self::saying(locale, title, hint, String::new(), "") }
    }

    /// Asks for the code that lets a browser begin a login by device code; once more when it was wrong.
    pub(super) fn asking_pass(locale: Locale, is_wrong: bool) -> Self {
        let m = &messages(locale).device;
        let (title, hint) = (m.pass.clone(), m.pass_hint.clone());
        let (label, wrong) = (&*m.pass_code, is_wrong.then_some(&*m.pass_wrong));
        Self { label, wrong, asks_code: true, ..Self::saying(locale, title, hint, String::new(), "") }
    }

    /// The code was right, of whomever it is.
    pub(super) fn greeting(locale: Locale) -> Self {
        let m = messages(locale);
        let (title, hint) = (m.auth.yours.clone(), m.device.pass_right.clone());
        Self::saying(locale, title, hint, m.auth.login.clone(), TWITCH.start)
    }

    /// The setup code was right.
    pub(super) fn greeting_owner(locale: Locale) -> Self {
        let m = &messages(locale).auth;
        Self::saying(locale, m.yours.clone(), m.yours_hint.clone(), m.login.clone(), TWITCH.start)
    }

    /// Asks to log in.
    pub(super) fn asking_login(locale: Locale) -> Self {
        let m = messages(locale);
        let (title, hint) = (m.error.unauthorized.clone(), m.error.unauthorized_hint.clone());
        Self::saying(locale, title, hint, m.auth.login.clone(), TWITCH.start)
    }

    /// Spotify does not know the app that the streamer has brought.
    fn asking_app(locale: Locale) -> Self {
        let m = messages(locale);
        let (title, hint) =
            (fill(&m.auth.bad_client, "company", SPOTIFY.name), m.spotify_app.refused.clone());
        Self::saying(locale, title, hint, m.spotify_app.mend.clone(), "/dashboard/spotify")
    }

    /// Says why a flow did not end as it should, and what to do about it.
    pub(super) fn of(error: &FlowError, company: Company, locale: Locale) -> Self {
        let m = &messages(locale).auth;
        let (title, hint) = match error {
            FlowError::NotConfigured(key) => (&m.not_configured, fill(&m.not_configured_hint, "key", key)),
            FlowError::Unknown => (&m.unknown, m.unknown_hint.clone()),
            FlowError::Denied => (&m.denied, m.denied_hint.clone()),
            FlowError::NotAllowed(name) => (&m.not_allowed, fill(&m.not_allowed_hint, "name", name)),
            FlowError::SentBack(word) => (&m.sent_back, fill(&m.sent_back_hint, "word", word)),
            FlowError::BadBroughtApp(_) => return Self::asking_app(locale),
            FlowError::Refused => (&m.refused, m.refused_hint.clone()),
            FlowError::BadClient(_) => (&m.bad_client, fill(&m.bad_client_hint, "keys", company.keys)),
            FlowError::Trouble(_) | FlowError::Database(_) | FlowError::Internal(_) => {
                (&m.trouble, m.trouble_hint.clone())
            }
        };
        let named = |text: &str| fill(text, "company", company.name);
        Self::saying(locale, named(title), named(&hint), m.again.clone(), company.start)
    }

    fn saying(locale: Locale, title: String, hint: String, action: String, href: &'static str) -> Self {
        Self { locale, title, hint, action, href, asks_code: false, label: "", wrong: None }
    }

    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let page = Layout::new(self.locale, fill(&m.error.title, "title", &self.title), &self.hint);
        let Self { title, hint, action, href, asks_code, label, wrong, .. } = self;
        let (asks_code, label, wrong) = (*asks_code, *label, *wrong);
        let template = NoticeTemplate { page, m, title, hint, action, href, asks_code, label, wrong };
        template.render().expect("the template writes to memory only")
    }
}
