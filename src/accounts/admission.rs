//! At the door: whether somebody whom Twitch has vouched for may come in, and who they are from then on.

use super::consent::{FlowError, Newcomer};
use super::flows::Flows;
use super::model::{NewUser, User};
use super::rules::{Caller, claims, lets_in};
use super::store;
use crate::clients::oauth::Granted;
use crate::config::Allow;
use crate::db::DbError;

impl Flows {
    /// Lets in whoever these tokens speak for, if they may come in, and keeps the tokens.
    pub(super) async fn admit(&self, granted: Granted, newcomer: Newcomer<'_>) -> Result<User, FlowError> {
        let person = self.twitch.person(&granted.access_token).await?;
        let login = person.login.to_lowercase();
        let caller = self.caller(&person.id, &login, newcomer.has_code).await?;
        let helps = self.helps(&person.id, &login).await?;
        let awaited = self.is_awaited(&person.id, &login, newcomer.login).await?;
        if !awaited || !lets_in(&self.allow, caller, helps) {
            self.give_back(&granted).await;
            return Err(FlowError::NotAllowed(person.display_name));
        }
        let claims = claims(caller);
        let (name, timezone, retention_days) = (person.display_name, newcomer.timezone, self.retention_days);
        let user =
            self.greet(NewUser { twitch_id: person.id, login, name, timezone, retention_days }).await?;
        if claims && !self.claim(&user).await? && self.allow == Allow::Owner {
            self.give_back(&granted).await;
            return Err(FlowError::NotAllowed(user.name));
        }
        self.grants.put(user.id, granted).await?;
        Ok(user)
    }

    /// Whether somebody is whom a login was begun for, by a login that they have or had; for nobody in particular is for
    /// everybody.
    async fn is_awaited(&self, twitch_id: &str, login: &str, awaited: Option<&str>) -> Result<bool, DbError> {
        let Some(awaited) = awaited.filter(|awaited| *awaited != login) else { return Ok(true) };
        let former = store::by_former_login(&self.db, awaited).await?;
        Ok(former.is_some_and(|former| former.twitch_id == twitch_id))
    }

    async fn caller<'a>(
        &self,
        twitch_id: &str,
        login: &'a str,
        has_code: bool,
    ) -> Result<Caller<'a>, DbError> {
        let owner = store::owner(&self.db).await?;
        let known = store::by_twitch_id(&self.db, twitch_id).await?;
        let is_owner = known.is_some_and(|known| owner == Some(known.id));
        Ok(Caller { login, is_owner, has_code, is_taken: owner.is_some() })
    }

    /// Whether somebody helps a streamer of this house. Whoever named them by this login meant them. It is done to the end,
    /// also when the caller is dropped.
    async fn helps(&self, twitch_id: &str, login: &str) -> Result<bool, DbError> {
        let (db, id, login) = (self.db.clone(), twitch_id.to_owned(), login.to_owned());
        let binding = tokio::spawn(async move { store::bind_moderator(&db, &id, &login).await });
        binding.await.unwrap_or(Err(DbError::WorkerCrashed))?;
        Ok(!store::helped_by(&self.db, twitch_id).await?.is_empty())
    }

    /// Makes somebody the owner; false when another was quicker.
    async fn claim(&self, user: &User) -> Result<bool, DbError> {
        store::claim_house(&self.db, user.id, self.clock.now()).await?;
        Ok(store::owner(&self.db).await? == Some(user.id))
    }

    /// To the end, also when the caller is dropped: a transaction must not be left half-way. Somebody may be called otherwise
    /// from then on.
    async fn greet(&self, new: NewUser) -> Result<User, DbError> {
        let (db, now) = (self.db.clone(), self.clock.now());
        self.grants.accounts().settle(async move { store::greet(&db, &new, now).await }).await
    }

    /// Tokens of somebody who may not log in are none of our business.
    async fn give_back(&self, granted: &Granted) {
        if let Err(error) = self.twitch.revoke(&granted.access_token).await {
            tracing::warn!(%error, "a token that is not kept could not be given back");
        }
    }
}
