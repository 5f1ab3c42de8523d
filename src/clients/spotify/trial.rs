//! Trying an app out at Spotify before it is used: one with a secret asks for a token of its own; one without presents a
//! refresh token that nobody was given, and Spotify says first whether it knows the app. What else may be wrong, the
//! redirect URI or who is on the app's list, only a link by a person shows.

use super::accounts::SpotifyAccounts;
use crate::clients::oauth::{self, OAuthError};
use crate::clients::{AppFault, OwnApp};
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

#[derive(Deserialize, Default)]
struct ErrorBody {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

impl SpotifyAccounts {
    /// Asks Spotify whether it takes an app as it is. Nothing is kept of it.
    ///
    /// # Errors
    /// [`AppFault`] says what is wrong with it.
    pub async fn try_out(&self, app: &OwnApp) -> Result<(), AppFault> {
        let request = self.http.post(format!("{}/api/token", self.url));
        let request = match &app.client_secret {
            Some(secret) => request
                .basic_auth(&app.client_id, Some(secret.expose_secret()))
                .form(&[("grant_type", "client_credentials")]),
            None => request.form(&[
                ("grant_type", "refresh_token"),
                ("refresh_token", "none"),
                ("client_id", &app.client_id),
            ]),
        };
        let silent = |error: OAuthError| AppFault::NoAnswer(error.to_string());
        let (status, body) = oauth::send(request).await.map_err(silent)?;
        read(status, &body)
    }
}

fn read(status: StatusCode, body: &str) -> Result<(), AppFault> {
    let ErrorBody { error, error_description: words } = serde_json::from_str(body).unwrap_or_default();
    match (status.as_u16(), error.as_str()) {
        (200..=299, _) | (400, "invalid_grant") => Ok(()),
        (429 | 500.., _) => Err(AppFault::NoAnswer(format!("status {}", status.as_u16()))),
        (_, "invalid_client") if words.to_lowercase().contains("secret") => Err(AppFault::WrongSecret),
        (_, "invalid_client") => Err(AppFault::UnknownId),
        (status, _) => Err(AppFault::Refused(format!("{status} {error} {words}").trim().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, error: &str, words: &str) -> Result<(), AppFault> {
        let body = serde_json::json!({"error": error, "error_description": words}).to_string();
        read(StatusCode::from_u16(status).expect("a status"), &body)
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        assert_eq!(answer(200, "", ""), Ok(()));
        assert_eq!(answer(400, "invalid_grant", "Refresh token revoked"), Ok(()), "it knows the app");
        assert_eq!(answer(400, "invalid_client", "Invalid client"), Err(AppFault::UnknownId));
        assert_eq!(answer(400, "invalid_client", "Invalid client secret"), Err(AppFault::WrongSecret));
        assert_eq!(answer(400, "odd", ""), Err(AppFault::Refused("400 odd".into())));
        assert!(matches!(answer(503, "", ""), Err(AppFault::NoAnswer(_))));
    }
}
