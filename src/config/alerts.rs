//! `[alerts]`: where messages about troubles may go.

use super::fields::Visit;
use super::kind::Kind;
use super::raw::Raw;

/// Where messages about troubles may go.
#[derive(Debug, Clone, Default)]
pub struct Alerts {
    /// Whether streamers may have messages sent into private networks, this machine included.
    pub allow_private: bool,
}

impl Alerts {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        visit.field("alerts.allow_private", &Switch, &mut self.allow_private);
    }
}

/// Yes or no.
struct Switch;

impl Kind for Switch {
    type Value = bool;

    fn read(&self, raw: &Raw) -> Option<bool> {
        raw.switch()
    }

    fn write(&self, value: &bool) -> String {
        value.to_string()
    }

    fn allowed(&self) -> String {
        "true or false".to_owned()
    }
}
