//! How often what is stored of somebody's list has changed, as far as this process knows: whoever remembers something made
//! of it asks whether it still holds.

use super::id::UserId;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Streamers share these; a change to one list then seems a change to another as well, which only costs work.
const COUNTERS: usize = 4_096;

/// Counts changes by streamer; clones share the counts.
#[derive(Debug, Clone)]
pub struct Revisions {
    counters: Arc<[AtomicU64]>,
    places: RandomState,
}

impl Default for Revisions {
    fn default() -> Self {
        let counters = (0..COUNTERS).map(|_| AtomicU64::new(0)).collect();
        Self { counters, places: RandomState::new() }
    }
}

impl Revisions {
    /// The revision of a streamer's list. Ask before reading: what changes meanwhile then counts as newer.
    #[must_use]
    pub fn of(&self, user: UserId) -> u64 {
        self.counter(user).load(Ordering::Acquire)
    }

    /// A streamer's list has changed. Say so after that can be read.
    pub fn bump(&self, user: UserId) {
        self.counter(user).fetch_add(1, Ordering::Release);
    }

    fn counter(&self, user: UserId) -> &AtomicU64 {
        let place = self.places.hash_one(user) % COUNTERS as u64;
        &self.counters[usize::try_from(place).unwrap_or_default()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Instant;

    #[test]
    fn a_change_is_known_to_all_clones() {
        let (revisions, ann) = (Revisions::default(), UserId::random(Instant::UNIX_EPOCH));
        let (clone, before) = (revisions.clone(), revisions.of(ann));
        clone.bump(ann);
        assert_eq!(revisions.of(ann), before + 1);
    }
}
