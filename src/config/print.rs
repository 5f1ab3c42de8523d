//! The effective configuration as TOML, each line with where its value came from. Secrets are left out.

use super::Config;
use super::error::Place;
use super::fields::{Key, Visit};
use super::kind::Kind;
use std::fmt::Write as _;

impl Config {
    /// The configuration in use as valid TOML. Secrets and passwords read `***`; a comment behind each value
    /// says whether it is the default, or which file or variable set it.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let (lines, defaults) = (lines(self), lines(&Self::default()));
        let mut text = String::new();
        let mut section = "";
        for (line, default) in lines.iter().zip(&defaults) {
            if line.key.section() != section {
                let gap = if section.is_empty() { "" } else { "\n" };
                section = line.key.section();
                let _ = writeln!(text, "{gap}[{section}]");
            }
            let origin = self.origin(line, default);
            let _ = writeln!(text, "{} = {} # {origin}", line.key.short(), line.value);
        }
        text
    }

    fn origin(&self, line: &Line, default: &Line) -> String {
        match self.origins.get(line.key.name) {
            Some(Place::Variable(name)) => format!("environment {name}"),
            Some(file) => file.to_string(),
            None if line.value == default.value => "default".to_owned(),
            None => "set by the program".to_owned(),
        }
    }
}

/// A key and its value as TOML.
pub(super) struct Line {
    pub(super) key: Key,
    pub(super) value: String,
}

/// All keys and their values, in the order of the shipped file.
pub(super) fn lines(config: &Config) -> Vec<Line> {
    let mut lines = Lines(Vec::new());
    config.clone().visit(&mut lines);
    lines.0
}

struct Lines(Vec<Line>);

impl Visit for Lines {
    fn field<K: Kind>(&mut self, name: &'static str, kind: &K, value: &mut K::Value) {
        self.0.push(Line { key: Key { name, secret: kind.secret() }, value: kind.write(value) });
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, load};
    use std::time::Duration;

    const SECRETS: [(&str, &str); 5] = [
        ("AIRLOG_DATABASE__URL", "postgres://ann:hunter2@db/airlog"),
        ("AIRLOG_SECRETS__KEY", "aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMmh1bnQ="),
        ("AIRLOG_TWITCH__CLIENT_SECRET", "hunter2"),
        ("AIRLOG_TWITCH__WEBHOOK_SECRET", "hunter2hunter2"),
        ("AIRLOG_LOG__FILTER", "debug"),
    ];

    fn with_secrets() -> Config {
        load(None, SECRETS.map(|(name, value)| (name.to_owned(), value.to_owned()))).expect("valid")
    }

    #[test]
    fn each_value_says_where_it_came_from() {
        let mut config = with_secrets();
        config.tracking.min_gap = Duration::from_millis(60);
        let text = config.to_toml();
        for line in [
            "[server]\nlisten = \"127.0.0.1:8080\" # default\n",
            "url = \"postgres://ann:***@db/airlog\" # environment AIRLOG_DATABASE__URL\n\n[secrets]\n",
            "filter = \"debug\" # environment AIRLOG_LOG__FILTER\n",
            "poll_interval = \"60s\" # default\n",
            "min_gap = \"60ms\" # set by the program\n",
            "budget = \"none\" # default\n",
        ] {
            assert!(text.contains(line), "{line:?} is missing in\n{text}");
        }
    }

    #[test]
    fn what_is_printed_is_toml_and_loads_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("printed.toml");
        std::fs::write(&path, Config::default().to_toml()).expect("written");
        let again = load(Some(&path), []).expect("valid");
        let text = again.to_toml().replace(&format!("# {}, line ", path.display()), "# line ");
        assert!(text.starts_with("[server]\nlisten = \"127.0.0.1:8080\" # line 2\n"), "{text}");
    }

    #[test]
    fn no_secret_is_printed_nor_debugged() {
        let config = with_secrets();
        let shown = format!("{config:?}\n{config:#?}\n{}", config.to_toml());
        assert!(
            !shown.contains("hunter2") && !shown.contains("aHVudGVy") && !shown.contains("104, 117"),
            "{shown}"
        );
    }
}
