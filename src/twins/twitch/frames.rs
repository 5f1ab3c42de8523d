//! The messages of the `EventSub` socket, pure.

use crate::base::clock::Instant;
use crate::twins::world::{Delivery, nanos};
use serde_json::{Value, json};

/// What every message begins with.
#[derive(Debug, Clone)]
pub(super) struct Stamp {
    /// Unique.
    pub(super) message_id: String,
    /// When it is sent.
    pub(super) at: Instant,
}

/// The first message: the session is `session`.
pub(super) fn welcome(stamp: &Stamp, session: &str, since: Instant, keepalive_seconds: u64) -> Value {
    let session = json!({
        "id": session, "status": "connected", "connected_at": nanos(since),
        "keepalive_timeout_seconds": keepalive_seconds, "reconnect_url": null, "recovery_url": null,
    });
    message(stamp, "session_welcome", &json!({"session": session}))
}

/// Nothing happened, but the line is alive.
pub(super) fn keepalive(stamp: &Stamp) -> Value {
    message(stamp, "session_keepalive", &json!({}))
}

/// The client should connect to `url`.
pub(super) fn reconnect(stamp: &Stamp, session: &str, since: Instant, url: &str) -> Value {
    let session = json!({
        "id": session, "status": "reconnecting", "connected_at": nanos(since),
        "keepalive_timeout_seconds": null, "reconnect_url": url, "recovery_url": null,
    });
    message(stamp, "session_reconnect", &json!({"session": session}))
}

/// A notification or a revocation.
pub(super) fn delivery(delivery: &Delivery) -> Value {
    let stamp = Stamp { message_id: delivery.message_id.clone(), at: delivery.at };
    let mut message = message(&stamp, delivery.kind(), &delivery.payload());
    message["metadata"]["subscription_type"] = json!(delivery.subscription.wish.kind);
    message["metadata"]["subscription_version"] = json!(delivery.subscription.wish.version);
    message
}

fn message(stamp: &Stamp, kind: &str, payload: &Value) -> Value {
    let at = nanos(stamp.at);
    json!({
        "metadata": {"message_id": stamp.message_id, "message_type": kind, "message_timestamp": at},
        "payload": payload,
    })
}
