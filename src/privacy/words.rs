//! What is kept how long and why, in words: from the table that the sweep works off.

use crate::i18n::{Locale, messages};
use crate::retention::{Kept, TABLE, Term};

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) what: &'static str,
    pub(super) term: String,
    pub(super) why: &'static str,
}

/// The whole table.
pub(super) fn rows(locale: Locale) -> Vec<Row> {
    TABLE.iter().filter_map(|kept| row(kept, locale)).collect()
}

fn row(kept: &Kept, locale: Locale) -> Option<Row> {
    let words = messages(locale).privacy.kept.get(kept.key)?;
    Some(Row { what: &words.what, term: term(kept.term, locale), why: &words.why })
}

fn term(term: Term, locale: Locale) -> String {
    let (m, counts) = (&messages(locale).privacy, &messages(locale).counts);
    match term {
        Term::Chosen(_) => m.term_chosen.clone(),
        Term::Age(_, age) if age.is_zero() => m.term_ended.clone(),
        Term::Age(_, age) if age.num_days() > 1 => counts.days.of(locale, age.num_days()),
        Term::Age(_, age) => counts.hours.of(locale, age.num_hours()),
        Term::Account => m.term_account.clone(),
        Term::House => m.term_house.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_has_words_in_every_language_and_no_words_are_left_over() {
        let keys: BTreeSet<&str> = TABLE.iter().map(|kept| kept.key).collect();
        assert_eq!(keys.len(), TABLE.len(), "each once");
        for locale in Locale::ALL {
            let words: BTreeSet<&str> = messages(locale).privacy.kept.keys().map(String::as_str).collect();
            assert_eq!(words, keys, "{locale:?}");
        }
    }

    #[test]
    fn the_readme_shows_the_table() {
        let readme = include_str!("../../README.md");
        let (_, section) = readme.split_once("## What is kept how long, and why").expect("a section");
        let section = section.split("\n#").next().expect("a table");
        let shown: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
        let rows: Vec<String> = rows(Locale::En)
            .iter()
            .map(|Row { what, term, why }| format!("| {what} | {term} | {why} |"))
            .collect();
        assert_eq!(shown, rows, "as it should be:\n{}", rows.join("\n"));
    }
}
