//! The audit log: who did what for a streamer, for the streamer to read.

pub mod model;
pub mod store;

pub use model::{By, Deed, Entry};
pub use store::forget_titles;

use crate::base::clock::SharedClock;
use crate::base::id::{AuditId, UserId};
use crate::db::{Db, DbError};

/// The room's facade.
#[derive(Debug, Clone)]
pub struct Audit {
    db: Db,
    clock: SharedClock,
}

impl Audit {
    /// A log in `db`.
    #[must_use]
    pub fn new(db: Db, clock: SharedClock) -> Self {
        Self { db, clock }
    }

    /// Notes what was done to what is `user`'s. What was done stands, also when it cannot be noted.
    pub async fn note(&self, user: UserId, by: &By, deed: Deed, about: &str) {
        let at = self.clock.now();
        let entry = Entry {
            id: AuditId::random(at),
            at,
            by: by.clone(),
            deed,
            about: about.chars().take(MOST).collect(),
        };
        if let Err(error) = store::put(&self.db, user, &entry).await {
            tracing::warn!(%user, deed = deed.word(), %error, "a deed is not in the audit log");
        }
    }

    /// A streamer's log, the newest line first: at most so many, of those before a line if one is given.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lines(
        &self,
        user: UserId,
        before: Option<AuditId>,
        most: u16,
    ) -> Result<Vec<Entry>, DbError> {
        store::newest(&self.db, user, before, most.into()).await
    }
}

/// More letters of what a deed was about are not kept.
const MOST: usize = 300;
