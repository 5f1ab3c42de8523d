//! Helix with the app token, or where the app has no secret with somebody's: Get Streams, Get Users.

use super::accounts::Person;
use super::app_token::AppToken;
use super::call::Caller;
use super::error::TwitchError;
use super::lender::Lender;
use crate::base::clock::{Instant, SharedClock, read_instant};
use crate::clients::AppCell;
use reqwest::{RequestBuilder, Response};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Most ids that one call takes.
const IDS_PER_CALL: usize = 100;

/// The Helix API of one app.
#[derive(Debug, Clone)]
pub struct Helix {
    pub(super) caller: Caller,
    token: Arc<AppToken>,
    lender: Option<Arc<dyn Lender>>,
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

#[derive(Deserialize)]
struct Data<T> {
    data: Vec<T>,
}

impl Helix {
    /// A client for the API at `api_url`, as this app, with tokens from `id_url` (no trailing slashes).
    #[must_use]
    pub fn new(
        http: &reqwest::Client,
        api_url: &str,
        id_url: &str,
        app: AppCell,
        clock: SharedClock,
    ) -> Self {
        let token = Arc::new(AppToken::new(http.clone(), id_url, app.clone()));
        Self {
            caller: Caller { http: http.clone(), api_url: api_url.to_owned(), app, clock },
            token,
            lender: None,
        }
    }

    /// The same, which calls with a token of somebody's while the app has no secret to call on its own behalf.
    #[must_use]
    pub fn borrowing(self, lender: Arc<dyn Lender>) -> Self {
        Self { lender: Some(lender), ..self }
    }

    /// Whether there is an app that can call: on its own behalf, for which it needs a secret, or on somebody's.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        let app = &self.caller.app;
        app.has_secret() || (self.lender.is_some() && app.get().is_some())
    }

    /// The app's client id; none while there is no app.
    #[must_use]
    pub fn client_id(&self) -> Option<String> {
        self.caller.app.client_id()
    }

    /// `GET /streams`: who of `twitch_ids` is live. Who is missing from the answer is probably not.
    ///
    /// # Errors
    /// [`TwitchError`]; an error is not "offline".
    pub async fn streams(&self, twitch_ids: &[String]) -> Result<Vec<LiveStream>, TwitchError> {
        let mut live = Vec::new();
        for ids in twitch_ids.chunks(IDS_PER_CALL) {
            let query: Vec<(&str, &str)> = ids.iter().map(|id| ("user_id", id.as_str())).collect();
            let first = format!("{IDS_PER_CALL}");
            let url = self.caller.url("/streams");
            let request = self.caller.http.get(url).query(&query).query(&[("first", first)]);
            live.extend(self.call::<Data<LiveStream>>(request).await?.data);
        }
        Ok(live)
    }

    /// `GET /users`: who has this login now; none when nobody has.
    ///
    /// # Errors
    /// [`TwitchError`]
    pub async fn person(&self, login: &str) -> Result<Option<Person>, TwitchError> {
        let request = self.caller.http.get(self.caller.url("/users")).query(&[("login", login)]);
        let Data { data } = self.call::<Data<Person>>(request).await?;
        Ok(data.into_iter().find(|person| person.login == login))
    }

    /// Sends with the right token; the answer is JSON.
    pub(super) async fn call<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, TwitchError> {
        Ok(self.answer(request).await?.json().await?)
    }

    /// Sends with the right token; a refused one is replaced once.
    pub(super) async fn answer(&self, request: RequestBuilder) -> Result<Response, TwitchError> {
        let again = request.try_clone();
        match self.send(request).await {
            Err(TwitchError::Unauthorized) => match again {
                Some(again) => self.send(again).await,
                None => Err(TwitchError::Unauthorized),
            },
            result => result,
        }
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, TwitchError> {
        match self.lender.as_ref().filter(|_| !self.caller.app.has_secret()) {
            Some(lender) => self.send_with(request, lender.as_ref()).await,
            None => self.send_as_app(request).await,
        }
    }

    async fn send_with(&self, request: RequestBuilder, lender: &dyn Lender) -> Result<Response, TwitchError> {
        let token: SecretString = lender.lend().await.ok_or(TwitchError::NoGrant)?;
        let answer = self.caller.answer(request, &token).await;
        if let Err(TwitchError::Unauthorized) = answer {
            lender.refused(token).await;
        }
        answer
    }

    async fn send_as_app(&self, request: RequestBuilder) -> Result<Response, TwitchError> {
        let token = self.token.get().await?;
        let answer = self.caller.answer(request, &token).await;
        if let Err(TwitchError::Unauthorized) = answer {
            self.token.discard(&token).await;
        }
        answer
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
