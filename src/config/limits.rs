//! `[limits]`: how much one visitor may ask for.

use super::fields::Visit;
use super::kind::Kind;
use super::raw::Raw;
use std::num::NonZeroU32;

/// How much may be asked for. None: no limit.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Open sockets and event streams in all.
    pub sockets: Option<NonZeroU32>,
    /// Open sockets and event streams of one address.
    pub sockets_per_address: Option<NonZeroU32>,
    /// Requests a minute from one address.
    pub requests_per_minute: Option<NonZeroU32>,
    /// Changes a minute by one account or API key.
    pub writes_per_minute: Option<NonZeroU32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sockets: NonZeroU32::new(20_000),
            sockets_per_address: NonZeroU32::new(50),
            requests_per_minute: NonZeroU32::new(600),
            writes_per_minute: NonZeroU32::new(120),
        }
    }
}

impl Limits {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        visit.field("limits.sockets", &Limit, &mut self.sockets);
        visit.field("limits.sockets_per_address", &Limit, &mut self.sockets_per_address);
        visit.field("limits.requests_per_minute", &Limit, &mut self.requests_per_minute);
        visit.field("limits.writes_per_minute", &Limit, &mut self.writes_per_minute);
    }
}

/// A number of which 0 means "no limit".
struct Limit;

impl Kind for Limit {
    type Value = Option<NonZeroU32>;

    fn read(&self, raw: &Raw) -> Option<Self::Value> {
        u32::try_from(raw.number()?).ok().map(NonZeroU32::new)
    }

    fn write(&self, value: &Self::Value) -> String {
        value.map_or(0, NonZeroU32::get).to_string()
    }

    fn allowed(&self) -> String {
        format!("a whole number from 0 (no limit) to {}", u32::MAX)
    }
}
