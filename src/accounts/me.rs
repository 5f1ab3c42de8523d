//! Who asks: a handler that takes a [`Me`] is for people who are logged in, and changes nothing for anybody else's page.

use super::Accounts;
use super::logins::Logins;
use super::model::User;
use crate::base::id::UserId;
use crate::base::token;
use crate::http::cookies::SecretCookie;
use crate::http::{AppError, Limits, Ways, is_same_origin};
use anyhow::Context as _;
use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, Request};
use axum::http::header::UPGRADE;
use axum::http::request::Parts;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::time::Duration;

/// How often a browser that stays is looked at.
const GLANCE: Duration = Duration::from_mins(1);

/// What it takes to know who asks; stands in the extensions of each request.
#[derive(Debug, Clone)]
pub struct Gate {
    /// People.
    pub accounts: Accounts,
    /// Who is logged in.
    pub logins: Logins,
    /// In which cookie.
    pub cookie: SecretCookie,
    /// The origin that people reach us under.
    pub public_origin: String,
    /// How often one account may change something.
    pub writes: Limits<UserId>,
}

/// Somebody who is logged in, and asks from one of our own pages if they ask for a change.
#[derive(Debug, Clone)]
pub struct Me {
    /// Who.
    pub user: User,
    token: SecretString,
    gate: Gate,
}

impl Me {
    /// Ends when this browser is let in no more: it has logged out, or its time is over.
    pub async fn left(self) {
        let mut changes = self.gate.accounts.changes();
        loop {
            // Looked at now and then, because time passes without a word.
            let _ = tokio::time::timeout(GLANCE, changes.changed()).await;
            if let Ok(None) = self.gate.logins.who(self.token.expose_secret()).await {
                return;
            }
        }
    }

    /// The ways from one page of their dashboard to the others.
    #[must_use]
    pub fn ways(&self, here: &'static str) -> Ways {
        Ways { here, is_streamer: true, query: String::new() }
    }

    /// What each of our forms repeats: another site does not know it.
    #[must_use]
    pub fn form_token(&self) -> String {
        token::hash(&format!("form {}", self.token.expose_secret()))
    }
}

impl Gate {
    /// Whoever holds the cookie; none when nobody does.
    ///
    /// # Errors
    /// `Internal` when the database does not answer.
    async fn who(&self, parts: &Parts) -> Result<Option<Me>, AppError> {
        let Some(token) = self.cookie.read(&parts.headers) else { return Ok(None) };
        let user = self.logins.who(token.expose_secret()).await.context("reading a login")?;
        Ok(user.map(|user| Me { user, token, gate: self.clone() }))
    }

    /// A change, and a socket, which browsers open for any site, must come from one of our own pages.
    fn check(&self, parts: &Parts, me: &Me) -> Result<(), AppError> {
        let changes = !parts.method.is_safe();
        if (changes || parts.headers.contains_key(UPGRADE))
            && !is_same_origin(&parts.headers, &self.public_origin)
        {
            return Err(AppError::Forbidden);
        }
        if changes { self.writes.check(&me.user.id) } else { Ok(()) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Me {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let gate = parts.extensions.get::<Gate>().cloned().ok_or(AppError::Unauthorized)?;
        let me = gate.who(parts).await?.ok_or(AppError::Unauthorized)?;
        gate.check(parts, &me)?;
        Ok(me)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Me {
    type Rejection = Infallible;

    /// None also when we cannot know: whoever is nobody in particular sees what everybody sees.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Infallible> {
        Ok(<Self as FromRequestParts<S>>::from_request_parts(parts, state).await.ok())
    }
}

/// A form of ours, posted by whoever it was made for.
#[derive(Debug)]
pub struct Posted<T> {
    /// By whom.
    pub me: Me,
    /// What they filled in.
    pub form: T,
}

#[derive(Deserialize)]
struct Sealed<T> {
    #[serde(default)]
    token: String,
    #[serde(flatten)]
    form: T,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Posted<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let me = <Me as FromRequestParts<S>>::from_request_parts(&mut parts, state).await?;
        let posted = Form::<Sealed<T>>::from_request(Request::from_parts(parts, body), state).await;
        let Form(Sealed { token, form }) =
            posted.map_err(|error| AppError::BadRequest { detail: error.body_text() })?;
        if token == me.form_token() { Ok(Self { me, form }) } else { Err(AppError::Forbidden) }
    }
}
