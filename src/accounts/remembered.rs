//! What memory holds of pairs that are stored: for whoever asks often, and for when the database is away. Pure.
//!
//! Whoever reads a pair may be overtaken by somebody who changes or removes it. What they have read is good enough for
//! them, but not to be remembered: so every change is counted, and a reader says how many there were when they began.

use super::tokens::Tokens;
use secrecy::ExposeSecret as _;
use std::collections::HashMap;
use std::hash::Hash;

/// What the database last gave of each pair.
#[derive(Debug)]
pub(super) struct Remembered<Id> {
    pairs: HashMap<Id, Tokens>,
    changes: u64,
}

impl<Id> Default for Remembered<Id> {
    fn default() -> Self {
        Self { pairs: HashMap::new(), changes: 0 }
    }
}

impl<Id: Copy + Eq + Hash> Remembered<Id> {
    pub(super) fn get(&self, id: Id) -> Option<&Tokens> {
        self.pairs.get(&id)
    }

    /// How many pairs were changed or forgotten so far.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// The database has this pair from now on.
    pub(super) fn put(&mut self, id: Id, pair: Tokens) {
        self.changes += 1;
        self.pairs.insert(id, pair);
    }

    /// The database has another pair, or none, or it is not to be used any more.
    pub(super) fn forget(&mut self, id: Id) {
        self.changes += 1;
        self.pairs.remove(&id);
    }

    /// The database gave this pair to somebody who began to read after so many changes. Gives what is known of it: one
    /// that was renewed here knows better when it is due.
    pub(super) fn learn(&mut self, id: Id, read: Tokens, changes: u64) -> Tokens {
        let known = self.pairs.get(&id);
        let same = known.filter(|known| known.access.expose_secret() == read.access.expose_secret());
        let pair = same.cloned().unwrap_or(read);
        if self.changes == changes {
            self.pairs.insert(id, pair.clone());
        }
        pair
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(access: &str) -> Tokens {
        let (access, refresh) = (access.into(), "refresh".into());
        Tokens { client_id: "app".into(), access, refresh, expires_at: None, renew_at: None }
    }

    fn held(remembered: &Remembered<u8>) -> Option<&str> {
        remembered.get(1).map(|pair| pair.access.expose_secret())
    }

    #[test]
    fn what_was_read_is_remembered_unless_it_was_changed_meanwhile() {
        let mut remembered = Remembered::default();
        let began = remembered.changes();
        remembered.learn(1, pair("first"), began);
        assert_eq!(held(&remembered), Some("first"));
        remembered.put(1, pair("second"));
        remembered.learn(1, pair("first"), began);
        assert_eq!(held(&remembered), Some("second"), "a used-up pair does not come back");
        let began = remembered.changes();
        remembered.forget(1);
        let read = remembered.learn(1, pair("second"), began);
        assert_eq!(read.access.expose_secret(), "second", "the reader gets what was read");
        assert_eq!(held(&remembered), None, "but it is gone");
    }
}
