//! The way in for a public client: Twitch gives a code, the person confirms it wherever they like, and we ask now and
//! then what has become of it (device code grant, though not in the words of RFC 8628).

use super::accounts::{ErrorBody, TwitchAccounts};
use crate::clients::oauth::{self, Granted, OAuthError};
use reqwest::{StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// What the grant is called on the wire.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A code that waits to be confirmed.
#[derive(Debug, Clone, Deserialize)]
pub struct DeviceCode {
    /// Good for tokens, once, when it is confirmed.
    pub device_code: SecretString,
    /// What the person compares, or types.
    pub user_code: String,
    /// Where they confirm it.
    pub verification_uri: String,
    /// How often it may be asked for, in seconds.
    #[serde(default = "five")]
    pub interval: u32,
    /// How long it is good, in seconds.
    pub expires_in: u32,
}

/// What has become of a code.
#[derive(Debug)]
pub enum DeviceAnswer {
    /// Nobody has said anything yet.
    Pending,
    /// It is confirmed: tokens.
    Granted(Granted),
}

impl TwitchAccounts {
    /// Asks for a code.
    ///
    /// # Errors
    /// [`OAuthError`]; only `Transient` is worth another try.
    pub async fn ask_device(&self, scopes: &[&str]) -> Result<DeviceCode, OAuthError> {
        let scopes = scopes.join(" ");
        let (status, body) = self.post("/device", &[("scopes", scopes.as_str())]).await?;
        if !status.is_success() {
            return Err(failure(status, &body));
        }
        let asked = serde_json::from_str(&body).ok().filter(leads_to_a_page);
        asked.ok_or_else(|| OAuthError::Transient("the answer holds no device code".to_owned()))
    }

    /// Asks what has become of a code; not more often than its interval allows.
    ///
    /// # Errors
    /// [`OAuthError`]; `Refused` when it is too late, or the person said no.
    pub async fn redeem_device(
        &self,
        code: &SecretString,
        scopes: &[&str],
    ) -> Result<DeviceAnswer, OAuthError> {
        let scopes = scopes.join(" ");
        let form = [("grant_type", GRANT), ("device_code", code.expose_secret()), ("scopes", &scopes)];
        let (status, body) = self.post("/token", &form).await?;
        read(status, &body)
    }
}

/// Whatever it is, a person is to click on it.
fn leads_to_a_page(code: &DeviceCode) -> bool {
    Url::parse(&code.verification_uri).is_ok_and(|uri| matches!(uri.scheme(), "https" | "http"))
}

/// How often a code may be asked for, if it does not say so.
fn five() -> u32 {
    5
}

fn read(status: StatusCode, body: &str) -> Result<DeviceAnswer, OAuthError> {
    if status.is_success() {
        return oauth::granted(body).map(DeviceAnswer::Granted);
    }
    match message(body) {
        // Twitch leaves the door ajar to either way of writing it.
        said if said.replace(' ', "_").contains("authorization_pending") => Ok(DeviceAnswer::Pending),
        said if said.contains("device code") || said.contains("denied") || said.contains("expired") => {
            Err(OAuthError::Refused)
        }
        _ => Err(failure(status, body)),
    }
}

fn failure(status: StatusCode, body: &str) -> OAuthError {
    let said = message(body);
    match status.as_u16() {
        400 | 401 | 403 if said.contains("client") => OAuthError::BadClient(said),
        status => OAuthError::Transient(format!("status {status} {said}")),
    }
}

fn message(body: &str) -> String {
    serde_json::from_str::<ErrorBody>(body).unwrap_or_default().message.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, message: &str) -> Result<DeviceAnswer, OAuthError> {
        let body = serde_json::json!({"status": status, "message": message}).to_string();
        read(StatusCode::from_u16(status).expect("a status"), &body)
    }

    #[test]
    fn waiting_is_told_from_a_no_and_from_trouble() {
        for waiting in ["authorization_pending", "Authorization Pending"] {
            assert!(matches!(answered(400, waiting), Ok(DeviceAnswer::Pending)), "{waiting}");
        }
        for over in ["invalid device code", "Invalid Device Code", "access_denied", "expired_token"] {
            assert!(matches!(answered(400, over), Err(OAuthError::Refused)), "{over}");
        }
        assert!(matches!(answered(400, "invalid client"), Err(OAuthError::BadClient(_))));
        for (status, passing) in [(503, ""), (429, "slow down"), (400, "something else")] {
            assert!(matches!(answered(status, passing), Err(OAuthError::Transient(_))), "{passing}");
        }
    }

    #[test]
    fn a_code_is_read_as_twitch_writes_it() {
        let body = r#"{"device_code":"dc1","expires_in":1800,"interval":5,"user_code":"ABCDEFGH",
            "verification_uri":"https://www.twitch.tv/activate?public=true&device-code=ABCDEFGH"}"#;
        let code: DeviceCode = serde_json::from_str(body).expect("a code");
        assert_eq!((code.user_code.as_str(), code.interval, code.expires_in), ("ABCDEFGH", 5, 1_800));
        assert!(!format!("{code:?}").contains("dc1"));
    }
}
