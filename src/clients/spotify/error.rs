//! What Spotify's refusals mean. The status decides first; wording is read leniently, because several wordings of
//! the same refusal are about and bodies can be JSON, text or HTML.

use super::wire::{ErrorBody, ErrorDetail};
use crate::base::clock::Instant;
use chrono::{DateTime, TimeDelta, Utc};

/// The longest rest we believe in: real ones reach 24 hours, and nonsense must not rest a client id for years.
const LONGEST_REST: TimeDelta = TimeDelta::hours(48);

/// Why a call to the player gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum SpotifyError {
    /// 401.
    #[error("Spotify refused the access token ({0:?})")]
    Unauthorized(Unauthorized),
    /// 403: tracking stands still until someone does something.
    #[error("Spotify forbids the call ({0:?})")]
    Forbidden(Forbidden),
    /// 404 `NO_ACTIVE_DEVICE`: nothing plays.
    #[error("no active device")]
    NoActiveDevice,
    /// 429, with the instant before which we must not ask again, when Spotify names one.
    #[error("Spotify asks us to wait (until {not_before:?})")]
    RateLimited {
        /// From `Retry-After`, which can be hours ahead; 48 at most.
        not_before: Option<Instant>,
        /// What we have met.
        limit: Limit,
    },
    /// 5xx or an unexpected status: try again.
    #[error("Spotify answered {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// No answer at all: try again.
    #[error("Spotify did not answer: {0}")]
    NoAnswer(&'static str),
    /// 200 with a body that is not what was asked for; the shape helps to find out what changed.
    #[error("Spotify's answer cannot be read: {shape}")]
    Unreadable {
        /// Where and why reading failed, counted from the part that cannot be read.
        shape: String,
    },
}

/// What a 429 means: both belong to the client id, and only the second costs a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The rate limit: too many calls within half a minute.
    Rate,
    /// The quota: what a development app may ask for is used up.
    Quota,
}

/// What a 401 asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unauthorized {
    /// The access token expired or is unknown: a refresh helps.
    Token,
    /// A scope is missing: only the streamer can help.
    Scope,
}

/// Why a 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// The listener has no Premium.
    PremiumRequired,
    /// The listener is not on the app's list of users.
    NotAllowListed,
    /// The owner of the app has no Premium any more.
    OwnerLapsed,
    /// A scope is missing.
    Scope,
    /// Something else.
    Other,
}

impl SpotifyError {
    /// A body of another shape than ours.
    pub(super) fn unreadable(error: &serde_json::Error) -> Self {
        Self::Unreadable { shape: error.to_string() }
    }

    /// Reads a refusal. `retry_after` is the header's text, `now` makes an instant of its seconds.
    pub(super) fn read(status: u16, retry_after: Option<&str>, body: &str, now: Instant) -> Self {
        match status {
            401 => Self::Unauthorized(unauthorized(&detail(body))),
            403 => Self::Forbidden(forbidden(&detail(body))),
            404 if detail(body).reason == "NO_ACTIVE_DEVICE" => Self::NoActiveDevice,
            429 => Self::RateLimited {
                not_before: retry_after.and_then(|text| not_before(text, now)),
                limit: limit(&detail(body)),
            },
            status => Self::Status { status },
        }
    }
}

/// The message and reason of an error body; a body that is not JSON is its own message.
fn detail(body: &str) -> ErrorDetail {
    serde_json::from_str(body).map_or_else(
        |_| ErrorDetail { message: body.chars().take(500).collect(), reason: String::new() },
        |ErrorBody { error }| error,
    )
}

fn unauthorized(detail: &ErrorDetail) -> Unauthorized {
    if detail.message.eq_ignore_ascii_case("Permissions missing") {
        Unauthorized::Scope
    } else {
        Unauthorized::Token
    }
}

fn limit(detail: &ErrorDetail) -> Limit {
    if detail.reason == "QUOTA_EXCEEDED" { Limit::Quota } else { Limit::Rate }
}

