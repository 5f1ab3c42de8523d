//! Overlays: browser sources for OBS, which show over a game what plays now and what has played. How one looks stands in
//! its query; a streamer can keep such settings as presets. Who is private has a key, which stands in the address in
//! place of their name and gives nothing else away.

mod api;
mod desk;
mod keyring;
pub mod model;
mod pages;
mod presets;
pub mod rules;
pub mod store;
mod view;

pub use api::live_router;
pub use desk::{Desk, router as desk_router};
pub use model::{Look, NewPreset, Preset, Source};
pub use pages::router;
pub use presets::PresetError;

use crate::accounts::Accounts;
use crate::audit::{Audit, By, Deed};
use crate::base::clock::SharedClock;
use crate::base::id::{PresetId, UserId};
use crate::base::seal::SealingKey;
use crate::db::{Db, DbError};
use crate::http::Limits;
use keyring::Keyring;
use presets::Presets;
use secrecy::SecretString;
use std::num::NonZeroU32;
use std::sync::Arc;

/// The room's facade; clones share what is remembered.
#[derive(Debug, Clone)]
pub struct Overlays {
    keyring: Keyring,
    presets: Presets,
    audit: Audit,
    /// How often pages may look something up for one visitor.
    asks: Limits,
}

/// What the room is built from.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Where keys and presets are kept.
    pub db: Db,
    /// What keys are sealed with.
    pub seal: Arc<SealingKey>,
    /// Whose they are.
    pub accounts: Accounts,
    /// Who did what.
    pub audit: Audit,
    /// The time.
    pub clock: SharedClock,
    /// How often one address may have something looked up in a minute; none is no limit.
    pub asks_per_minute: Option<NonZeroU32>,
}

impl Overlays {
    /// The room, with these.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { db, seal, accounts, audit, clock, asks_per_minute } = parts;
        let keyring = Keyring::new(db.clone(), seal, accounts.clone(), clock.clone());
        Self {
            keyring,
            presets: Presets::new(db, accounts, clock),
            audit,
            asks: Limits::new(asks_per_minute),
        }
    }

    /// A streamer's presets, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn presets(&self, user: UserId) -> Result<Vec<Preset>, DbError> {
        self.presets.of(user).await
    }

    /// Keeps a preset of a streamer's: a new one, or in place of the one it names.
    ///
    /// # Errors
    /// [`PresetError`]
    pub async fn save_preset(&self, by: &By, user: UserId, new: NewPreset) -> Result<Preset, PresetError> {
        let (overlays, by) = (self.clone(), by.clone());
        to_the_end(async move {
            let preset = overlays.presets.save(user, new).await?;
            overlays.audit.note(user, &by, Deed::PresetSaved, &preset.name).await;
            Ok(preset)
        })
        .await
    }

    /// Removes a preset; false when the streamer has no such one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_preset(&self, by: &By, user: UserId, preset: PresetId) -> Result<bool, DbError> {
        let (overlays, by) = (self.clone(), by.clone());
        to_the_end(async move {
            let Some(name) = overlays.presets.remove(user, preset).await? else { return Ok(false) };
            overlays.audit.note(user, &by, Deed::PresetRemoved, &name).await;
            Ok(true)
        })
        .await
    }

    /// The key of a streamer's private overlays; none when they never had one.
    ///
    /// # Errors
    /// When the database does not answer, or the key does not open.
    pub async fn key(&self, user: UserId) -> anyhow::Result<Option<SecretString>> {
        self.keyring.key(user).await
    }

    /// Gives a streamer a new key, or the first one; the one they had opens nothing from now on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn roll_key(&self, by: &By, user: UserId) -> Result<SecretString, DbError> {
        let (overlays, by) = (self.clone(), by.clone());
        to_the_end(async move {
            let key = overlays.keyring.roll(user).await?;
            overlays.audit.note(user, &by, Deed::OverlayKeyRolled, "").await;
            Ok(key)
        })
        .await
    }

    /// Whose key this is; from memory while the database is away.
    ///
    /// # Errors
    /// When the database does not answer and nothing is remembered.
    pub async fn holder(&self, key: &SecretString) -> Result<Option<UserId>, DbError> {
        self.keyring.holder(key).await
    }

    /// Ends when this key opens nothing of this streamer's any more: it was rolled, or they are gone.
    pub fn rolled(&self, user: UserId, key: SecretString) -> impl Future<Output = ()> + Send + use<> {
        self.keyring.clone().rolled(user, key)
    }

    /// Remembers nothing of somebody who is gone.
    pub fn forget(&self, user: UserId) {
        self.keyring.forget(user);
        self.presets.forget(user);
    }
}

/// Does something to the end, also when whoever asked for it does not wait.
async fn to_the_end<T, E>(deed: impl Future<Output = Result<T, E>> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    tokio::spawn(deed).await.unwrap_or_else(|_| Err(DbError::WorkerCrashed.into()))
}
