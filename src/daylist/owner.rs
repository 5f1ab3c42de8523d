//! Finding a streamer whose list the visitor may read, also by a login they had before. The database says; while it is away, memory does for those who are
//! in it: who is on air, and who has viewers.

use super::access::{Owner, is_login, is_open};
use super::read::Reader;
use super::store;
use crate::accounts::{LoggedIn, User};
use crate::base::clock::Instant;
use crate::db::or_remembered;
use crate::http::AppError;
use anyhow::Context as _;
use std::sync::Arc;

impl Reader {
    /// A streamer whose list the visitor may read: one that is public, their own, or that of somebody they help.
    pub(super) async fn readable(&self, login: &str, visitor: Option<&LoggedIn>) -> Result<Owner, AppError> {
        match (self.public(login).await, visitor) {
            (Err(AppError::NotFound), Some(LoggedIn(me))) => {
                me.staff_of(login).await?.map(Owner::own).ok_or(AppError::NotFound)
            }
            (found, _) => found,
        }
    }

    /// A streamer whose list the public may read. Private lists and such that were never enabled look like unknown ones.
    pub(super) async fn public(&self, login: &str) -> Result<Owner, AppError> {
        if !is_login(login) {
            return Err(AppError::NotFound);
        }
        let login = login.to_ascii_lowercase();
        let found = self.lookups.ask(&login, async || self.look_up(&login).await.map_err(Arc::new)).await;
        found.map_err(|error| anyhow::anyhow!("{error:#}"))?.ok_or(AppError::NotFound)
    }

    async fn look_up(&self, login: &str) -> anyhow::Result<Option<Owner>> {
        or_remembered(self.stored(login), || self.remembered(login).map(Some)).await
    }

    async fn stored(&self, login: &str) -> anyhow::Result<Option<Owner>> {
        let user = self.accounts.by_login(login).await.context("reading a streamer")?;
        let user = match user {
            Some(user) => user,
            None => match self.accounts.by_former_login(login).await.context("reading a former login")? {
                Some(user) => user,
                None => return Ok(None),
            },
        };
        let has_music = !user.enabled && self.has_music(&user).await?;
        Ok(is_open(&user, has_music).then(|| user.into()))
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
                is_own: false,
            })
        })
    }
}
