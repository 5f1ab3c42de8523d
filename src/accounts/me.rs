//! Who asks: a handler that takes a [`Me`] is for streamers who are logged in, one that takes a [`LoggedIn`] also for those
//! who only help one. Neither changes anything for anybody else's page.

use super::Accounts;
use super::keys::Keys;
use super::logins::Logins;
use super::model::User;
use super::roles::login_of;
use super::rules::{Caller, admits};
use super::store::Holder;
use crate::base::id::{KeyId, UserId};
use crate::base::token;
use crate::config::Allow;
use crate::http::cookies::SecretCookie;
use crate::http::{AppError, Limits, Ways, is_same_origin};
use anyhow::Context as _;
use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, Query, Request};
use axum::http::header::{AUTHORIZATION, UPGRADE};
use axum::http::request::Parts;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// How often somebody who stays is looked at.
pub(super) const GLANCE: Duration = Duration::from_mins(1);

/// What it takes to know who asks; stands in the extensions of each request, shared by all of them.
#[derive(Debug, Clone)]
pub struct Gate {
    /// People.
    pub accounts: Accounts,
    /// Who is logged in.
    pub logins: Logins,
    /// Programs.
    pub keys: Keys,
    /// Who may stream here.
    pub allow: Allow,
    /// In which cookie.
    pub cookie: SecretCookie,
    /// The origin that people reach us under.
    pub public_origin: String,
    /// How often one account, or one key, may change something.
    pub writes: Limits<Writer>,
}

/// Who changes something, for the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Writer {
    /// A person.
    Account(UserId),
    /// A program.
    Key(KeyId),
}

/// A streamer who is logged in, and asks from one of our own pages if they ask for a change.
#[derive(Debug, Clone)]
pub struct Me {
    /// Who.
    pub user: User,
    pub(super) is_streamer: bool,
    token: SecretString,
    pub(super) gate: Arc<Gate>,
}

/// Somebody who is logged in, whether they stream or only help somebody who does.
#[derive(Debug, Clone)]
pub struct LoggedIn(pub Me);

#[derive(Deserialize)]
struct Asked {
    streamer: Option<String>,
}

impl Me {
    /// The streamer of this login, if this person sees what is theirs alone: it is them, or somebody they help.
    ///
    /// # Errors
    /// `Internal` when the database does not answer.
    pub async fn staff_of(&self, login: &str) -> Result<Option<User>, AppError> {
        self.serves(|user| user.login.eq_ignore_ascii_case(login)).await
    }

    /// Ends when this browser is let in to what is that streamer's no more: it has logged out, its time is over, or its
    /// person helps them no longer.
    pub async fn left(self, streamer: UserId) {
        let mut changes = self.gate.accounts.changes();
        // What we cannot know is no reason to send anybody away.
        while self.is_in(streamer).await.unwrap_or(true) {
            // Looked at now and then, because time passes without a word.
            let _ = tokio::time::timeout(GLANCE, changes.changed()).await;
        }
    }

    /// The ways from one page of their dashboard to the others.
    #[must_use]
    pub fn ways(&self, here: &'static str) -> Ways {
        Ways { here, is_streamer: self.is_streamer, query: String::new() }
    }

    /// What each of our forms repeats: another site does not know it.
    #[must_use]
    pub fn form_token(&self) -> String {
        token::hash(&format!("form {}", self.token.expose_secret()))
    }

    async fn is_in(&self, streamer: UserId) -> Result<bool, AppError> {
        let Some(now) = self.gate.holder_of(self.token.clone()).await? else { return Ok(false) };
        Ok(now.serves(|user| user.id == streamer).await?.is_some())
    }

    async fn serves(&self, is_it: impl Fn(&User) -> bool) -> Result<Option<User>, AppError> {
        if self.is_streamer && is_it(&self.user) {
            return Ok(Some(self.user.clone()));
        }
        let (gate, accounts) = (&self.gate, &self.gate.accounts);
        let helped = accounts.helped_by(&self.user).await.context("reading who is helped")?;
        if helped.is_empty() {
            return Ok(None);
        }
        let owner = accounts.owner().await.context("reading who the owner is")?;
        // Whoever may not stream here any more is helped no more either.
        let may_stream = |user: &User| gate.is_streamer(user, owner == Some(user.id));
        Ok(helped.into_iter().find(|user| may_stream(user) && is_it(user)))
    }
}

impl Gate {
    /// The gate before a request.
    pub(super) fn of(parts: &Parts) -> Result<Arc<Self>, AppError> {
        parts.extensions.get::<Arc<Self>>().cloned().ok_or(AppError::Unauthorized)
    }

    /// Whoever holds the cookie; none when nobody does.
    ///
    /// # Errors
    /// `Internal` when the database does not answer.
    pub(super) async fn who(self: &Arc<Self>, parts: &Parts) -> Result<Option<Me>, AppError> {
        match self.cookie.read(&parts.headers) {
            Some(token) => self.holder_of(token).await,
            None => Ok(None),
        }
    }