fn forbidden(detail: &ErrorDetail) -> Forbidden {
    let message = detail.message.to_lowercase();
    if message.contains("owner of the app") {
        Forbidden::OwnerLapsed
    } else if detail.reason == "PREMIUM_REQUIRED" || message.contains("premium required") {
        Forbidden::PremiumRequired
    } else if message.contains("not be registered") || message.contains("developer.spotify.com/dashboard") {
        Forbidden::NotAllowListed
    } else if message.contains("scope") {
        Forbidden::Scope
    } else {
        Forbidden::Other
    }
}

/// `Retry-After`: seconds, or an HTTP date (RFC 9110); at most [`LONGEST_REST`] from now.
fn not_before(text: &str, now: Instant) -> Option<Instant> {
    let text = text.trim();
    let latest = now + LONGEST_REST;
    if !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit()) {
        let seconds = text.parse().ok().and_then(TimeDelta::try_seconds);
        return Some(seconds.map_or(latest, |seconds| now + seconds.min(LONGEST_REST)));
    }
    DateTime::parse_from_rfc2822(text).ok().map(|date| date.with_timezone(&Utc).min(latest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        DateTime::parse_from_rfc3339("2026-11-20T20:00:00Z").expect("a date").to_utc()
    }

    fn forbids(body: &str) -> Forbidden {
        match SpotifyError::read(403, None, body, now()) {
            SpotifyError::Forbidden(why) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_wording_of_a_403_is_known() {
        let premium = r#"{"error":{"status":403,"message":"Player command failed: Premium required","reason":"PREMIUM_REQUIRED"}}"#;
        assert_eq!(forbids(premium), Forbidden::PremiumRequired);
        let lapsed = "Active premium subscription required for the owner of the app. See the dashboard.";
        assert_eq!(forbids(lapsed), Forbidden::OwnerLapsed);
        let stranger = "Check settings on developer.spotify.com/dashboard, the user may not be registered.";
        assert_eq!(forbids(stranger), Forbidden::NotAllowListed);
        assert_eq!(
            forbids(r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#),
            Forbidden::Scope
        );
        assert_eq!(forbids("<html>Forbidden</html>"), Forbidden::Other);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_or_missing() {
        let wait = |header| match SpotifyError::read(429, header, "slow down", now()) {
            SpotifyError::RateLimited { not_before, .. } => not_before.map(|at| (at - now()).num_seconds()),
            other => panic!("{other:?}"),
        };
        assert_eq!(wait(Some("36000")), Some(36_000));
        assert_eq!(wait(Some("Fri, 20 Nov 2026 20:01:30 GMT")), Some(90));
        assert_eq!(wait(Some("86236")), Some(86_236));
        assert_eq!(wait(Some("soon")), None);
        assert_eq!(wait(Some("")), None);
        assert_eq!(wait(None), None);
    }

    #[test]
    fn a_quota_that_is_used_up_is_more_than_a_rate_limit() {
        let limit = |body| match SpotifyError::read(429, Some("60"), body, now()) {
            SpotifyError::RateLimited { limit, .. } => limit,
            other => panic!("{other:?}"),
        };
        let used_up = r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;
        assert_eq!(limit(used_up), Limit::Quota);
        assert_eq!(limit(r#"{"error":{"status":429,"message":"API rate limit exceeded"}}"#), Limit::Rate);
        assert_eq!(limit("Too many requests"), Limit::Rate);
    }

    #[test]
    fn nonsense_in_retry_after_rests_for_two_days_at_most() {
        let digits = "9".repeat(40);
        for header in
            ["172801", "4294967295", "9223372036854775807", &digits, "Sat, 20 Nov 2162 20:00:00 GMT"]
        {
            let read = SpotifyError::read(429, Some(header), "", now());
            let SpotifyError::RateLimited { not_before, .. } = read else { panic!("{read:?}") };
            assert_eq!(not_before, Some(now() + TimeDelta::hours(48)), "{header}");
        }
    }

    #[test]
    fn a_missing_scope_is_not_an_expired_token() {
        let read = |message: &str| {
            SpotifyError::read(
                401,
                None,
                &format!(r#"{{"error":{{"status":401,"message":"{message}"}}}}"#),
                now(),
            )
        };
        assert!(matches!(read("The access token expired"), SpotifyError::Unauthorized(Unauthorized::Token)));
        assert!(matches!(read("Permissions missing"), SpotifyError::Unauthorized(Unauthorized::Scope)));
    }
}
