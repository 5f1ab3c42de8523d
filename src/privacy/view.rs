//! The pages about privacy: plain data in, HTML out.

use super::Departure;
use super::words::{Row, rows};
use crate::http::{Layout, Site, Ways};
use crate::i18n::{Locale, Messages, fill, messages};
use askama::Template;

#[derive(Template)]
#[template(path = "privacy.html")]
struct PrivacyTemplate {
    page: Layout,
    m: &'static Messages,
    rows: Vec<Row>,
}

/// The page on which a streamer takes everything along, or leaves.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) locale: Locale,
    pub(super) ways: Ways,
    pub(super) login: String,
    pub(super) name: String,
    /// What each form repeats.
    pub(super) token: String,
    /// Whether the house is theirs.
    pub(super) is_owner: bool,
    /// Whether something else than the login was typed.
    pub(super) is_wrong: bool,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    ways: &'a Ways,
    name: &'a str,
    login: &'a str,
    token: &'a str,
    confirm: String,
    is_owner: bool,
    is_wrong: bool,
}

#[derive(Template)]
#[template(path = "gone.html")]
struct GoneTemplate {
    page: Layout,
    m: &'static Messages,
    deleted: Vec<String>,
    was_owner: bool,
}

/// What is kept how long and why.
///
/// # Panics
/// Never: the template writes to memory only.
pub(super) fn privacy(locale: Locale, site: &Site) -> String {
    let m = messages(locale);
    let page = Layout::new(locale, &m.privacy.title, &m.privacy.lead).at(site, "/privacy");
    let template = PrivacyTemplate { page, m, rows: rows(locale) };
    template.render().expect("the template writes to memory only")
}

impl Account {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let template = AccountTemplate {
            page: own(self.locale, &m.privacy.account_title),
            m,
            ways: &self.ways,
            name: &self.name,
            login: &self.login,
            token: &self.token,
            confirm: fill(&m.privacy.delete_confirm, "login", &self.login),
            is_owner: self.is_owner,
            is_wrong: self.is_wrong,
        };
        template.render().expect("the template writes to memory only")
    }
}

/// What was deleted, for whoever has left.
///
/// # Panics
/// Never: the template writes to memory only.
pub(super) fn gone(departure: &Departure, locale: Locale) -> String {
    let m = messages(locale);
    let told = |(kind, count): &(&str, u64)| Some(m.privacy.gone.get(*kind)?.of(locale, *count));
    let deleted = departure.deleted.iter().filter_map(told).collect();
    let page = own(locale, &m.privacy.gone_title);
    let template = GoneTemplate { page, m, deleted, was_owner: departure.was_owner };
    template.render().expect("the template writes to memory only")
}

/// A page that nobody else should find.
fn own(locale: Locale, title: &str) -> Layout {
    Layout::new(locale, title, title)
}
