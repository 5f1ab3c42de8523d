//! What a message says: Twitch's JSON, read as far as we need it. Both transports end here. Pure.

use super::news::News;
use super::types;
use crate::base::clock::Instant;
use serde::Deserialize;
use serde_json::{Result, Value};

/// A message that is believed, by whichever way it came.
#[derive(Debug)]
pub(super) struct Notification {
    /// The same however often and wherever it is heard.
    pub(super) id: String,
    /// When Twitch first sent it.
    pub(super) sent: Instant,
    /// Whether it says that the subscription has ended.
    pub(super) is_revocation: bool,
    /// What it says; an error when that cannot be read.
    pub(super) message: Result<Message>,
}

/// The body of a webhook, the payload of a socket's message.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) subscription: Subscription,
    #[serde(default)]
    pub(super) event: Value,
}

/// The subscription a message belongs to.
#[derive(Debug, Deserialize)]
pub(super) struct Subscription {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    condition: Value,
}

impl Subscription {
    /// The streamer it is about, by Twitch's id; none when it is about something else.
    pub(super) fn about(&self) -> Option<&str> {
        self.condition.get("broadcaster_user_id")?.as_str()
    }

    /// Whether it has ended because the streamer has thrown us out, or is gone from Twitch.
    pub(super) fn says_farewell(&self) -> bool {
        ["authorization_revoked", "user_removed"].contains(&self.status.as_str())
    }
}

/// Twitch's question whether we want a subscription.
#[derive(Debug, Deserialize)]
pub(super) struct Challenge {
    pub(super) challenge: String,
}

impl Message {
    /// The news in the message; none when it is of a type we have not asked for.
    pub(super) fn news(&self) -> Result<Option<News>> {
        types::named(&self.subscription.kind).map(|known| (known.read)(self.event.clone())).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::super::news::What;
    use super::*;

    fn news(body: &str) -> Result<Option<News>> {
        serde_json::from_str::<Message>(body)?.news()
    }

    fn what(body: &str) -> (String, What) {
        let News { twitch_id, what } = news(body).expect("readable").expect("news");
        (twitch_id, what)
    }

    #[test]
    fn online_and_offline_say_who_is_on_air_with_what() {
        let online = r#"{"subscription":{"type":"stream.online"},"event":{"id":"s1","broadcaster_user_id":"1001",
            "broadcaster_user_login":"ann","type":"live","started_at":"2026-11-20T20:00:00.123987654Z"}}"#;
        let (of, What::Online(broadcast)) = what(online) else { panic!("not on air") };
        assert_eq!((of.as_str(), broadcast.kind.as_str()), ("1001", "live"));
        assert_eq!(broadcast.started_at.timestamp_subsec_nanos(), 123_000_000, "whole milliseconds");
        let offline = r#"{"subscription":{"type":"stream.offline"},"event":{"broadcaster_user_id":"1001"}}"#;
        assert_eq!(what(offline), ("1001".into(), What::Offline));
        assert!(news(r#"{"subscription":{"type":"stream.online"},"event":{"id":7}}"#).is_err());
    }

    #[test]
    fn a_channel_says_its_name_and_a_revocation_whose_it_is_also_of_somebody_who_is_gone() {
        let update = r#"{"subscription":{"type":"channel.update"},"event":{"broadcaster_user_id":"1001","title":"t",
            "broadcaster_user_login":"anna","broadcaster_user_name":"Anna"}}"#;
        let named = What::Named { login: "anna".into(), name: "Anna".into() };
        assert_eq!(what(update), ("1001".into(), named));
        let revoke = r#"{"subscription":{"type":"user.authorization.revoke"},
            "event":{"client_id":"cid","user_id":"1001","user_login":null,"user_name":null}}"#;
        assert_eq!(what(revoke), ("1001".into(), What::Revoked));
    }

    #[test]
    fn other_types_are_no_news() {
        assert_eq!(news(r#"{"subscription":{"type":"channel.raid"},"event":{}}"#).expect("readable"), None);
    }
}
