//! The field above a list in which one looks for a track. It works without a script; with one, while one types.

use crate::daylist::search::Search;
use crate::i18n::{Locale, Messages, messages};
use askama::Template;

/// The field, what was found, and the way back to the whole list.
#[derive(Template)]
#[template(path = "find.html")]
pub(super) struct Finder<'a> {
    m: &'static Messages,
    /// What the field is for, such as "Find in this day".
    label: &'a str,
    asked: Option<&'a str>,
    /// How many were found, in words.
    found: String,
}

impl<'a> Finder<'a> {
    /// The field for a list in which the `search`, if there is one, finds so many plays.
    pub(super) fn of(locale: Locale, label: &'a str, search: Option<&'a Search>, found: usize) -> Self {
        let m = messages(locale);
        let asked = search.map(Search::asked);
        Self { m, label, asked, found: m.find.matches.of(locale, found) }
    }

    /// The field as HTML.
    pub(super) fn html(&self) -> String {
        self.render().expect("the template writes to memory only")
    }
}
