//! What the two token endpoints have in common: what they hand out, and why they do not.

use super::no_answer;
use reqwest::{RequestBuilder, StatusCode};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use std::time::Duration;

/// What a token endpoint handed out.
#[derive(Debug, Clone, Deserialize)]
pub struct Granted {
    /// The access token.
    pub access_token: SecretString,
    /// The refresh token; when none comes with a refresh, the old one stays valid.
    pub refresh_token: Option<SecretString>,
    /// How long the access token lives.
    #[serde(default, deserialize_with = "seconds")]
    pub expires_in: Duration,
    /// What it may do.
    #[serde(default, rename = "scope", deserialize_with = "scopes")]
    pub scopes: Vec<String>,
}

/// Why a token endpoint handed nothing out.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// The code or the refresh token is expired, used up, revoked or unknown. Never retried.
    #[error("the grant is no longer accepted")]
    Refused,
    /// The app's own credentials are wrong.
    #[error("the app's client id or secret is not accepted ({0})")]
    BadClient(String),
    /// Anything that may pass: 5xx, 429, no answer, nonsense.
    #[error("the token service gave no token: {0}")]
    Transient(String),
}

/// Sends a request of a token endpoint: its status and its body.
pub(super) async fn send(request: RequestBuilder) -> Result<(StatusCode, String), OAuthError> {
    let silent = |error: reqwest::Error| OAuthError::Transient(no_answer(&error).to_owned());
    let response = request.send().await.map_err(silent)?;
    let status = response.status();
    Ok((status, response.text().await.map_err(silent)?))
}

/// The body of a success.
pub(super) fn granted(body: &str) -> Result<Granted, OAuthError> {
    serde_json::from_str(body).map_err(|_| OAuthError::Transient("the answer holds no token".to_owned()))
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}

/// Twitch sends a list, Spotify one text; some of Twitch's documents show a text as well.
fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Scopes {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Option::deserialize(deserializer)? {
        Some(Scopes::List(scopes)) => scopes,
        Some(Scopes::Text(text)) => text.split_whitespace().map(str::to_owned).collect(),
        None => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_come_as_a_list_or_as_one_text() {
        let read = |scope| granted(&format!("{{\"access_token\":\"x\",\"expires_in\":60{scope}}}"));
        let scopes = |scope| read(scope).expect("a grant").scopes;
        assert_eq!(scopes(",\"scope\":[\"a\",\"b\"]"), ["a", "b"]);
        assert_eq!(scopes(",\"scope\":\"a b\""), ["a", "b"]);
        assert!(scopes(",\"scope\":null").is_empty() && scopes("").is_empty());
        assert_eq!(read("").expect("a grant").expires_in, Duration::from_mins(1));
    }
}
