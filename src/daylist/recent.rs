//! Streamers whose list the public may read, as they were found a moment ago: whoever asks for a page that lies ready is
//! answered without a question to the database.
//!
//! A change that this process makes is counted, so it holds at once; one that another process makes, within a few seconds.

use super::access::Owner;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// Of so many streamers, about; whom nobody asks for goes first.
const STREAMERS: usize = 1_000;
/// For so many seconds at most, because another process may write to the database too.
const FRESH_FOR: i64 = 5;

/// The streamers, by the logins that they were asked for by; clones share them.
#[derive(Debug, Clone)]
pub(super) struct Recent {
    found: Arc<Cache<String, (Arc<Owner>, AsOf)>>,
}

/// As of when somebody is known: after so many changes of anybody's account, in which few seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AsOf {
    changes: u64,
    seconds: i64,
}

impl AsOf {
    /// After so many changes, at this time.
    pub(super) fn new(changes: u64, timestamp: i64) -> Self {
        Self { changes, seconds: timestamp.div_euclid(FRESH_FOR) }
    }
}

impl Default for Recent {
    fn default() -> Self {
        Self { found: Arc::new(Cache::new(STREAMERS)) }
    }
}

impl Recent {
    /// The streamer of this login, in lower case, if nothing can have changed since they were looked up.
    pub(super) fn get(&self, login: &str, now: AsOf) -> Option<Arc<Owner>> {
        self.found.get(login).filter(|(_, as_of)| *as_of == now).map(|(owner, _)| owner)
    }

    /// Somebody was found by this login, by whoever began to look at `as_of`: what has changed since then may be missing.
    pub(super) fn put(&self, login: &str, owner: Owner, as_of: AsOf) {
        let owner = Owner { is_recent: true, ..owner };
        self.found.insert(login.to_owned(), (Arc::new(owner), as_of));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Instant;
    use crate::base::id::UserId;
    use crate::hub::{Streamer, Terms};
    use chrono_tz::Tz;

    fn owner(login: &str) -> Owner {
        Owner {
            id: UserId::random(Instant::UNIX_EPOCH),
            streamer: Streamer { login: login.to_owned(), name: login.to_owned() },
            timezone: Tz::UTC,
            terms: Terms::default(),
            is_remembered: false,
            is_recent: false,
            is_own: false,
        }
    }

    #[test]
    fn somebody_is_known_until_an_account_changes_or_some_seconds_are_over() {
        let (recent, as_of) = (Recent::default(), AsOf::new(7, 1_000));
        recent.put("ann", owner("ann"), as_of);
        let knows = |login, changes, timestamp| {
            recent.get(login, AsOf::new(changes, timestamp)).map(|owner| owner.is_recent)
        };
        assert_eq!(knows("ann", 7, 1_004), Some(true));
        assert_eq!(knows("ann", 7, 1_000 + FRESH_FOR), None, "another process may have written");
        assert_eq!(knows("ann", 8, 1_000), None, "something was changed here");
        assert_eq!(knows("bob", 7, 1_000), None);
    }

    #[test]
    fn however_many_are_looked_up_few_are_kept() {
        let (recent, as_of) = (Recent::default(), AsOf::new(0, 0));
        for number in 0..10 * STREAMERS {
            let login = format!("streamer_{number}");
            recent.put(&login, owner(&login), as_of);
        }
        assert!(recent.found.len() <= STREAMERS, "{}", recent.found.len());
    }
}
