//! The door of Helix: who asks, what goes wrong, how many points are left. Every call is counted here.

use crate::base::clock::Instant;
use crate::twins::door::{attempt, or_hang};
use crate::twins::shared::Shared;
use crate::twins::wire::{authorization, header, json, text};
use crate::twins::world::{Bearer, Company, Endpoint, FaultKind, RetryAfter, World};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::json;
use std::sync::Arc;

/// An error as Helix writes it.
pub(super) fn error(status: u16, message: &str) -> Response {
    json(status, json!({"error": word(status), "status": status, "message": message}))
}

/// Answers a call to Helix by `body`, unless the caller is refused or something goes wrong.
pub(super) async fn helix(
    shared: &Arc<Shared>,
    endpoint: Endpoint,
    headers: &HeaderMap,
    body: impl FnOnce(&mut World, &Bearer, Instant) -> Response,
) -> Response {
    let answer = shared.with(|world, now| {
        let bearer = admitted(world, headers, now);
        let login = bearer.as_ref().ok().and_then(|bearer| bearer.login.clone());
        attempt(world, endpoint, login, now, broken, |world| match bearer {
            Ok(bearer) => metered(world, &bearer, now, body),
            Err(refusal) => *refusal,
        })
    });
    or_hang(shared, answer).await
}

fn admitted(world: &World, headers: &HeaderMap, now: Instant) -> Result<Bearer, Box<Response>> {
    let refuse = |message| Err(Box::new(error(401, message)));
    let Some(token) = authorization(headers, "Bearer") else { return refuse("OAuth token is missing") };
    let Ok((bearer, _)) = world.bearer(Company::Twitch, token, now) else {
        return refuse("Invalid OAuth token");
    };
    match header(headers, "client-id") {
        None => refuse("Client ID is missing"),
        Some(id) if id != bearer.client_id => refuse("Client ID and OAuth token do not match"),
        Some(_) => Ok(bearer.clone()),
    }
}

fn metered(
    world: &mut World,
    bearer: &Bearer,
    now: Instant,
    body: impl FnOnce(&mut World, &Bearer, Instant) -> Response,
) -> Response {
    let limit = world.pace.twitch_points;
    let left = world.spend_point(bearer, now);
    let mut answer = match left {
        Some(_) => body(world, bearer, now),
        None => error(429, "Too Many Requests"),
    };
    let reset = (now.timestamp().div_euclid(60) + 1) * 60;
    let headers = answer.headers_mut();
    headers.insert("ratelimit-limit", HeaderValue::from(limit));
    headers.insert("ratelimit-remaining", HeaderValue::from(left.unwrap_or_default()));
    headers.insert("ratelimit-reset", HeaderValue::from(reset));
    answer
}

/// What a call answers that goes wrong.
pub(super) fn broken(kind: FaultKind, now: Instant) -> Response {
    match kind {
        FaultKind::TokenExpired | FaultKind::TokenInvalid => error(401, "Invalid OAuth token"),
        FaultKind::RateLimited(after) | FaultKind::QuotaExceeded(after) => limited(after, now),
        FaultKind::Status(status) => error(status, ""),
        FaultKind::NotFound => error(404, "Not Found"),
        FaultKind::Empty => json(200, json!({"data": [], "pagination": {}})),
        FaultKind::Nonsense => json(200, json!({"surprise": [1, 2, 3]})),
        FaultKind::Torn => text(200, "{\"data\":[{\"id\":\"4"),
        FaultKind::Html => Html("<html><body><h1>Be right back</h1></body></html>").into_response(),
        FaultKind::InvalidGrant => json(400, json!({"status": 400, "message": "Invalid refresh token"})),
        _ => error(403, "Forbidden"),
    }
}

fn limited(after: RetryAfter, now: Instant) -> Response {
    let mut answer = error(429, "Too Many Requests");
    if let RetryAfter::Seconds(seconds) | RetryAfter::Date(seconds) = after {
        let reset = now.timestamp().saturating_add_unsigned(seconds);
        answer.headers_mut().insert("ratelimit-remaining", HeaderValue::from(0));
        answer.headers_mut().insert("ratelimit-reset", HeaderValue::from(reset));
    }
    answer
}

fn word(status: u16) -> &'static str {
    axum::http::StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or("Error")
}
