//! What stands around every page, and what all of them use.

use crate::i18n::{Plural, fill};

catalogue! {
    /// The language's own name, and it with the region whose way to write dates and numbers it follows: `en-GB`.
    pub(crate) Language { name: String, region: String }
    /// How a date is written.
    pub(crate) Dates {
        weekdays: [String; 7], weekdays_short: [String; 7], months: [String; 12], first_of_month: String,
        long: String, full: String, short: String, month: String, moment: String,
    }
    /// How many of something.
    pub(crate) Counts { tracks: Plural, plays: Plural, minutes: Plural, hours: Plural, days: Plural }
    /// What stands around each page.
    pub(crate) Frame { skip: String, home: String, affiliation: String, dashboard: String, docs: String, privacy: String, line: String }
    /// The pages for what went wrong.
    pub(crate) Failures {
        title: String, home: String,
        not_found: String, not_found_hint: String, bad_request: String, bad_request_hint: String,
        unauthorized: String, unauthorized_hint: String,
        forbidden: String, forbidden_hint: String, too_many: String, too_many_hint: String,
        unavailable: String, unavailable_hint: String, internal: String, internal_hint: String,
    }
}

impl Frame {
    /// Something and what is said of it: with a colon, before which some languages want a space.
    pub(crate) fn told(&self, what: &str, about: &str) -> String {
        fill(&fill(&self.line, "what", what), "about", about)
    }
}
