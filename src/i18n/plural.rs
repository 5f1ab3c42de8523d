//! How many of something, in the form that a language has for that number.

use super::{Locale, fill};
use serde::Deserialize;

/// One message in the forms that a count may need.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plural {
    pub(crate) one: String,
    pub(crate) other: String,
}

impl Plural {
    /// The form for `n`, with the number in it. French counts nought as one.
    #[must_use]
    pub fn of(&self, locale: Locale, n: usize) -> String {
        let singular = match locale {
            Locale::En => n == 1,
            Locale::Fr => n < 2,
        };
        fill(if singular { &self.one } else { &self.other }, "n", &n.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::messages;

    #[test]
    fn counts_follow_the_language() {
        let tracks = |locale, n| messages(locale).counts.tracks.of(locale, n);
        assert_eq!([0, 1, 23].map(|n| tracks(Locale::En, n)), ["0 tracks", "1 track", "23 tracks"]);
        assert_eq!([0, 1, 23].map(|n| tracks(Locale::Fr, n)), ["0 titre", "1 titre", "23 titres"]);
    }
}
