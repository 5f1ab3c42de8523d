//! A link's tokens: opened to be used, refreshed when refused, one refresh at a time.
//!
//! Two refreshes that race would have the loser present a used-up refresh token and so disconnect a healthy account:
//! whoever gets the link's lock reads the tokens again before asking Spotify. A refresh runs in a task of its own, so
//! that a caller that is stopped half-way cannot lose the new pair.

use super::store;
use crate::base::backoff::Backoff;
use crate::base::clock::SharedClock;
use crate::base::id::LinkId;
use crate::base::seal::{SealError, SealingKey};
use crate::clients::spotify::{RefreshError, Refreshed, SpotifyAccounts};
use crate::db::{Db, DbError};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Why there is no usable token.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The streamer has to link again.
    #[error("the Spotify link must be made again")]
    ReconnectNeeded,
    /// The streamer unlinked.
    #[error("the Spotify link is gone")]
    Gone,
    /// The sealed tokens do not open.
    #[error(transparent)]
    Sealed(#[from] SealError),
    /// The database did not answer.
    #[error("the database did not give the tokens: {0}")]
    Database(#[from] DbError),
    /// The token service gave nothing this time.
    #[error(transparent)]
    Service(RefreshError),
}

/// Tokens of all links.
#[derive(Debug, Clone)]
pub struct Links {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    key: Arc<SealingKey>,
    service: SpotifyAccounts,
    clock: SharedClock,
    locks: Mutex<HashMap<LinkId, Arc<tokio::sync::Mutex<()>>>>,
}

struct Tokens {
    client_id: String,
    access: SecretString,
    refresh: SecretString,
}

impl Links {
    /// Links in `db`, sealed under `key`, refreshed by `service`.
    #[must_use]
    pub fn new(db: Db, key: Arc<SealingKey>, service: SpotifyAccounts, clock: SharedClock) -> Self {
        Self { inner: Arc::new(Inner { db, key, service, clock, locks: Mutex::default() }) }
    }

    /// The access token as it is now.
    ///
    /// # Errors
    /// [`LinkError`] when there is none that could be used.
    pub async fn access_token(&self, link: LinkId) -> Result<SecretString, LinkError> {
        Ok(self.inner.tokens(link).await?.access)
    }

    /// A token that is not `refused`: one that another task has fetched meanwhile, or a fresh one.
    ///
    /// # Errors
    /// [`LinkError`]; with `ReconnectNeeded` the link has been marked so.
    pub async fn refresh(&self, link: LinkId, refused: SecretString) -> Result<SecretString, LinkError> {
        let inner = Arc::clone(&self.inner);
        let flight = tokio::spawn(async move { inner.refresh(link, &refused).await });
        flight.await.unwrap_or_else(|error| {
            Err(LinkError::Service(RefreshError::Transient(format!("the refresh was cut short: {error}"))))
        })
    }

    /// Marks a link whose tokens are refused for good.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mark_broken(&self, link: LinkId) -> Result<(), DbError> {
        store::break_link(&self.inner.db, link, self.inner.clock.now()).await
    }
}

impl Inner {
    async fn refresh(&self, link: LinkId, refused: &SecretString) -> Result<SecretString, LinkError> {
        let lock = self.lock(link);
        let _one_at_a_time = lock.lock().await;
        let tokens = self.tokens(link).await?;
        if tokens.access.expose_secret() != refused.expose_secret() {
            return Ok(tokens.access);
        }
        match self.service.refresh(&tokens.client_id, &tokens.refresh).await {
            Ok(refreshed) => self.keep(link, tokens.refresh, refreshed).await,
            Err(RefreshError::InvalidGrant) => {
                store::break_link(&self.db, link, self.clock.now()).await?;
                tracing::warn!(%link, "Spotify link must be made again: its refresh token is no longer accepted");
                Err(LinkError::ReconnectNeeded)
            }
            Err(error) => Err(LinkError::Service(error)),
        }
    }

    /// Stores the new pair before anyone uses it; the old refresh token may be used up, so the write is retried.
    async fn keep(&self, link: LinkId, old: SecretString, new: Refreshed) -> Result<SecretString, LinkError> {
        const RETRY: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) };
        let seal = |column, token| self.key.seal(&store::seal_row(link, column), token);
        let access = seal("access", &new.access_token);
        let refresh = seal("refresh", new.refresh_token.as_ref().unwrap_or(&old));
        for failures in 1..=5 {
            match store::replace_tokens(&self.db, link, &access, &refresh, self.clock.now()).await {
                Ok(()) => return Ok(new.access_token),
                Err(error) if failures == 5 => return Err(error.into()),
                Err(_) => tokio::time::sleep(RETRY.wait(failures, rand::random())).await,
            }
        }
        Ok(new.access_token)
    }

    async fn tokens(&self, link: LinkId) -> Result<Tokens, LinkError> {
        let sealed = store::tokens(&self.db, link).await?.ok_or(LinkError::Gone)?;
        Ok(Tokens {
            access: self.key.open(&store::seal_row(link, "access"), &sealed.access)?,
            refresh: self.key.open(&store::seal_row(link, "refresh"), &sealed.refresh)?,
            client_id: sealed.client_id,
        })
    }

    fn lock(&self, link: LinkId) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(self.locks.lock().unwrap_or_else(PoisonError::into_inner).entry(link).or_default())
    }
}
