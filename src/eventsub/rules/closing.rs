//! How connections end, and what each close code of Twitch means. Pure.

const GOING_AWAY: u16 = 1001;
const INTERNAL_ERROR: u16 = 4000;
const INBOUND_TRAFFIC: u16 = 4001;
const PING_PONG_FAILED: u16 = 4002;
const UNUSED: u16 = 4003;
const GRACE_EXPIRED: u16 = 4004;
const NETWORK_TIMEOUT: u16 = 4005;
const NETWORK_ERROR: u16 = 4006;
const INVALID_RECONNECT: u16 = 4007;

/// How a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eventsub) enum End {
    /// There was no connection, or no welcome.
    Unopened,
    /// It was silent for too long.
    Silent,
    /// It was closed, with this code if any.
    Closed(Option<u16>),
}

impl End {
    /// Whether a new connection will probably do: the network was away, the server goes, a move has failed. What is about
    /// us (we spoke, we did not answer pings, we subscribed to nothing) or inside Twitch would happen again.
    pub(in crate::eventsub) fn is_passing(self) -> bool {
        match self {
            Self::Silent => true,
            Self::Closed(Some(code)) => matches!(
                code,
                GOING_AWAY | GRACE_EXPIRED | NETWORK_TIMEOUT | NETWORK_ERROR | INVALID_RECONNECT
            ),
            Self::Unopened | Self::Closed(None) => false,
        }
    }
}

/// What a close code says, for the log.
pub(in crate::eventsub) fn said(code: Option<u16>) -> &'static str {
    match code {
        None => "closed without a word",
        Some(GOING_AWAY) => "the server is going away",
        Some(INTERNAL_ERROR) => "an error inside Twitch",
        Some(INBOUND_TRAFFIC) => "we have spoken, which we never do",
        Some(PING_PONG_FAILED) => "we did not answer a ping",
        Some(UNUSED) => "nothing was subscribed in time",
        Some(GRACE_EXPIRED) => "we did not move in time",
        Some(NETWORK_TIMEOUT) => "the network was too slow",
        Some(NETWORK_ERROR) => "the network failed",
        Some(INVALID_RECONNECT) => "the address to move to was not valid",
        Some(_) => "closed",
    }
}
