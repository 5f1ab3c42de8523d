//! Cooldowns of Spotify client ids: asked for by a 429, shared by all sessions of the client id, kept over a restart.

use super::store;
use crate::base::clock::Instant;
use crate::base::clock::SharedClock;
use crate::db::{Db, DbError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::task::TaskTracker;

/// Until when which client id must rest.
#[derive(Debug, Clone)]
pub struct Cooldowns {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    clock: SharedClock,
    until: Mutex<HashMap<String, Instant>>,
    keeping: TaskTracker,
}

impl Cooldowns {
    /// The cooldowns that have not passed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load(db: Db, clock: SharedClock) -> Result<Self, DbError> {
        let until = store::cooldowns(&db, clock.now()).await?.into_iter().collect();
        Ok(Self {
            inner: Arc::new(Inner { db, clock, until: Mutex::new(until), keeping: TaskTracker::new() }),
        })
    }

    /// Before when the client id must not be used.
    #[must_use]
    pub fn not_before(&self, client_id: &str) -> Option<Instant> {
        self.inner.until.lock().unwrap_or_else(PoisonError::into_inner).get(client_id).copied()
    }

    /// Lets the client id rest, from now on in memory and soon in the database. A longer rest is never made shorter.
    pub fn rest(&self, client_id: &str, until: Instant) {
        let mut rests = self.inner.until.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = rests.entry(client_id.to_owned()).or_insert(until);
        *rest = (*rest).max(until);
        let (inner, client_id, until) = (Arc::clone(&self.inner), client_id.to_owned(), *rest);
        self.inner.keeping.spawn(async move { inner.keep(&client_id, until).await });
    }

    /// Waits until no cooldown is on its way to the database any more.
    pub async fn settled(&self) {
        self.inner.keeping.close();
        self.inner.keeping.wait().await;
    }
}

impl Inner {
    async fn keep(&self, client_id: &str, until: Instant) {
        if let Err(error) = store::put_cooldown(&self.db, client_id, until, self.clock.now()).await {
            tracing::warn!(%error, client_id, %until, "a cooldown is not stored; a restart would forget it");
        }
    }
}
