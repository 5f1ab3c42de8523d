//! Presets: settings that a streamer keeps under a name. Those that are in use stay in memory, so that their pages are made
//! while the database is away.

use super::model::{NewPreset, Preset};
use super::rules::sheet::{self, BadSheet};
use super::rules::{MOST_PRESETS, canonical, name_of};
use super::store::{self, Owned};
use crate::accounts::{Accounts, User};
use crate::base::clock::SharedClock;
use crate::base::id::{PresetId, UserId};
use crate::db::{Db, DbError, or_remembered};
use quick_cache::sync::Cache;
use sqlx::error::DatabaseError;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// Presets that may be remembered, and as many logins; whichever is not asked for goes first.
const REMEMBERED: usize = 1_000;

/// All presets; clones share what is remembered.
#[derive(Clone)]
pub(super) struct Presets {
    db: Db,
    accounts: Accounts,
    clock: SharedClock,
    /// One is saved at a time, so that there are never too many.
    saving: Arc<Mutex<()>>,
    known: Arc<Cache<PresetId, Arc<Owned>>>,
    /// How often something was changed: what was read before that is not remembered after it.
    changes: Arc<AtomicU64>,
    /// Who has a login, or had it.
    people: Arc<Cache<String, UserId>>,
}

/// Why a preset is not kept.
#[derive(Debug, thiserror::Error)]
pub enum PresetError {
    /// It has no name, or one that cannot be shown.
    #[error("`name` is 1 to 40 letters that can be shown")]
    Name,
    /// Another preset of the streamer's has this name.
    #[error("another preset is called that already: give this one another name, or save over that one")]
    Taken,
    /// There are enough.
    #[error("there are {MOST_PRESETS} presets already: remove one first")]
    TooMany,
    /// Its stylesheet is not taken.
    #[error(transparent)]
    Css(#[from] BadSheet),
    /// It was to replace a preset that is not there, or not the streamer's.
    #[error("there is no such preset any more: save it as a new one")]
    Gone,
    /// The database does not answer.
    #[error(transparent)]
    Database(DbError),
}

impl From<DbError> for PresetError {
    fn from(error: DbError) -> Self {
        let is_taken = error.as_database_error().is_some_and(DatabaseError::is_unique_violation);
        if is_taken { Self::Taken } else { Self::Database(error) }
    }
}

impl fmt::Debug for Presets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presets").field("known", &self.known.len()).finish_non_exhaustive()
    }
}

impl Presets {
    /// Presets in `db`.
    pub(super) fn new(db: Db, accounts: Accounts, clock: SharedClock) -> Self {
        let (known, people) = (Arc::new(Cache::new(REMEMBERED)), Arc::new(Cache::new(REMEMBERED)));
        Self { db, accounts, clock, saving: Arc::default(), known, changes: Arc::default(), people }
    }

    /// A streamer's presets, the oldest first.
    pub(super) async fn of(&self, user: UserId) -> Result<Vec<Preset>, DbError> {
        store::presets(&self.db, user).await
    }

    /// A preset, and whose it is: the database says, and while it is away, memory.
    pub(super) async fn one(&self, id: PresetId) -> Result<Option<Arc<Owned>>, DbError> {
        let before = self.changes.load(Ordering::SeqCst);
        let stored = async { Ok::<_, DbError>(store::preset(&self.db, id).await?.map(Arc::new)) };
        let found = or_remembered(stored, || self.known(id).map(Some)).await?;
        if let Some(owned) = &found {
            self.known.insert(id, Arc::clone(owned));
        }
        if found.is_none() || self.changes.load(Ordering::SeqCst) != before {
            self.known.remove(&id);
        }
        Ok(found)
    }

    /// A preset as it was when the database was last asked.
    pub(super) fn known(&self, id: PresetId) -> Option<Arc<Owned>> {
        self.known.get(&id)
    }

    /// Goes by the database alone from now on for these.
    fn doubt(&self, is_meant: impl Fn(&PresetId, &Arc<Owned>) -> bool) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.known.retain(|id, owned| !is_meant(id, owned));
    }

    /// Who has this login, or had it before they had another.
    pub(super) async fn owner(&self, login: &str) -> Result<Option<UserId>, DbError> {
        let login = login.to_lowercase();
        let stored = async { Ok::<_, DbError>(self.person(&login).await?.map(|user| user.id)) };
        let found = or_remembered(stored, || self.known_owner(&login).map(Some)).await?;
        if let Some(user) = found {
            self.people.insert(login, user);
        }
        Ok(found)
    }

    /// Who had this login when the database was last asked.
    pub(super) fn known_owner(&self, login: &str) -> Option<UserId> {
        self.people.get(&login.to_lowercase())
    }

    async fn person(&self, login: &str) -> Result<Option<User>, DbError> {
        match self.accounts.by_login(login).await? {
            Some(user) => Ok(Some(user)),
            None => self.accounts.by_former_login(login).await,
        }
    }

    /// Keeps a preset of a streamer's: a new one, or in place of the one it names.
    pub(super) async fn save(&self, user: UserId, new: NewPreset) -> Result<Preset, PresetError> {
        let name = name_of(&new.name).ok_or(PresetError::Name)?;
        let css = sheet::check(&new.css)?.as_str().to_owned();
        let (now, query) = (self.clock.now(), canonical(new.source, &new.query));
        let id = new.id.unwrap_or_else(|| PresetId::random(now));
        let preset = Preset { id, name, source: new.source, query, css, updated_at: now };
        if new.id.is_some() {
            let is_there = store::change_preset(&self.db, user, &preset).await?;
            self.doubt(|known, _| *known == id);
            return if is_there { Ok(preset) } else { Err(PresetError::Gone) };
        }
        let _one_at_a_time = self.saving.lock().await;
        if self.of(user).await?.len() >= MOST_PRESETS {
            return Err(PresetError::TooMany);
        }
        store::add_preset(&self.db, user, &preset).await?;
        Ok(preset)
    }

    /// Removes a preset, and tells what it was called; none when the streamer has no such one.
    pub(super) async fn remove(&self, user: UserId, preset: PresetId) -> Result<Option<String>, DbError> {
        let name = store::drop_preset(&self.db, user, preset).await?;
        self.doubt(|known, _| *known == preset);
        Ok(name)
    }

    /// Remembers nothing of somebody who is gone.
    pub(super) fn forget(&self, user: UserId) {
        self.doubt(|_, owned| owned.user == user);
        self.people.retain(|_, person| *person != user);
    }
}
