//! The tokens that Twitch granted, one pair a person.

use super::model::GrantStatus;
use super::pairs::{Pairs, Shelf};
use super::store::{self, SealedTokens};
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::UserId;
use crate::base::seal::SealingKey;
use crate::clients::oauth::{Granted, OAuthError};
use crate::clients::twitch::TwitchAccounts;
use crate::db::{Db, DbError};
use chrono::TimeDelta;
use secrecy::SecretString;
use std::sync::Arc;

/// Tokens of everybody who logged in with Twitch.
pub type Grants = Pairs<TwitchShelf>;

/// Where they stand: `twitch_grants`.
#[derive(Debug)]
pub struct TwitchShelf {
    pub(super) db: Db,
    pub(super) service: TwitchAccounts,
}

impl Shelf for TwitchShelf {
    type Id = UserId;

    const OF: &'static str = "a Twitch login";

    fn row(id: UserId, column: &str) -> String {
        store::grant_row(id, column)
    }

    async fn read(&self, id: UserId) -> Result<Option<SealedTokens>, DbError> {
        store::grant_tokens(&self.db, id).await
    }

    async fn write(&self, id: UserId, sealed: &SealedTokens, now: Instant) -> Result<(), DbError> {
        store::replace_grant(&self.db, id, sealed, now).await
    }

    async fn lose(&self, id: UserId, now: Instant) -> Result<(), DbError> {
        store::end_grant(&self.db, id, GrantStatus::Refused, now).await
    }

    async fn renew(&self, _: &str, refresh_token: &SecretString) -> Result<Granted, OAuthError> {
        self.service.refresh(refresh_token).await
    }
}

impl Grants {
    /// Grants in `db`, sealed under `key`, refreshed by `service`.
    #[must_use]
    pub fn new(db: Db, key: Arc<SealingKey>, service: TwitchAccounts, clock: SharedClock) -> Self {
        Self::on(TwitchShelf { db, service }, key, clock)
    }

    /// Keeps what Twitch has just granted, in place of what it granted before.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn put(&self, user: UserId, granted: Granted) -> Result<(), DbError> {
        let now = self.inner.clock.now();
        let refresh = granted.refresh_token.unwrap_or_default();
        let _nobody_renews = self.forget(user).await;
        let [access, refresh] = self.sealed(user, &granted.access_token, &refresh);
        let life = TimeDelta::from_std(granted.expires_in).unwrap_or_default();
        let tokens = SealedTokens { client_id: String::new(), access, refresh, expires_at: Some(now + life) };
        store::put_grant(&self.inner.shelf.db, user, &tokens, &granted.scopes, now).await
    }

    /// Destroys the tokens of a person who has thrown us out at Twitch or is gone from there, and lets none of their
    /// browsers in any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mark_revoked(&self, user: UserId) -> Result<(), DbError> {
        let db = &self.inner.shelf.db;
        let _nobody_renews = self.forget(user).await;
        store::end_grant(db, user, GrantStatus::Revoked, self.inner.clock.now()).await?;
        store::drop_logins_of(db, user).await
    }
}
