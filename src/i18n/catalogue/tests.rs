//! Whether the catalogues are whole.

use super::super::Locale;
use super::*;
use std::collections::BTreeMap;
use std::path::Path;

/// Every message of a catalogue by its path, such as `day.on_air`.
fn leaves(locale: Locale) -> BTreeMap<String, String> {
    let file = format!("{}/web/i18n/{}.toml", env!("CARGO_MANIFEST_DIR"), locale.tag());
    let table: toml::Table = std::fs::read_to_string(file).expect("a file").parse().expect("TOML");
    let mut found = BTreeMap::new();
    collect("", &toml::Value::Table(table), &mut found);
    found
}

fn collect(path: &str, value: &toml::Value, found: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                collect(&format!("{path}.{key}"), value, found);
            }
        }
        toml::Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                collect(&format!("{path}[{place}]"), value, found);
            }
        }
        other => {
            let text = other.as_str().expect("a message is text").to_owned();
            found.insert(path.trim_start_matches('.').to_owned(), text);
        }
    }
}

fn placeholders(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    found.sort_unstable();
    found
}

fn sources(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("catalogue") {
            sources(&path, found);
        } else {
            found.push_str(&std::fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

#[test]
fn every_language_loads_with_no_key_missing_or_unknown() {
    for locale in Locale::ALL {
        assert_ne!(messages(locale).language.name, messages(locale.other()).language.name);
    }
}

#[test]
fn every_message_has_the_same_placeholders_in_each_language() {
    let french = leaves(Locale::Fr);
    for (key, english) in leaves(Locale::En) {
        assert_eq!(placeholders(&english), placeholders(&french[&key]), "{key}");
        assert!(!english.is_empty() && !french[&key].is_empty(), "{key} is empty");
    }
}

#[test]
fn every_message_is_used_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    sources(&root.join("web/templates"), &mut text);
    sources(&root.join("src"), &mut text);
    let chosen_in_code = |key: &str| {
        ["gap.", "dates.", "team.deeds.", "privacy.gone."].iter().any(|part| key.starts_with(part))
    };
    let used = |key: &str| key.rsplit('.').next().is_some_and(|name| text.contains(&format!(".{name}")));
    let unused: Vec<String> =
        leaves(Locale::En).into_keys().filter(|key| !chosen_in_code(key) && !used(key)).collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_reason_for_a_gap_has_words_of_its_own() {
    for gaps in Locale::ALL.map(|locale| &messages(locale).gap) {
        let words: std::collections::BTreeSet<&str> = gaps.all().into_iter().map(|(_, why)| why).collect();
        assert_eq!(words.len(), gaps.all().len());
    }
}

#[test]
fn a_gap_for_a_reason_we_do_not_know_is_still_honest() {
    assert_eq!(messages(Locale::En).gap.why("sunspots"), "Nothing is known here.");
    assert!(messages(Locale::Fr).gap.why("spotify_down").starts_with("Spotify n’a pas"));
}
