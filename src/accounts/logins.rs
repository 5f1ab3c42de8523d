//! Browsers that are logged in: each holds a random token in a cookie, and we its hash.

use super::model::User;
use super::rules::{LOGIN_LASTS, LOGIN_NOTED};
use super::store;
use crate::base::clock::SharedClock;
use crate::base::id::UserId;
use crate::base::token;
use crate::db::{Db, DbError};
use secrecy::{ExposeSecret as _, SecretString};

/// All logins.
#[derive(Debug, Clone)]
pub struct Logins {
    db: Db,
    clock: SharedClock,
}

impl Logins {
    /// Logins in `db`.
    #[must_use]
    pub fn new(db: Db, clock: SharedClock) -> Self {
        Self { db, clock }
    }

    /// Lets a browser in: the token that it is to hold from now on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn begin(&self, user: UserId) -> Result<SecretString, DbError> {
        let (token, now) = (token::random(), self.clock.now());
        let hash = token::hash(token.expose_secret());
        store::put_login(&self.db, &hash, user, now, now + LOGIN_LASTS).await?;
        Ok(token)
    }

    /// Who holds this token; none when it is no good (any more).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn who(&self, token: &str) -> Result<Option<User>, DbError> {
        let (hash, now) = (token::hash(token), self.clock.now());
        let Some(login) = store::login(&self.db, &hash, now).await? else { return Ok(None) };
        if now - login.seen_at >= LOGIN_NOTED {
            store::touch_login(&self.db, &hash, now, now + LOGIN_LASTS).await?;
        }
        Ok(Some(login.user))
    }

    /// Lets the browser with this token in no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end(&self, token: &str) -> Result<(), DbError> {
        store::drop_login(&self.db, &token::hash(token)).await
    }

    /// Lets no browser of a person in any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_all(&self, user: UserId) -> Result<(), DbError> {
        store::drop_logins_of(&self.db, user).await
    }
}
