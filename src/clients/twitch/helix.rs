//! Helix with the app token: Get Streams and EventSub subscriptions over webhooks.

use super::app_token::AppToken;
use super::error::TwitchError;
use crate::base::clock::{Instant, SharedClock, read_instant};
use crate::clients::hear_time;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// Most ids that one call takes.
const IDS_PER_CALL: usize = 100;

/// The Helix API of one app.
#[derive(Debug, Clone)]
pub struct Helix {
    http: reqwest::Client,
    api_url: String,
    client_id: String,
    token: Arc<AppToken>,
    clock: SharedClock,
}

/// A live broadcast, as Get Streams has it. The answer lags by minutes both ways.
#[derive(Debug, Clone, Deserialize)]
pub struct LiveStream {
    /// Twitch's id of the stream.
    pub id: String,
    /// The broadcaster's Twitch id.
    pub user_id: String,
    /// `live`, or something that is not.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// When it began.
    #[serde(deserialize_with = "read_instant")]
    pub started_at: Instant,
}

/// A webhook subscription to ask for.
#[derive(Debug, Clone, Serialize)]
pub struct Subscription<'a> {
    /// Event type, like `stream.online`.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// Version of the event's shape.
    pub version: &'a str,
    /// Whose events.
    pub broadcaster_user_id: &'a str,
    /// Where Twitch delivers.
    pub callback: &'a str,
}

#[derive(Deserialize)]
struct Data<T> {
    data: Vec<T>,
}

#[derive(Deserialize, Default)]
struct ErrorBody {
    #[serde(default)]
    message: String,
}

impl Helix {
    /// A client for the API at `api_url`, with tokens from `id_url` (no trailing slashes).
    #[must_use]
    pub fn new(
        http: &reqwest::Client,
        api_url: &str,
        id_url: &str,
        client_id: &str,
        client_secret: SecretString,
        clock: SharedClock,
    ) -> Self {
        let token = Arc::new(AppToken::new(http.clone(), id_url, client_id, client_secret));
        Self {
            http: http.clone(),
            api_url: api_url.to_owned(),
            client_id: client_id.to_owned(),
            token,
            clock,
        }
    }

    /// `GET /streams`: who of `twitch_ids` is live. Who is missing from the answer is probably not.
    ///
    /// # Errors
    /// [`TwitchError`]; an error is not "offline".
    pub async fn streams(&self, twitch_ids: &[String]) -> Result<Vec<LiveStream>, TwitchError> {
        let mut live = Vec::new();
        for ids in twitch_ids.chunks(IDS_PER_CALL) {
            let query: Vec<(&str, &str)> = ids.iter().map(|id| ("user_id", id.as_str())).collect();
            let url = format!("{}/streams", self.api_url);
            let first = format!("{IDS_PER_CALL}");
            let request = self.http.get(url).query(&query).query(&[("first", first)]);
            live.extend(self.call::<Data<LiveStream>>(request).await?.data);
        }
        Ok(live)
    }

    /// `POST /eventsub/subscriptions` with the webhook transport; Twitch then sends a challenge to the callback.
    ///
    /// # Errors
    /// [`TwitchError`]; `Conflict` when the subscription is there already.
    pub async fn subscribe(
        &self,
        wanted: &Subscription<'_>,
        secret: &SecretString,
    ) -> Result<(), TwitchError> {
        let body = json!({
            "type": wanted.kind,
            "version": wanted.version,
            "condition": { "broadcaster_user_id": wanted.broadcaster_user_id },
            "transport": { "method": "webhook", "callback": wanted.callback, "secret": secret.expose_secret() },
        });
        let url = format!("{}/eventsub/subscriptions", self.api_url);
        self.call::<serde_json::Value>(self.http.post(url).json(&body)).await.map(drop)
    }

    /// Sends with the app token; a refused token is replaced once.
    async fn call<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, TwitchError> {
        let again = request.try_clone();
        match self.send(request).await {
            Err(TwitchError::Unauthorized) => match again {
                Some(again) => self.send(again).await,
                None => Err(TwitchError::Unauthorized),
            },
            result => result,
        }
    }

    async fn send<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, TwitchError> {
        let token = self.token.get().await?;
        let asked = tokio::time::Instant::now();
        let response =
            request.bearer_auth(token.expose_secret()).header("Client-Id", &self.client_id).send().await?;
        hear_time(self.clock.as_ref(), &response, asked);
        match response.status().as_u16() {
            200..=299 => Ok(response.json().await?),
            401 => {
                self.token.discard(&token).await;
                Err(TwitchError::Unauthorized)
            }
            409 => Err(TwitchError::Conflict),
            status => {
                let ErrorBody { message } = response.json().await.unwrap_or_default();
                Err(TwitchError::Status { status, message })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_begins_at_a_whole_millisecond() {
        let body = r#"{"data":[{"id":"s1","user_id":"1001","type":"live","started_at":"2026-11-20T20:00:00.123987654Z"}]}"#;
        let Data::<LiveStream> { data } = serde_json::from_str(body).expect("an answer");
        assert_eq!(data[0].started_at.timestamp_subsec_nanos(), 123_000_000);
    }
}
