//! `[pages]`: what people see.

use super::fields::Visit;
use super::kind::Switch;

/// What people see.
#[derive(Debug, Clone)]
pub struct Pages {
    /// Whether pages show the covers of tracks, which browsers fetch from Spotify's image servers.
    pub covers: bool,
}

impl Default for Pages {
    fn default() -> Self {
        Self { covers: true }
    }
}

impl Pages {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        visit.field("pages.covers", &Switch, &mut self.covers);
    }
}
