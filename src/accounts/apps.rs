//! The Spotify apps that streamers bring: since a development app has five users, each may use their own.
//!
//! A streamer's app is what their next link is made through. A link that is there already goes on through the app that it
//! was made with, which it stands with in the database, until it is replaced by one that has succeeded, or removed.

use super::links::Links;
use super::rules::is_client_id;
use super::store;
use crate::base::clock::SharedClock;
use crate::base::id::UserId;
use crate::base::seal::{SealError, SealingKey};
use crate::clients::spotify::SpotifyAccounts;
use crate::clients::{AppFault, OwnApp};
use crate::db::{Db, DbError};
use anyhow::Context as _;
use secrecy::SecretString;
use std::sync::Arc;

/// The apps that streamers have brought.
#[derive(Debug, Clone)]
pub struct BroughtApps {
    /// Where they are kept.
    pub db: Db,
    /// Seals their secrets.
    pub key: Arc<SealingKey>,
    /// The time.
    pub clock: SharedClock,
    /// Who knows them.
    pub spotify: SpotifyAccounts,
    /// What is renewed with their secrets.
    pub links: Links,
}

/// An app, open.
#[derive(Debug, Clone)]
pub struct BroughtApp {
    /// Its client id.
    pub client_id: String,
    /// Its secret, if it was given.
    pub client_secret: Option<SecretString>,
}

/// Why an app is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It is no client id: those are 32 letters and digits, all hexadecimal.
    #[error("a client id is 32 hexadecimal digits")]
    Malformed,
    /// Spotify says what is wrong with it.
    #[error("Spotify does not take this app: {0}")]
    Fault(AppFault),
    /// A defect, or the database.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl BroughtApps {
    /// A streamer's app, if they have brought one.
    ///
    /// # Errors
    /// When the database does not answer, or the secret does not open.
    pub async fn of(&self, user: UserId) -> anyhow::Result<Option<BroughtApp>> {
        let Some(sealed) = store::app_of(&self.db, user).await.context("reading an app")? else {
            return Ok(None);
        };
        let client_secret = sealed.client_secret.map(|secret| self.open(user, &secret)).transpose()?;
        Ok(Some(BroughtApp { client_id: sealed.client_id, client_secret }))
    }

    /// Takes a streamer's app, in place of an earlier one, unless Spotify says that something is wrong with it; whether
    /// Spotify said anything. Without a secret, the one that is known of the same app stays.
    ///
    /// # Errors
    /// [`NotTaken`]
    pub async fn take(&self, user: UserId, brought: BroughtApp) -> Result<bool, NotTaken> {
        if !is_client_id(&brought.client_id) {
            return Err(NotTaken::Malformed);
        }
        let app = self.completed(user, brought).await?;
        let tried = OwnApp { client_id: app.client_id.clone(), client_secret: app.client_secret.clone() };
        let is_known = match self.spotify.try_out(&tried).await {
            Ok(()) => true,
            Err(AppFault::NoAnswer(_)) => false,
            Err(fault) => return Err(NotTaken::Fault(fault)),
        };
        self.keep(user, &app).await.context("keeping an app")?;
        Ok(is_known)
    }

    /// Forgets a streamer's app; false when there was none. A link that was made through it goes on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget(&self, user: UserId) -> Result<bool, DbError> {
        store::drop_app(&self.db, user).await
    }

    async fn completed(&self, user: UserId, brought: BroughtApp) -> anyhow::Result<BroughtApp> {
        if brought.client_secret.is_some() {
            return Ok(brought);
        }
        let known = self.of(user).await?.filter(|known| known.client_id == brought.client_id);
        Ok(known.unwrap_or(brought))
    }

    async fn keep(&self, user: UserId, app: &BroughtApp) -> Result<(), DbError> {
        let secret = app.client_secret.as_ref();
        let sealed = secret.map(|secret| self.key.seal(&row(user), secret));
        store::put_app(&self.db, user, &app.client_id, sealed.as_deref(), self.clock.now()).await?;
        let link = store::link_of(&self.db, user).await?.filter(|link| link.client_id == app.client_id);
        match (link, secret) {
            (Some(link), Some(secret)) => self.links.has_new_secret(link.id, secret).await,
            _ => Ok(()),
        }
    }

    fn open(&self, user: UserId, sealed: &str) -> Result<SecretString, SealError> {
        self.key.open(&row(user), sealed)
    }
}

fn row(user: UserId) -> String {
    format!("spotify_apps/{user}/client_secret")
}
