//! A link's tokens: opened to be used, refreshed when refused, one refresh at a time.
//!
//! Two refreshes that race would have the loser present a used-up refresh token and so disconnect a healthy account:
//! whoever gets the link's lock reads the tokens again before asking Spotify. A refresh runs in a task of its own, so
//! that a caller that is stopped half-way cannot lose the new pair; and a new pair is held in memory, and read from
//! there, until the database has it, because the old refresh token may be used up. [`Links::settled`] waits for all that.
//! While the database is away, the tokens that it last gave are good enough to look.

use super::store::{self, SealedTokens};
use crate::base::backoff::Backoff;
use crate::base::clock::SharedClock;
use crate::base::id::LinkId;
use crate::base::seal::{SealError, SealingKey};
use crate::clients::spotify::{RefreshError, Refreshed, SpotifyAccounts};
use crate::db::{Db, DbError, or_remembered};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

/// How long to wait before a pair that is not stored is tried again: short, because a stop waits for it.
const RETRY: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) };

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
    /// No refresh begins any more: see [`Links::settled`].
    #[error("the program is stopping")]
    Stopping,
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
    /// New pairs that the database does not have yet; changed under the link's lock only.
    unsaved: Mutex<HashMap<LinkId, Tokens>>,
    /// What the database last gave of each link, for when it is away.
    remembered: Mutex<HashMap<LinkId, Tokens>>,
    /// Refreshes on their way, and pairs that wait to be stored.
    flights: TaskTracker,
}

#[derive(Debug, Clone)]
struct Tokens {
    client_id: String,
    access: SecretString,
    refresh: SecretString,
}

impl Links {
    /// Links in `db`, sealed under `key`, refreshed by `service`.
    #[must_use]
    pub fn new(db: Db, key: Arc<SealingKey>, service: SpotifyAccounts, clock: SharedClock) -> Self {
        let (locks, unsaved, remembered) = (Mutex::default(), Mutex::default(), Mutex::default());
        let flights = TaskTracker::new();
        Self { inner: Arc::new(Inner { db, key, service, clock, locks, unsaved, remembered, flights }) }
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
        // Taken before the look at the tracker: whoever waits for it either waits for us, or we see that it is closed.
        let _aboard = inner.flights.token();
        if inner.flights.is_closed() {
            return Err(LinkError::Stopping);
        }
        let flight =
            self.inner.flights.spawn(async move { inner.refresh(link, &refused).await }.in_current_span());
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

    /// How many links have new tokens that are not stored yet.
    #[must_use]
    pub fn unsaved_pairs(&self) -> usize {
        self.inner.unsaved().len()
    }

    /// Lets no refresh begin from now on, and waits until none is on its way and the database has every new pair. A stop
    /// waits for this before it closes the database, and says how long at most.
    pub async fn settled(&self) {
        self.inner.flights.close();
        self.inner.flights.wait().await;
    }
}

impl Tokens {
    /// What these become by a refresh; without a new refresh token the old one stays valid.
    fn renewed(self, new: Refreshed) -> Self {
        Self { access: new.access_token, refresh: new.refresh_token.unwrap_or(self.refresh), ..self }
    }
}

impl Inner {
    async fn refresh(
        self: &Arc<Self>,
        link: LinkId,
        refused: &SecretString,
    ) -> Result<SecretString, LinkError> {
        let lock = self.lock(link);
        let _one_at_a_time = lock.lock().await;
        let tokens = self.tokens(link).await?;
        if tokens.access.expose_secret() != refused.expose_secret() {
            return Ok(tokens.access);
        }
        match self.service.refresh(&tokens.client_id, &tokens.refresh).await {
            Ok(refreshed) => Ok(self.keep(link, tokens.renewed(refreshed)).await),
            Err(RefreshError::InvalidGrant) => {
                store::break_link(&self.db, link, self.clock.now()).await?;
                tracing::warn!(%link, "Spotify link must be made again: its refresh token is no longer accepted");
                Err(LinkError::ReconnectNeeded)
            }
            Err(error) => Err(LinkError::Service(error)),
        }
    }

    /// Keeps a new pair, whatever the database says, and gives its access token.
    async fn keep(self: &Arc<Self>, link: LinkId, new: Tokens) -> SecretString {
        let access = new.access.clone();
        self.unsaved().insert(link, new);
        if let Err(error) = self.save(link).await {
            tracing::warn!(%link, %error, "new Spotify tokens are held in memory until they can be stored");
            self.flights.spawn(Arc::clone(self).save_until_in(link));
        }
        access
    }

    /// Tries until the pair is stored; gives up when the database is closed.
    async fn save_until_in(self: Arc<Self>, link: LinkId) {
        let lock = self.lock(link);
        for failures in 1.. {
            tokio::time::sleep(RETRY.wait(failures, rand::random())).await;
            let _nobody_refreshes = lock.lock().await;
            match self.save(link).await {
                Ok(()) => return,
                Err(DbError::PoolClosed) => {
                    tracing::error!(%link, "new Spotify tokens are lost: the database was closed before they were stored");
                    return;
                }
                Err(error) => {
                    tracing::debug!(%link, %error, failures, "new Spotify tokens are not stored yet");
                }
            }
        }
    }

    /// Stores the newest pair, if it is not stored yet. Whoever calls this has the link's lock, so that no older pair
    /// can be written over a newer one.
    async fn save(&self, link: LinkId) -> Result<(), DbError> {
        let Some(pair) = self.unsaved().get(&link).cloned() else { return Ok(()) };
        let seal = |column, token| self.key.seal(&store::seal_row(link, column), token);
        let (access, refresh) = (seal("access", &pair.access), seal("refresh", &pair.refresh));
        store::replace_tokens(&self.db, link, &access, &refresh, self.clock.now()).await?;
        // Before it is let go of, so that the used-up pair is never what is remembered.
        self.remembered().insert(link, pair);
        self.unsaved().remove(&link);
        Ok(())
    }

    /// The newest tokens: those that wait to be stored, else the stored ones, else those that were stored when the
    /// database last answered.
    async fn tokens(&self, link: LinkId) -> Result<Tokens, LinkError> {
        if let Some(waiting) = self.unsaved().get(&link) {
            return Ok(waiting.clone());
        }
        or_remembered(self.stored(link), || self.remembered().get(&link).cloned()).await
    }

    async fn stored(&self, link: LinkId) -> Result<Tokens, LinkError> {
        let sealed = store::tokens(&self.db, link).await?;
        // What is not stored any more is not to be remembered either.
        self.remembered().remove(&link);
        let tokens = self.open(link, &sealed.ok_or(LinkError::Gone)?)?;
        self.remembered().insert(link, tokens.clone());
        Ok(tokens)
    }

    fn open(&self, link: LinkId, sealed: &SealedTokens) -> Result<Tokens, LinkError> {
        Ok(Tokens {
            access: self.key.open(&store::seal_row(link, "access"), &sealed.access)?,
            refresh: self.key.open(&store::seal_row(link, "refresh"), &sealed.refresh)?,
            client_id: sealed.client_id.clone(),
        })
    }

    fn remembered(&self) -> MutexGuard<'_, HashMap<LinkId, Tokens>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unsaved(&self) -> MutexGuard<'_, HashMap<LinkId, Tokens>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self, link: LinkId) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(self.locks.lock().unwrap_or_else(PoisonError::into_inner).entry(link).or_default())
    }
}
