//! Spotify's token endpoint: an access token lives an hour, then it is refreshed.

use crate::clients::no_answer;
use reqwest::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// The accounts service.
#[derive(Debug, Clone)]
pub struct SpotifyAccounts {
    http: reqwest::Client,
    url: String,
    own: Option<OwnApp>,
}

/// The instance's own app, when it has a secret.
#[derive(Debug, Clone)]
pub struct OwnApp {
    /// Its client id.
    pub client_id: String,
    /// Its secret, which belongs to no other client id.
    pub client_secret: SecretString,
}

/// What a refresh gave.
#[derive(Debug)]
pub struct Refreshed {
    /// The new access token.
    pub access_token: SecretString,
    /// A new refresh token; when none comes the old one stays valid.
    pub refresh_token: Option<SecretString>,
}

/// Why a refresh gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// `invalid_grant`: expired, revoked or unknown. Never retried: the streamer has to link again.
    #[error("Spotify no longer accepts the refresh token (invalid_grant)")]
    InvalidGrant,
    /// The app's own credentials are wrong: `invalid_client`, `unauthorized_client`.
    #[error("Spotify does not accept spotify.client_id or spotify.client_secret ({0})")]
    InvalidClient(String),
    /// Anything that may pass: 5xx, 429, no answer, nonsense.
    #[error("Spotify's token service gave no token: {0}")]
    Transient(String),
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
}

#[derive(Deserialize)]
struct ErrorBody {
    error: String,
}

impl SpotifyAccounts {
    /// A client for the service at `accounts_url` (no trailing slash). Grants of the instance's `own` app are made
    /// with its secret, those of any other app as a public (PKCE) client.
    #[must_use]
    pub fn new(http: reqwest::Client, accounts_url: &str, own: Option<OwnApp>) -> Self {
        Self { http, url: format!("{accounts_url}/api/token"), own }
    }

    /// Trades a refresh token for a new access token.
    ///
    /// # Errors
    /// [`RefreshError`]; only `Transient` is worth another try.
    pub async fn refresh(
        &self,
        client_id: &str,
        refresh_token: &SecretString,
    ) -> Result<Refreshed, RefreshError> {
        let mut form =
            vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose_secret())];
        let mut request = self.http.post(&self.url);
        if let Some(own) = self.own.as_ref().filter(|own| own.client_id == client_id) {
            request = request.basic_auth(client_id, Some(own.client_secret.expose_secret()));
        } else {
            form.push(("client_id", client_id));
        }
        let response = request
            .form(&form)
            .send()
            .await
            .map_err(|error| RefreshError::Transient(no_answer(&error).to_owned()))?;
        let status = response.status();
        let body =
            response.text().await.map_err(|error| RefreshError::Transient(no_answer(&error).to_owned()))?;
        read(status, &body)
    }
}

fn read(status: StatusCode, body: &str) -> Result<Refreshed, RefreshError> {
    if status.is_success() {
        let TokenBody { access_token, refresh_token } = serde_json::from_str(body)
            .map_err(|_| RefreshError::Transient("the answer holds no token".to_owned()))?;
        return Ok(Refreshed { access_token, refresh_token });
    }
    match serde_json::from_str::<ErrorBody>(body) {
        Ok(ErrorBody { error }) if error == "invalid_grant" => Err(RefreshError::InvalidGrant),
        Ok(ErrorBody { error }) if status.is_client_error() && error.ends_with("client") => {
            Err(RefreshError::InvalidClient(error))
        }
        _ => Err(RefreshError::Transient(format!("status {}", status.as_u16()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_invalid_grant_ends_a_link() {
        let revoked = r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#;
        assert!(matches!(read(StatusCode::BAD_REQUEST, revoked), Err(RefreshError::InvalidGrant)));
        for (status, body) in [(503, "<html>"), (429, ""), (400, r#"{"error":"server_error"}"#), (200, "{}")]
        {
            let status = StatusCode::from_u16(status).expect("a status");
            assert!(matches!(read(status, body), Err(RefreshError::Transient(_))), "{status}");
        }
    }

    #[test]
    fn a_refresh_may_keep_the_old_refresh_token() {
        let body = r#"{"access_token":"BQ2","token_type":"Bearer","expires_in":3600}"#;
        let refreshed = read(StatusCode::OK, body).expect("refreshed");
        assert_eq!(refreshed.access_token.expose_secret(), "BQ2");
        assert!(refreshed.refresh_token.is_none());
    }
}
