//! Who may do what for a streamer: a handler that takes [`Staff`] is for the streamer and for whoever helps them, and asks
//! [`Staff::may`] before it does anything.

use super::me::{Me, Posted};
use super::model::User;
use crate::audit::By;
use crate::http::{AppError, Ways};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// What somebody may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// See how things are, and follow the list before the public does.
    Read,
    /// Hide, restore, correct and add plays.
    Curate,
    /// Start, stop and pause tracking.
    Track,
    /// Change settings.
    Settings,
}

/// Somebody who may do something for a streamer.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The streamer.
    pub user: User,
    /// Who acts.
    pub by: By,
    me: Me,
}

impl Staff {
    /// Nothing is done before this was asked.
    ///
    /// # Errors
    /// `Forbidden` when they may not.
    pub fn may(&self, _power: Power) -> Result<(), AppError> {
        match self.by {
            By::Streamer => Ok(()),
            By::Moderator { .. } | By::Key { .. } => Err(AppError::Forbidden),
        }
    }

    /// What our links and forms carry behind their path, so that they stay with this streamer.
    #[must_use]
    pub fn query(&self) -> String {
        match self.by {
            By::Moderator { .. } => format!("?streamer={}", self.user.login),
            By::Streamer | By::Key { .. } => String::new(),
        }
    }

    /// The ways from one page of the dashboard to the others.
    #[must_use]
    pub fn ways(&self, here: &'static str) -> Ways {
        Ways { here, is_streamer: self.by == By::Streamer, query: self.query() }
    }

    /// What each of our forms repeats: another site does not know it.
    #[must_use]
    pub fn form_token(&self) -> String {
        self.me.form_token()
    }

    /// Ends when they are let in no more.
    pub async fn left(self) {
        self.me.left().await;
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let me = <Me as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        Ok(Self { user: me.user.clone(), by: By::Streamer, me })
    }
}

/// A form of ours, posted by whoever it was made for.
#[derive(Debug)]
pub struct PostedByStaff<T> {
    /// By whom.
    pub staff: Staff,
    /// What they filled in.
    pub form: T,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for PostedByStaff<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let Posted { me, form } = Posted::from_request(request, state).await?;
        Ok(Self { staff: Staff { user: me.user.clone(), by: By::Streamer, me }, form })
    }
}
