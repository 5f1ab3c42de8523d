//! One signed webhook message, pure: what goes into the headers, what is signed. Tests bend it to send odd ones.

use super::world::{Delivery, Transport, nanos};
use crate::base::clock::Instant;
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// A signed POST that is ready to be sent, and sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Where to.
    pub callback: String,
    /// The same on every attempt.
    pub message_id: String,
    /// How many attempts there were before.
    pub retry: u32,
    /// `notification`, `webhook_callback_verification` or `revocation`.
    pub kind: &'static str,
    /// When it was first sent, as the header says it.
    pub timestamp: String,
    /// Such as `stream.online`.
    pub subscription_type: String,
    /// Such as `1`.
    pub subscription_version: String,
    /// What it is signed with.
    pub secret: String,
    /// The exact bytes.
    pub body: Vec<u8>,
}

impl Letter {
    /// The letter of a delivery, if it goes to a webhook.
    #[must_use]
    pub fn of(delivery: &Delivery) -> Option<Self> {
        let Transport::Webhook { callback, secret } = &delivery.subscription.wish.transport else {
            return None;
        };
        Some(Self {
            callback: callback.clone(),
            message_id: delivery.message_id.clone(),
            retry: 0,
            kind: delivery.kind(),
            timestamp: nanos(delivery.at),
            subscription_type: delivery.subscription.wish.kind.clone(),
            subscription_version: delivery.subscription.wish.version.clone(),
            secret: secret.clone(),
            body: delivery.payload().to_string().into_bytes(),
        })
    }

    /// The same, dated otherwise (and signed for that date).
    #[must_use]
    pub fn dated(self, at: Instant) -> Self {
        Self { timestamp: nanos(at), ..self }
    }

    /// The same under another message id.
    #[must_use]
    pub fn with_id(self, message_id: &str) -> Self {
        Self { message_id: message_id.to_owned(), ..self }
    }

    /// The same, signed by somebody who does not know the secret.
    #[must_use]
    pub fn forged(self) -> Self {
        Self { secret: format!("not {}", self.secret), ..self }
    }

    /// The same with a body of so many bytes: blanks at its end, which JSON allows.
    #[must_use]
    pub fn padded_to(mut self, bytes: usize) -> Self {
        self.body.resize(bytes.max(self.body.len()), b' ');
        self
    }

    /// `sha256=` and the HMAC over message id, timestamp and body.
    #[must_use]
    pub fn signature(&self) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()) else {
            unreachable!("HMAC takes keys of every length")
        };
        mac.update(self.message_id.as_bytes());
        mac.update(self.timestamp.as_bytes());
        mac.update(&self.body);
        format!("sha256={}", HEXLOWER.encode(&mac.finalize().into_bytes()))
    }

    /// All headers, signature included.
    #[must_use]
    pub fn headers(&self) -> [(&'static str, String); 7] {
        [
            ("Twitch-Eventsub-Message-Id", self.message_id.clone()),
            ("Twitch-Eventsub-Message-Retry", self.retry.to_string()),
            ("Twitch-Eventsub-Message-Type", self.kind.to_owned()),
            ("Twitch-Eventsub-Message-Signature", self.signature()),
            ("Twitch-Eventsub-Message-Timestamp", self.timestamp.clone()),
            ("Twitch-Eventsub-Subscription-Type", self.subscription_type.clone()),
            ("Twitch-Eventsub-Subscription-Version", self.subscription_version.clone()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            callback: "http://127.0.0.1:1/hook".into(),
            message_id: "m1".into(),
            retry: 0,
            kind: "notification",
            timestamp: "2026-11-20T20:00:00.000000000Z".into(),
            subscription_type: "stream.online".into(),
            subscription_version: "1".into(),
            secret: "0123456789".into(),
            body: b"{}".to_vec(),
        }
    }

    #[test]
    fn the_signature_covers_id_timestamp_and_body() {
        let good = letter().signature();
        assert_eq!(good, EXPECTED);
        assert_ne!(letter().with_id("m2").signature(), good);
        assert_ne!(letter().padded_to(3).signature(), good);
        assert_ne!(letter().forged().signature(), good);
        assert_ne!(Letter { timestamp: String::new(), ..letter() }.signature(), good);
    }

    /// `printf 'm12026-11-20T20:00:00.000000000Z{}' | openssl dgst -sha256 -hmac 0123456789`
    const EXPECTED: &str = "sha256=0a2f2f0a6937e15e316deb2f5590d08bd5ac1e3179608ea7d08e951f54b38ea6";
}
