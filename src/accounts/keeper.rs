//! What Twitch demands of whoever keeps its tokens: each is validated at the start and every hour. And each is renewed
//! before it ends, also where nobody uses it.

use super::grants::{Grants, TwitchShelf};
use super::shelf::TokenError;
use super::store;
use super::tokens::AHEAD;
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::clients::twitch::TwitchError;
use chrono::TimeDelta;
use secrecy::SecretString;
use std::time::Duration;

/// How often a token is validated.
const VALIDATED: TimeDelta = TimeDelta::hours(1);

/// Keeps grants good.
#[derive(Debug, Clone)]
pub struct Keeper {
    grants: Grants,
    /// How often it looks what is due.
    interval: Duration,
    /// Before then nothing was validated by this program.
    since: Instant,
}

impl Keeper {
    /// A keeper that looks what is due each `interval`.
    #[must_use]
    pub fn new(grants: Grants, interval: Duration) -> Self {
        let since = grants.inner.clock.now();
        Self { grants, interval, since }
    }

    /// Works until it is dropped.
    pub async fn run(self) {
        loop {
            if let Err(error) = self.pass().await {
                tracing::warn!(error = format!("{error:#}"), "Twitch logins are looked after again soon");
            }
            tokio::time::sleep(self.interval.mul_f64(0.9 + 0.2 * rand::random::<f64>())).await;
        }
    }

    async fn pass(&self) -> anyhow::Result<()> {
        let (db, now) = (&self.grants.inner.shelf.db, self.grants.inner.clock.now());
        for user in store::grants_ending_before(db, now + AHEAD).await? {
            quietly(user, self.grants.access_token(user).await.map(drop));
        }
        for user in store::grants_validated_before(db, self.since.max(now - VALIDATED)).await? {
            quietly(user, self.validate(user).await);
        }
        Ok(())
    }

    /// A token that Twitch does not know any more is renewed; one that cannot be renewed has ended.
    async fn validate(&self, user: UserId) -> Result<(), TokenError> {
        let token = self.grants.access_token(user).await?;
        match self.ask(user, &token).await {
            Err(TwitchError::Unauthorized) => self.grants.refresh(user, token).await.map(drop),
            Err(error) => {
                tracing::warn!(%user, %error, "a Twitch login is validated again soon");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Asks whom a token speaks for, and calls them as Twitch does.
    async fn ask(&self, user: UserId, token: &SecretString) -> Result<(), TwitchError> {
        let TwitchShelf { accounts, db, service } = &self.grants.inner.shelf;
        service.validate(token).await?;
        let person = service.person(token).await?;
        let now = self.grants.inner.clock.now();
        let named = accounts.renamed(&person.id, &person.login, &person.display_name, now).await;
        if let Err(error) = named.and(store::note_validated(db, user, now).await) {
            tracing::warn!(%user, %error, "it is not noted that a Twitch login is good");
        }
        Ok(())
    }
}

/// What has ended has been told already, and what is in the way passes.
fn quietly(user: UserId, outcome: Result<(), TokenError>) {
    if let Err(error) = outcome {
        tracing::debug!(%user, %error, "a Twitch login could not be looked after");
    }
}
