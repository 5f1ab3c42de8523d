//! Browsers that are logged in: each holds a random token in a cookie, and we its hash.

use super::model::Login;
use super::rules::{LOGIN_LASTS, LOGIN_NOTED};
use super::store;
use crate::audit::{Audit, By, Deed};
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
    audit: Audit,
}

impl Logins {
    /// Logins in `db`; whose moderators log in is noted in `audit`.
    #[must_use]
    pub fn new(db: Db, clock: SharedClock, audit: Audit) -> Self {
        Self { db, clock, audit }
    }

    /// Lets a browser in: the token that it is to hold from now on. Whom its person helps reads of it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn begin(&self, user: UserId) -> Result<SecretString, DbError> {
        let (token, now) = (token::random(), self.clock.now());
        let hash = token::hash(token.expose_secret());
        store::put_login(&self.db, &hash, user, now, now + LOGIN_LASTS).await?;
        self.tell_helped(user).await?;
        Ok(token)
    }

    async fn tell_helped(&self, user: UserId) -> Result<(), DbError> {
        let Some(person) = store::by_id(&self.db, user).await? else { return Ok(()) };
        let by = By::Moderator { id: person.id, login: person.login };
        for streamer in store::helped_by(&self.db, &person.twitch_id).await? {
            self.audit.note(streamer.id, &by, Deed::LoggedIn, "").await;
        }
        Ok(())
    }

    /// Who holds this token; none when it is no good (any more).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn who(&self, token: &str) -> Result<Option<Login>, DbError> {
        let (hash, now) = (token::hash(token), self.clock.now());
        let Some(login) = store::login(&self.db, &hash, now).await? else { return Ok(None) };
        if now - login.seen_at >= LOGIN_NOTED {
            store::touch_login(&self.db, &hash, now, now + LOGIN_LASTS).await?;
        }
        Ok(Some(login))
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
