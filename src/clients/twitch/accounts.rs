//! Twitch's id service for people: the page on which a person logs in (authorization code), the code's trade for tokens,
//! refresh, validation and revocation.
//!
//! Twitch answers errors with a status and a message, not in the shape of RFC 6749.

use super::error::TwitchError;
use crate::clients::oauth::{self, Granted, OAuthError};
use crate::clients::{AppCell, OwnApp};
use reqwest::{StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::sync::Arc;

/// The id service, as one app.
#[derive(Debug, Clone)]
pub struct TwitchAccounts {
    pub(super) http: reqwest::Client,
    pub(super) id_url: String,
    api_url: String,
    app: AppCell,
}

/// What Twitch says of a user token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Validated {
    /// Twitch's id of the person.
    pub user_id: String,
    /// The person's login now.
    pub login: String,
}

/// A person, as Get Users has them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Person {
    /// Twitch's id.
    pub id: String,
    /// Login, lower case.
    pub login: String,
    /// The name as the person writes it.
    pub display_name: String,
}

#[derive(Deserialize)]
struct People {
    data: Vec<Person>,
}

#[derive(Deserialize, Default)]
pub(super) struct ErrorBody {
    #[serde(default)]
    pub(super) message: String,
}

impl TwitchAccounts {
    /// A client for the id service at `id_url` and the API at `api_url` (no trailing slashes).
    #[must_use]
    pub fn new(http: reqwest::Client, id_url: &str, api_url: &str, app: AppCell) -> Self {
        Self { http, id_url: id_url.to_owned(), api_url: api_url.to_owned(), app }
    }

    /// The app's client id; none while there is no app.
    #[must_use]
    pub fn client_id(&self) -> Option<String> {
        self.app.client_id()
    }

