//! `EventSub`: who wants to be told of what, how, and what that costs.

use super::tokens::Bearer;
use super::wish::{Refusal, Transport, Wish};
use crate::base::clock::Instant;
use serde_json::{Value, json};

/// What became of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Works.
    Enabled,
    /// The challenge is under way.
    Pending,
    /// The challenge was not answered.
    ChallengeFailed,
    /// Too many messages reached nobody.
    FailuresExceeded,
    /// The person threw the app out.
    AuthorizationRevoked,
    /// The person is gone.
    UserRemoved,
    /// The version is gone.
    VersionRemoved,
    /// The client closed the socket.
    SocketClosed,
    /// The client sent something on the socket.
    SocketInbound,
    /// The client did not answer pings.
    PingPongFailed,
    /// The client subscribed to nothing in time.
    SocketUnused,
    /// Something went wrong inside Twitch.
    InternalError,
    /// The network was too slow.
    NetworkTimeout,
    /// The network failed.
    NetworkError,
    /// The client did not follow a reconnect in time.
    ReconnectFailed,
}

impl Standing {
    /// Twitch's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Pending => "webhook_callback_verification_pending",
            Self::ChallengeFailed => "webhook_callback_verification_failed",
            Self::FailuresExceeded => "notification_failures_exceeded",
            Self::AuthorizationRevoked => "authorization_revoked",
            Self::UserRemoved => "user_removed",
            Self::VersionRemoved => "version_removed",
            Self::SocketClosed => "websocket_disconnected",
            Self::SocketInbound => "websocket_received_inbound_traffic",
            Self::PingPongFailed => "websocket_failed_ping_pong",
            Self::SocketUnused => "websocket_connection_unused",
            Self::InternalError => "websocket_internal_error",
            Self::NetworkTimeout => "websocket_network_timeout",
            Self::NetworkError => "websocket_network_error",
            Self::ReconnectFailed => "websocket_failed_to_reconnect",
        }
    }

    /// What becomes of the subscriptions of a socket that Twitch closes with this code.
    #[must_use]
    pub fn after_close(code: u16) -> Self {
        match code {
            4000 => Self::InternalError,
            4001 => Self::SocketInbound,
            4002 => Self::PingPongFailed,
            4003 => Self::SocketUnused,
            4004 => Self::ReconnectFailed,
            4005 => Self::NetworkTimeout,
            4006 => Self::NetworkError,
            _ => Self::SocketClosed,
        }
    }

    /// Whether it counts against limits and costs.
    #[must_use]
    pub fn is_alive(self) -> bool {
        matches!(self, Self::Enabled | Self::Pending)
    }
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// What was asked for.
    pub wish: Wish,
    /// What became of it.
    pub standing: Standing,
    /// When it was made.
    pub created_at: Instant,
    /// 0 if the person it is about knows the app, else 1.
    pub cost: u64,
    /// Who made it.
    pub owner: Bearer,
    /// Messages in a row that reached nobody.
    pub failures: u32,
}

impl Subscription {
    /// The subscription as Twitch writes it, in answers and in messages.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "status": self.standing.word(),
            "type": self.wish.kind,
            "version": self.wish.version,
            "condition": self.wish.condition,
            "created_at": nanos(self.created_at),
            "transport": self.transport_json(),
            "cost": self.cost,
        })
    }

    fn transport_json(&self) -> Value {
        match &self.wish.transport {
            Transport::Webhook { callback, .. } => json!({"method": "webhook", "callback": callback}),
            Transport::Socket { session_id, connected_at } => json!({
                "method": "websocket", "session_id": session_id, "connected_at": nanos(*connected_at),
            }),
        }
    }

    /// The person it is about, as Twitch's id.
    pub(super) fn about(&self) -> Option<&str> {
        self.wish.condition.get("broadcaster_user_id").and_then(Value::as_str)
    }

    pub(super) fn on_socket(&self, session: &str) -> bool {
        matches!(&self.wish.transport, Transport::Socket { session_id, .. } if session_id == session)
    }
}

/// An instant with nine places, as `EventSub` writes it.
pub(in crate::twins) fn nanos(at: Instant) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.9fZ").to_string()
}

/// Subscriptions of one identical type and condition, at most.
const SAME: usize = 3;
/// Sockets of one person, at most.
const SOCKETS: usize = 3;
/// What all webhook subscriptions of an app may cost.
const WEBHOOK_COST: u64 = 10_000;
/// What all socket subscriptions of a person may cost.
const SOCKET_COST: u64 = 10;

