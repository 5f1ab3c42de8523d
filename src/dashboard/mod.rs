//! The dashboard: one calm page on which a streamer sees how things are and decides, and the same as JSON for programs.
//!
//! It decides nothing about music: it asks the heart how things are and passes decisions on. Whatever is changed takes
//! effect at once, in mid-stream too.

mod api;
mod helping;
mod pages;
mod settings;
mod spotify;
mod spotify_view;
mod spotify_words;
mod team;
mod view;
mod words;

use crate::accounts::{Accounts, BroughtApps, Keys, Links, Moderators, Staff, User};
use crate::audit::{Audit, By, Deed};
use crate::base::clock::SharedClock;
use crate::curation::Curation;
use crate::daylist::Daylist;
use crate::eventsub::Watch;
use crate::http::{AppError, Site};
use crate::hub::Hub;
use crate::live::Controls;
use crate::retention::Retention;
use anyhow::Context as _;
use axum::Router;
use settings::{BadSetting, Change};

/// What the room's handlers need.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// People and what they chose.
    pub accounts: Accounts,
    /// Their links to Spotify.
    pub links: Links,
    /// The Spotify apps that they bring.
    pub brought: BroughtApps,
    /// Where Spotify sends people back to.
    pub redirect_uri: String,
    /// Tracking by hand, and how things are.
    pub controls: Controls,
    /// Today.
    pub hub: Hub,
    /// The list by hand.
    pub curation: Curation,
    /// Who did what.
    pub audit: Audit,
    /// Who helps.
    pub moderators: Moderators,
    /// Keys of programs.
    pub keys: Keys,
    /// Deletes what is older than it may be.
    pub retention: Retention,
    /// The socket that follows it.
    pub daylist: Daylist,
    /// Whether Twitch tells us of streams.
    pub watch: Watch,
    /// The time.
    pub clock: SharedClock,
    /// What its pages know of the server.
    pub site: Site,
}

/// The room's routes.
pub fn router(dashboard: Dashboard) -> Router {
    Router::new()
        .merge(pages::router())
        .merge(spotify::router())
        .merge(api::router())
        .merge(team::router())
        .with_state(dashboard)
}

/// Why a change is not made.
#[derive(Debug, thiserror::Error)]
enum ChangeError {
    #[error(transparent)]
    Bad(#[from] BadSetting),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<ChangeError> for AppError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Bad(bad) => Self::BadRequest { detail: bad.to_string() },
            ChangeError::Internal(error) => Self::Internal(error),
        }
    }
}

impl Dashboard {
    /// Changes settings, and has them take effect before it answers.
    async fn change(&self, staff: &Staff, change: Change) -> Result<User, ChangeError> {
        let (checked, user) = (change.check()?, staff.user.id);
        let changed = self.accounts.change(user, |user| checked.apply(user), self.clock.now()).await;
        let (before, after) = changed.context("changing settings")?.context("the streamer is gone")?;
        for change in settings::differences(&before, &after) {
            self.audit.note(user, &staff.by, Deed::SettingChanged, &change).await;
        }
        self.hub.heed(user).await.context("telling viewers")?;
        if before.retention_days != after.retention_days {
            self.retention.sweep_now(user);
        }
        Ok(after)
    }

    /// Removes the link to Spotify with its tokens, and what was played if that is to go as well.
    async fn unlink(&self, user: &User, with_plays: bool) -> anyhow::Result<()> {
        if self.links.unlink(user.id).await.context("removing a link")? {
            let about = if with_plays { "and every list" } else { "" };
            self.audit.note(user.id, &By::Streamer, Deed::Unlinked, about).await;
        }
        self.accounts.changed();
        if with_plays {
            self.retention.erase(user.id).await.context("deleting lists")?;
        }
        Ok(())
    }
}
