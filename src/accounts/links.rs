//! The tokens of Spotify links.

use super::model::NewLink;
use super::pairs::Pairs;
use super::shelf::Shelf;
use super::store::{self, SealedTokens};
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::{LinkId, UserId};
use crate::base::seal::{SealError, SealingKey};
use crate::clients::oauth::{Granted, OAuthError};
use crate::clients::spotify::{SpotifyAccounts, Through};
use crate::db::{Db, DbError};
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Tokens of all Spotify links.
pub type Links = Pairs<SpotifyShelf>;

/// Where they stand: `spotify_links`. A link stands there with the secret of the app that it was made through, because its
/// streamer may have brought another app since.
#[derive(Debug)]
pub struct SpotifyShelf {
    db: Db,
    key: Arc<SealingKey>,
    service: SpotifyAccounts,
    /// The secret of each link that has one, sealed, as the database last gave it.
    secrets: Mutex<HashMap<LinkId, String>>,
}

impl Shelf for SpotifyShelf {
    type Id = LinkId;

    const OF: &'static str = "a Spotify link";

    fn row(id: LinkId, column: &str) -> String {
        store::seal_row(id, column)
    }

    async fn read(&self, id: LinkId) -> Result<Option<SealedTokens>, DbError> {
        let Some(link) = store::tokens(&self.db, id).await? else { return Ok(None) };
        match link.client_secret {
            Some(secret) => self.secrets().insert(id, secret),
            None => self.secrets().remove(&id),
        };
        Ok(Some(link.tokens))
    }

    async fn write(&self, id: LinkId, sealed: &SealedTokens, now: Instant) -> Result<(), DbError> {
        store::replace_tokens(&self.db, id, sealed, now).await
    }

    async fn lose(&self, id: LinkId, now: Instant) -> Result<(), DbError> {
        store::break_link(&self.db, id, now).await
    }

    async fn renew(
        &self,
        id: LinkId,
        client_id: &str,
        refresh_token: &SecretString,
    ) -> Result<Granted, OAuthError> {
        let secret = self.secret(id).map_err(|error| OAuthError::Transient(error.to_string()))?;
        let app = Through { client_id, client_secret: secret.as_ref() };
        self.service.refresh(app, refresh_token).await
    }
}

impl SpotifyShelf {
    fn secret(&self, id: LinkId) -> Result<Option<SecretString>, SealError> {
        let sealed = self.secrets().get(&id).cloned();
        sealed.map(|sealed| self.key.open(&secret_row(id), &sealed)).transpose()
    }

    fn secrets(&self) -> MutexGuard<'_, HashMap<LinkId, String>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn secret_row(id: LinkId) -> String {
    store::seal_row(id, "client_secret")
}

impl Links {
    /// Links in `db`, sealed under `key`, refreshed by `service`.
    #[must_use]
    pub fn new(db: Db, key: Arc<SealingKey>, service: SpotifyAccounts, clock: SharedClock) -> Self {
        let shelf = SpotifyShelf { db, key: Arc::clone(&key), service, secrets: Mutex::default() };
        Self::on(shelf, key, clock)
    }

    /// Links a Spotify account to a streamer, in place of an earlier one, through an app with this secret of its own. It is
    /// done to the end, also when the caller is dropped.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn link(
        &self,
        user: UserId,
        new: NewLink,
        access: &SecretString,
        refresh: &SecretString,
        client_secret: Option<&SecretString>,
    ) -> Result<(), DbError> {
        let (links, now) = (self.clone(), self.inner.clock.now());
        let link = LinkId::random(now);
        let sealed = self.sealed(link, access, refresh);
        let secret = client_secret.map(|secret| self.inner.shelf.key.seal(&secret_row(link), secret));
        let linking = async move {
            let db = &links.inner.shelf.db;
            let put = store::put_link(db, user, link, &new, &sealed, secret.as_deref(), now);
            links.in_place_of_theirs(user, put).await
        };
        tokio::spawn(linking).await.unwrap_or(Err(DbError::WorkerCrashed))
    }

    /// The app that a link was made through has this secret now: the link is renewed with it from now on.
    pub(super) async fn has_new_secret(&self, id: LinkId, secret: &SecretString) -> Result<(), DbError> {
        let SpotifyShelf { db, key, .. } = &self.inner.shelf;
        store::replace_secret(db, id, &key.seal(&secret_row(id), secret), self.inner.clock.now()).await
    }

    /// Forgets the tokens of a link that is gone.
    pub async fn forget_gone(&self, link: LinkId) {
        let _gone = self.forget(link).await;
        self.inner.shelf.secrets().remove(&link);
    }

    /// Removes a streamer's link and its tokens at once; false when there was none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unlink(&self, user: UserId) -> Result<bool, DbError> {
        let db = &self.inner.shelf.db;
        let Some(link) = store::link_of(db, user).await? else { return Ok(false) };
        let _forgotten = self.forget(link.id).await;
        self.inner.shelf.secrets().remove(&link.id);
        store::drop_link(db, user).await
    }

    /// Puts another link in place of the one that a streamer has, if they have one. Only then are its tokens forgotten:
    /// where that fails, a pair that is not stored yet is still needed.
    async fn in_place_of_theirs(
        &self,
        user: UserId,
        put: impl Future<Output = Result<(), DbError>>,
    ) -> Result<(), DbError> {
        let inner = &self.inner;
        let Some(earlier) = store::link_of(&inner.shelf.db, user).await? else { return put.await };
        let _nobody_renews = inner.lock(earlier.id).lock_owned().await;
        put.await?;
        inner.forget(earlier.id);
        inner.shelf.secrets().remove(&earlier.id);
        Ok(())
    }
}
