//! What somebody looks for in a list, and which plays that finds: a word or a part of one in the title, the artists or the
//! album, however it is written. Pure. `find.js` decides the same while one types.

use crate::hub::Track;
use unicode_normalization::UnicodeNormalization as _;

/// Nobody looks for more letters than this.
const LONGEST: usize = 100;

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Search {
    asked: String,
    words: Vec<String>,
}

impl Search {
    /// What is looked for by `asked`; none when there is not a word in it.
    pub(super) fn of(asked: &str) -> Option<Self> {
        let asked: String = asked.trim().chars().take(LONGEST).collect();
        let words: Vec<String> = folded(&asked).split_whitespace().map(str::to_owned).collect();
        (!words.is_empty()).then_some(Self { asked, words })
    }

    /// What was asked, to be asked again.
    pub(super) fn asked(&self) -> &str {
        &self.asked
    }

    /// The query that asks the same: `?q=slow+harbour`.
    pub(super) fn query(&self) -> String {
        let asked: String = form_urlencoded::byte_serialize(self.asked.as_bytes()).collect();
        format!("?q={asked}")
    }

    /// Whether each word stands somewhere in what is said of the play.
    pub(super) fn finds(&self, track: &Track) -> bool {
        let album = track.album.as_deref().unwrap_or_default();
        let text = folded(&[&track.name, &track.artist, album].join(" "));
        self.words.iter().all(|word| text.contains(word))
    }
}

/// The text without case and accents.
fn folded(text: &str) -> String {
    let bare: String = text.nfkd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).collect();
    let mut text = String::with_capacity(bare.len());
    for letter in bare.to_lowercase().chars() {
        match plain(letter) {
            Some(typed) => text.push_str(typed),
            None => text.push(letter),
        }
    }
    text
}

/// What people type for letters that no accent can be taken from.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'œ' => "oe",
        'æ' => "ae",
        'ø' => "o",
        'ł' => "l",
        'đ' => "d",
        'ß' => "ss",
        'ς' => "σ",
        '’' => "'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Instant;
    use crate::base::id::PlayId;
    use crate::hub::TrackFacts;

    fn track(name: &str, artist: &str, album: Option<&str>) -> Track {
        TrackFacts {
            id: PlayId::derived(Instant::UNIX_EPOCH, &[name]),
            provider: "spotify",
            provider_id: None,
            uri: String::new(),
            name: name.to_owned(),
            artist: artist.to_owned(),
            artists: vec![artist.to_owned()],
            album: album.map(str::to_owned),
            duration_ms: 1,
            started_at: Instant::UNIX_EPOCH,
            url: None,
            image_url: None,
            source: "poll",
        }
        .into()
    }

    fn finds(asked: &str, name: &str) -> bool {
        Search::of(asked).expect("a word").finds(&track(name, "Juno Ferris", Some("Low Tide Letters")))
    }

    #[test]
    fn a_part_of_the_title_the_artist_or_the_album_is_enough() {
        for asked in ["paper", "ANTERN", "juno", "tide", " paper \t ferris ", "letters lanterns"] {
            assert!(finds(asked, "Paper Lanterns"), "{asked}");
        }
        for asked in ["paper moon", "junoferris", "lanternslow", "."] {
            assert!(!finds(asked, "Paper Lanterns"), "{asked}");
        }
        assert!(!Search::of("low").expect("a word").finds(&track("X", "Y", None)));
    }

    #[test]
    fn accents_and_case_do_not_matter_either_way() {
        for (asked, name) in [
            ("bjork", "Björk"),
            ("BJÖRK", "bjork"),
            ("coeur", "Cœur de pirate"),
            ("cœur", "Coeur"),
            ("l'ete", "L’Été indien"),
            ("royksopp", "Röyksopp"),
            ("royksopp", "Røyksopp"),
            ("strasse", "STRAẞE"),
            ("lodz", "Łódź"),
            ("istanbul", "İstanbul"),
            ("οδοσ", "ΟΔΟΣ"),
            ("елка", "Ёлка"),
            ("abc", "ＡＢＣ"),
            ("2", "m²"),
            ("夜の", "夜のラジオ"),
            ("한", "한강"),
            ("🎷", "Sax 🎷"),
        ] {
            assert!(finds(asked, name), "{asked} in {name}");
        }
        assert!(!finds("が", "かく"), "another letter, not an accent");
    }

    #[test]
    fn nothing_is_no_question_and_a_long_one_has_an_end() {
        for asked in ["", "   ", "\u{a0}\t\n", "\u{301}"] {
            assert_eq!(Search::of(asked), None, "{asked:?}");
        }
        let long = Search::of(&"é".repeat(5000)).expect("a word");
        assert_eq!(long.asked().chars().count(), LONGEST);
    }
}
