//! Pairs of an access and a refresh token: opened to be used, renewed shortly before they end or when refused, one
//! renewal at a time.
//!
//! Two renewals that race would have the loser present a used-up refresh token and so disconnect a healthy account:
//! whoever gets the pair's lock reads the tokens again before asking. A renewal runs in a task of its own, so that a
//! caller that is stopped half-way cannot lose the new pair; and a new pair is held in memory, and read from there, until
//! the database has it, because the old refresh token may be used up. [`Pairs::settled`] waits for all that. While the
//! database is away, the tokens that it last gave are good enough.

use super::remembered::Remembered;
use super::shelf::{Shelf, TokenError};
use super::store::SealedTokens;
use super::tokens::{Tokens, renewed_before};
use crate::base::backoff::Backoff;
use crate::base::clock::SharedClock;
use crate::base::seal::SealingKey;
use crate::clients::oauth::OAuthError;
use crate::db::{DbError, or_remembered};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

/// How long to wait before a pair that is not stored is tried again: short, because a stop waits for it.
const RETRY: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) };

/// All pairs of one kind.
#[derive(Debug)]
pub struct Pairs<S: Shelf> {
    pub(super) inner: Arc<Inner<S>>,
}

impl<S: Shelf> Clone for Pairs<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

#[derive(Debug)]
pub(super) struct Inner<S: Shelf> {
    pub(super) shelf: S,
    key: Arc<SealingKey>,
    pub(super) clock: SharedClock,
    locks: Mutex<HashMap<S::Id, Arc<tokio::sync::Mutex<()>>>>,
    /// New pairs that the database does not have yet; changed under the pair's lock only.
    unsaved: Mutex<HashMap<S::Id, Tokens>>,
    /// What the database last gave of each.
    remembered: Mutex<Remembered<S::Id>>,
    /// Renewals on their way, and pairs that wait to be stored.
    pub(super) flights: TaskTracker,
}

/// A pair that memory holds nothing of. While this is held nobody renews it; when it is dropped, what others have read of
/// it meanwhile is forgotten too.
pub(super) struct Forgotten<S: Shelf> {
    inner: Arc<Inner<S>>,
    id: S::Id,
    _nobody_renews: OwnedMutexGuard<()>,
}

impl<S: Shelf> Drop for Forgotten<S> {
    fn drop(&mut self) {
        self.inner.forget(self.id);
    }
}

impl<S: Shelf> Pairs<S> {
    pub(super) fn on(shelf: S, key: Arc<SealingKey>, clock: SharedClock) -> Self {
        let (locks, unsaved, remembered) = (Mutex::default(), Mutex::default(), Mutex::default());
        let flights = TaskTracker::new();
        Self { inner: Arc::new(Inner { shelf, key, clock, locks, unsaved, remembered, flights }) }
    }

    /// The access token, a fresh one if it is about to end.
    ///
    /// # Errors
    /// [`TokenError`] when there is none that could be used.
    pub async fn access_token(&self, id: S::Id) -> Result<SecretString, TokenError> {
        let tokens = self.inner.tokens(id).await?;
        if !tokens.is_due(self.inner.clock.now()) {
            return Ok(tokens.access);
        }
        match self.refresh(id, tokens.access.clone()).await {
            // Whether the old one still opens the door will show.
            Err(TokenError::Service(_) | TokenError::Database(_) | TokenError::Stopping) => Ok(tokens.access),
            renewed => renewed,
        }
    }

    /// The access token that memory holds while that is not due, else as [`Self::access_token`]: for whoever asks often,
    /// and is stopped when the pair is gone. What is removed here is noticed at once. What another process has removed is
    /// noticed here only when the token is due or refused: whoever asks has to look now and then who is still linked.
    ///
    /// # Errors
    /// [`TokenError`] when there is none that could be used.
    pub async fn token_at_hand(&self, id: S::Id) -> Result<SecretString, TokenError> {
        match self.inner.at_hand(id) {
            Some(token) => Ok(token),
            None => self.access_token(id).await,
        }
    }

    /// A token that is not `refused`: one that another task has fetched meanwhile, or a fresh one.
    ///
    /// # Errors
    /// [`TokenError`]; with `Refused` it has been noted that the pair is accepted no more.
    pub async fn refresh(&self, id: S::Id, refused: SecretString) -> Result<SecretString, TokenError> {
        let inner = Arc::clone(&self.inner);
        // Taken before the look at the tracker: whoever waits for it either waits for us, or we see that it is closed.
        let _aboard = inner.flights.token();
        if inner.flights.is_closed() {
            return Err(TokenError::Stopping);
        }
        let flight =
            self.inner.flights.spawn(async move { inner.refresh(id, &refused).await }.in_current_span());
        flight.await.unwrap_or_else(|error| {
            Err(TokenError::Service(OAuthError::Transient(format!("the refresh was cut short: {error}"))))
        })
    }

    /// Notes that a pair is accepted no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mark_broken(&self, id: S::Id) -> Result<(), DbError> {
        let _forgotten = self.forget(id).await;
        self.inner.shelf.lose(id, self.inner.clock.now()).await
    }

    /// Forgets what memory holds of a pair: the answer is to be held until it is changed or removed in the database.
    pub(super) async fn forget(&self, id: S::Id) -> Forgotten<S> {
        let nobody_renews = self.inner.lock(id).lock_owned().await;
        self.inner.forget(id);
        Forgotten { inner: Arc::clone(&self.inner), id, _nobody_renews: nobody_renews }
    }

    /// A pair, sealed for its row.
    pub(super) fn sealed(&self, id: S::Id, access: &SecretString, refresh: &SecretString) -> [String; 2] {
        self.inner.seal(id, access, refresh)
    }

    /// How many new pairs are not stored yet.
    #[must_use]
    pub fn unsaved_pairs(&self) -> usize {
        self.inner.unsaved().len()
    }

    /// Lets no renewal begin from now on, and waits until none is on its way and the database has every new pair. A stop
    /// waits for this before it closes the database, and says how long at most.
    pub async fn settled(&self) {
        self.inner.flights.close();
        self.inner.flights.wait().await;
    }
}

