//! Who called what, how often: so that a test can ask how many refreshes happened.

use super::faults::Endpoint;
use crate::base::clock::Instant;
use std::collections::{HashMap, VecDeque};

/// How many calls are remembered one by one.
const REMEMBERED: usize = 2_000;

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it came.
    pub at: Instant,
    /// What was asked.
    pub endpoint: Endpoint,
    /// Whose token asked, if it was a person's.
    pub login: Option<String>,
    /// The HTTP status of the answer; 0 for one that hangs.
    pub status: u16,
}

/// The calls so far: all counted, the newest remembered.
#[derive(Debug, Clone, Default)]
pub(super) struct CallLog {
    newest: VecDeque<Call>,
    counts: HashMap<(Endpoint, Option<String>), u64>,
}

impl CallLog {
    pub(super) fn note(&mut self, call: Call) {
        *self.counts.entry((call.endpoint, call.login.clone())).or_default() += 1;
        if self.newest.len() == REMEMBERED {
            self.newest.pop_front();
        }
        self.newest.push_back(call);
    }

    pub(super) fn count(&self, endpoint: Endpoint) -> u64 {
        self.counts.iter().filter(|((e, _), _)| *e == endpoint).map(|(_, count)| count).sum()
    }

    pub(super) fn count_of(&self, login: &str, endpoint: Endpoint) -> u64 {
        self.counts.get(&(endpoint, Some(login.to_owned()))).copied().unwrap_or_default()
    }

    pub(super) fn newest(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.newest.iter()
    }
}
