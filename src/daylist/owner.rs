//! Whose list the public may read. The database says; while it is away, memory does for those who are in it: who is
//! on air, and who has viewers.

use super::read::Reader;
use super::store;
use crate::accounts::{User, Visibility};
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::http::AppError;
use crate::hub::{Streamer, Terms};
use anyhow::Context as _;
use chrono_tz::Tz;
use std::pin::pin;
use std::time::Duration;
use tokio::time::timeout;

/// How long the database may take before we look into our memory.
const PATIENCE: Duration = Duration::from_secs(2);

/// The most letters that a login of Twitch has.
const LONGEST_LOGIN: usize = 25;

/// A streamer whose list everybody may read.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub(super) id: UserId,
    pub(super) streamer: Streamer,
    pub(super) timezone: Tz,
    pub(super) terms: Terms,
    /// Whether this is from memory, because the database is away.
    pub(super) is_remembered: bool,
}

impl From<User> for Owner {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            streamer: Streamer { login: user.login, name: user.name },
            timezone: user.timezone,
            terms: Terms { is_public: true, retention_days: user.retention_days },
            is_remembered: false,
        }
    }
}

/// Whether everybody may read the list: it is public, and was enabled at some time.
pub(super) fn is_open(user: &User, has_music: bool) -> bool {
    user.visibility == Visibility::Public && (user.enabled || has_music)
}

/// Whether Twitch could have given out this name: nobody else need be looked for.
fn is_login(name: &str) -> bool {
    (1..=LONGEST_LOGIN).contains(&name.len())
        && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
}

/// What is stored; or, when the database fails or takes too long, what is remembered, if anything is.
pub(super) async fn or_remembered<T>(
    stored: impl Future<Output = anyhow::Result<T>>,
    remembered: impl Fn() -> Option<T>,
) -> anyhow::Result<T> {
    let mut stored = pin!(stored);
    match timeout(PATIENCE, &mut stored).await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => remembered().ok_or(error),
        Err(_) => match remembered() {
            Some(found) => Ok(found),
            None => stored.await,
        },
    }
}

impl Reader {
    /// A streamer whose list the public may read. Private lists and such that were never enabled look like unknown ones.
    pub(super) async fn public(&self, login: &str) -> Result<Owner, AppError> {
        if !is_login(login) {
            return Err(AppError::NotFound);
        }
        let login = login.to_ascii_lowercase();
        let remembered = || self.remembered(&login).map(Some);
        or_remembered(self.stored(&login), remembered).await?.ok_or(AppError::NotFound)
    }

    async fn stored(&self, login: &str) -> anyhow::Result<Option<Owner>> {
        let Some(user) = self.accounts.by_login(login).await.context("reading a streamer")? else {
            return Ok(None);
        };
        let has_music = !user.enabled && self.has_music(&user).await?;
        Ok(is_open(&user, has_music).then(|| user.into()))
    }

    async fn has_music(&self, user: &User) -> anyhow::Result<bool> {
        let first = store::first_from(&self.db, user.id, Instant::UNIX_EPOCH).await;
        Ok(first.context("reading the first play")?.is_some())
    }

    fn remembered(&self, login: &str) -> Option<Owner> {
        let now = self.clock.now();
        self.hub.in_memory().into_iter().find_map(|(id, topic)| {
            let (day, _) = topic.day(now);
            (day.streamer.login == login).then(|| Owner {
                id,
                streamer: day.streamer.clone(),
                timezone: day.timezone,
                terms: day.terms,
                is_remembered: true,
            })
        })
    }
}
