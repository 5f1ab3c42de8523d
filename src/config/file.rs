//! The TOML file as a source: every value with its line, unknown names refused.

use super::error::{Cause, Place, Problem};
use super::fields::Key;
use super::raw::{Given, Layer, Raw};
use super::suggest;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// The text of the file at `path`.
pub(super) fn text(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path)
        .map_err(|e| Problem { place: Place::file(path), cause: Cause::Unreadable(e.to_string()) })
}

/// What `text`, the content of `path`, says about the known `keys`; what is wrong goes to `problems`.
pub(super) fn layer(path: &Path, text: &str, keys: &[Key], problems: &mut Vec<Problem>) -> Layer {
    let mut source = Source { path, text, keys, layer: Layer::new(), problems };
    match DeTable::parse(text) {
        Ok(table) => source.document(table.get_ref()),
        Err(error) => source.syntax(&error),
    }
    source.layer
}

struct Source<'a> {
    path: &'a Path,
    text: &'a str,
    keys: &'a [Key],
    layer: Layer,
    problems: &'a mut Vec<Problem>,
}

type Name<'i> = Spanned<DeString<'i>>;

impl Source<'_> {
    fn document(&mut self, table: &DeTable<'_>) {
        for (name, value) in table {
            match (self.knows(name.get_ref()), value.get_ref()) {
                (true, DeValue::Table(section)) => self.section(name.get_ref(), section),
                (true, _) => self.refuse(name, Cause::Conflict(not_a_section(name.get_ref()))),
                (false, DeValue::Table(_)) => self.refuse(name, self.unknown_section(name.get_ref())),
                (false, _) => self.refuse(name, self.unknown_key(name.get_ref())),
            }
        }
    }

    fn section(&mut self, section: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let dotted = format!("{section}.{}", name.get_ref());
            match self.keys.iter().find(|key| key.name == dotted) {
                Some(key) => self.give(key.name, name, value),
                None => self.refuse(name, self.unknown_key(&dotted)),
            }
        }
    }

    fn give(&mut self, key: &'static str, name: &Name<'_>, value: &Spanned<DeValue<'_>>) {
        let written = self.text.get(value.span()).unwrap_or_default();
        let raw = Raw::from_toml(value.get_ref(), written);
        self.layer.insert(key, Given { raw, place: self.line(&name.span()) });
    }

    fn refuse(&mut self, name: &Name<'_>, cause: Cause) {
        let place = self.line(&name.span());
        self.problems.push(Problem { place, cause });
    }

    fn syntax(&mut self, error: &toml::de::Error) {
        let (line, column) = position(self.text, error.span().map_or(self.text.len(), |span| span.start));
        let place = Place::File { path: self.path.to_owned(), line: Some((line, Some(column))) };
        self.problems.push(Problem { place, cause: Cause::Syntax(error.message().to_owned()) });
    }

    fn knows(&self, section: &str) -> bool {
        self.keys.iter().any(|key| key.section() == section)
    }

    fn line(&self, span: &Range<usize>) -> Place {
        let (line, _) = position(self.text, span.start);
        Place::File { path: self.path.to_owned(), line: Some((line, None)) }
    }

    fn unknown_section(&self, section: &str) -> Cause {
        let hint =
            suggest::hint(section, self.sections(), || format!("there are {}", self.sections().join(", ")));
        Cause::Unknown { what: format!("section [{section}]"), hint }
    }

    /// A key may also have the right name in the wrong section.
    fn unknown_key(&self, dotted: &str) -> Cause {
        let short = dotted.rsplit('.').next().unwrap_or_default();
        let moved = self.keys.iter().find(|key| key.short() == short);
        let hint = match suggest::closest(dotted, self.keys.iter().map(|key| key.name)) {
            Some(close) => format!("did you mean {close}?"),
            None => moved.map_or_else(|| self.siblings(dotted), |key| format!("did you mean {}?", key.name)),
        };
        Cause::Unknown { what: format!("key {dotted}"), hint }
    }

    /// What there is where the key was looked for.
    fn siblings(&self, dotted: &str) -> String {
        let section = dotted.split('.').next().unwrap_or_default();
        let keys = self.keys.iter().filter(|key| key.section() == section).map(|key| key.short());
        match keys.collect::<Vec<_>>() {
            none if none.is_empty() => {
                format!("every key belongs to a section: {}", self.sections().join(", "))
            }
            keys => format!("[{section}] has {}", keys.join(", ")),
        }
    }

    fn sections(&self) -> Vec<&'static str> {
        let mut sections: Vec<_> = self.keys.iter().map(|key| key.section()).collect();
        sections.dedup();
        sections
    }
}

fn not_a_section(name: &str) -> String {
    format!("{name} is a section; write [{name}] on a line of its own and its keys below")
}

/// Line and column of a byte, both from 1; the column counts characters.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use crate::config::load::testing::problems;

    #[test]
    fn unknown_names_in_the_file_are_refused_with_a_hint() {
        let toml = "port = 1\nlog = \"info\"\n[server]\nlisten_on = 1\ncolour = 1\npoll_interval = 1\n[trakcing]\na = 1\n[colours]\n";
        let mut said = problems(toml, &[]);
        said.sort();
        assert_eq!(
            said,
            [
                "config.toml, line 1: unknown key port; every key belongs to a section: server, database, secrets, \
                 accounts, twitch, spotify, tracking, retention, limits, alerts, pages, log",
                "config.toml, line 2: log is a section; write [log] on a line of its own and its keys below",
                "config.toml, line 4: unknown key server.listen_on; did you mean server.listen?",
                "config.toml, line 5: unknown key server.colour; [server] has listen, public_url, trusted_proxies",
                "config.toml, line 6: unknown key server.poll_interval; did you mean tracking.poll_interval?",
                "config.toml, line 7: unknown section [trakcing]; did you mean tracking?",
                "config.toml, line 9: unknown section [colours]; there are server, database, secrets, accounts, twitch, \
                 spotify, tracking, retention, limits, alerts, pages, log",
            ]
        );
    }

    #[test]
    fn broken_toml_names_line_and_column_and_shows_no_value() {
        let said = problems("[twitch]\nclient_secret = \"hunter2\n", &[]);
        assert_eq!(
            said,
            ["config.toml, line 2, column 25: not valid TOML: invalid basic string, expected `\"`"]
        );
        let said = problems("[twitch]\nclient_secret = hunter2\n", &[]);
        assert!(
            said[0].starts_with("config.toml, line 2, column 17: ") && !said[0].contains("hunter2"),
            "{said:?}"
        );
        let said = problems("[log]\nfilter = \"a\"\nfilter = \"b\"\n", &[]);
        assert_eq!(said, ["config.toml, line 3, column 1: not valid TOML: duplicate key"]);
    }
}