/// All subscriptions there are, dead ones too.
#[derive(Debug, Clone, Default)]
pub(super) struct Subscriptions(Vec<Subscription>);

impl Subscriptions {
    /// Makes a subscription if the rules allow it.
    ///
    /// # Errors
    /// What Twitch would answer.
    pub(super) fn add(&mut self, subscription: Subscription) -> Result<(), Refusal> {
        let alike = |s: &&Subscription| {
            s.standing.is_alive()
                && s.wish.kind == subscription.wish.kind
                && s.wish.condition == subscription.wish.condition
        };
        let refuse = |status, message| Err(Refusal { status, message });
        if self.0.iter().filter(alike).any(|s| same_place(&s.wish.transport, &subscription.wish.transport)) {
            return refuse(409, "subscription already exists");
        }
        if self.0.iter().filter(alike).count() >= SAME {
            return refuse(429, "maximum subscriptions with type and condition exceeded");
        }
        if self.is_of_another(&subscription) {
            return refuse(400, "websocket transport cannot have subscriptions created by different users");
        }
        if self.too_many_sockets(&subscription) {
            return refuse(429, "number of websocket transports limit exceeded");
        }
        if self.cost(&subscription.owner) + subscription.cost > most_cost(&subscription.owner) {
            return refuse(429, "total cost exceeded");
        }
        self.0.push(subscription);
        Ok(())
    }

    /// What the living subscriptions of this bearer cost.
    pub(super) fn cost(&self, owner: &Bearer) -> u64 {
        self.of(owner).filter(|s| s.standing.is_alive()).map(|s| s.cost).sum()
    }

    /// Whatever this bearer's app (or this bearer, with a user token) made.
    pub(super) fn of<'a>(&'a self, owner: &'a Bearer) -> impl Iterator<Item = &'a Subscription> {
        self.0.iter().filter(|s| s.owner.client_id == owner.client_id && s.owner.login == owner.login)
    }

    pub(super) fn all(&self) -> &[Subscription] {
        &self.0
    }

    pub(super) fn find(&mut self, id: &str) -> Option<&mut Subscription> {
        self.0.iter_mut().find(|s| s.id == id)
    }

    /// The owner of some has another login from now on.
    pub(super) fn rename_owner(&mut self, login: &str, to: &str) {
        let theirs = self.0.iter_mut().filter(|s| s.owner.login.as_deref() == Some(login));
        theirs.for_each(|s| s.owner.login = Some(to.to_owned()));
    }

    /// Those that a choice holds for, to be changed.
    pub(super) fn filter(
        &mut self,
        choice: impl Fn(&Subscription) -> bool,
    ) -> impl Iterator<Item = &mut Subscription> {
        self.0.iter_mut().filter(move |s| choice(s))
    }

    /// Deletes one of this bearer's; false if there is none of that id.
    pub(super) fn delete(&mut self, owner: &Bearer, id: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|s| s.id != id || s.owner.client_id != owner.client_id || s.owner.login != owner.login);
        self.0.len() < before
    }

    fn is_of_another(&self, new: &Subscription) -> bool {
        let Transport::Socket { session_id, .. } = &new.wish.transport else { return false };
        self.0.iter().any(|s| s.on_socket(session_id) && s.owner.login != new.owner.login)
    }

    fn too_many_sockets(&self, new: &Subscription) -> bool {
        let Transport::Socket { session_id, .. } = &new.wish.transport else { return false };
        let mut sessions: Vec<&str> =
            self.of(&new.owner).filter(|s| s.standing.is_alive()).filter_map(session).collect();
        sessions.sort_unstable();
        sessions.dedup();
        sessions.len() >= SOCKETS && !sessions.contains(&session_id.as_str())
    }
}

/// What the subscriptions of this bearer may cost together.
pub(super) fn most_cost(owner: &Bearer) -> u64 {
    if owner.login.is_some() { SOCKET_COST } else { WEBHOOK_COST }
}

fn session(subscription: &Subscription) -> Option<&str> {
    match &subscription.wish.transport {
        Transport::Socket { session_id, .. } => Some(session_id),
        Transport::Webhook { .. } => None,
    }
}

fn same_place(one: &Transport, other: &Transport) -> bool {
    match (one, other) {
        (Transport::Webhook { callback: a, .. }, Transport::Webhook { callback: b, .. })
        | (Transport::Socket { session_id: a, .. }, Transport::Socket { session_id: b, .. }) => a == b,
        _ => false,
    }
}
