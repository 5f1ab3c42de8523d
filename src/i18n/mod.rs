//! The languages of the pages: which one a visitor gets, and what it says.
//!
//! A language is one file in `web/i18n`, called after its tag: `build.rs` finds it, [`Locale`] has a variant for it, and
//! the tests name whatever it lacks. The API speaks English only; the rows of a list hold no words at all.

mod catalogue;
mod choice;
mod dates;
#[cfg(test)]
mod found;
mod locale;
mod numbers;
mod plural;
mod said;

pub(crate) use catalogue::Advice;
pub use catalogue::{Messages, fill, messages};
pub use dates::{full_date, full_moment, long_date, moment, near_date};
pub use locale::Locale;
pub use numbers::number;
pub use plural::Plural;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_made_here_outweighs_the_browser() {
        assert_eq!(Locale::choose(Some("fr"), Some("en-GB,en;q=0.9")), Locale::Fr);
        assert_eq!(Locale::choose(Some("en"), Some("fr")), Locale::En);
    }

    #[test]
    fn a_choice_we_do_not_speak_is_no_choice() {
        assert_eq!(Locale::choose(Some("tlh"), Some("fr-CH, fr;q=0.9")), Locale::Fr);
        assert_eq!(Locale::choose(Some(""), None), Locale::En);
    }

    #[test]
    fn the_browser_is_taken_at_its_weights() {
        for (header, expected) in [
            ("fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5", Locale::Fr),
            ("en;q=0.3, fr;q=0.7", Locale::Fr),
            ("de, en;q=0.5, fr;q=0.5", Locale::En),
            ("fr;q=0, de", Locale::En),
            ("fr;q=nonsense", Locale::En),
            ("FR-ca", Locale::Fr),
            ("*", Locale::En),
            ("", Locale::En),
        ] {
            assert_eq!(Locale::choose(None, Some(header)), expected, "{header}");
        }
    }
}
