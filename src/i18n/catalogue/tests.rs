//! Whether the catalogues are whole: every fault of a language is named, all at once.

use super::super::numbers::category;
use super::super::{Locale, choice, found};
use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The forms that a message may have, by their names in CLDR.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
/// What French sets off with a space that must not break.
const SET_OFF: [char; 6] = ['!', '?', ':', ';', '»', '%'];

/// Every message of a file by its path, such as `day.on_air`; a message with forms is at the path of each of them.
fn leaves(file: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect("", &toml::Value::Table(file.parse().expect("TOML")), &mut found);
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

/// The message that a path is a form of, and which form.
fn form(path: &str) -> Option<(&str, &str)> {
    path.rsplit_once('.').filter(|(_, form)| FORMS.contains(form))
}

/// The messages that have forms: those with a `one` in English.
fn plurals(english: &BTreeMap<String, String>) -> BTreeSet<&str> {
    english
        .keys()
        .filter_map(|path| form(path))
        .filter(|(_, form)| *form == "one")
        .map(|(path, _)| path)
        .collect()
}

/// The forms that numbers need in the language of a region, as far as anybody counts here.
fn needed(region: &str) -> BTreeSet<&'static str> {
    let named =
        |n| FORMS.into_iter().find(|form| format!("{:?}", category(region, n)).eq_ignore_ascii_case(form));
    (0..=1_000).filter_map(named).chain(["other"]).collect()
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

/// Everything that is wrong with a language, by the names of the messages. English is the measure.
fn faults(english: &str, file: &str) -> Vec<String> {
    let (english, file) = (leaves(english), leaves(file));
    let counted = plurals(&english);
    let region = file.get("language.region").map_or("", String::as_str);
    let is_form = |path: &str| form(path).is_some_and(|(message, _)| counted.contains(message));
    let plain = |path: &&String| !is_form(path);
    let keys = |all: &BTreeMap<String, String>| all.keys().filter(plain).cloned().collect::<BTreeSet<_>>();
    let missing: Vec<_> =
        keys(&english).difference(&keys(&file)).map(|path| format!("{path} is missing")).collect();
    let unknown: Vec<_> =
        keys(&file).difference(&keys(&english)).map(|path| format!("{path} is not read")).collect();
    let forms: Vec<_> = counted.iter().flat_map(|message| form_faults(message, &file, region)).collect();
    let texts: Vec<_> = file.iter().flat_map(|(path, text)| text_faults(path, text, &english)).collect();
    [missing, unknown, forms, texts].concat()
}

/// Which forms of a message its language lacks, and which it has for nothing.
fn form_faults(message: &str, file: &BTreeMap<String, String>, region: &str) -> Vec<String> {
    let needed = needed(region);
    let fault = |form: &str| match (needed.contains(form), file.contains_key(&format!("{message}.{form}"))) {
        (true, false) => Some(format!("{message} has no form “{form}”")),
        (false, true) => Some(format!("{message} needs no form “{form}” in {region}")),
        _ => None,
    };
    FORMS.into_iter().filter_map(fault).collect()
}

/// What is wrong with a text: it is empty, or it is filled otherwise than the English one. A form may leave its number
/// out: “every second”.
fn text_faults(path: &str, text: &str, english: &BTreeMap<String, String>) -> Vec<String> {
    let other = form(path).map(|(message, _)| format!("{message}.other"));
    let Some(measure) = english.get(path).or_else(|| english.get(&other?)) else { return Vec::new() };
    let (mut has, mut wants) = (placeholders(text), placeholders(measure));
    if form(path).is_some() {
        has.remove("n");
        wants.remove("n");
    }
    let empty = text.trim().is_empty().then(|| format!("{path} is empty"));
    let differs = (has != wants).then(|| format!("{path} is filled with {has:?}, in English with {wants:?}"));
    empty.into_iter().chain(differs).collect()
}

fn file(locale: Locale) -> &'static str {
    Locale::FILES[locale as usize].1
}

#[test]
fn every_language_says_everything() {
    let faults =
        |locale| faults(file(Locale::En), file(locale)).into_iter().map(move |what| (locale.tag(), what));
    let faults: Vec<_> = Locale::ALL.into_iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let names: BTreeSet<&str> = Locale::ALL.into_iter().map(Locale::name).collect();
    assert_eq!(names.len(), Locale::ALL.len(), "each has a name of its own: {names:?}");
}

#[test]
fn every_fault_of_a_language_is_named() {
    let english = "[day]\nfirst = 'a'\nsecond = 'b {name}'\nthird = 'c'\n[counts]\ntracks = { one = 'one', other = '{n}' }";
    let polish = "[language]\nregion = 'pl-PL'\n[day]\nsecond = 'b {nmae}'\nthird = ' '\nfourth = 'd'\n\
                  [counts]\ntracks = { one = 'one', two = 'two {x}', other = '{n}' }";
    assert_eq!(
        faults(english, polish),
        [
            "day.first is missing",
            "day.fourth is not read",
            "language.region is not read",
            "counts.tracks needs no form “two” in pl-PL",
            "counts.tracks has no form “few”",
            "counts.tracks has no form “many”",
            "counts.tracks.two is filled with {\"x\"}, in English with {}",
            "day.second is filled with {\"nmae\"}, in English with {\"name\"}",
            "day.third is empty",
        ]
    );
}

