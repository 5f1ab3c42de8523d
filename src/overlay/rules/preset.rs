//! What a preset may be: its name, its settings, how many there are.

use super::look::pairs_of;
use crate::i18n::Locale;
use crate::overlay::model::{Look, Source};

/// As many presets as anybody needs.
pub const MOST_PRESETS: usize = 50;
/// The most letters of a name.
const LONGEST_NAME: usize = 40;

/// The name that was typed; none when it is empty, too long, or cannot be shown.
pub fn name_of(typed: &str) -> Option<String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_shown = name.chars().any(|letter| !is_unseen(letter)) && !name.chars().any(char::is_control);
    (is_shown && name.chars().count() <= LONGEST_NAME).then_some(name)
}

/// What takes no ink by itself: such letters shape or direct others.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// The settings of a query as a preset keeps them: only what differs from the usual. Invented tracks are for looking at
/// the settings, not for a stream, and a preset begins with no other.
pub fn canonical(source: Source, query: &str) -> String {
    let look = Look::of(source, &pairs_of(query), Locale::default());
    Look { demo: false, preset: None, ..look }.query()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_shown_and_is_short() {
        assert_eq!(name_of("  Bottom   left ").as_deref(), Some("Bottom left"));
        assert_eq!(name_of("夜 🎧").as_deref(), Some("夜 🎧"));
        assert!(name_of(&"é".repeat(40)).is_some());
        for bad in ["", "   ", "a\0b", "\u{200b}", "\u{202e}\u{202c}", &"é".repeat(41)] {
            assert_eq!(name_of(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_preset_keeps_what_differs_from_the_usual() {
        let typed = "?style=bar&theme=dark&demo=1&preset=0198c0a0-0000-7000-8000-000000000000&scale=9";
        assert_eq!(canonical(Source::NowPlaying, typed), "style=bar");
        assert_eq!(canonical(Source::Tracks, "style=bar&count=7"), "count=7");
    }
}
