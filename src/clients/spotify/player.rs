//! One look at a listener's player.

use super::error::SpotifyError;
use super::wire::Player;
use crate::base::clock::SharedClock;
use crate::clients::no_answer;
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use secrecy::{ExposeSecret as _, SecretString};

/// The player endpoint of the Web API.
#[derive(Debug, Clone)]
pub struct SpotifyPlayer {
    http: reqwest::Client,
    url: String,
    clock: SharedClock,
}

impl SpotifyPlayer {
    /// A client for the API at `api_url` (no trailing slash).
    #[must_use]
    pub fn new(http: reqwest::Client, api_url: &str, clock: SharedClock) -> Self {
        Self { http, url: format!("{api_url}/me/player"), clock }
    }

    /// `GET /me/player`: what plays, or none when nothing is active (204, or a private session).
    ///
    /// # Errors
    /// [`SpotifyError`], one kind for each thing that can be done about it.
    pub async fn look(&self, token: &SecretString) -> Result<Option<Player>, SpotifyError> {
        let response = self
            .http
            .get(&self.url)
            .query(&[("additional_types", "track,episode")])
            .bearer_auth(token.expose_secret())
            .send()
            .await
            .map_err(|error| SpotifyError::NoAnswer(no_answer(&error)))?;
        self.read(response).await
    }

    async fn read(&self, response: reqwest::Response) -> Result<Option<Player>, SpotifyError> {
        let status = response.status();
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = response.text().await.map_err(|error| SpotifyError::NoAnswer(no_answer(&error)))?;
        match status {
            StatusCode::NO_CONTENT => Ok(None),
            StatusCode::OK => serde_json::from_str(&body)
                .map(Some)
                .map_err(|error| SpotifyError::Unreadable { shape: error.to_string() }),
            _ => Err(SpotifyError::read(status.as_u16(), retry_after.as_deref(), &body, self.clock.now())),
        }
    }
}
