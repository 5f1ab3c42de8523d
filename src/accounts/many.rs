//! What is asked about many people at once, in as few questions as there can be.

use super::model::{LinkStatus, SpotifyLink, User};
use super::{Accounts, store};
use crate::base::id::UserId;
use crate::db::DbError;
use std::collections::HashMap;

impl Accounts {
    /// Everybody, by login.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn all(&self) -> Result<Vec<User>, DbError> {
        store::all(&self.db).await
    }

    /// The next `most` people after this one, by id, who want to be followed while live: enabled and linked, whether or
    /// not the link works now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn linked(&self, after: UserId, most: u32) -> Result<Vec<(User, SpotifyLink)>, DbError> {
        store::linked(&self.db, after, most).await
    }

    /// Who of these people wants to be followed while live, and through which link.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn linked_among(&self, users: &[UserId]) -> Result<HashMap<UserId, SpotifyLink>, DbError> {
        store::linked_among(&self.db, users).await
    }

    /// Whether each streamer's link works, also of those who are not enabled.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn links(&self) -> Result<HashMap<UserId, LinkStatus>, DbError> {
        store::link_states(&self.db).await
    }

    /// Those of these streamers who are there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn some(&self, users: &[UserId]) -> Result<Vec<User>, DbError> {
        store::some(&self.db, users).await
    }
}
