//! Privacy: what is kept about a person, told, handed out and deleted.
//!
//! The page says what is kept how long and why, from the table that the sweep works off. The download hands out all that
//! is known, page by page. Who leaves is nobody here from the moment they say so, in one step; what is many goes behind
//! their back in small pieces, also after a stop, and nothing that comes late brings any of it back.

mod api;
mod export;
pub mod model;
mod pages;
pub mod store;
mod view;
mod words;

pub use store::Departure;

use crate::accounts::{Accounts, Grants, Links, Logins, User};
use crate::base::clock::{Instant, SharedClock};
use crate::db::{Db, DbError};
use crate::http::cookies::SecretCookie;
use crate::hub::Hub;
use crate::overlay::Overlays;
use crate::retention::{self, Retention};
use crate::telemetry::Metrics;
use anyhow::Context as _;
use axum::Router;

/// The room's facade, and what its handlers need.
#[derive(Debug, Clone)]
pub struct Privacy {
    /// What is kept.
    pub db: Db,
    /// The time.
    pub clock: SharedClock,
    /// Counters.
    pub metrics: Metrics,
    /// People.
    pub accounts: Accounts,
    /// Their browsers.
    pub logins: Logins,
    /// What Twitch granted.
    pub grants: Grants,
    /// Their links to Spotify.
    pub links: Links,
    /// Today.
    pub hub: Hub,
    /// Deletes what is many.
    pub retention: Retention,
    /// Their browser sources.
    pub overlays: Overlays,
    /// The house's own client id at Spotify.
    pub house_app: Option<String>,
    /// The cookie of who is logged in.
    pub login_cookie: SecretCookie,
}

/// The room's routes.
pub fn router(privacy: Privacy) -> Router {
    Router::new().merge(api::router()).merge(pages::router()).with_state(privacy)
}

impl Privacy {
    /// Deletes an account: from now on they are nobody here, what they had granted is given back, and what is many is on
    /// its way out. It waits a moment until that is gone, too. None when they had left already.
    ///
    /// # Errors
    /// When the database does not answer; then nothing has happened.
    pub async fn delete(&self, user: &User) -> anyhow::Result<Option<Departure>> {
        let link = self.accounts.link(user.id).await.context("reading a link")?;
        let token = self.grants.last_token(user.id).await;
        let Some(departure) = self.depart(user).await.context("deleting an account")? else {
            return Ok(None);
        };
        // Whatever fails after this: nobody is followed or subscribed who is nobody, and no browser or socket of theirs is
        // let in.
        self.overlays.forget(user.id);
        if let Some(link) = link {
            self.links.forget_gone(link.id).await;
        }
        tracing::info!("a streamer has deleted their account");
        if departure.was_owner {
            self.accounts.count_former_owners().await.context("reading whose house it was")?;
        }
        self.grants.give_back(user.id, token).await;
        if let Err(error) = self.hub.heed(user.id).await {
            tracing::warn!(error = format!("{error:#}"), "viewers of a deleted list are sent away soon");
        }
        self.retention.see_out().await;
        Ok(Some(departure))
    }

    /// Lets no browser of theirs in any more.
    async fn log_out_everywhere(&self, user: &User) -> anyhow::Result<()> {
        self.logins.end_all(user.id).await.context("ending logins")?;
        self.accounts.changed();
        Ok(())
    }

    async fn depart(&self, user: &User) -> Result<Option<Departure>, DbError> {
        let (db, user, now) = (self.db.clone(), user.clone(), self.clock.now());
        let house_app = self.house_app.clone().unwrap_or_default();
        self.accounts.settle(async move { store::depart(&db, &user, &house_app, now).await }).await
    }
}

/// Deletes an account where no server runs, or beside one, and ends when nothing of it is left. `house_app` is the house's
/// own client id at Spotify. None when they have left already.
///
/// # Errors
/// When the database does not answer; what is left then is deleted by the next server that starts.
pub async fn remove(
    db: &Db,
    user: &User,
    house_app: Option<&str>,
    now: Instant,
) -> Result<Option<Departure>, DbError> {
    let departure = depart(db, user, house_app, now).await?;
    if departure.is_some() {
        retention::see_out_now(db, user.id).await?;
    }
    Ok(departure)
}

/// To the end, also when the caller is dropped: a transaction must not be left half-way.
async fn depart(
    db: &Db,
    user: &User,
    house_app: Option<&str>,
    now: Instant,
) -> Result<Option<Departure>, DbError> {
    let (db, user, house_app) = (db.clone(), user.clone(), house_app.unwrap_or_default().to_owned());
    let leaving = tokio::spawn(async move { store::depart(&db, &user, &house_app, now).await });
    leaving.await.unwrap_or(Err(DbError::WorkerCrashed))
}
