//! The player half of the Web API: one look at what plays, and what was played before.

use super::error::SpotifyError;
use super::recent::{self, Recent};
use super::wire::Player;
use crate::base::clock::SharedClock;
use crate::clients::{hear_time, no_answer};
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use secrecy::{ExposeSecret as _, SecretString};

/// As many plays as one answer can hold, and about as many as Spotify remembers.
const MOST_RECENT: &str = "50";

/// The player endpoints of the Web API.
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
        let body = self.get(&self.url, &[("additional_types", "track,episode")], token).await?;
        body.map(|body| serde_json::from_str(&body))
            .transpose()
            .map_err(|error| SpotifyError::unreadable(&error))
    }

    /// `GET /me/player/recently-played`: the 50 plays that Spotify tells of now, oldest first; fewer, or none, when
    /// it tells less. Only tracks are among them, and entries that cannot be read are not.
    ///
    /// # Errors
    /// [`SpotifyError`], as for [`Self::look`]; `Unreadable` also when there are entries and none can be read.
    pub async fn recent(&self, token: &SecretString) -> Result<Vec<Recent>, SpotifyError> {
        let url = format!("{}/recently-played", self.url);
        let body = self.get(&url, &[("limit", MOST_RECENT)], token).await?;
        body.map_or(Ok(Vec::new()), |body| recent::read(&body))
            .map_err(|error| SpotifyError::unreadable(&error))
    }

    /// The body of a 200, none for a 204; everything else is an error.
    async fn get(
        &self,
        url: &str,
        query: &[(&str, &str)],
        token: &SecretString,
    ) -> Result<Option<String>, SpotifyError> {
        let request = self.http.get(url).query(query).bearer_auth(token.expose_secret());
        let asked = tokio::time::Instant::now();
        let response = request.send().await.map_err(|error| SpotifyError::NoAnswer(no_answer(&error)))?;
        let status = response.status();
        hear_time(self.clock.as_ref(), &response, asked);
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = response.text().await.map_err(|error| SpotifyError::NoAnswer(no_answer(&error)))?;
        match status {
            StatusCode::NO_CONTENT => Ok(None),
            StatusCode::OK => Ok(Some(body)),
            _ => Err(SpotifyError::read(status.as_u16(), retry_after.as_deref(), &body, self.clock.now())),
        }
    }
}
