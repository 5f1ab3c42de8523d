//! One call to Helix: client id, token, what time it is there, what went wrong.

use super::error::TwitchError;
use crate::base::clock::SharedClock;
use crate::clients::{AppCell, hear_time};
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// Who calls: the app at Twitch, with whatever token a call is given.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) http: reqwest::Client,
    pub(super) api_url: String,
    pub(super) app: AppCell,
    pub(super) clock: SharedClock,
}

#[derive(Deserialize, Default)]
struct ErrorBody {
    #[serde(default)]
    message: String,
}

impl Caller {
    /// The address of an endpoint; `path` begins with a slash.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.api_url)
    }

    /// Sends; gives answers that are not errors.
    pub(super) async fn answer(
        &self,
        request: RequestBuilder,
        token: &SecretString,
    ) -> Result<Response, TwitchError> {
        let client_id = self.app.client_id().ok_or(TwitchError::NoApp)?;
        let asked = tokio::time::Instant::now();
        let request = request.bearer_auth(token.expose_secret()).header("Client-Id", client_id);
        let response = request.send().await?;
        hear_time(self.clock.as_ref(), &response, asked);
        match response.status().as_u16() {
            200..=299 => Ok(response),
            401 => Err(TwitchError::Unauthorized),
            409 => Err(TwitchError::Conflict),
            status => {
                let ErrorBody { message } = response.json().await.unwrap_or_default();
                Err(TwitchError::Status { status, message })
            }
        }
    }
}
