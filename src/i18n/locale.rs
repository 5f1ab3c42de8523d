//! A language of the pages, and who gets which. `build.rs` wrote the type itself from the files that are there.

use super::{choice, messages};

include!(concat!(env!("OUT_DIR"), "/locale.rs"));

impl Locale {
    const TAGS: [&str; Self::ALL.len()] = {
        let mut tags = [""; Self::ALL.len()];
        let mut place = 0;
        while place < tags.len() {
            tags[place] = Self::FILES[place].0;
            place += 1;
        }
        tags
    };

    /// The language for someone who asked for `asked` (a choice made here, such as `fr`) and whose browser
    /// sends `accept_language`. What we do not speak is passed over; English is the last resort.
    #[must_use]
    pub fn choose(asked: Option<&str>, accept_language: Option<&str>) -> Self {
        choice::choose(&Self::TAGS, asked, accept_language).map(|place| Self::ALL[place]).unwrap_or_default()
    }

    /// The language of a tag: `fr`, `fr-CA` and `FR_ca` are French.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        choice::find(&Self::TAGS, tag).map(|place| Self::ALL[place])
    }

    /// The tag for `lang` attributes and `?lang=`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        Self::TAGS[self as usize]
    }

    /// The tag of the region whose way to write dates and numbers this language follows, for `Intl` and plurals.
    pub(crate) fn region(self) -> &'static str {
        &messages(self).language.region
    }

    /// What the language calls itself.
    pub(crate) fn name(self) -> &'static str {
        &messages(self).language.name
    }
}