#[test]
fn a_language_is_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    for locale in Locale::ALL {
        std::fs::write(folder.path().join(format!("{}.toml", locale.tag())), file(locale)).expect("a file");
    }
    std::fs::write(folder.path().join("pl.toml"), polish()).expect("a file");
    let tags = found::tags(folder.path()).expect("languages");
    let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    assert!(tags.starts_with(&["en"]) && tags.contains(&"pl"), "{tags:?}");
    let chosen = |header| choice::choose(&tags, None, Some(header)).map(|place| tags[place]);
    assert_eq!(chosen("pl-PL,pl;q=0.9,en;q=0.8"), Some("pl"));
    assert_eq!(chosen("de"), None);
    assert_eq!(faults(file(Locale::En), &polish()), Vec::<String>::new());
    assert_eq!(read(&polish()).language.name, "Polski");
}

/// A third language: English that says it is Polish, with the forms that Polish has.
fn polish() -> String {
    let english = file(Locale::En).replace("\"English\"", "\"Polski\"").replace("\"en-GB\"", "\"pl-PL\"");
    english.replace("{ one = ", "{ few = '{n}', many = '{n}', one = ")
}

#[test]
fn what_is_no_language_is_found_when_the_program_is_built() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("fr.toml"), "").expect("a file");
    assert!(found::tags(folder.path()).expect_err("no English").to_string().contains("en.toml"));
    std::fs::write(folder.path().join("en.toml.orig"), "").expect("a file");
    assert!(found::tags(folder.path()).expect_err("no language").to_string().contains("en.toml.orig"));
    let tags = ["en", "fr", "pt-BR"].map(str::to_owned);
    assert!(found::locale(&tags).contains("pub const ALL: [Self; 3] = [Self::En, Self::Fr, Self::PtBr, ];"));
}

#[test]
fn french_never_breaks_a_line_before_its_high_signs() {
    let spaced = |text: &str| {
        let before = text.chars().zip(text.chars().skip(1));
        before.filter(|(space, sign)| *space == ' ' && SET_OFF.contains(sign)).count() > 0
            || text.contains("« ")
    };
    let wrong: Vec<String> =
        leaves(file(Locale::Fr)).into_iter().filter(|(_, text)| spaced(text)).map(|(path, _)| path).collect();
    assert!(wrong.is_empty(), "an ordinary space before one of {SET_OFF:?} or after «: {wrong:#?}");
}

/// Every source that may read a message, without the types of the messages.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("i18n/catalogue") {
            sources(&path, found);
        } else {
            found.push(std::fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

/// The words of a text that follow a dot: `m.day.on_air` reads `day` and `on_air`.
fn read_in(text: &str) -> BTreeSet<&str> {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.split('.').skip(1).filter_map(|rest| rest.split(|letter| !is_word(letter)).next()).collect()
}

#[test]
fn every_message_is_read_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    sources(&root.join("web/templates"), &mut texts);
    sources(&root.join("src"), &mut texts);
    let read: Vec<BTreeSet<&str>> = texts.iter().map(|text| read_in(text)).collect();
    let english = leaves(file(Locale::En));
    let counted = plurals(&english);
    // Chosen by the name of what they are about, and held against those names by tests of their own; or read in here.
    let by_name = [
        "layout.line",
        "ways.",
        "gap.",
        "dates.",
        "team.deeds.",
        "overlay.words.",
        "overlay.faults.",
        "overlay.colours_of.",
        "overlay.styles.",
        "privacy.gone.",
        "privacy.kept.",
        "advice.",
    ];
    let is_read = |path: &str| {
        let mut names = path.split(['.', '[']).take(2);
        let (section, message) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        read.iter().any(|words| words.contains(section) && words.contains(message))
    };
    let unread: Vec<&String> = english
        .keys()
        .filter(|path| !by_name.iter().any(|part| path.starts_with(part)) && !is_read(path))
        .collect();
    assert!(unread.is_empty() && !counted.is_empty(), "nobody reads {unread:#?}");
}

#[test]
fn every_reason_for_a_gap_has_words_of_its_own() {
    for gaps in Locale::ALL.map(|locale| &messages(locale).gap) {
        let words: BTreeSet<&str> = gaps.all().into_iter().map(|(_, why)| why).collect();
        assert_eq!(words.len(), gaps.all().len());
    }
}

#[test]
fn a_gap_for_a_reason_we_do_not_know_is_still_honest() {
    assert_eq!(messages(Locale::En).gap.why("sunspots"), "Nothing is known here.");
    assert!(messages(Locale::Fr).gap.why("spotify_down").starts_with("Spotify n’a pas"));
}
