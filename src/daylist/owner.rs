//! Finding a streamer whose list the visitor may read, also by a login they had before. The database says, and has perhaps
//! said a moment ago to whoever asks for a page that lies ready; while it is away, memory does for those who are in it: who
//! is on air, and who has viewers.

use super::access::{Owner, is_login, is_open};
use super::read::Reader;
use super::recent::AsOf;
use super::store;
use crate::accounts::{LoggedIn, User};
use crate::base::clock::Instant;
use crate::db::or_remembered;
use crate::http::AppError;
use anyhow::Context as _;
use std::sync::Arc;

impl Reader {
    /// A streamer whose list the visitor may read: one that is public, their own, or that of somebody they help.
    pub(super) async fn readable(
        &self,
        login: &str,
        visitor: Option<&LoggedIn>,
    ) -> Result<Arc<Owner>, AppError> {
        match (self.public(login).await, visitor) {
            (Err(AppError::NotFound), Some(LoggedIn(me))) => {
                me.staff_of(login).await?.map(Owner::own).map(Arc::new).ok_or(AppError::NotFound)
            }
            (found, _) => found,
        }
    }

    /// The same as found a moment ago, if nothing that counts here was changed since: for pages that may lie ready.
    pub(super) async fn lately(
        &self,
        login: &str,
        visitor: Option<&LoggedIn>,
    ) -> Result<Arc<Owner>, AppError> {
        match self.recent.get(&login.to_ascii_lowercase(), self.as_of()) {
            Some(owner) => Ok(owner),
            None => self.readable(login, visitor).await,
        }
    }

    /// The same streamer as the database knows them now.
    pub(super) async fn anew(
        &self,
        owner: Arc<Owner>,
        visitor: Option<&LoggedIn>,
    ) -> Result<Arc<Owner>, AppError> {
        if owner.is_recent { self.readable(&owner.streamer.login, visitor).await } else { Ok(owner) }
    }

    /// A streamer whose list the public may read. Private lists and such that were never enabled look like unknown ones.
    async fn public(&self, login: &str) -> Result<Arc<Owner>, AppError> {
        if !is_login(login) {
            return Err(AppError::NotFound);
        }
        let login = login.to_ascii_lowercase();
        let found = self.lookups.ask(&login, async || self.look_up(&login).await.map_err(Arc::new)).await;
        found.map_err(|error| anyhow::anyhow!("{error:#}"))?.ok_or(AppError::NotFound)
    }

    async fn look_up(&self, login: &str) -> anyhow::Result<Option<Arc<Owner>>> {
        let found = or_remembered(self.stored(login), || self.remembered(login).map(Some)).await?;
        Ok(found.map(Arc::new))
    }

    /// As of when somebody is known who is looked up from now on.
    fn as_of(&self) -> AsOf {
        AsOf::new(self.accounts.revision(), self.clock.now().timestamp())
    }

    async fn stored(&self, login: &str) -> anyhow::Result<Option<Owner>> {
        // Asked first: whatever is changed while we look is newer than what is kept.
        let as_of = self.as_of();
        let Some(user) = self.called(login).await? else { return Ok(None) };
        let has_music = !user.enabled && self.has_music(&user).await?;
        let is_enabled = user.enabled;
        let owner = is_open(&user, has_music).then(|| Owner::from(user));
        // Whether the others may be read depends on their plays as well, which are not accounts.
        if let Some(owner) = owner.as_ref().filter(|_| is_enabled) {
            self.recent.put(login, owner.clone(), as_of);
        }
        Ok(owner)
    }

    /// Whoever has this login, or had it before they had another.
    async fn called(&self, login: &str) -> anyhow::Result<Option<User>> {
        let user = self.accounts.by_login(login).await.context("reading a streamer")?;
        match user {
            Some(user) => Ok(Some(user)),
            None => self.accounts.by_former_login(login).await.context("reading a former login"),
        }
    }

    async fn has_music(&self, user: &User) -> anyhow::Result<bool> {
        let first = store::first_from(&self.db, user.id, Instant::UNIX_EPOCH, None).await;
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
                is_recent: false,
                is_own: false,
            })
        })
    }
}
