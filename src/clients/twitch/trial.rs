//! Trying an app out at Twitch before it is used: one with a secret asks for a token of its own, one without asks for a
//! device code, which nobody enters.

use super::accounts::TwitchAccounts;
use crate::clients::oauth::{self, OAuthError};
use crate::clients::{AppFault, OwnApp};
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

#[derive(Deserialize, Default)]
struct ErrorBody {
    #[serde(default)]
    message: String,
}

impl TwitchAccounts {
    /// Asks Twitch whether it takes an app as it is. Nothing is kept of it.
    ///
    /// # Errors
    /// [`AppFault`] says what is wrong with it.
    pub async fn try_out(&self, app: &OwnApp) -> Result<(), AppFault> {
        let request = match &app.client_secret {
            Some(secret) => self.http.post(format!("{}/token", self.id_url)).form(&[
                ("client_id", app.client_id.as_str()),
                ("client_secret", secret.expose_secret()),
                ("grant_type", "client_credentials"),
            ]),
            None => self
                .http
                .post(format!("{}/device", self.id_url))
                .form(&[("client_id", app.client_id.as_str()), ("scopes", "")]),
        };
        let silent = |error: OAuthError| AppFault::NoAnswer(error.to_string());
        let (status, body) = oauth::send(request).await.map_err(silent)?;
        read(status, &body)
    }
}

fn read(status: StatusCode, body: &str) -> Result<(), AppFault> {
    let ErrorBody { message } = serde_json::from_str(body).unwrap_or_default();
    let said = message.to_lowercase();
    match status.as_u16() {
        200..=299 => Ok(()),
        429 | 500.. => Err(AppFault::NoAnswer(format!("status {}", status.as_u16()))),
        _ if said.contains("secret") => Err(AppFault::WrongSecret),
        _ if said.contains("client") => Err(AppFault::UnknownId),
        status => Err(AppFault::Refused(format!("{status} {message}").trim().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, message: &str) -> Result<(), AppFault> {
        let body = serde_json::json!({"status": status, "message": message}).to_string();
        read(StatusCode::from_u16(status).expect("a status"), &body)
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        assert_eq!(answer(200, ""), Ok(()));
        assert_eq!(answer(400, "invalid client"), Err(AppFault::UnknownId));
        assert_eq!(answer(403, "invalid client secret"), Err(AppFault::WrongSecret));
        assert_eq!(answer(400, "Something new"), Err(AppFault::Refused("400 Something new".into())));
        for status in [429, 500, 503] {
            assert!(matches!(answer(status, "invalid client"), Err(AppFault::NoAnswer(_))), "{status}");
        }
    }
}
