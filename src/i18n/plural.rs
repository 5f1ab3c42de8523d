//! How many of something, in the form that a language has for that number.

use super::numbers::{category, number};
use super::said::{Faults, Said, Section};
use super::{Locale, fill};
use icu_plurals::PluralCategory;
use toml::de::DeValue;

/// One message in the forms that its language has for numbers: two in English, one in Japanese, six in Arabic. `{n}` in
/// it is the number.
#[derive(Debug)]
pub struct Plural {
    zero: Option<String>,
    one: Option<String>,
    two: Option<String>,
    few: Option<String>,
    many: Option<String>,
    other: String,
}

impl Said for Plural {
    fn read(said: Option<DeValue<'_>>, faults: &mut Faults) -> Self {
        let mut section = Section::of(said, faults);
        let [zero, one, two, few, many] =
            ["zero", "one", "two", "few", "many"].map(|form| section.find(form));
        let said = Self { zero, one, two, few, many, other: section.take("other") };
        section.end();
        said
    }
}

impl Plural {
    /// The form for `n`, with the number in it; for nought if `n` is less.
    #[must_use]
    pub fn of(&self, locale: Locale, n: impl TryInto<usize>) -> String {
        let n = n.try_into().unwrap_or_default();
        fill(self.form(category(locale.region(), n)), "n", &number(locale, n))
    }

    /// Every form there is by its name in CLDR, for the attributes `data-one`, `data-other` … of a page.
    pub(crate) fn forms(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let [zero, one, two, few, many] = [&self.zero, &self.one, &self.two, &self.few, &self.many];
        [("zero", zero), ("one", one), ("two", two), ("few", few), ("many", many)]
            .into_iter()
            .filter_map(|(name, form)| Some((name, form.as_deref()?)))
            .chain([("other", self.other.as_str())])
    }

    fn form(&self, category: PluralCategory) -> &str {
        let form = match category {
            PluralCategory::Zero => &self.zero,
            PluralCategory::One => &self.one,
            PluralCategory::Two => &self.two,
            PluralCategory::Few => &self.few,
            PluralCategory::Many => &self.many,
            PluralCategory::Other => &None,
        };
        form.as_deref().unwrap_or(&self.other)
    }
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;
    use crate::i18n::messages;

    #[test]
    fn counts_follow_the_language() {
        let tracks = |locale, n| messages(locale).counts.tracks.of(locale, n);
        let said = |locale| [0, 1, 23, 1_234].map(|n| tracks(locale, n));
        assert_eq!(said(Locale::En), ["0 tracks", "1 track", "23 tracks", "1,234 tracks"]);
        assert_eq!(said(Locale::Fr), ["0 titre", "1 titre", "23 titres", "1\u{202f}234 titres"]);
    }

    #[test]
    fn a_language_has_as_many_forms_as_it_needs() {
        let form = |region, n| {
            let tracks: Plural =
                said::read("one = 'utwór'\nfew = 'utwory'\nmany = 'utworów'\nother = 'utworu'")
                    .expect("forms");
            tracks.form(category(region, n)).to_owned()
        };
        assert_eq!(
            [1, 3, 5, 22, 112].map(|n| form("pl", n)),
            ["utwór", "utwory", "utworów", "utwory", "utworów"]
        );
        assert_eq!([0, 1, 2].map(|n| form("ja", n)), ["utworu"; 3]);
    }
}
