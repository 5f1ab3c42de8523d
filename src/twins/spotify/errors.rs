//! Spotify's door and its error bodies: who asks, what they may do, what goes wrong.

use crate::base::clock::Instant;
use crate::twins::door::{attempt, or_hang};
use crate::twins::shared::Shared;
use crate::twins::wire::{authorization, json, text};
use crate::twins::world::{Bearer, Company, Endpoint, FaultKind, RetryAfter, Stale, World};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// An error as the Web API writes it.
pub(super) fn error(status: u16, message: &str) -> Response {
    json(status, json!({"error": {"status": status, "message": message}}))
}

/// The same with a reason.
pub(super) fn error_with(status: u16, message: &str, reason: &str) -> Response {
    json(status, json!({"error": {"status": status, "message": message, "reason": reason}}))
}

/// The device is gone.
pub(super) fn no_device() -> Response {
    error_with(404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE")
}

/// Any other path of the Web API.
pub(super) async fn no_service() -> Response {
    error(404, "Service not found")
}

/// Answers a call to the Web API by `body` for the login that asks, unless they are refused or something goes
/// wrong.
pub(super) async fn call(
    shared: &Arc<Shared>,
    endpoint: Endpoint,
    headers: &HeaderMap,
    body: impl FnOnce(&mut World, &str, Instant) -> Response,
) -> Response {
    let answer = shared.with(|world, now| {
        let (login, refusal) = caller(world, endpoint, headers, now);
        attempt(world, endpoint, login.clone(), now, broken, |world| match (refusal, login) {
            (Some(refusal), _) => *refusal,
            (None, Some(login)) => body(world, &login, now),
            (None, None) => error(401, "Invalid access token"),
        })
    });
    or_hang(shared, answer).await
}

type Refusal = Box<Response>;

fn caller(
    world: &World,
    endpoint: Endpoint,
    headers: &HeaderMap,
    now: Instant,
) -> (Option<String>, Option<Refusal>) {
    let refuse = |message| Some(Box::new(error(401, message)));
    let Some(token) = authorization(headers, "Bearer") else { return (None, refuse("No token provided")) };
    match world.bearer(Company::Spotify, token, now) {
        Ok((bearer, _)) => {
            let login = bearer.login.as_deref();
            let trouble = world.app_trouble(&bearer.client_id, login, now);
            let refused = trouble.map(|kind| Box::new(broken(kind, now)));
            (bearer.login.clone(), refused.or_else(|| lacking(endpoint, bearer)))
        }
        Err((Stale::Expired, whose)) => {
            (whose.and_then(|bearer| bearer.login.clone()), refuse("The access token expired"))
        }
        Err((Stale::Unknown, _)) => (None, refuse("Invalid access token")),
    }
}

fn lacking(endpoint: Endpoint, bearer: &Bearer) -> Option<Refusal> {
    let needed: &[&str] = match endpoint {
        Endpoint::Player | Endpoint::Devices => &["user-read-playback-state"],
        Endpoint::CurrentlyPlaying => &["user-read-currently-playing"],
        Endpoint::Queue => &["user-read-playback-state", "user-read-currently-playing"],
        Endpoint::RecentlyPlayed => &["user-read-recently-played"],
        _ => &[],
    };
    let has = |scope: &&str| bearer.scopes.iter().any(|given| given == scope);
    (!needed.iter().all(has)).then(|| Box::new(error(401, "Permissions missing")))
}

/// What a call answers that goes wrong.
pub(super) fn broken(kind: FaultKind, now: Instant) -> Response {
    match kind {
        FaultKind::TokenExpired => error(401, "The access token expired"),
        FaultKind::TokenInvalid => error(401, "Invalid access token"),
        FaultKind::PermissionsMissing => error(401, "Permissions missing"),
        FaultKind::NotFound => error(404, "Resource not found"),
        FaultKind::NoActiveDevice => no_device(),
        FaultKind::RateLimited(after) => with_retry(text(429, "Too many requests"), after, now),
        FaultKind::QuotaExceeded(after) => {
            with_retry(error_with(429, "Too many requests", "QUOTA_EXCEEDED"), after, now)
        }
        FaultKind::Status(status) => {
            text(status, "upstream connect error or disconnect/reset before headers")
        }
        FaultKind::InvalidGrant => {
            json(400, json!({"error": "invalid_grant", "error_description": "Refresh token revoked"}))
        }
        kind => forbidden(kind).unwrap_or_else(|| garbled(kind, now)),
    }
}

fn forbidden(kind: FaultKind) -> Option<Response> {
    Some(match kind {
        FaultKind::ScopeMissing => error(403, "Insufficient client scope"),
        FaultKind::Forbidden => error(403, "Forbidden"),
        FaultKind::PremiumRequired => {
            error_with(403, "Player command failed: Premium required", "PREMIUM_REQUIRED")
        }
        FaultKind::NotAllowListed => {
            text(403, "Check settings on developer.spotify.com/dashboard, the user may not be registered.")
        }
        FaultKind::OwnerLapsed => text(
            403,
            "Active premium subscription required for the owner of the app. Please visit the dashboard.",
        ),
        _ => return None,
    })
}

/// Bodies that are no answer.
fn garbled(kind: FaultKind, now: Instant) -> Response {
    match kind {
        FaultKind::Nonsense => json(200, json!({"surprise": [1, 2, 3], "is_playing": "perhaps", "item": 7})),
        FaultKind::Poison => json(200, poison(now)),
        FaultKind::Torn => text(200, "{\"timestamp\":1795204800123,\"item\":{\"name\":\"Slow Ha"),
        FaultKind::Empty => text(200, ""),
        _ => Html("<!doctype html><html><body><h1>Be right back</h1></body></html>").into_response(),
    }
}

/// Reads as a player and as a page of recent plays.
fn poison(now: Instant) -> serde_json::Value {
    let track = |duration_ms: i64| {
        json!({"type": "track", "uri": "spotify:track:poison", "id": "poison", "name": "Poison\u{0}",
            "artists": [{"name": "\u{0}"}], "duration_ms": duration_ms})
    };
    let entry = |duration_ms, played_at: &str| json!({"track": track(duration_ms), "played_at": played_at});
    json!({"is_playing": true, "currently_playing_type": "track", "progress_ms": i64::MAX, "item": track(i64::MAX),
        "items": [entry(i64::MAX, &now.to_rfc3339()), entry(i64::MIN, &now.to_rfc3339()),
            entry(i64::MAX, "+262142-12-31T23:59:59Z"), entry(i64::MAX, "-262143-01-01T00:00:01Z")]})
}

fn with_retry(mut answer: Response, after: RetryAfter, now: Instant) -> Response {
    let value = match after {
        RetryAfter::Seconds(seconds) => seconds.to_string(),
        RetryAfter::Date(seconds) => http_date(now, seconds),
        RetryAfter::Absent => return answer,
    };
    if let Ok(value) = HeaderValue::from_str(&value) {
        answer.headers_mut().insert("retry-after", value);
    }
    answer
}

/// A year at most, so that the sum stays a date.
fn http_date(now: Instant, seconds: u64) -> String {
    (now + Duration::from_secs(seconds.min(31_536_000))).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    async fn answer(kind: FaultKind) -> (u16, Option<String>, String) {
        let now = DateTime::from_timestamp(1_795_204_800, 0).expect("an instant");
        let answer = broken(kind, now);
        let after = answer.headers().get("retry-after").map(|value| value.to_str().expect("text").to_owned());
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 10_000).await.expect("a body");
        (status, after, String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn errors_read_as_in_the_contract() {
        let json = |status: u16, message: &str| {
            format!(r#"{{"error":{{"message":"{message}","status":{status}}}}}"#)
        };
        for (kind, status, message) in [
            (FaultKind::TokenExpired, 401, "The access token expired"),
            (FaultKind::TokenInvalid, 401, "Invalid access token"),
            (FaultKind::PermissionsMissing, 401, "Permissions missing"),
            (FaultKind::ScopeMissing, 403, "Insufficient client scope"),
            (FaultKind::Forbidden, 403, "Forbidden"),
            (FaultKind::NotFound, 404, "Resource not found"),
        ] {
            assert_eq!(answer(kind).await, (status, None, json(status, message)));
        }
        for (kind, status, reason) in [
            (FaultKind::PremiumRequired, 403, "PREMIUM_REQUIRED"),
            (FaultKind::NoActiveDevice, 404, "NO_ACTIVE_DEVICE"),
            (FaultKind::QuotaExceeded(RetryAfter::Absent), 429, "QUOTA_EXCEEDED"),
        ] {
            let (given, _, body) = answer(kind).await;
            assert_eq!((given, body.contains(&format!(r#""reason":"{reason}""#))), (status, true));
        }
        assert!(answer(FaultKind::NotAllowListed).await.2.contains("the user may not be registered"));
    }

    #[tokio::test]
    async fn a_rate_limit_says_when_to_come_back_in_seconds_as_a_date_or_not_at_all() {
        let after = async |after| answer(FaultKind::RateLimited(after)).await.1;
        assert_eq!(after(RetryAfter::Seconds(36_000)).await.as_deref(), Some("36000"));
        assert_eq!(after(RetryAfter::Date(60)).await.as_deref(), Some("Fri, 20 Nov 2026 20:01:00 GMT"));
        assert_eq!(after(RetryAfter::Absent).await, None);
    }
}
