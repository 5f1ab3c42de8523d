//! EventSub subscriptions: made with the app token for webhooks, with a user token for sockets.

use super::call::Caller;
use super::error::TwitchError;
use super::helix::Helix;
use crate::base::clock::SharedClock;
use crate::clients::AppCell;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Whom a subscription is about: ids by the names Twitch has for them, such as `broadcaster_user_id`.
pub type Condition = BTreeMap<String, String>;

/// A subscription to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Event type, like `stream.online`.
    pub kind: &'static str,
    /// Version of the event's shape.
    pub version: &'static str,
    /// Whose events.
    pub condition: Condition,
}

/// A subscription as Twitch lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Subscription {
    /// Twitch's id of it.
    pub id: String,
    /// `enabled`, `webhook_callback_verification_pending`, or why it is dead.
    pub status: String,
    /// Event type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of the event's shape.
    pub version: String,
    /// Whose events. Values that are no text are left out.
    #[serde(deserialize_with = "texts")]
    pub condition: Condition,
    /// How it is delivered.
    pub transport: Transport,
}

/// How a subscription is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Transport {
    /// `webhook`, `websocket` or `conduit`.
    pub method: String,
    /// Where to, of a webhook.
    #[serde(default)]
    pub callback: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    data: Vec<Subscription>,
    #[serde(default)]
    pagination: Pagination,
}

#[derive(Deserialize, Default)]
struct Pagination {
    #[serde(default)]
    cursor: Option<String>,
}

const PATH: &str = "/eventsub/subscriptions";

impl Helix {
    /// `POST /eventsub/subscriptions` with the webhook transport; Twitch then sends a challenge to the callback.
    ///
    /// # Errors
    /// [`TwitchError`]; `Conflict` when the subscription is there already.
    pub async fn subscribe(
        &self,
        topic: &Topic,
        callback: &str,
        secret: &SecretString,
    ) -> Result<(), TwitchError> {
        let secret = secret.expose_secret();
        let transport = json!({ "method": "webhook", "callback": callback, "secret": secret });
        let request = self.caller.http.post(self.caller.url(PATH)).json(&wish(topic, &transport));
        self.answer(request).await.map(drop)
    }

    /// `GET /eventsub/subscriptions`, all pages: everything that this app has subscribed to, dead ones too.
    ///
    /// # Errors
    /// [`TwitchError`].
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, TwitchError> {
        let (mut all, mut after) = (Vec::new(), None::<String>);
        loop {
            let request = self.caller.http.get(self.caller.url(PATH));
            let request = after.iter().fold(request, |request, after| request.query(&[("after", after)]));
            let page: Page = self.call(request).await?;
            all.extend(page.data);
            match page.pagination.cursor.filter(|cursor| !cursor.is_empty()) {
                // A cursor that leads nowhere would lead there for ever.
                Some(cursor) if after.as_ref() != Some(&cursor) => after = Some(cursor),
                _ => return Ok(all),
            }
        }
    }

    /// `DELETE /eventsub/subscriptions`; one that is gone already is fine.
    ///
    /// # Errors
    /// [`TwitchError`].
    pub async fn unsubscribe(&self, id: &str) -> Result<(), TwitchError> {
        let request = self.caller.http.delete(self.caller.url(PATH)).query(&[("id", id)]);
        match self.answer(request).await {
            Ok(_) | Err(TwitchError::Status { status: 404, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Subscriptions over sockets, each with the token of the user whose socket it is.
#[derive(Debug, Clone)]
pub struct SocketSubscriptions(Caller);

impl SocketSubscriptions {
    /// A client for the API at `api_url` (no trailing slash), as this app.
    #[must_use]
    pub fn new(http: &reqwest::Client, api_url: &str, app: AppCell, clock: SharedClock) -> Self {
        Self(Caller { http: http.clone(), api_url: api_url.to_owned(), app, clock })
    }

    /// `POST /eventsub/subscriptions` with the WebSocket transport: it works at once, and as long as the socket.
    ///
    /// # Errors
    /// [`TwitchError`]; `Conflict` when the subscription is there already.
    pub async fn subscribe(
        &self,
        topic: &Topic,
        session: &str,
        token: &SecretString,
    ) -> Result<(), TwitchError> {
        let transport = json!({ "method": "websocket", "session_id": session });
        let request = self.0.http.post(self.0.url(PATH)).json(&wish(topic, &transport));
        self.0.answer(request, token).await.map(drop)
    }
}

fn wish(topic: &Topic, transport: &Value) -> Value {
    let Topic { kind, version, condition } = topic;
    json!({ "type": kind, "version": version, "condition": condition, "transport": transport })
}

fn texts<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
    let all = BTreeMap::<String, Value>::deserialize(deserializer)?;
    Ok(all.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_twitch_writes_it_also_what_others_subscribed_to() {
        let body = r#"{"data":[
            {"id":"sub1","status":"enabled","type":"stream.online","version":"1","cost":1,
             "condition":{"broadcaster_user_id":"1001","reward_id":null},"created_at":"2026-11-20T20:00:00.123456789Z",
             "transport":{"method":"webhook","callback":"https://h.example/eventsub"}},
            {"id":"sub2","status":"websocket_disconnected","type":"channel.update","version":"2","condition":{},
             "transport":{"method":"websocket","session_id":"s"}}],
            "total":2,"pagination":{}}"#;
        let page: Page = serde_json::from_str(body).expect("a page");
        let condition = Condition::from([("broadcaster_user_id".to_owned(), "1001".to_owned())]);
        assert_eq!((&page.data[0].condition, page.pagination.cursor), (&condition, None));
        assert_eq!(page.data[1].transport.callback, None);
    }
}
