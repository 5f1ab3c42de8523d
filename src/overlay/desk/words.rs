//! What the configurator says: the words of each choice, and why something was not saved. Pure.

use super::form::SCENES;
use crate::i18n::{Locale, fill, messages};
use crate::overlay::PresetError;
use crate::overlay::model::{Align, Anim, Hide, Marquee, Part, Source, Style, Theme};
use crate::overlay::rules::sheet::{BadSheet, Fault};

/// Where an overlay may stand, line by line.
const PLACES: [Align; 9] = [
    Align::TopLeft,
    Align::Top,
    Align::TopRight,
    Align::Left,
    Align::Center,
    Align::Right,
    Align::BottomLeft,
    Align::Bottom,
    Align::BottomRight,
];
/// Accents to choose from, beside the theme's.
pub(super) const ACCENTS: [&str; 6] = ["ffb000", "7bd88f", "5cc8ff", "b18cff", "ff7ab6", "ffffff"];
/// Names that a preset's own CSS may count on, for ever.
const NAMES: [&str; 26] = [
    ".stage",
    ".overlay",
    ".cover",
    ".glow",
    ".words",
    ".label",
    ".title",
    ".artist",
    ".album",
    ".progress",
    ".time",
    ".disc",
    ".run",
    ".tracks",
    ".track",
    "--accent",
    "--ground",
    "--ink",
    "--soft",
    "--track",
    "--font",
    "--radius",
    "--shadow",
    "--scale",
    "--progress",
    "--gap",
];

/// The values of a field, in the order in which they are shown.
pub(super) fn values(key: &str) -> Vec<&'static str> {
    match key {
        "source" => Source::ALL.iter().map(|one| one.word()).collect(),
        "style" => Style::ALL.iter().map(|one| one.word()).collect(),
        "theme" => Theme::ALL.iter().map(|one| one.word()).collect(),
        "align" => PLACES.iter().map(|one| one.word()).collect(),
        "hide" => Hide::ALL.iter().map(|one| one.word()).collect(),
        "show" => Part::ALL.iter().map(|one| one.word()).collect(),
        "anim" => Anim::ALL.iter().map(|one| one.word()).collect(),
        "marquee" => Marquee::ALL.iter().map(|one| one.word()).collect(),
        "font" => vec!["", "sans", "serif", "mono", "rounded"],
        "overlay_lang" => vec!["", "en", "fr"],
        "scene" => SCENES.to_vec(),
        _ => Vec::new(),
    }
}

/// What a value is called.
pub(super) fn word(key: &str, value: &'static str, locale: Locale) -> &'static str {
    messages(locale).overlay.words.get(&format!("{key}-{value}")).map_or(value, String::as_str)
}

/// What an accent is called.
pub(super) fn colour(value: &'static str, locale: Locale) -> &'static str {
    messages(locale).overlay.colours_of.get(value).map_or(value, String::as_str)
}

/// What designers can count on: each name and what it is.
pub(super) fn names(locale: Locale) -> impl Iterator<Item = (&'static str, &'static str)> {
    let styles = &messages(locale).overlay.styles;
    NAMES.into_iter().map(|name| (name, styles.get(name).map_or("", String::as_str)))
}

/// What a page that was led back to says.
pub(super) fn said(what: &str, locale: Locale) -> Option<&'static str> {
    let m = &messages(locale).overlay;
    Some(match what {
        "preset" => &m.said_preset,
        "removed" => &m.said_removed,
        "key" => &m.said_key,
        "rolled" => &m.said_rolled,
        _ => return None,
    })
}

/// Why a preset was not saved.
pub(super) fn refused(refused: &PresetError, locale: Locale) -> String {
    let m = &messages(locale).overlay;
    match refused {
        PresetError::Name => m.no_name.clone(),
        PresetError::Taken => m.taken.clone(),
        PresetError::TooMany => m.too_many.clone(),
        PresetError::Gone => m.gone.clone(),
        PresetError::Css(bad) => {
            let text = fill(&m.bad_css, "line", &bad.line.to_string());
            fill(&text, "why", &fault(bad, locale))
        }
        PresetError::Database(_) => messages(locale).error.unavailable_hint.clone(),
    }
}

fn fault(bad: &BadSheet, locale: Locale) -> String {
    let text = messages(locale).overlay.faults.get(fault_word(bad.fault));
    text.map(|text| fill(text, "word", &bad.word)).unwrap_or_default()
}

fn fault_word(fault: Fault) -> &'static str {
    match fault {
        Fault::Loads => "loads",
        Fault::AtRule => "at_rule",
        Fault::Unclosed => "unclosed",
        Fault::Unopened => "unopened",
        Fault::BrokenString => "broken_string",
        Fault::Stray => "stray",
        Fault::Markup => "markup",
        Fault::Control => "control",
        Fault::TooDeep => "too_deep",
        Fault::TooLong => "too_long",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const FIELDS: [&str; 11] = [
        "source",
        "style",
        "theme",
        "align",
        "hide",
        "show",
        "anim",
        "marquee",
        "font",
        "overlay_lang",
        "scene",
    ];

    #[test]
    fn every_choice_has_a_word_in_each_language_and_there_are_no_others() {
        let choices =
            FIELDS.iter().flat_map(|key| values(key).into_iter().map(move |value| format!("{key}-{value}")));
        let choices: BTreeSet<String> = choices.collect();
        for locale in Locale::ALL {
            let m = &messages(locale).overlay;
            let is =
                |keys: Vec<&String>, wanted: BTreeSet<&str>| keys.into_iter().map(String::as_str).eq(wanted);
            assert!(m.words.keys().eq(&choices), "[overlay.words] in {}.toml", locale.tag());
            assert!(is(m.colours_of.keys().collect(), ACCENTS.into()), "[overlay.colours_of]");
            assert!(is(m.styles.keys().collect(), NAMES.into()), "[overlay.styles]");
        }
    }

    #[test]
    fn every_fault_of_a_stylesheet_is_told_in_each_language() {
        const FAULTS: [Fault; 10] = [
            Fault::Loads,
            Fault::AtRule,
            Fault::Unclosed,
            Fault::Unopened,
            Fault::BrokenString,
            Fault::Stray,
            Fault::Markup,
            Fault::Control,
            Fault::TooDeep,
            Fault::TooLong,
        ];
        let words: BTreeSet<&str> = FAULTS.into_iter().map(fault_word).collect();
        for locale in Locale::ALL {
            let faults = messages(locale).overlay.faults.keys().map(String::as_str);
            assert!(faults.eq(words.iter().copied()), "[overlay.faults] in {}.toml", locale.tag());
        }
        let bad = BadSheet { line: 3, fault: Fault::Loads, word: "url(".into() };
        let said = refused(&PresetError::Css(bad), Locale::En);
        assert_eq!(
            said,
            "Line 3 of your CSS is not accepted: url( loads something from elsewhere. Nothing was saved."
        );
    }

    #[test]
    fn every_place_there_is_can_be_chosen() {
        assert_eq!(BTreeSet::from(PLACES), Align::ALL.iter().copied().collect());
    }

    #[test]
    fn every_language_there_is_can_be_chosen() {
        let tags: Vec<&str> = Locale::ALL.iter().map(|locale| locale.tag()).collect();
        assert_eq!(values("overlay_lang")[1..], tags);
    }
}
