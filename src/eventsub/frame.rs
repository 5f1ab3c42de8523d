//! What is said on the EventSub socket. Pure.

use super::message::Notification;
use crate::base::clock::{Instant, read_instant};
use serde::Deserialize;
use serde_json::{Value, from_str, from_value};
use std::time::Duration;

/// A message of the socket.
#[derive(Debug)]
pub(super) enum Frame {
    /// The first one: the socket has this session.
    Welcome {
        /// Its id, to be subscribed for.
        session: String,
        /// A line that is silent for longer is dead.
        keepalive: Duration,
    },
    /// Nothing has happened.
    Keepalive,
    /// The client is to move to this address, which is used as it is.
    Reconnect(String),
    /// Something happened, or a subscription has ended.
    Notification(Notification),
    /// Of a kind that nobody has told us of, or not to be read.
    Unknown,
}

#[derive(Deserialize)]
struct Envelope {
    metadata: Metadata,
    #[serde(default)]
    payload: Value,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(rename = "message_id")]
    id: String,
    #[serde(rename = "message_type")]
    kind: String,
    #[serde(rename = "message_timestamp", deserialize_with = "read_instant")]
    sent: Instant,
}

#[derive(Deserialize)]
struct Welcome {
    session: Session,
}

#[derive(Deserialize)]
struct Session {
    id: String,
    keepalive_timeout_seconds: Option<u64>,
}

#[derive(Deserialize)]
struct Reconnect {
    session: Moved,
}

#[derive(Deserialize)]
struct Moved {
    reconnect_url: String,
}

/// What Twitch keeps silent for at most unless it says otherwise.
const KEEPALIVE: Duration = Duration::from_secs(10);

/// Reads a message.
pub(super) fn read(text: &str) -> Frame {
    let frame = from_str::<Envelope>(text).and_then(|Envelope { metadata, payload }| {
        Ok(match metadata.kind.as_str() {
            "session_welcome" => from_value::<Welcome>(payload)?.into(),
            "session_keepalive" => Frame::Keepalive,
            "session_reconnect" => Frame::Reconnect(from_value::<Reconnect>(payload)?.session.reconnect_url),
            "notification" => Frame::Notification(notification(metadata, payload, false)),
            "revocation" => Frame::Notification(notification(metadata, payload, true)),
            _ => Frame::Unknown,
        })
    });
    frame.unwrap_or_else(|error| {
        tracing::warn!(%error, "a message on an EventSub socket cannot be read");
        Frame::Unknown
    })
}

fn notification(metadata: Metadata, payload: Value, is_revocation: bool) -> Notification {
    let Metadata { id, sent, .. } = metadata;
    Notification { id, sent, is_revocation, message: from_value(payload) }
}

impl From<Welcome> for Frame {
    fn from(Welcome { session }: Welcome) -> Self {
        let keepalive = session.keepalive_timeout_seconds.map_or(KEEPALIVE, Duration::from_secs);
        Self::Welcome { session: session.id, keepalive }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: &str, payload: &str) -> Frame {
        let metadata = format!(
            r#"{{"message_id":"m1","message_type":"{kind}","message_timestamp":"2026-11-20T20:00:00.123456789Z"}}"#
        );
        read(&format!(r#"{{"metadata":{metadata},"payload":{payload}}}"#))
    }

    #[test]
    fn a_welcome_names_the_session_and_how_long_silence_may_last() {
        let payload = r#"{"session":{"id":"AgoQ1","status":"connected","connected_at":"2026-11-20T20:00:00.1Z",
            "keepalive_timeout_seconds":30,"reconnect_url":null,"recovery_url":null}}"#;
        let Frame::Welcome { session, keepalive } = said("session_welcome", payload) else { panic!() };
        assert_eq!((session.as_str(), keepalive), ("AgoQ1", Duration::from_secs(30)));
        assert!(matches!(said("session_keepalive", "{}"), Frame::Keepalive));
    }

    #[test]
    fn a_reconnect_names_the_address() {
        let payload = r#"{"session":{"id":"AgoQ1","status":"reconnecting","keepalive_timeout_seconds":null,
            "reconnect_url":"wss://t.example/ws?challenge=x&id=y"}}"#;
        let Frame::Reconnect(url) = said("session_reconnect", payload) else { panic!() };
        assert_eq!(url, "wss://t.example/ws?challenge=x&id=y");
    }

    #[test]
    fn a_notification_and_a_revocation_keep_id_and_time_also_when_the_rest_cannot_be_read() {
        let payload = r#"{"subscription":{"type":"stream.offline"},"event":{"broadcaster_user_id":"1001"}}"#;
        for (kind, payload, revoked, readable) in [
            ("notification", payload, false, true),
            ("revocation", payload, true, true),
            ("notification", "{}", false, false),
        ] {
            let Frame::Notification(said) = said(kind, payload) else { panic!("{kind}") };
            assert_eq!(
                (said.id.as_str(), said.is_revocation, said.message.is_ok()),
                ("m1", revoked, readable)
            );
            assert_eq!(said.sent.timestamp_subsec_nanos(), 123_000_000);
        }
    }

    #[test]
    fn anything_else_is_passed_over() {
        assert!(matches!(said("session_surprise", "{}"), Frame::Unknown));
        for text in ["", "[]", "null", r#"{"metadata":{}}"#] {
            assert!(matches!(read(text), Frame::Unknown), "{text}");
        }
        assert!(matches!(said("session_welcome", r#"{"session":{}}"#), Frame::Unknown));
    }
}
