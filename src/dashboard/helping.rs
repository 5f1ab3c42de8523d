//! What somebody sees who streams nothing here and helps somebody who does: whom they help. Plain data in, HTML out.

use crate::accounts::User;
use crate::http::Layout;
use crate::i18n::{Locale, Messages, messages};
use askama::Template;

/// Whom somebody helps.
#[derive(Debug)]
pub(super) struct Helping<'a> {
    pub(super) locale: Locale,
    /// Who looks.
    pub(super) user: &'a User,
    /// What each form repeats.
    pub(super) token: &'a str,
    pub(super) helped: &'a [User],
}

#[derive(Template)]
#[template(path = "helping.html")]
struct HelpingTemplate<'a> {
    page: Layout,
    m: &'static Messages,
    user: &'a User,
    token: &'a str,
    helped: &'a [User],
}

impl Helping<'_> {
    /// The page as HTML.
    ///
    /// # Panics
    /// Never: the template writes to memory only.
    pub(super) fn render(&self) -> String {
        let m = messages(self.locale);
        let page = Layout::new(self.locale, &m.dashboard.title, &m.team.only_help);
        let Self { user, token, helped, .. } = self;
        let template = HelpingTemplate { page, m, user, token, helped };
        template.render().expect("the template writes to memory only")
    }
}
