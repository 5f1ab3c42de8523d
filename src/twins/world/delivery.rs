//! What the world wants to be told to somebody: the server performs it.

use super::subscription::Subscription;
use crate::base::clock::Instant;
use serde_json::{Value, json};

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Prove that you are there: answer with this text.
    Challenge(String),
    /// Something happened.
    Event(Value),
    /// The subscription is no more; its status says why.
    Revocation,
}

/// What becomes of notifications and revocations on their way. Twitch promises each once or more often, and keeps the
/// promise nearly always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostRules {
    /// How often each is sent, under the same id (1).
    pub copies: usize,
    /// How many of the next are lost (none).
    pub lost: u32,
}

impl Default for PostRules {
    fn default() -> Self {
        Self { copies: 1, lost: 0 }
    }
}

impl PostRules {
    /// How often the next message is sent.
    pub(super) fn copies_of(&mut self, message: &Message) -> usize {
        match message {
            Message::Challenge(_) => 1,
            _ if self.lost > 0 => {
                self.lost -= 1;
                0
            }
            _ => self.copies,
        }
    }
}

/// One message about one subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The same on every attempt.
    pub message_id: String,
    /// When it was first sent.
    pub at: Instant,
    /// As it stood when the message was made.
    pub subscription: Subscription,
    /// What it says.
    pub message: Message,
}

impl Delivery {
    /// Twitch's word for the kind of message.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.message {
            Message::Challenge(_) => "webhook_callback_verification",
            Message::Event(_) => "notification",
            Message::Revocation => "revocation",
        }
    }

    /// The body of a webhook, the payload of a socket message.
    #[must_use]
    pub fn payload(&self) -> Value {
        let subscription = self.subscription.to_json();
        match &self.message {
            Message::Challenge(challenge) => json!({"challenge": challenge, "subscription": subscription}),
            Message::Event(event) => json!({"subscription": subscription, "event": event}),
            Message::Revocation => json!({"subscription": subscription}),
        }
    }
}
