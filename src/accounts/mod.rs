//! Accounts: who streams here, what they chose, and the link to their Spotify account.
//!
//! Tokens are sealed the moment they come in and opened only to be sent. Until people can log in, streamers are put
//! in with `airlog streamer add`.

mod links;
mod model;
pub mod store;

pub use links::{LinkError, Links};
pub use model::{LinkStatus, NewStreamer, SpotifyLink, User, Visibility};

use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::base::seal::{SealingKey, key_id_of};
use crate::db::{Db, DbError};
use std::collections::HashMap;
use std::sync::Arc;

/// The room's facade.
#[derive(Debug, Clone)]
pub struct Accounts {
    db: Db,
    key: Arc<SealingKey>,
}

/// The id of the key under which the tokens in `db` are sealed; none while there are none.
///
/// # Errors
/// When the database does not answer.
pub async fn sealed_under(db: &Db) -> Result<Option<String>, DbError> {
    let sealed = store::any_sealed(db).await?;
    Ok(sealed.as_deref().and_then(key_id_of).map(str::to_owned))
}

impl Accounts {
    /// Accounts in `db`, tokens sealed under `key`.
    #[must_use]
    pub fn new(db: Db, key: Arc<SealingKey>) -> Self {
        Self { db, key }
    }

    /// Adds a streamer with a linked player. One whose Twitch id is known already gets the login, the tokens and what
    /// else is given; the choices they made stay. It is done to the end, also when the caller is dropped.
    ///
    /// # Errors
    /// When the database refuses, for example because another streamer holds the login.
    pub async fn add(&self, streamer: &NewStreamer, now: Instant) -> Result<User, DbError> {
        let (db, key, streamer) = (self.db.clone(), Arc::clone(&self.key), streamer.clone());
        let adding = tokio::spawn(async move { store::add(&db, &key, &streamer, now).await });
        adding.await.unwrap_or(Err(DbError::WorkerCrashed))
    }

    /// Everybody, by login.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn all(&self) -> Result<Vec<User>, DbError> {
        store::all(&self.db).await
    }

    /// Who wants to be followed while live: enabled and linked, whether or not the link works now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn linked(&self) -> Result<Vec<(User, SpotifyLink)>, DbError> {
        store::linked(&self.db).await
    }

    /// Whether each streamer's link works, also of those who are not enabled.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn links(&self) -> Result<HashMap<UserId, LinkStatus>, DbError> {
        store::link_states(&self.db).await
    }

    /// The streamer with this login, in any case of letters.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_login(&self, login: &str) -> Result<Option<User>, DbError> {
        store::by_login(&self.db, &login.to_lowercase()).await
    }

    /// The streamer with this id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_id(&self, id: UserId) -> Result<Option<User>, DbError> {
        store::by_id(&self.db, id).await
    }

    /// The streamer with this Twitch id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_twitch_id(&self, twitch_id: &str) -> Result<Option<User>, DbError> {
        store::by_twitch_id(&self.db, twitch_id).await
    }

    /// Removes a streamer and everything kept about them; false when there is nobody of that login.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove(&self, login: &str) -> Result<bool, DbError> {
        store::remove(&self.db, &login.to_lowercase()).await
    }
}
