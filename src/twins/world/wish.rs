//! What a client of `EventSub` may ask for.

use super::tokens::Bearer;
use crate::base::clock::Instant;
use serde_json::Value;

/// Types and versions that can be subscribed to.
const KNOWN: &[(&str, &str)] = &[
    ("stream.online", "1"),
    ("stream.offline", "1"),
    ("channel.update", "2"),
    ("user.authorization.revoke", "1"),
];

/// Where a subscription's messages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// A signed POST.
    Webhook {
        /// Where to.
        callback: String,
        /// What it is signed with.
        secret: String,
    },
    /// A frame on an open socket.
    Socket {
        /// Of the socket.
        session_id: String,
        /// When the socket was opened.
        connected_at: Instant,
    },
}

impl Transport {
    /// Twitch's word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::Socket { .. } => "websocket",
        }
    }
}

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Such as `stream.online`.
    pub kind: String,
    /// Such as `1`.
    pub version: String,
    /// Whom it is about.
    pub condition: Value,
    /// Where to.
    pub transport: Transport,
}

/// Why a subscription is not made: an HTTP status and a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What Twitch says.
    pub message: &'static str,
}

/// Whether this bearer may ask for this at all.
///
/// # Errors
/// What Twitch would answer.
pub(super) fn check(owner: &Bearer, wish: &Wish) -> Result<(), Refusal> {
    let refuse = |status, message| Err(Refusal { status, message });
    if !KNOWN.contains(&(wish.kind.as_str(), wish.version.as_str())) {
        return refuse(400, "invalid subscription type and version");
    }
    if owner.login.is_some() != matches!(wish.transport, Transport::Socket { .. }) {
        return refuse(400, "invalid transport and auth combination");
    }
    let key = if wish.kind == "user.authorization.revoke" { "client_id" } else { "broadcaster_user_id" };
    if wish.condition.get(key).and_then(Value::as_str).is_none_or(str::is_empty) {
        return refuse(400, "missing or unparseable subscription condition");
    }
    Ok(())
}
