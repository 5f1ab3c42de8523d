//! Accounts: who streams here, what they chose, and the link to their Spotify account.
//!
//! Tokens are sealed the moment they come in and opened only to be sent. People log in with Twitch; streamers can also
//! be put in with `airlog streamer add`.

mod admission;
mod apps;
mod arrival;
mod consent;
mod device;
mod device_pages;
mod device_pass;
mod device_qr;
mod device_view;
mod entrance;
mod flows;
mod grants;
mod inside;
mod journey;
mod keeper;
mod keys;
mod links;
mod logins;
mod many;
mod me;
mod model;
mod moderators;
mod oneself;
mod pages;
mod pairs;
mod paste;
mod paste_view;
mod remembered;
pub mod roles;
pub mod rules;
mod shelf;
mod staff;
pub mod store;
mod tokens;
mod view;

pub use apps::{BroughtApp, BroughtApps, NotTaken};
pub use consent::{Answer, FlowError, Traveller};
pub use device::DeviceState;
pub use device_pages::device_router;
pub use device_pass::{Pass, Passes};
pub use entrance::{Entrance, login_page};
pub use flows::Flows;
pub use grants::{Grants, TwitchShelf};
pub use inside::Inside;
pub use keeper::Keeper;
pub use keys::{KeyError, Keys};
pub use links::{Links, SpotifyShelf};
pub use logins::Logins;
pub use me::{Filler, Gate, LoggedIn, Me, Posted, Writer};
pub use model::{
    AfterLeaving, DeviceLogin, DeviceOutcome, Flow, GrantStatus, LinkStatus, LinkView, NewLink, NewStreamer,
    NewUser, Provider, SealedApp, SpotifyLink, User, Visibility,
};
pub use moderators::{Moderators, NamingError};
pub use oneself::Oneself;
pub use pages::{Nothing, router};
pub use pairs::Pairs;
pub use roles::{ApiKey, Moderator, Power, Scopes};
pub use shelf::{Shelf, TokenError};
pub use staff::{PostedByStaff, Staff};

use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::base::seal::SealingKey;
use crate::db::{Db, DbError};
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::{Mutex, watch};

/// The room's facade.
#[derive(Debug, Clone)]
pub struct Accounts {
    db: Db,
    key: Arc<SealingKey>,
    /// One change of settings at a time, so that none is written over another.
    changing: Arc<Mutex<()>>,
    /// Told when something was changed that others go by.
    changes: watch::Sender<u64>,
    /// How many owners have left this house.
    former_owners: Arc<AtomicI64>,
}

impl Accounts {
    /// Accounts in `db`, tokens sealed under `key`.
    #[must_use]
    pub fn new(db: Db, key: Arc<SealingKey>) -> Self {
        let (changing, changes, former_owners) = (Arc::default(), watch::Sender::default(), Arc::default());
        Self { db, key, changing, changes, former_owners }
    }

