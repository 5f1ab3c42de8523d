//! The tokens one company has given out: codes that work once, access tokens that expire, refresh tokens that
//! may rotate.

use super::apps::Company;
use super::ids::Ids;
use crate::base::clock::Instant;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Duration;

/// Whether a refresh hands out a new refresh token and ends the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// The old one stays, the answer names none.
    Never,
    /// Each refresh token works once.
    Always,
}

/// Whom a token speaks for, and through which app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The person; none for an app token.
    pub login: Option<String>,
    /// The app's client id.
    pub client_id: String,
    /// What it may do.
    pub scopes: Vec<String>,
}

/// What a grant hands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The access token.
    pub access_token: String,
    /// The refresh token, when there is a (new) one.
    pub refresh_token: Option<String>,
    /// How long the access token lives.
    pub expires_in: Duration,
    /// What it may do.
    pub scopes: Vec<String>,
}

/// Why a token does not open the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// Its time is over; whose it was is still known.
    Expired,
    /// Never given out, or revoked.
    Unknown,
}

/// An authorization code that waits to be redeemed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Whom it speaks for.
    pub bearer: Bearer,
    /// Must be repeated identically.
    pub redirect_uri: String,
    /// The PKCE challenge (S256), if one was given.
    pub challenge: Option<String>,
    /// When it is worth nothing any more.
    pub expires_at: Instant,
}

#[derive(Debug, Clone)]
struct Key {
    bearer: Bearer,
    expires_at: Instant,
    /// Used up or revoked; whose it was is still known.
    spent: bool,
}

/// All tokens of one company.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    prefixes: (&'static str, &'static str),
    pub(super) rotation: Rotation,
    codes: HashMap<String, Code>,
    access: HashMap<String, Key>,
    refresh: HashMap<String, Key>,
    /// Everything that was ever given out, good or not.
    given_out: Vec<String>,
}

impl Tokens {
    pub(super) fn new(company: Company) -> Self {
        let prefixes = match company {
            Company::Spotify => ("BQ", "AQ"),
            Company::Twitch => ("tw", "tr"),
        };
        Self {
            prefixes,
            rotation: Rotation::Never,
            codes: HashMap::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            given_out: Vec::new(),
        }
    }

    /// Keeps a code until it is redeemed; answers with its text.
    pub(super) fn keep_code(&mut self, code: Code, ids: &mut Ids) -> String {
        let text = format!("{}{}", self.prefixes.1, ids.next(30));
        self.given_out.push(text.clone());
        self.codes.insert(text.clone(), code);
        text
    }

    /// Takes a code: it works once, and only in time.
    pub(super) fn redeem(&mut self, code: &str, now: Instant) -> Option<Code> {
        self.codes.remove(code).filter(|code| now < code.expires_at)
    }

    /// A new access token that lives for `life`.
    pub(super) fn access(&mut self, bearer: Bearer, life: Duration, now: Instant, ids: &mut Ids) -> Grant {
        let access_token = format!("{}{}", self.prefixes.0, ids.next(32));
        let scopes = bearer.scopes.clone();
        self.given_out.push(access_token.clone());
        self.access.insert(access_token.clone(), Key { bearer, expires_at: now + life, spent: false });
        Grant { access_token, refresh_token: None, expires_in: life, scopes }
    }

    /// A new refresh token that lives for `life`.
    pub(super) fn refreshing(
        &mut self,
        bearer: Bearer,
        life: Duration,
        now: Instant,
        ids: &mut Ids,
    ) -> String {
        let text = format!("{}{}", self.prefixes.1, ids.next(32));
        self.given_out.push(text.clone());
        self.refresh.insert(text.clone(), Key { bearer, expires_at: now + life, spent: false });
        text
    }

    /// Notes a code that is kept elsewhere as given out.
    pub(super) fn gives_out(&mut self, code: &str) {
        self.given_out.push(code.to_owned());
    }

    /// Every code and token that was ever given out, good or not.
    pub(super) fn given_out(&self) -> &[String] {
        &self.given_out
    }

    /// The bearer of a refresh token and when it expires, if it is good for `client_id`. Where it `rotates` it is used
    /// up by this.
    pub(super) fn use_refresh(
        &mut self,
        token: &str,
        client_id: &str,
        rotates: bool,
        now: Instant,
    ) -> Option<(Bearer, Instant)> {
        let good = |key: &&mut Key| !key.spent && key.bearer.client_id == client_id && now < key.expires_at;
        let key = self.refresh.get_mut(token).filter(good)?;
        key.spent = rotates;
        Some((key.bearer.clone(), key.expires_at))
    }

    /// Whom an access token speaks for, and until when.
    ///
    /// # Errors
    /// [`Stale`] when it is expired (with its bearer) or unknown.
    pub(super) fn bearer(
        &self,
        token: &str,
        now: Instant,
    ) -> Result<(&Bearer, Instant), (Stale, Option<&Bearer>)> {
        match self.access.get(token) {
            Some(key) if now < key.expires_at => Ok((&key.bearer, key.expires_at)),
            Some(key) => Err((Stale::Expired, Some(&key.bearer))),
            None => Err((Stale::Unknown, None)),
        }
    }

    /// Whom a refresh token speaks for, good or not.
    pub(super) fn refresh_owner(&self, token: &str) -> Option<&Bearer> {
        self.refresh.get(token).map(|key| &key.bearer)
    }

    /// The person has another login from now on.
    pub(super) fn rename(&mut self, login: &str, to: &str) {
        let codes = self.codes.values_mut().map(|code| &mut code.bearer);
        let keys = self.access.values_mut().chain(self.refresh.values_mut()).map(|key| &mut key.bearer);
        let theirs = codes.chain(keys).filter(|bearer| bearer.login.as_deref() == Some(login));
        theirs.for_each(|bearer| bearer.login = Some(to.to_owned()));
    }

    /// Ends the time of all access tokens of a person.
    pub(super) fn expire(&mut self, login: &str, now: Instant) {
        let theirs = |key: &&mut Key| key.bearer.login.as_deref() == Some(login);
        self.access.values_mut().filter(theirs).for_each(|key| key.expires_at = key.expires_at.min(now));
    }

    /// No token of a person works any more.
    pub(super) fn revoke(&mut self, login: &str) {
        let theirs = |key: &Key| key.bearer.login.as_deref() == Some(login);
        self.access.retain(|_, key| !theirs(key));
        self.refresh.values_mut().filter(|key| theirs(key)).for_each(|key| key.spent = true);
        self.codes.retain(|_, code| code.bearer.login.as_deref() != Some(login));
    }

    /// Forgets one token of an app; false when there is no such token.
    pub(super) fn revoke_one(&mut self, token: &str, client_id: &str) -> bool {
        let known = self.access.get(token).is_some_and(|key| key.bearer.client_id == client_id);
        known && self.access.remove(token).is_some()
    }
}
