//! What a message says: Twitch's JSON, read as far as we need it. Pure.

use crate::base::clock::{Instant, read_instant};
use crate::live::Broadcast;
use serde::Deserialize;

/// A notification or revocation.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) subscription: Subscription,
    pub(super) event: Option<serde_json::Value>,
}

/// The subscription a message belongs to.
#[derive(Debug, Deserialize)]
pub(super) struct Subscription {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) status: String,
}

/// Twitch's question whether we want a subscription.
#[derive(Debug, Deserialize)]
pub(super) struct Challenge {
    pub(super) challenge: String,
}

#[derive(Deserialize)]
struct Online {
    id: String,
    broadcaster_user_id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(deserialize_with = "read_instant")]
    started_at: Instant,
}

#[derive(Deserialize)]
struct Offline {
    broadcaster_user_id: String,
}

/// News of who is on air.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct News {
    pub(super) twitch_id: String,
    pub(super) broadcast: Option<Broadcast>,
}

impl Message {
    /// The news in the message; none when it is of a type we have not asked for.
    pub(super) fn news(self) -> Result<Option<News>, serde_json::Error> {
        let event = self.event.unwrap_or_default();
        match self.subscription.kind.as_str() {
            "stream.online" => serde_json::from_value(event).map(|online: Online| Some(online.into())),
            "stream.offline" => serde_json::from_value(event).map(|offline: Offline| {
                Some(News { twitch_id: offline.broadcaster_user_id, broadcast: None })
            }),
            _ => Ok(None),
        }
    }
}

impl From<Online> for News {
    fn from(online: Online) -> Self {
        let Online { id, broadcaster_user_id, kind, started_at } = online;
        Self {
            twitch_id: broadcaster_user_id,
            broadcast: Some(Broadcast { twitch_id: id, kind, started_at }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(body: &str) -> Result<Option<News>, serde_json::Error> {
        serde_json::from_str::<Message>(body)?.news()
    }

    #[test]
    fn online_and_offline_are_news_and_other_types_are_not() {
        let online = r#"{"subscription":{"type":"stream.online"},"event":{"id":"s1","broadcaster_user_id":"1001",
            "broadcaster_user_login":"ann","type":"live","started_at":"2026-11-20T20:00:00.123987654Z"}}"#;
        let said = news(online).expect("readable").expect("news");
        let broadcast = said.broadcast.expect("on air");
        assert_eq!((said.twitch_id.as_str(), broadcast.kind.as_str()), ("1001", "live"));
        assert_eq!(broadcast.started_at.timestamp_subsec_nanos(), 123_000_000, "whole milliseconds");
        let offline = r#"{"subscription":{"type":"stream.offline"},"event":{"broadcaster_user_id":"1001"}}"#;
        assert_eq!(news(offline).expect("readable").expect("news").broadcast, None);
        let update = r#"{"subscription":{"type":"channel.update"},"event":{"title":"t"}}"#;
        assert_eq!(news(update).expect("readable"), None);
        assert!(news(r#"{"subscription":{"type":"stream.online"},"event":{"id":7}}"#).is_err());
    }
}
