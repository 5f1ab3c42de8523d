//! Trying an app out at Twitch before it is used: one with a secret asks for a token of its own, one without asks for a
//! device code, which nobody enters, and presents a refresh token that nobody was given, because an app that has a secret
//! is asked for it then.

use super::accounts::TwitchAccounts;
use crate::clients::oauth::{self, OAuthError};
use crate::clients::{AppFault, OwnApp};
use secrecy::{ExposeSecret as _, SecretString};
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
        match &app.client_secret {
            Some(secret) => self.try_secret(&app.client_id, secret).await,
            None => self.try_public(&app.client_id).await,
        }
    }

    async fn try_secret(&self, client_id: &str, secret: &SecretString) -> Result<(), AppFault> {
        let secret = secret.expose_secret();
        let form =
            [("client_id", client_id), ("client_secret", secret), ("grant_type", "client_credentials")];
        let (status, said) = self.probe("/token", &form).await?;
        if status < 300 { Ok(()) } else { Err(fault(status, &said)) }
    }

    async fn try_public(&self, client_id: &str) -> Result<(), AppFault> {
        let form = [("client_id", client_id), ("scopes", "user:read:email")];
        let (status, said) = self.probe("/device", &form).await?;
        if status >= 300 {
            return Err(fault(status, &said));
        }
        let form = [("client_id", client_id), ("grant_type", "refresh_token"), ("refresh_token", "none")];
        let (_, said) = self.probe("/token", &form).await?;
        if said.to_lowercase().contains("secret") { Err(AppFault::NeedsSecret) } else { Ok(()) }
    }

    /// The status and the message of an answer that says something about the app.
    async fn probe(&self, path: &str, form: &[(&str, &str)]) -> Result<(u16, String), AppFault> {
        let silent = |error: OAuthError| AppFault::NoAnswer(error.to_string());
        let request = self.http.post(format!("{}{path}", self.id_url)).form(form);
        let (status, body) = oauth::send(request).await.map_err(silent)?;
        match status.as_u16() {
            status @ (429 | 500..) => Err(AppFault::NoAnswer(format!("status {status}"))),
            status => Ok((status, serde_json::from_str::<ErrorBody>(&body).unwrap_or_default().message)),
        }
    }
}

fn fault(status: u16, message: &str) -> AppFault {
    let said = message.to_lowercase();
    if said.contains("invalid client secret") {
        AppFault::WrongSecret
    } else if said.contains("invalid client") || said.contains("does not exist") {
        AppFault::UnknownId
    } else {
        AppFault::Refused(format!("{status} {message}").trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_apart() {
        assert_eq!(fault(400, "invalid client"), AppFault::UnknownId);
        assert_eq!(fault(404, "client does not exist"), AppFault::UnknownId);
        assert_eq!(fault(403, "Invalid client secret"), AppFault::WrongSecret);
        assert_eq!(fault(400, "Something new"), AppFault::Refused("400 Something new".into()));
        assert_eq!(fault(400, ""), AppFault::Refused("400".into()));
    }
}
