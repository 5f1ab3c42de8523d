//! People who help streamers: the streamer names their Twitch login, and from then on the role is that person's, whatever
//! they are called and whoever has the login later.

use super::model::User;
use super::roles::{MOST_MODERATORS, Moderator, login_of};
use super::rules::{Caller, lets_in};
use super::{Accounts, store};
use crate::audit::{Audit, By, Deed};
use crate::base::clock::SharedClock;
use crate::clients::twitch::{Helix, TwitchAccounts, TwitchError};
use crate::config::Allow;
use crate::db::DbError;
use secrecy::SecretString;

/// All moderators.
#[derive(Debug, Clone)]
pub struct Moderators {
    /// People.
    pub accounts: Accounts,
    /// What becomes of them is noted here.
    pub audit: Audit,
    /// Knows who has a login.
    pub helix: Helix,
    /// Where people log in.
    pub twitch: TwitchAccounts,
    /// Who may log in without helping anybody.
    pub allow: Allow,
    /// The time.
    pub clock: SharedClock,
}

/// Why somebody does not become a moderator.
#[derive(Debug, thiserror::Error)]
pub enum NamingError {
    /// This is no login.
    #[error("this is no Twitch login: 1 to 25 letters, digits and underscores")]
    NoLogin,
    /// It is the streamer's own.
    #[error("this is the streamer")]
    Oneself,
    /// Twitch knows nobody of that login.
    #[error("Twitch knows nobody of this login")]
    Nobody,
    /// There are enough.
    #[error("there are {MOST_MODERATORS} moderators already: remove one first")]
    TooMany,
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl Moderators {
    /// Has somebody help a streamer from now on, by the login as it was typed. Twitch is asked whose it is; if it does
    /// not say, it is theirs who logs in with it first.
    ///
    /// # Errors
    /// [`NamingError`]
    pub async fn name(&self, streamer: &User, typed: &str) -> Result<(), NamingError> {
        let login = login_of(typed).ok_or(NamingError::NoLogin)?;
        let twitch_id = self.person(&login).await?;
        if login == streamer.login || twitch_id.as_deref() == Some(streamer.twitch_id.as_str()) {
            return Err(NamingError::Oneself);
        }
        if self.of(streamer).await?.len() >= MOST_MODERATORS {
            return Err(NamingError::TooMany);
        }
        let (db, user, now) = (self.accounts.db.clone(), streamer.id, self.clock.now());
        let named = login.clone();
        let naming = async move { store::name_moderator(&db, user, &named, twitch_id.as_deref(), now).await };
        tokio::spawn(naming).await.unwrap_or(Err(DbError::WorkerCrashed))?;
        self.audit.note(user, &By::Streamer, Deed::ModeratorNamed, &login).await;
        Ok(())
    }

    /// Who helps a streamer, by login.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(&self, streamer: &User) -> Result<Vec<Moderator>, DbError> {
        store::moderators(&self.accounts.db, streamer.id).await
    }

    /// Has somebody help a streamer no more, by the login that was named: at once. Whom nothing else lets in is logged out,
    /// and forgotten if they were here for nothing else. False when nobody is named so.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove(&self, streamer: &User, named: &str) -> Result<bool, DbError> {
        let gone = store::drop_moderator(&self.accounts.db, streamer.id, named).await?;
        let Some(gone) = gone else { return Ok(false) };
        if let Some(twitch_id) = &gone.twitch_id {
            self.show_out(twitch_id).await?;
        }
        self.accounts.changed();
        self.audit.note(streamer.id, &By::Streamer, Deed::ModeratorRemoved, &gone.login).await;
        Ok(true)
    }

    /// Twitch's id of whoever has this login; none when Twitch cannot be asked.
    async fn person(&self, login: &str) -> Result<Option<String>, NamingError> {
        match self.helix.person(login).await {
            Ok(Some(person)) => Ok(Some(person.id)),
            // Twitch calls a login that nobody could have a bad request.
            Ok(None) | Err(TwitchError::Status { status: 400, .. }) => Err(NamingError::Nobody),
            Err(error) => {
                tracing::warn!(%error, "a moderator is named by login alone");
                Ok(None)
            }
        }
    }

    /// The code with which a moderator begins to log in, where the app at Twitch has no secret; to be given to them by hand.
    /// Only the owner is told, who holds the setup code anyway: anybody can name anybody, and with such a code and that
    /// person's yes one is let in as them, wherever else they help.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn login_code(
        &self,
        streamer: &User,
        moderator: &Moderator,
    ) -> Result<Option<SecretString>, DbError> {
        if self.twitch.client_id().is_none() || self.twitch.has_secret() {
            return Ok(None);
        }
        let is_owner = store::owner(&self.accounts.db).await? == Some(streamer.id);
        Ok(is_owner.then(|| self.accounts.login_code(&moderator.login)))
    }

    async fn show_out(&self, twitch_id: &str) -> Result<(), DbError> {
        let db = &self.accounts.db;
        let Some(person) = store::by_twitch_id(db, twitch_id).await? else { return Ok(()) };
        let helps = !store::helped_by(db, twitch_id).await?.is_empty();
        if !lets_in(&self.allow, self.caller(&person).await?, helps) {
            store::drop_logins_of(db, person.id).await?;
            store::forget_helper(db, person.id).await?;
        }
        Ok(())
    }

    async fn caller<'a>(&self, person: &'a User) -> Result<Caller<'a>, DbError> {
        let owner = store::owner(&self.accounts.db).await?;
        let is_owner = owner == Some(person.id);
        Ok(Caller { login: &person.login, is_owner, has_code: false, is_taken: owner.is_some() })
    }
}

impl Accounts {
    /// Everybody who streams here, or may be about to, by login: whoever only helps is no streamer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn streamers(&self) -> Result<Vec<User>, DbError> {
        store::streamers(&self.db).await
    }

    /// Whom a person helps, by login.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn helped_by(&self, person: &User) -> Result<Vec<User>, DbError> {
        store::helped_by(&self.db, &person.twitch_id).await
    }
}