impl<S: Shelf> Inner<S> {
    async fn refresh(
        self: &Arc<Self>,
        id: S::Id,
        refused: &SecretString,
    ) -> Result<SecretString, TokenError> {
        let lock = self.lock(id);
        let _one_at_a_time = lock.lock().await;
        let tokens = self.tokens(id).await?;
        if tokens.access.expose_secret() != refused.expose_secret() {
            return Ok(tokens.access);
        }
        match self.shelf.renew(id, &tokens.client_id, &tokens.refresh).await {
            Ok(granted) => Ok(self.keep(id, tokens.renewed(granted, self.clock.now())).await),
            Err(OAuthError::Refused) => {
                self.forget(id);
                let lost = self.shelf.lose(id, self.clock.now()).await;
                // A look may have read it meanwhile.
                self.forget(id);
                lost?;
                tracing::warn!(%id, of = S::OF, "the refresh token is no longer accepted; it must be granted again");
                Err(TokenError::Refused)
            }
            Err(error) => Err(TokenError::Service(error)),
        }
    }

    /// Keeps a new pair, whatever the database says, and gives its access token.
    async fn keep(self: &Arc<Self>, id: S::Id, new: Tokens) -> SecretString {
        let access = new.access.clone();
        self.unsaved().insert(id, new);
        if let Err(error) = self.save(id).await {
            tracing::warn!(%id, of = S::OF, %error, "new tokens are held in memory until they can be stored");
            self.flights.spawn(Arc::clone(self).save_until_in(id));
        }
        access
    }

    /// Tries until the pair is stored; gives up when the database is closed.
    async fn save_until_in(self: Arc<Self>, id: S::Id) {
        let lock = self.lock(id);
        for failures in 1.. {
            tokio::time::sleep(RETRY.wait(failures, rand::random())).await;
            let _nobody_renews = lock.lock().await;
            match self.save(id).await {
                Ok(()) => return,
                Err(DbError::PoolClosed) => {
                    tracing::error!(%id, of = S::OF, "new tokens are lost: the database was closed before they were stored");
                    return;
                }
                Err(error) => {
                    tracing::debug!(%id, of = S::OF, %error, failures, "new tokens are not stored yet");
                }
            }
        }
    }

    /// Stores the newest pair, if it is not stored yet. Whoever calls this has the pair's lock, so that no older pair
    /// can be written over a newer one.
    async fn save(&self, id: S::Id) -> Result<(), DbError> {
        let Some(pair) = self.unsaved().get(&id).cloned() else { return Ok(()) };
        let [access, refresh] = self.seal(id, &pair.access, &pair.refresh);
        let client_id = pair.client_id.clone();
        let sealed = SealedTokens { client_id, access, refresh, expires_at: pair.expires_at };
        self.shelf.write(id, &sealed, self.clock.now()).await?;
        // Before it is let go of, so that the used-up pair is never what is remembered.
        self.remembered().put(id, pair);
        self.unsaved().remove(&id);
        Ok(())
    }

    /// The newest tokens: those that wait to be stored, else the stored ones, else those that were stored when the
    /// database last answered.
    pub(super) async fn tokens(&self, id: S::Id) -> Result<Tokens, TokenError> {
        if let Some(waiting) = self.unsaved().get(&id) {
            return Ok(waiting.clone());
        }
        or_remembered(self.stored(id), || self.remembered().get(id).cloned()).await
    }

    fn at_hand(&self, id: S::Id) -> Option<SecretString> {
        let (now, of) = (self.clock.now(), |pair: &Tokens| pair.access.clone());
        if let Some(waiting) = self.unsaved().get(&id) {
            return (!waiting.is_due(now)).then(|| of(waiting));
        }
        self.remembered().get(id).filter(|pair| !pair.is_due(now)).map(of)
    }

    async fn stored(&self, id: S::Id) -> Result<Tokens, TokenError> {
        let changes = self.remembered().changes();
        let sealed = self.shelf.read(id).await?;
        let read = sealed.ok_or(TokenError::Gone).and_then(|sealed| self.open(id, &sealed));
        match read {
            Ok(pair) => Ok(self.remembered().learn(id, pair, changes)),
            // What is not stored any more is not to be remembered either.
            Err(error) => {
                self.remembered().forget(id);
                Err(error)
            }
        }
    }

    pub(super) fn forget(&self, id: S::Id) {
        self.unsaved().remove(&id);
        self.remembered().forget(id);
    }

    fn open(&self, id: S::Id, sealed: &SealedTokens) -> Result<Tokens, TokenError> {
        Ok(Tokens {
            access: self.key.open(&S::row(id, "access"), &sealed.access)?,
            refresh: self.key.open(&S::row(id, "refresh"), &sealed.refresh)?,
            client_id: sealed.client_id.clone(),
            expires_at: sealed.expires_at,
            renew_at: sealed.expires_at.map(renewed_before),
        })
    }

    fn seal(&self, id: S::Id, access: &SecretString, refresh: &SecretString) -> [String; 2] {
        [("access", access), ("refresh", refresh)]
            .map(|(column, token)| self.key.seal(&S::row(id, column), token))
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered<S::Id>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unsaved(&self) -> MutexGuard<'_, HashMap<S::Id, Tokens>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn lock(&self, id: S::Id) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(self.locks.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default())
    }
}