    /// Learns how many owners have left: at the start, and when one has just left.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_former_owners(&self) -> Result<(), DbError> {
        self.former_owners.store(store::former_owners(&self.db).await?, Ordering::Relaxed);
        Ok(())
    }

    /// What the setup code is made from. It is another one for each owner: who has left may not come back by the old one.
    pub(super) fn setup_purpose(&self) -> String {
        match self.former_owners.load(Ordering::Relaxed) {
            0 => "setup code".to_owned(),
            left => format!("setup code {left}"),
        }
    }

    /// Tells whoever goes by people, links and settings that something was changed.
    pub fn changed(&self) {
        self.changes.send_modify(|times| *times += 1);
    }

    /// How often something was changed that others go by. Ask before reading: what changes meanwhile then counts as newer.
    #[must_use]
    pub fn revision(&self) -> u64 {
        *self.changes.borrow()
    }

    /// Is told of every change; several may be told as one.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Does something that others go by, to the end, also when the caller is dropped; and tells them, whatever came of it.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn settle<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, DbError>> + Send + 'static,
    ) -> Result<T, DbError> {
        let accounts = self.clone();
        let settling = tokio::spawn(async move {
            let outcome = work.await;
            accounts.changed();
            outcome
        });
        settling.await.unwrap_or(Err(DbError::WorkerCrashed))
    }

    /// Adds a streamer with a linked player. One whose Twitch id is known already gets the login, the tokens and what
    /// else is given; the choices they made stay. It is done to the end, also when the caller is dropped.
    ///
    /// # Errors
    /// When the database refuses, for example because another streamer holds the login.
    pub async fn add(&self, streamer: &NewStreamer, now: Instant) -> Result<User, DbError> {
        let (db, key, streamer) = (self.db.clone(), Arc::clone(&self.key), streamer.clone());
        self.settle(async move { store::add(&db, &key, &streamer, now).await }).await
    }

    /// The code with which somebody begins to log in where the app at Twitch has no secret; to be given to that person by
    /// hand.
    #[must_use]
    pub fn login_code(&self, login: &str) -> SecretString {
        Passes::new(Arc::clone(&self.key), self.setup_purpose()).login_code(login)
    }

    /// The streamer with this login, in any case of letters.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_login(&self, login: &str) -> Result<Option<User>, DbError> {
        store::by_login(&self.db, &login.to_lowercase()).await
    }

    /// The streamer who had this login before they had another, in any case of letters.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_former_login(&self, login: &str) -> Result<Option<User>, DbError> {
        store::by_former_login(&self.db, &login.to_lowercase()).await
    }

    /// Whose house this is, if it is anybody's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn owner(&self) -> Result<Option<UserId>, DbError> {
        store::owner(&self.db).await
    }

    /// Everybody whose Twitch tokens work, by login.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn with_grant(&self) -> Result<Vec<User>, DbError> {
        store::with_grant(&self.db).await
    }

    /// Who has thrown us out at Twitch, or is gone from there, and chose that their lists go with them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn gone_with_their_lists(&self) -> Result<Vec<UserId>, DbError> {
        store::gone_with_their_lists(&self.db).await
    }

    /// What has become of what Twitch granted; none for one who never logged in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn grant(&self, user: UserId) -> Result<Option<GrantStatus>, DbError> {
        store::grant_status(&self.db, user).await
    }

    /// A streamer's link to Spotify, if they have one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn link(&self, user: UserId) -> Result<Option<LinkView>, DbError> {
        store::link_of(&self.db, user).await
    }

    /// Calls a person as Twitch calls them now; false when that is nothing new, or nobody here. The old login leads to the
    /// new one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn renamed(
        &self,
        twitch_id: &str,
        login: &str,
        name: &str,
        now: Instant,
    ) -> Result<bool, DbError> {
        let (accounts, twitch_id, name) = (self.clone(), twitch_id.to_owned(), name.to_owned());
        let login = login.to_lowercase();
        let naming = tokio::spawn(async move {
            let named = store::rename(&accounts.db, &twitch_id, &login, &name, now).await;
            // People are named again and again: that is told where it is news, or nobody knows.
            if !matches!(named, Ok(false)) {
                accounts.changed();
            }
            named
        });
        naming.await.unwrap_or(Err(DbError::WorkerCrashed))
    }

    /// Lets somebody go who left at that time, unless they have come back since. It is done to the end, also when the
    /// caller is dropped.
    async fn let_go(&self, user: UserId, left_at: Instant, now: Instant) -> Result<bool, DbError> {
        let (one_at_a_time, db) = (Arc::clone(&self.changing).lock_owned().await, self.db.clone());
        let going = async move {
            let _one_at_a_time = one_at_a_time;
            store::let_go(&db, user, left_at, now).await
        };
        self.settle(going).await
    }

    /// Changes what a person chose: before and after. None when they are gone. It is done to the end, also when the caller is
    /// dropped.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change(
        &self,
        user: UserId,
        change: impl FnOnce(&mut User),
        now: Instant,
    ) -> Result<Option<(User, User)>, DbError> {
        let (one_at_a_time, db) = (Arc::clone(&self.changing).lock_owned().await, self.db.clone());
        let Some(before) = self.by_id(user).await? else { return Ok(None) };
        let mut after = before.clone();
        change(&mut after);
        let changing = async move {
            let _one_at_a_time = one_at_a_time;
            store::put_settings(&db, &after, now).await.map(|()| after)
        };
        Ok(Some((before, self.settle(changing).await?)))
    }

    /// The streamer with this id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_id(&self, id: UserId) -> Result<Option<User>, DbError> {
        store::by_id(&self.db, id).await
    }

    /// The streamer with this Twitch id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_twitch_id(&self, twitch_id: &str) -> Result<Option<User>, DbError> {
        store::by_twitch_id(&self.db, twitch_id).await
    }

    /// Removes a streamer and everything kept about them; false when there is nobody of that login.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove(&self, login: &str) -> Result<bool, DbError> {
        let (db, login) = (self.db.clone(), login.to_lowercase());
        self.settle(async move { store::remove(&db, &login).await }).await
    }
}