    /// Whether people can be sent to Twitch's page: a code is traded with the app's secret.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        self.app.has_secret()
    }

    /// The page on which a person logs in; the browser comes back to `redirect_uri`, with `state` unchanged.
    ///
    /// # Errors
    /// When the configured address is none, or there is no app.
    pub fn consent_page(&self, redirect_uri: &str, state: &str, scopes: &[&str]) -> anyhow::Result<Url> {
        let (scopes, app) = (scopes.join(" "), self.app()?);
        let query = [
            ("response_type", "code"),
            ("client_id", &app.client_id),
            ("redirect_uri", redirect_uri),
            ("scope", &scopes),
            ("state", state),
        ];
        Ok(Url::parse_with_params(&format!("{}/authorize", self.id_url), query)?)
    }

    /// Trades a code for tokens.
    ///
    /// # Errors
    /// [`OAuthError`]; only `Transient` is worth another try.
    pub async fn redeem(&self, code: &SecretString, redirect_uri: &str) -> Result<Granted, OAuthError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", redirect_uri),
        ];
        self.ask(&form).await
    }

    /// Trades a refresh token for a new pair. A public client's refresh token is used up by this.
    ///
    /// # Errors
    /// [`OAuthError`]; only `Transient` is worth another try.
    pub async fn refresh(&self, refresh_token: &SecretString) -> Result<Granted, OAuthError> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose_secret())];
        self.ask(&form).await
    }

    /// Whom a token speaks for. Twitch demands that this is asked at the start and each hour.
    ///
    /// # Errors
    /// `Unauthorized` when the token is dead; anything else says nothing about it.
    pub async fn validate(&self, token: &SecretString) -> Result<Validated, TwitchError> {
        let request = self.http.get(format!("{}/validate", self.id_url));
        let header = format!("OAuth {}", token.expose_secret());
        let response = request.header(reqwest::header::AUTHORIZATION, header).send().await?;
        match response.status() {
            StatusCode::OK => Ok(response.json().await?),
            StatusCode::UNAUTHORIZED => Err(TwitchError::Unauthorized),
            status => Err(refused(status, &response.text().await?)),
        }
    }

    /// The person whom a token speaks for, with the name as they write it.
    ///
    /// # Errors
    /// [`TwitchError`]
    pub async fn person(&self, token: &SecretString) -> Result<Person, TwitchError> {
        let request = self.http.get(format!("{}/users", self.api_url));
        let request = request.bearer_auth(token.expose_secret()).header("Client-Id", &self.app()?.client_id);
        let response = request.send().await?;
        match response.status() {
            StatusCode::OK => {
                let People { data } = response.json().await?;
                data.into_iter().next().ok_or(TwitchError::NoAnswer("nobody in the answer"))
            }
            StatusCode::UNAUTHORIZED => Err(TwitchError::Unauthorized),
            status => Err(refused(status, &response.text().await?)),
        }
    }

    /// Has Twitch forget a token. One that it does not know is forgotten already.
    ///
    /// # Errors
    /// [`TwitchError`]
    pub async fn revoke(&self, token: &SecretString) -> Result<(), TwitchError> {
        let app = self.app()?;
        let form = [("client_id", app.client_id.as_str()), ("token", token.expose_secret())];
        let response = self.http.post(format!("{}/revoke", self.id_url)).form(&form).send().await?;
        match response.status() {
            StatusCode::OK | StatusCode::BAD_REQUEST => Ok(()),
            status => Err(refused(status, &response.text().await?)),
        }
    }

    fn app(&self) -> Result<Arc<OwnApp>, TwitchError> {
        self.app.get().ok_or(TwitchError::NoApp)
    }

    async fn ask(&self, form: &[(&str, &str)]) -> Result<Granted, OAuthError> {
        let (status, body) = self.post("/token", form).await?;
        read(status, &body)
    }

    /// Posts to the id service as the app, with its secret if it has one.
    pub(super) async fn post(
        &self,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<(StatusCode, String), OAuthError> {
        let app = self.app().map_err(|error| OAuthError::BadClient(error.to_string()))?;
        let secret = app.client_secret.as_ref().map(|secret| ("client_secret", secret.expose_secret()));
        let own = [("client_id", app.client_id.as_str())].into_iter().chain(secret);
        let form: Vec<_> = form.iter().copied().chain(own).collect();
        oauth::send(self.http.post(format!("{}{path}", self.id_url)).form(&form)).await
    }
}

fn refused(status: StatusCode, body: &str) -> TwitchError {
    let ErrorBody { message } = serde_json::from_str(body).unwrap_or_default();
    TwitchError::Status { status: status.as_u16(), message }
}

fn read(status: StatusCode, body: &str) -> Result<Granted, OAuthError> {
    if status.is_success() {
        return oauth::granted(body);
    }
    let message = serde_json::from_str::<ErrorBody>(body).unwrap_or_default().message.to_lowercase();
    match status.as_u16() {
        400 | 401 | 403 if message.contains("client") => Err(OAuthError::BadClient(message)),
        400 | 401 if message.contains("refresh token") || message.contains("authorization code") => {
            Err(OAuthError::Refused)
        }
        status => Err(OAuthError::Transient(format!("status {status} {message}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, message: &str) -> OAuthError {
        let body = serde_json::json!({"status": status, "message": message}).to_string();
        read(StatusCode::from_u16(status).expect("a status"), &body).expect_err("a refusal")
    }

    #[test]
    fn a_refusal_is_told_from_wrong_credentials_and_from_trouble_that_passes() {
        for (status, message) in [
            (400, "Invalid refresh token"),
            (401, "invalid refresh token"),
            (400, "Invalid authorization code"),
        ] {
            assert!(matches!(failure(status, message), OAuthError::Refused), "{message}");
        }
        for (status, message) in [(400, "invalid client"), (403, "invalid client secret")] {
            assert!(matches!(failure(status, message), OAuthError::BadClient(_)), "{message}");
        }
        for (status, message) in [(503, ""), (429, "slow down"), (400, "something else")] {
            assert!(matches!(failure(status, message), OAuthError::Transient(_)), "{message}");
        }
    }
}
