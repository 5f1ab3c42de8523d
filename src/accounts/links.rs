//! The tokens of Spotify links.

use super::model::NewLink;
use super::pairs::Pairs;
use super::shelf::Shelf;
use super::store::{self, SealedTokens};
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::{LinkId, UserId};
use crate::base::seal::SealingKey;
use crate::clients::oauth::{Granted, OAuthError};
use crate::clients::spotify::SpotifyAccounts;
use crate::db::{Db, DbError};
use secrecy::SecretString;
use std::sync::Arc;

/// Tokens of all Spotify links.
pub type Links = Pairs<SpotifyShelf>;

/// Where they stand: `spotify_links`.
#[derive(Debug)]
pub struct SpotifyShelf {
    db: Db,
    service: SpotifyAccounts,
}

impl Shelf for SpotifyShelf {
    type Id = LinkId;

    const OF: &'static str = "a Spotify link";

    fn row(id: LinkId, column: &str) -> String {
        store::seal_row(id, column)
    }

    async fn read(&self, id: LinkId) -> Result<Option<SealedTokens>, DbError> {
        store::tokens(&self.db, id).await
    }

    async fn write(&self, id: LinkId, sealed: &SealedTokens, now: Instant) -> Result<(), DbError> {
        store::replace_tokens(&self.db, id, sealed, now).await
    }

    async fn lose(&self, id: LinkId, now: Instant) -> Result<(), DbError> {
        store::break_link(&self.db, id, now).await
    }

    async fn renew(&self, client_id: &str, refresh_token: &SecretString) -> Result<Granted, OAuthError> {
        self.service.refresh(client_id, refresh_token).await
    }
}

impl Links {
    /// Links in `db`, sealed under `key`, refreshed by `service`.
    #[must_use]
    pub fn new(db: Db, key: Arc<SealingKey>, service: SpotifyAccounts, clock: SharedClock) -> Self {
        Self::on(SpotifyShelf { db, service }, key, clock)
    }

    /// Links a Spotify account to a streamer, in place of an earlier one. It is done to the end, also when the caller is
    /// dropped.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn link(
        &self,
        user: UserId,
        new: NewLink,
        access: &SecretString,
        refresh: &SecretString,
    ) -> Result<(), DbError> {
        let (links, now) = (self.clone(), self.inner.clock.now());
        let link = LinkId::random(now);
        let sealed = self.sealed(link, access, refresh);
        let linking =
            async move { store::put_link(&links.inner.shelf.db, user, link, &new, &sealed, now).await };
        tokio::spawn(linking).await.unwrap_or(Err(DbError::WorkerCrashed))
    }

    /// Forgets the tokens of a link that is gone.
    pub async fn forget_gone(&self, link: LinkId) {
        drop(self.forget(link).await);
    }

    /// Removes a streamer's link and its tokens at once; false when there was none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unlink(&self, user: UserId) -> Result<bool, DbError> {
        let db = &self.inner.shelf.db;
        let Some(link) = store::link_of(db, user).await? else { return Ok(false) };
        let _nobody_renews = self.forget(link.id).await;
        store::drop_link(db, user).await
    }
}
