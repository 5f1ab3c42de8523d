//! Spotify's accounts service: the page on which a person lets us in (authorization code with PKCE), the code's trade for
//! tokens, and the refresh of an access token, which lives an hour.

use crate::clients::AppCell;
use crate::clients::oauth::{self, Granted, OAuthError};
use reqwest::{RequestBuilder, StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// The accounts service.
#[derive(Debug, Clone)]
pub struct SpotifyAccounts {
    pub(super) http: reqwest::Client,
    pub(super) url: String,
    own: AppCell,
}

/// The app that a grant is made through.
#[derive(Debug, Clone, Copy)]
pub struct Through<'a> {
    /// Its client id.
    pub client_id: &'a str,
    /// Its secret; without one it is a public client (PKCE), or the instance's own.
    pub client_secret: Option<&'a SecretString>,
}

/// What a person is to be asked for.
#[derive(Debug, Clone, Copy)]
pub struct Consent<'a> {
    /// The app.
    pub client_id: &'a str,
    /// Where the browser goes afterwards: HTTPS, or HTTP on a loopback literal.
    pub redirect_uri: &'a str,
    /// Comes back unchanged.
    pub state: &'a str,
    /// SHA-256 of the verifier, base64url without padding.
    pub challenge: &'a str,
    /// What we want to do.
    pub scopes: &'a [&'a str],
}

#[derive(Deserialize)]
struct ErrorBody {
    error: String,
}

impl SpotifyAccounts {
    /// A client for the service at `accounts_url` (no trailing slash). Grants of the instance's `own` app are made
    /// with its secret, if it has one, those of any other app with the secret that is given, or as a public (PKCE)
    /// client.
    #[must_use]
    pub fn new(http: reqwest::Client, accounts_url: &str, own: AppCell) -> Self {
        Self { http, url: accounts_url.to_owned(), own }
    }

    /// The client id of the instance's own app.
    #[must_use]
    pub fn own_client_id(&self) -> Option<String> {
        self.own.client_id()
    }

    /// The page on which a person says yes or no. It is shown although they said yes before, so that one who has two
    /// accounts can choose.
    ///
    /// # Errors
    /// When the configured address is none.
    pub fn consent_page(&self, consent: Consent<'_>) -> anyhow::Result<Url> {
        let scopes = consent.scopes.join(" ");
        let query = [
            ("client_id", consent.client_id),
            ("response_type", "code"),
            ("redirect_uri", consent.redirect_uri),
            ("scope", &scopes),
            ("state", consent.state),
            ("code_challenge_method", "S256"),
            ("code_challenge", consent.challenge),
            ("show_dialog", "true"),
        ];
        Ok(Url::parse_with_params(&format!("{}/authorize", self.url), query)?)
    }

    /// Trades a code for tokens.
    ///
    /// # Errors
    /// [`OAuthError`]; only `Transient` is worth another try.
    pub async fn redeem(
        &self,
        app: Through<'_>,
        code: &SecretString,
        verifier: &SecretString,
        redirect_uri: &str,
    ) -> Result<Granted, OAuthError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier.expose_secret()),
        ];
        self.ask(app, &form).await
    }

    /// Trades a refresh token for a new access token.
    ///
    /// # Errors
    /// [`OAuthError`]; only `Transient` is worth another try.
    pub async fn refresh(
        &self,
        app: Through<'_>,
        refresh_token: &SecretString,
    ) -> Result<Granted, OAuthError> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose_secret())];
        self.ask(app, &form).await
    }

    async fn ask(&self, app: Through<'_>, form: &[(&str, &str)]) -> Result<Granted, OAuthError> {
        let (status, body) = oauth::send(self.as_app(app, form)).await?;
        read(status, &body)
    }

    fn as_app(&self, app: Through<'_>, form: &[(&str, &str)]) -> RequestBuilder {
        let request = self.http.post(format!("{}/api/token", self.url));
        let own = self.own.get().filter(|own| own.client_id == app.client_id);
        let own_secret = own.as_ref().and_then(|own| own.client_secret.as_ref());
        match app.client_secret.or(own_secret) {
            Some(secret) => request.basic_auth(app.client_id, Some(secret.expose_secret())).form(form),
            None => request.form(&[form, &[("client_id", app.client_id)]].concat()),
        }
    }
}

fn read(status: StatusCode, body: &str) -> Result<Granted, OAuthError> {
    if status.is_success() {
        return oauth::granted(body);
    }
    match serde_json::from_str::<ErrorBody>(body) {
        Ok(ErrorBody { error }) if error == "invalid_grant" => Err(OAuthError::Refused),
        Ok(ErrorBody { error }) if status.is_client_error() && error.ends_with("client") => {
            Err(OAuthError::BadClient(error))
        }
        _ => Err(OAuthError::Transient(format!("status {}", status.as_u16()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_invalid_grant_ends_a_link() {
        let revoked = r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#;
        assert!(matches!(read(StatusCode::BAD_REQUEST, revoked), Err(OAuthError::Refused)));
        for (status, body) in [(503, "<html>"), (429, ""), (400, r#"{"error":"server_error"}"#), (200, "{}")]
        {
            let status = StatusCode::from_u16(status).expect("a status");
            assert!(matches!(read(status, body), Err(OAuthError::Transient(_))), "{status}");
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
