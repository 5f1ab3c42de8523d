//! A listener's player: what plays now, and what was played recently.

use super::error::SpotifyError;
use super::wire::{Player, Recent, RecentPage};
use crate::base::clock::SharedClock;
use crate::clients::no_answer;
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;

/// Spotify gives no more at once, and remembers no more.
const MOST: &str = "50";

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
        self.get(&self.url, ("additional_types", "track,episode"), token).await
    }

    /// `GET /me/player/recently-played`: the newest plays that Spotify tells of, 50 at most, newest first. Plays it
    /// cannot describe are left out.
    ///
    /// # Errors
    /// [`SpotifyError`], as for a look.
    pub async fn recent(&self, token: &SecretString) -> Result<Vec<Recent>, SpotifyError> {
        let url = format!("{}/recently-played", self.url);
        let page: Option<RecentPage> = self.get(&url, ("limit", MOST), token).await?;
        Ok(page.map(RecentPage::plays).unwrap_or_default())
    }

    /// The answer to a request; none when it has no content.
    async fn get<T: DeserializeOwned>(
        &self,
        url: &str,
        query: (&str, &str),
        token: &SecretString,
    ) -> Result<Option<T>, SpotifyError> {
        let request = self.http.get(url).query(&[query]).bearer_auth(token.expose_secret());
        let response = request.send().await.map_err(|error| SpotifyError::NoAnswer(no_answer(&error)))?;
        self.read(response).await
    }

    async fn read<T: DeserializeOwned>(
        &self,
        response: reqwest::Response,
    ) -> Result<Option<T>, SpotifyError> {
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
