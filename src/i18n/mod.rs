//! The languages of the pages: which one a visitor gets, and what it says.
//!
//! A language is one file in `web/i18n`, embedded, and one variant of [`Locale`]. The API speaks English
//! only; the rows of a list hold no words at all.

mod catalogue;
mod dates;
mod plural;

pub(crate) use catalogue::Advice;
pub use catalogue::{Messages, fill, messages};
pub use dates::long_date;
pub use plural::Plural;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Locale {
    /// Every language there is.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// The language for someone who asked for `asked` (a choice made here, such as `fr`) and whose browser
    /// sends `accept_language`. What we do not speak is passed over; English is the last resort.
    #[must_use]
    pub fn choose(asked: Option<&str>, accept_language: Option<&str>) -> Self {
        asked
            .and_then(Self::from_tag)
            .or_else(|| accept_language.and_then(Self::most_wanted))
            .unwrap_or_default()
    }

    /// The language of a tag: `fr`, `fr-CA` and `FR_ca` are French.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(primary))
    }

    /// The tag for `lang` attributes and `?lang=`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// The language that the switch on each page leads to.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Fr,
            Self::Fr => Self::En,
        }
    }

    /// The first of the most wanted languages of an `Accept-Language` header.
    fn most_wanted(header: &str) -> Option<Self> {
        let wanted = header.split(',').filter_map(weighed).filter(|(_, weight)| *weight > 0.0);
        wanted
            .fold(None, |best: Option<(Self, f32)>, next| match best {
                Some(best) if best.1 >= next.1 => Some(best),
                _ => Some(next),
            })
            .map(|(locale, _)| locale)
    }
}

/// One entry of `Accept-Language`: a language we speak and how much it is wanted, 0 to 1.
fn weighed(entry: &str) -> Option<(Locale, f32)> {
    let mut parts = entry.split(';');
    let locale = Locale::from_tag(parts.next()?)?;
    let weight =
        parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
    Some((locale, weight))
}

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
