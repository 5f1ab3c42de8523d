//! The tokens that Twitch granted, one pair a person.

use super::Accounts;
use super::pairs::Pairs;
use super::shelf::Shelf;
use super::store::{self, SealedTokens};
use crate::base::backoff::Backoff;
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::UserId;
use crate::clients::oauth::{Granted, OAuthError};
use crate::clients::twitch::{Lender, TwitchAccounts};
use crate::db::{Db, DbError};
use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use std::time::Duration;

/// How often it is tried to give a token back.
const TRIES: u32 = 4;
/// How long to wait in between.
const RETRY: Backoff = Backoff { first: Duration::from_millis(200), most: Duration::from_secs(2) };

/// Tokens of everybody who logged in with Twitch.
pub type Grants = Pairs<TwitchShelf>;

/// Where they stand: `twitch_grants`.
#[derive(Debug)]
pub struct TwitchShelf {
    pub(super) accounts: Accounts,
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
        store::end_grant(&self.db, id, now).await?;
        self.accounts.changed();
        Ok(())
    }

    async fn renew(&self, _: UserId, _: &str, refresh_token: &SecretString) -> Result<Granted, OAuthError> {
        self.service.refresh(refresh_token).await
    }
}

impl Grants {
    /// The grants of these people, refreshed by `service`.
    #[must_use]
    pub fn new(accounts: Accounts, service: TwitchAccounts, clock: SharedClock) -> Self {
        let (db, key) = (accounts.db.clone(), Arc::clone(&accounts.key));
        Self::on(TwitchShelf { accounts, db, service }, key, clock)
    }

    /// Keeps what Twitch has just granted, in place of what it granted before.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn put(&self, user: UserId, granted: Granted) -> Result<(), DbError> {
        let now = self.inner.clock.now();
        let refresh = granted.refresh_token.unwrap_or_default();
        let _forgotten = self.forget(user).await;
        let [access, refresh] = self.sealed(user, &granted.access_token, &refresh);
        let life = TimeDelta::from_std(granted.expires_in).unwrap_or_default();
        let tokens = SealedTokens { client_id: String::new(), access, refresh, expires_at: Some(now + life) };
        store::put_grant(&self.inner.shelf.db, user, &tokens, &granted.scopes, now).await
    }

    /// Whoever has a grant that works, as far as the database tells.
    async fn everybody(&self) -> Vec<UserId> {
        let people = self.inner.shelf.accounts.with_grant().await;
        people.unwrap_or_default().into_iter().map(|user| user.id).collect()
    }

    pub(super) fn accounts(&self) -> &Accounts {
        &self.inner.shelf.accounts
    }

    /// The access token of somebody who is about to leave, as it stands, to be given back; none when there is none.
    pub async fn last_token(&self, user: UserId) -> Option<SecretString> {
        self.inner.tokens(user).await.ok().map(|tokens| tokens.access)
    }

    /// Forgets whoever has left, and has Twitch forget the token that they had granted: behind the caller's back, and
    /// while Twitch does not answer a few times over. A stop waits for it.
    pub async fn give_back(&self, user: UserId, token: Option<SecretString>) {
        drop(self.forget(user).await);
        let Some(token) = token else { return };
        let grants = self.clone();
        self.inner.flights.spawn(async move {
            for failures in 1..=TRIES {
                match grants.inner.shelf.service.revoke(&token).await {
                    Ok(()) => return,
                    Err(error) => {
                        tracing::warn!(%error, failures, "a token could not be given back to Twitch");
                    }
                }
                tokio::time::sleep(RETRY.wait(failures, rand::random())).await;
            }
        });
    }

    /// A person has thrown us out at Twitch, or is gone from there, as was told at that time: all their tokens are
    /// destroyed, those of Spotify too, they are followed no more, and none of their browsers is let in. Whoever has
    /// logged in since has come back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mark_revoked(&self, user: UserId, told_at: Instant) -> Result<(), DbError> {
        let (_forgotten, now) = (self.forget(user).await, self.inner.clock.now());
        if self.inner.shelf.accounts.let_go(user, told_at, now).await? {
            tracing::info!(%user, "has left: tokens are destroyed, nothing is followed");
        }
        Ok(())
    }
}

impl Lender for Grants {
    fn lend(&self) -> BoxFuture<'_, Option<SecretString>> {
        Box::pin(async {
            for user in self.everybody().await {
                if let Ok(token) = self.access_token(user).await {
                    return Some(token);
                }
            }
            None
        })
    }

    fn refused(&self, token: SecretString) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            for user in self.everybody().await {
                let held = self.access_token(user).await;
                if held.is_ok_and(|held| held.expose_secret() == token.expose_secret()) {
                    // Whatever becomes of it is noted; the next to be asked lends a token that is good.
                    let _ = self.refresh(user, token).await;
                    return;
                }
            }
        })
    }
}
