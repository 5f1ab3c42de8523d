//! A value as it was written, before anyone knows what it should be.

use super::error::Place;
use std::collections::BTreeMap;
use toml::de::DeValue;

/// The most characters of a value that an error repeats.
const SHOWN: usize = 80;

/// A value from the file (typed by TOML) or from the environment (a word that may stand for anything).
pub(super) struct Raw {
    shape: Shape,
    shown: String,
}

enum Shape {
    Text(String),
    Number(i64),
    Switch(bool),
    List(Vec<String>),
    Word(String),
    Other,
}

/// A value and where it stands.
pub(super) struct Given {
    pub(super) raw: Raw,
    pub(super) place: Place,
}

/// What one source gives, by dotted name.
pub(super) type Layer = BTreeMap<&'static str, Given>;

impl Raw {
    /// A value of a TOML file, which stands there as `source`.
    pub(super) fn from_toml(value: &DeValue<'_>, source: &str) -> Self {
        let shape = match value {
            DeValue::String(text) => Shape::Text(text.to_string()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Shape::Other, Shape::Number)
            }
            DeValue::Boolean(on) => Shape::Switch(*on),
            DeValue::Array(items) => {
                let texts: Option<_> =
                    items.iter().map(|i| i.get_ref().as_str().map(str::to_owned)).collect();
                texts.map_or(Shape::Other, Shape::List)
            }
            _ => Shape::Other,
        };
        Self { shape, shown: shortened(source) }
    }

    /// The content of an environment variable, or of the file that one names.
    pub(super) fn from_environment(word: String) -> Self {
        let shown = shortened(&quoted(&word));
        Self { shape: Shape::Word(word), shown }
    }

    /// The value as a text.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.shape {
            Shape::Text(text) | Shape::Word(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a whole number.
    pub(super) fn number(&self) -> Option<i64> {
        match &self.shape {
            Shape::Number(number) => Some(*number),
            Shape::Word(word) => word.trim().parse().ok(),
            _ => None,
        }
    }

    /// The value as yes or no.
    pub(super) fn switch(&self) -> Option<bool> {
        match &self.shape {
            Shape::Switch(on) => Some(*on),
            Shape::Word(word) => word.trim().parse().ok(),
            _ => None,
        }
    }

    /// The value as a list of texts; in the environment separated by commas.
    pub(super) fn list(&self) -> Option<Vec<String>> {
        match &self.shape {
            Shape::List(items) => Some(items.clone()),
            Shape::Word(word) => {
                let items = word.split(',').map(str::trim).filter(|item| !item.is_empty());
                Some(items.map(str::to_owned).collect())
            }
            _ => None,
        }
    }

    /// The value as it was written, on one line and not too long.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }
}

fn shortened(source: &str) -> String {
    let line = source.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// `text` as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
            c => c.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_environment_may_stand_for_anything() {
        let word = Raw::from_environment(" 7, 8 ".to_owned());
        assert_eq!(word.list().expect("a list"), ["7", "8"]);
        assert_eq!(Raw::from_environment("7".to_owned()).number(), Some(7));
    }

    #[test]
    fn what_is_shown_is_one_short_line() {
        let long = Raw::from_environment(format!("a\n{}", "é".repeat(200)));
        assert!(long.shown().starts_with("\"a\\u000Aé") && long.shown().ends_with("é…"), "{}", long.shown());
        assert_eq!(long.shown().chars().count(), SHOWN + 1);
    }

    #[test]
    fn quoted_text_is_toml_and_comes_back() {
        let text = "a \"b\" \\ \u{7f} \n ü";
        let document = format!("key = {}", quoted(text));
        let table = toml::de::DeTable::parse(&document).expect("valid TOML");
        assert_eq!(table.get_ref()["key"].get_ref().as_str(), Some(text));
    }
}
