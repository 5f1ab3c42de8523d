//! The page of a login by device code: plain data in, HTML out.

use super::device::DeviceState;
use super::device_qr::{Qr, qr};
use super::model::DeviceLogin;
use crate::http::Layout;
use crate::i18n::{Locale, Messages, fill, messages};
use askama::Template;

/// A code to be confirmed, or why there is none any more.
#[derive(Debug)]
pub(super) struct DevicePage {
    pub(super) locale: Locale,
    title: String,
    hint: String,
    code: Option<Code>,
}

/// What a person needs to confirm a login.
#[derive(Debug)]
struct Code {
    text: String,
    link: String,
    qr: Option<Qr>,
    /// In seconds.
    interval: i64,
    only: Option<String>,
}

#[derive(Template)]
#[template(path = "device.html")]
struct DeviceTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    shown: &'a DevicePage,
    open: String,
}

impl DevicePage {
    /// A code that waits.
    pub(super) fn waiting(locale: Locale, login: &DeviceLogin) -> Self {
        let m = &messages(locale).device;
        let code = Code {
            text: login.user_code.clone(),
            link: login.verification_uri.clone(),
            qr: qr(&login.verification_uri),
            interval: login.interval.num_seconds(),
            only: login.login.as_deref().map(|login| fill(&m.only, "login", login)),
        };
        Self { locale, title: m.title.clone(), hint: m.hint.clone(), code: Some(code) }
    }

    /// A login that is over.
    pub(super) fn over(locale: Locale, state: &DeviceState) -> Self {
        let m = &messages(locale).device;
        let (title, hint) = match state {
            DeviceState::Expired => (&m.expired, &m.expired_hint),
            DeviceState::NotAllowed => (&m.not_allowed, &m.not_allowed_hint),
            _ => (&m.refused, &m.refused_hint),
        };
        Self { locale, title: title.clone(), hint: hint.clone(), code: None }
    }

    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let page = Layout::new(self.locale, fill(&m.error.title, "title", &self.title), &self.hint);
        let open = fill(&m.device.open, "company", "Twitch");
        let template = DeviceTemplate { page, m, shown: self, open };
        template.render().expect("the template writes to memory only")
    }
}
