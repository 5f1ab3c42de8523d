//! Keys of programs: each is shown once and known by its hash from then on.

use super::roles::{ApiKey, BadScopes, KEY_PREFIX, MOST_KEYS, Scopes, key_name_of};
use super::store::{self, Holder};
use crate::audit::{Audit, By, Deed};
use crate::base::clock::SharedClock;
use crate::base::id::{KeyId, UserId};
use crate::base::token;
use crate::db::{Db, DbError};
use secrecy::{ExposeSecret as _, SecretString};

/// All keys.
#[derive(Debug, Clone)]
pub struct Keys {
    db: Db,
    clock: SharedClock,
    audit: Audit,
}

/// Why there is no new key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It has no name, or one that cannot be shown.
    #[error("`name` is 1 to 50 letters")]
    Name,
    /// It would be good for nothing, or for what there is not.
    #[error(transparent)]
    Scopes(#[from] BadScopes),
    /// There are enough.
    #[error("there are {MOST_KEYS} keys already: revoke one first")]
    TooMany,
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl Keys {
    /// Keys in `db`; what becomes of them is noted in `audit`.
    #[must_use]
    pub fn new(db: Db, clock: SharedClock, audit: Audit) -> Self {
        Self { db, clock, audit }
    }

    /// Makes a key: what is known of it, and the key itself, which is shown now and never again.
    ///
    /// # Errors
    /// [`KeyError`]
    pub async fn make<'a>(
        &self,
        user: UserId,
        name: &str,
        scopes: impl IntoIterator<Item = &'a str>,
    ) -> Result<(ApiKey, SecretString), KeyError> {
        let (name, scopes) = (key_name_of(name).ok_or(KeyError::Name)?, Scopes::of(scopes)?);
        if self.of(user).await?.len() >= MOST_KEYS {
            return Err(KeyError::TooMany);
        }
        let now = self.clock.now();
        let secret: SecretString = format!("{KEY_PREFIX}{}", token::random().expose_secret()).into();
        let key = ApiKey { id: KeyId::random(now), name, scopes, made_at: now, last_used_at: None };
        store::put_key(&self.db, user, &key, &token::hash(secret.expose_secret())).await?;
        let about = format!("{} ({})", key.name, key.scopes);
        self.audit.note(user, &By::Streamer, Deed::KeyMade, &about).await;
        Ok((key, secret))
    }

    /// A streamer's keys, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(&self, user: UserId) -> Result<Vec<ApiKey>, DbError> {
        store::keys(&self.db, user).await
    }

    /// Takes a key away for good; false when the streamer has no such key. Whoever holds it is told by [`super::Accounts::changed`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke(&self, user: UserId, key: KeyId) -> Result<bool, DbError> {
        let Some(name) = store::drop_key(&self.db, user, key).await? else { return Ok(false) };
        self.audit.note(user, &By::Streamer, Deed::KeyRevoked, &name).await;
        Ok(true)
    }

    /// Whose key this is; none when it is none, or no longer. That it is used is noted now and then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn holder(&self, secret: &SecretString) -> Result<Option<Holder>, DbError> {
        // Looked up by its hash: how long that takes tells nothing of the key.
        let found = store::holder(&self.db, &token::hash(secret.expose_secret())).await?;
        let now = self.clock.now();
        if let Some(holder) = found.as_ref().filter(|holder| holder.key.is_noted_at(now)) {
            store::touch_key(&self.db, holder.key.id, now).await?;
        }
        Ok(found)
    }
}
