//! The page on which somebody pastes the address that they landed on: plain data in, HTML out.

use super::view::Company;
use crate::http::Layout;
use crate::i18n::{Locale, Messages, fill, messages};
use askama::Template;

/// How to get back by hand.
pub(super) struct PastePage<'a> {
    pub(super) locale: Locale,
    pub(super) company: Company,
    /// The address on which they will land, without what is said there.
    pub(super) lands_on: Option<&'a str>,
    /// The company's page; none for somebody who has been there.
    pub(super) consent: Option<&'a str>,
    /// What a form repeats that was made for whoever is logged in.
    pub(super) token: Option<String>,
    /// Whether what they pasted says nothing.
    pub(super) is_wrong: bool,
}

#[derive(Template)]
#[template(path = "paste.html")]
struct PasteTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    hint: String,
    lands: Option<String>,
    open: String,
    again: String,
    shown: &'a PastePage<'a>,
}

impl PastePage<'_> {
    /// For somebody who has been at the company's page.
    pub(super) fn bare(locale: Locale, company: Company, token: Option<String>, is_wrong: bool) -> Self {
        Self { locale, company, lands_on: None, consent: None, token, is_wrong }
    }

    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let all = messages(self.locale);
        let m = &all.device;
        let named = |text: &str| fill(text, "company", self.company.name);
        let hint = named(if self.consent.is_some() { &m.paste_before } else { &m.paste_hint });
        let page = Layout::new(self.locale, fill(&all.error.title, "title", &m.paste), &hint);
        let lands = self.lands_on.map(|address| fill(&named(&m.paste_lands), "address", address));
        let (open, again) = (named(&m.open), all.auth.again.clone());
        let template = PasteTemplate { page, m: all, hint, lands, open, again, shown: self };
        template.render().expect("the template writes to memory only")
    }
}
