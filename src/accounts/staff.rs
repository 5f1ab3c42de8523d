//! Who may do what for a streamer: a handler that takes [`Staff`] is for the streamer, for whoever helps them, and for
//! programs that hold one of their keys; it asks [`Staff::may`] before it does anything.

use super::me::{Filler, GLANCE, Gate, Me, Posted, Writer, asked_of, key_of};
use super::model::User;
use super::roles::{Power, Scopes};
use crate::audit::By;
use crate::http::{AppError, Ways};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Somebody who may do something for a streamer.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The streamer.
    pub user: User,
    /// Who acts.
    pub by: By,
    pass: Pass,
}

/// What somebody has shown.
#[derive(Debug, Clone)]
enum Pass {
    Cookie(Me),
    Key { secret: SecretString, scopes: Scopes, gate: Arc<Gate> },
}

impl Staff {
    /// Nothing is done before this was asked.
    ///
    /// # Errors
    /// `Forbidden` when they may not.
    pub fn may(&self, power: Power) -> Result<(), AppError> {
        let may = match &self.pass {
            Pass::Cookie(_) => self.by == By::Streamer || power.is_for_moderators(),
            Pass::Key { scopes, .. } => scopes.allow(power),
        };
        if may { Ok(()) } else { Err(AppError::Forbidden) }
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

    /// What each of our forms repeats: another site does not know it. A program fills in none.
    #[must_use]
    pub fn form_token(&self) -> String {
        Filler::form_token(self).unwrap_or_default()
    }

    /// Who it is that is logged in; none for a program.
    #[must_use]
    pub fn person(&self) -> Option<&Me> {
        match &self.pass {
            Pass::Cookie(me) => Some(me),
            Pass::Key { .. } => None,
        }
    }

    /// Ends when they are let in no more.
    pub async fn left(self) {
        match self.pass {
            Pass::Cookie(me) => me.left(self.user.id).await,
            Pass::Key { secret, gate, .. } => revoked(&gate, &secret).await,
        }
    }

    async fn by_key(gate: Arc<Gate>, secret: SecretString, parts: &Parts) -> Result<Self, AppError> {
        let holder = gate.program(&secret).await?.ok_or(AppError::Unauthorized)?;
        if asked_of(parts)?.is_some_and(|login| login != holder.user.login) {
            return Err(AppError::NotFound);
        }
        if !parts.method.is_safe() {
            gate.writes.check(&Writer::Key(holder.key.id))?;
        }
        let by = By::Key { id: holder.key.id, name: holder.key.name };
        Ok(Self { user: holder.user, by, pass: Pass::Key { secret, scopes: holder.key.scopes, gate } })
    }

    async fn by_cookie(gate: &Arc<Gate>, parts: &Parts) -> Result<Self, AppError> {
        let me = gate.who(parts).await?.ok_or(AppError::Unauthorized)?;
        gate.check(parts, &me)?;
        let Some(login) = asked_of(parts)?.filter(|login| *login != me.user.login) else {
            return if me.is_streamer { Ok(Self::themselves(me)) } else { Err(AppError::Forbidden) };
        };
        let user = me.staff_of(&login).await?.ok_or(AppError::NotFound)?;
        let by = By::Moderator { id: me.user.id, login: me.user.login.clone() };
        Ok(Self { user, by, pass: Pass::Cookie(me) })
    }

    fn themselves(me: Me) -> Self {
        Self { user: me.user.clone(), by: By::Streamer, pass: Pass::Cookie(me) }
    }
}

/// Ends when a key is good no more.
async fn revoked(gate: &Gate, secret: &SecretString) {
    let mut changes = gate.accounts.changes();
    // What we cannot know is no reason to send anybody away.
    while !matches!(gate.program(secret).await, Ok(None)) {
        let _ = tokio::time::timeout(GLANCE, changes.changed()).await;
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = AppError;

    /// Where a key is shown it counts, whatever cookie comes along.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let gate = Gate::of(parts)?;
        match key_of(parts) {
            Some(key) => Self::by_key(gate, key, parts).await,
            None => Self::by_cookie(&gate, parts).await,
        }
    }
}

impl Filler for Staff {
    fn form_token(&self) -> Option<String> {
        self.person().map(Me::form_token)
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
        let Posted { me: staff, form } = Posted::<T, Staff>::from_request(request, state).await?;
        Ok(Self { staff, form })
    }
}
