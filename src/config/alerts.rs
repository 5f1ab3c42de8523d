//! `[alerts]`: where messages about troubles may go.

use super::fields::Visit;
use super::kind::Switch;

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
