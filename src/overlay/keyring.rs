//! Keys of private browser sources: each streamer has one at most. It is stored as a hash, by which it is found, and sealed, so that
//! its address can be shown again. Whose a key is stays in memory, so that a night's overlay outlives a database that is away.

use super::store;
use crate::accounts::Accounts;
use crate::base::clock::SharedClock;
use crate::base::id::UserId;
use crate::base::seal::SealingKey;
use crate::base::token;
use crate::db::{Db, DbError, or_remembered};
use anyhow::Context as _;
use quick_cache::sync::Cache;
use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// Keys that may be remembered; whichever is not asked for goes first.
const REMEMBERED: usize = 10_000;
/// Letters of a key.
const LENGTH: usize = 43;
/// How often it is looked whether a key that is in use still opens: another program may have taken its streamer away.
const GLANCE: Duration = Duration::from_mins(1);

/// All keys; clones share what is remembered.
#[derive(Clone)]
pub(super) struct Keyring {
    db: Db,
    seal: Arc<SealingKey>,
    accounts: Accounts,
    clock: SharedClock,
    /// Hashes, and whose keys they are of.
    known: Arc<Cache<String, UserId>>,
    /// How often a key was taken away. Told after it opens nothing any more.
    rolls: watch::Sender<u64>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("known", &self.known.len()).finish_non_exhaustive()
    }
}

impl Keyring {
    /// Keys in `db`, sealed under `seal`.
    pub(super) fn new(db: Db, seal: Arc<SealingKey>, accounts: Accounts, clock: SharedClock) -> Self {
        let known = Arc::new(Cache::new(REMEMBERED));
        Self { db, seal, accounts, clock, known, rolls: watch::Sender::default() }
    }

    /// A streamer's key; none when they never had one.
    pub(super) async fn key(&self, user: UserId) -> anyhow::Result<Option<SecretString>> {
        let sealed = store::sealed_key(&self.db, user).await.context("reading an overlay's key")?;
        let opened = sealed.map(|sealed| self.seal.open(&store::sealed_for(user), &sealed));
        opened.transpose().context("opening an overlay's key")
    }

    /// Gives a streamer a new key; the one they had opens nothing from now on.
    pub(super) async fn roll(&self, user: UserId) -> Result<SecretString, DbError> {
        let key = token::random();
        store::put_key(&self.db, &self.seal, user, &key, self.clock.now()).await?;
        self.forget(user);
        Ok(key)
    }

    /// Goes by the database alone from now on for a streamer's keys.
    pub(super) fn forget(&self, user: UserId) {
        self.rolls.send_modify(|times| *times += 1);
        self.known.retain(|_, holder| *holder != user);
    }

    /// Whose key this is: the database says, and while it is away, memory.
    pub(super) async fn holder(&self, key: &SecretString) -> Result<Option<UserId>, DbError> {
        if !is_key(key.expose_secret()) {
            return Ok(None);
        }
        let (hash, rolls) = (token::hash(key.expose_secret()), *self.rolls.borrow());
        let found =
            or_remembered(store::key_holder(&self.db, &hash), || self.known.get(&hash).map(Some)).await?;
        if let Some(user) = found {
            self.known.insert(hash.clone(), user);
        }
        if found.is_none() || *self.rolls.borrow() != rolls {
            self.known.remove(&hash);
        }
        Ok(found)
    }

    /// Whose key this was when the database was last asked.
    pub(super) fn known_holder(&self, key: &SecretString) -> Option<UserId> {
        self.known.get(&token::hash(key.expose_secret()))
    }

    /// Ends when this key opens nothing of this streamer's any more.
    pub(super) async fn rolled(self, user: UserId, key: SecretString) {
        let (mut rolls, mut changes) = (self.rolls.subscribe(), self.accounts.changes());
        // What we cannot know is no reason to send anybody away.
        while self.holder(&key).await.map_or(true, |holder| holder == Some(user)) {
            let told = async {
                tokio::select! { _ = rolls.changed() => {}, _ = changes.changed() => {} }
            };
            let _ = timeout(GLANCE, told).await;
        }
    }
}

/// Whether it could be a key: nothing else need be looked for.
fn is_key(text: &str) -> bool {
    text.len() == LENGTH
        && text.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_hand_out_is_a_key() {
        assert!(is_key(token::random().expose_secret()));
        for other in ["", "short", &"a".repeat(44), &".".repeat(43), &"é".repeat(43)] {
            assert!(!is_key(other), "{other}");
        }
    }
}
