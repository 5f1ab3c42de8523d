//! `[log]`: what is logged, and in which form.

use super::fields::Visit;
use super::kind::{Choice, Kind};
use super::raw::{Raw, quoted};
use tracing_subscriber::EnvFilter;

/// What is logged, and in which form.
#[derive(Debug, Clone)]
pub struct Log {
    /// The form of a line.
    pub format: LogFormat,
    /// Which events, in the syntax of `tracing_subscriber::EnvFilter`.
    pub filter: String,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs, one object a line.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::default(), filter: "info".to_owned() }
    }
}

impl Log {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        let formats = Choice(&[("text", LogFormat::Text), ("json", LogFormat::Json)]);
        visit.field("log.format", &formats, &mut self.format);
        visit.field("log.filter", &Filter, &mut self.filter);
    }
}

/// A filter that the logging library accepts.
struct Filter;

impl Kind for Filter {
    type Value = String;

    fn read(&self, raw: &Raw) -> Option<String> {
        let text = raw.text()?;
        let fits = !text.trim().is_empty() && EnvFilter::builder().parse(text).is_ok();
        fits.then(|| text.to_owned())
    }

    fn write(&self, value: &String) -> String {
        quoted(value)
    }

    fn allowed(&self) -> String {
        "a level (error, warn, info, debug, trace) or a list such as \"info,airlog::live=debug\"".to_owned()
    }
}
