//! Numbers as a language writes them, and which form of a word they need. Both from CLDR.

use super::Locale;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale as Tag;
use icu_plurals::{PluralCategory, PluralRules};

/// A number with the separators of the language: `12,345`, `12 345`.
#[must_use]
pub fn number(locale: Locale, n: usize) -> String {
    written(locale.region(), n)
}

/// The same for a tag.
pub(super) fn written(region: &str, n: usize) -> String {
    let formatter = DecimalFormatter::try_new(tag(region).into(), DecimalFormatterOptions::default());
    formatter.map_or_else(|_| n.to_string(), |formatter| formatter.format(&Decimal::from(n)).to_string())
}

/// The form that `n` needs in the language of a tag.
pub(super) fn category(region: &str, n: usize) -> PluralCategory {
    let rules = PluralRules::try_new_cardinal(tag(region).into());
    rules.map_or(PluralCategory::Other, |rules| rules.category_for(n))
}

fn tag(region: &str) -> Tag {
    region.parse().unwrap_or(Tag::UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let each = |region| [7, 1_234, 1_234_567].map(|n| written(region, n));
        assert_eq!(each("en-GB"), ["7", "1,234", "1,234,567"]);
        assert_eq!(each("fr"), ["7", "1\u{202f}234", "1\u{202f}234\u{202f}567"]);
        assert_eq!(each("pl"), ["7", "1234", "1\u{a0}234\u{a0}567"]);
    }
}
