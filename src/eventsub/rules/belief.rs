//! When a webhook call is believed: signature over the raw body, freshness, kind. Pure.

use crate::base::clock::{Instant, whole_millis};
use chrono::{DateTime, TimeDelta};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// Older messages, and such from the future, are refused: Twitch's own advice against replays.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// How often old message ids are forgotten: they take little room, and each time is a statement.
const FORGETTING: TimeDelta = TimeDelta::hours(1);

/// The headers of a call, as text.
#[derive(Debug, Clone, Copy)]
pub(in crate::eventsub) struct Headers<'a> {
    pub(in crate::eventsub) id: &'a str,
    pub(in crate::eventsub) timestamp: &'a str,
    pub(in crate::eventsub) signature: &'a str,
    pub(in crate::eventsub) kind: &'a str,
}

/// What a call that is believed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eventsub) enum Kind {
    /// Twitch asks whether we want the subscription.
    Challenge,
    /// Something happened.
    Notification,
    /// A subscription ended.
    Revocation,
}

/// Why a call is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eventsub) enum Refusal {
    /// The signature is not ours.
    Forged,
    /// Older than ten minutes, or from the future.
    Stale,
    /// A kind of message that nobody has told us of.
    Unknown,
}

/// Checks a call; gives its kind and when it was sent.
pub(in crate::eventsub) fn believe(
    secret: &SecretString,
    headers: Headers<'_>,
    body: &[u8],
    now: Instant,
) -> Result<(Kind, Instant), Refusal> {
    verify(secret, headers, body)?;
    let sent = DateTime::parse_from_rfc3339(headers.timestamp).map_err(|_| Refusal::Stale)?.to_utc();
    if (now - sent).abs() > FRESH {
        return Err(Refusal::Stale);
    }
    let kind = match headers.kind {
        "webhook_callback_verification" => Kind::Challenge,
        "notification" => Kind::Notification,
        "revocation" => Kind::Revocation,
        _ => return Err(Refusal::Unknown),
    };
    Ok((kind, whole_millis(sent)))
}

/// Whether it is time to forget old message ids, which was last done at `last`; also when the clock was set back.
pub(in crate::eventsub) fn is_forgetting_due(last: Option<Instant>, now: Instant) -> bool {
    last.is_none_or(|last| now - last >= FORGETTING || now < last)
}

/// `sha256=` and the hex of HMAC-SHA256 over message id, timestamp as sent, and raw body; compared in constant time.
fn verify(secret: &SecretString, headers: Headers<'_>, body: &[u8]) -> Result<(), Refusal> {
    let hex = headers.signature.strip_prefix("sha256=").ok_or(Refusal::Forged)?;
    let signature = HEXLOWER.decode(hex.as_bytes()).map_err(|_| Refusal::Forged)?;
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).map_err(|_| Refusal::Forged)?;
    mac.update(headers.id.as_bytes());
    mac.update(headers.timestamp.as_bytes());
    mac.update(body);
    mac.verify_slice(&signature).map_err(|_| Refusal::Forged)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "m1";
    const SENT: &str = "2026-11-20T20:00:00.123456789Z";
    const BODY: &[u8] = br#"{"event":{}}"#;

    fn at(text: &str) -> Instant {
        DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
    }

    fn sign(secret: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
        mac.update([ID.as_bytes(), SENT.as_bytes(), body].concat().as_slice());
        format!("sha256={}", HEXLOWER.encode(&mac.finalize().into_bytes()))
    }

    fn call(signature: &str, kind: &str, now: &str) -> Result<(Kind, Instant), Refusal> {
        let headers = Headers { id: ID, timestamp: SENT, signature, kind };
        believe(&"ten letters".into(), headers, BODY, at(now))
    }

    #[test]
    fn a_signed_fresh_message_is_believed_for_ten_minutes() {
        let signature = sign("ten letters", BODY);
        let believed = |now| call(&signature, "notification", now).map(|(kind, _)| kind);
        assert_eq!(believed("2026-11-20T20:00:01Z"), Ok(Kind::Notification));
        assert_eq!(believed("2026-11-20T20:10:00Z"), Ok(Kind::Notification));
        assert_eq!(believed("2026-11-20T20:10:01Z"), Err(Refusal::Stale));
        assert_eq!(believed("2026-11-20T19:49:59Z"), Err(Refusal::Stale), "the future is refused too");
    }

    #[test]
    fn when_it_was_sent_is_known_to_the_millisecond() {
        let believed = call(&sign("ten letters", BODY), "notification", "2026-11-20T20:00:01Z");
        assert_eq!(believed, Ok((Kind::Notification, at("2026-11-20T20:00:00.123Z"))));
    }

    #[test]
    fn any_other_signature_is_forged() {
        let now = "2026-11-20T20:00:01Z";
        for forged in [
            sign("other letters", BODY),
            sign("ten letters", b"another body"),
            sign("ten letters", BODY).to_uppercase(),
            sign("ten letters", BODY).replace("sha256=", ""),
            "sha256=".into(),
            String::new(),
        ] {
            assert_eq!(call(&forged, "notification", now), Err(Refusal::Forged), "{forged}");
        }
    }

    #[test]
    fn old_ids_are_forgotten_once_an_hour() {
        let last = at("2026-11-20T20:00:00Z");
        assert!(is_forgetting_due(None, last), "at the first message");
        assert!(
            !is_forgetting_due(Some(last), last)
                && !is_forgetting_due(Some(last), at("2026-11-20T20:59:59Z"))
        );
        assert!(is_forgetting_due(Some(last), at("2026-11-20T21:00:00Z")));
        assert!(is_forgetting_due(Some(last), at("2026-11-20T19:00:00Z")), "the clock was set back");
    }

    #[test]
    fn only_known_kinds_are_taken() {
        let signature = sign("ten letters", BODY);
        assert_eq!(call(&signature, "surprise", "2026-11-20T20:00:01Z"), Err(Refusal::Unknown));
    }
}