    /// Who is logged in with this token. Whoever may not stream here, and helps nobody, is nobody.
    async fn holder_of(self: &Arc<Self>, token: SecretString) -> Result<Option<Me>, AppError> {
        let login = self.logins.who(token.expose_secret()).await.context("reading a login")?;
        let Some(login) = login else { return Ok(None) };
        let is_streamer = self.is_streamer(&login.user, login.is_owner);
        let me = Me { user: login.user, is_streamer, token, gate: Arc::clone(self) };
        let is_somebody = is_streamer || me.serves(|_| true).await?.is_some();
        Ok(is_somebody.then_some(me))
    }

    /// The program that holds this key, if it is one and its streamer may stream here.
    ///
    /// # Errors
    /// `Internal` when the database does not answer.
    pub(super) async fn program(&self, key: &SecretString) -> Result<Option<Holder>, AppError> {
        let holder = self.keys.holder(key).await.context("reading a key")?;
        Ok(holder.filter(|holder| self.is_streamer(&holder.user, holder.is_owner)))
    }

    fn is_streamer(&self, user: &User, is_owner: bool) -> bool {
        let caller = Caller { login: &user.login, is_owner, has_code: false, is_taken: true };
        admits(&self.allow, caller)
    }

    /// A change, and a socket, which browsers open for any site, must come from one of our own pages.
    pub(super) fn check(&self, parts: &Parts, me: &Me) -> Result<(), AppError> {
        let changes = !parts.method.is_safe();
        if (changes || parts.headers.contains_key(UPGRADE))
            && !is_same_origin(&parts.headers, &self.public_origin)
        {
            return Err(AppError::Forbidden);
        }
        if changes { self.writes.check(&Writer::Account(me.user.id)) } else { Ok(()) }
    }
}

/// The key that a program shows. On pages there are no programs: what a proxy in front of us may write there is not ours.
pub(super) fn key_of(parts: &Parts) -> Option<SecretString> {
    let shown = parts.headers.get(AUTHORIZATION).filter(|_| parts.uri.path().starts_with("/api/"))?;
    let (scheme, key) = shown.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim().into())
}

/// The streamer that a request names, by login.
pub(super) fn asked_of(parts: &Parts) -> Result<Option<String>, AppError> {
    let asked = Query::<Asked>::try_from_uri(&parts.uri);
    let Query(Asked { streamer }) =
        asked.map_err(|error| AppError::BadRequest { detail: error.body_text() })?;
    streamer.map(|streamer| login_of(&streamer).ok_or(AppError::NotFound)).transpose()
}

impl<S: Send + Sync> FromRequestParts<S> for LoggedIn {
    type Rejection = AppError;

    /// A program is no person, even if it brings a person's cookie.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let gate = Gate::of(parts)?;
        if let Some(key) = key_of(parts) {
            let known = gate.program(&key).await?.is_some();
            return Err(if known { AppError::Forbidden } else { AppError::Unauthorized });
        }
        let me = gate.who(parts).await?.ok_or(AppError::Unauthorized)?;
        gate.check(parts, &me)?;
        Ok(Self(me))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for LoggedIn {
    type Rejection = Infallible;

    /// None also when we cannot know: whoever is nobody in particular sees what everybody sees.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Infallible> {
        Ok(<Self as FromRequestParts<S>>::from_request_parts(parts, state).await.ok())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Me {
    type Rejection = AppError;

    /// What is a streamer's alone is not for whoever helps them; and nobody who names another streamer means themselves.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let asked = asked_of(parts)?;
        let LoggedIn(me) = <LoggedIn as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let helped = match asked.filter(|login| *login != me.user.login) {
            Some(login) => Some(me.staff_of(&login).await?.ok_or(AppError::NotFound)?),
            None => None,
        };
        if me.is_streamer && helped.is_none() { Ok(me) } else { Err(AppError::Forbidden) }
    }
}

/// Somebody for whom our forms are made.
pub trait Filler: Send {
    /// What each form for them repeats; none for a program, which fills in none.
    fn form_token(&self) -> Option<String>;
}

impl Filler for Me {
    fn form_token(&self) -> Option<String> {
        Some(Self::form_token(self))
    }
}

impl Filler for LoggedIn {
    fn form_token(&self) -> Option<String> {
        Some(self.0.form_token())
    }
}

/// A form of ours, posted by whoever it was made for.
#[derive(Debug)]
pub struct Posted<T, Who = Me> {
    /// By whom.
    pub me: Who,
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

impl<S, T, Who> FromRequest<S> for Posted<T, Who>
where
    S: Send + Sync,
    T: DeserializeOwned,
    Who: FromRequestParts<S, Rejection = AppError> + Filler,
{
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let me = Who::from_request_parts(&mut parts, state).await?;
        let posted = Form::<Sealed<T>>::from_request(Request::from_parts(parts, body), state).await;
        let Form(Sealed { token, form }) =
            posted.map_err(|error| AppError::BadRequest { detail: error.body_text() })?;
        if me.form_token() == Some(token) { Ok(Self { me, form }) } else { Err(AppError::Forbidden) }
    }
}
