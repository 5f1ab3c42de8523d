//! Helix: `EventSub` subscriptions.

use super::gate::{error, helix};
use crate::base::clock::Instant;
use crate::twins::shared::Shared;
use crate::twins::wire::{Params, json};
use crate::twins::world::{Bearer, Endpoint, Refusal, Subscription, Transport, Wish, World};
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// How many subscriptions one page holds.
const PAGE: usize = 100;

/// `POST /eventsub/subscriptions`
pub(super) async fn create(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    helix(&shared, Endpoint::Subscriptions, &headers, |world, bearer, now| {
        let made = wish(world, &body).and_then(|wish| world.subscribe(bearer.clone(), wish, now));
        match made {
            Ok(subscription) => json(202, listing(world, bearer, &[subscription])),
            Err(refusal) => error(refusal.status, refusal.message),
        }
    })
    .await
}

/// `GET /eventsub/subscriptions`
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(params): Query<Params>,
) -> Response {
    helix(&shared, Endpoint::Subscriptions, &headers, |world, bearer, _| {
        if ["status", "type", "user_id", "subscription_id"].iter().filter(|f| params.get(f).is_some()).count()
            > 1
        {
            return error(400, "only one filter may be given");
        }
        let mut chosen = world.subscriptions_of(bearer);
        chosen.retain(|subscription| passes(subscription, &params));
        page(world, bearer, &chosen, params.get("after"))
    })
    .await
}

/// `DELETE /eventsub/subscriptions`
pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(params): Query<Params>,
) -> Response {
    helix(&shared, Endpoint::Subscriptions, &headers, |world, bearer, _| match params.get("id") {
        None => error(400, "The parameter \"id\" is required"),
        Some(id) if world.unsubscribe(bearer, id) => StatusCode::NO_CONTENT.into_response(),
        Some(_) => error(404, "subscription not found"),
    })
    .await
}

fn passes(subscription: &Subscription, params: &Params) -> bool {
    let is = |name: &str, value: &str| params.get(name).is_none_or(|wanted| wanted == value);
    let about = subscription.wish.condition.as_object().into_iter().flatten().any(|(key, value)| {
        key.ends_with("user_id") && params.get("user_id").is_some_and(|id| value.as_str() == Some(id))
    });
    is("status", subscription.standing.word())
        && is("type", &subscription.wish.kind)
        && is("subscription_id", &subscription.id)
        && (params.get("user_id").is_none() || about)
}

fn page(world: &World, bearer: &Bearer, chosen: &[Subscription], after: Option<&str>) -> Response {
    let start = after.map_or(Some(0), |cursor| cursor.parse().ok()).filter(|start| *start <= chosen.len());
    let Some(start) = start else { return error(400, "invalid cursor") };
    let end = chosen.len().min(start + PAGE);
    let mut body = listing(world, bearer, &chosen[start..end]);
    let cursor = if end < chosen.len() { json!({"cursor": end.to_string()}) } else { json!({}) };
    body["pagination"] = cursor;
    json(200, body)
}

fn listing(world: &World, bearer: &Bearer, shown: &[Subscription]) -> Value {
    let (cost, most) = world.subscription_costs(bearer);
    json!({
        "data": shown.iter().map(Subscription::to_json).collect::<Vec<_>>(),
        "total": world.subscriptions_of(bearer).len(),
        "total_cost": cost,
        "max_total_cost": most,
    })
}

fn wish(world: &World, body: &[u8]) -> Result<Wish, Refusal> {
    let bad = |message| Refusal { status: 400, message };
    let body: Value = serde_json::from_slice(body).map_err(|_| bad("malformed JSON"))?;
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    Ok(Wish {
        kind: text("type").ok_or(bad("The parameter \"type\" is required"))?,
        version: text("version").ok_or(bad("The parameter \"version\" is required"))?,
        condition: body["condition"].clone(),
        transport: transport(world, &body["transport"])?,
    })
}

fn transport(world: &World, given: &Value) -> Result<Transport, Refusal> {
    let bad = |message| Refusal { status: 400, message };
    let text = |name: &str| given[name].as_str().unwrap_or_default().to_owned();
    match given["method"].as_str() {
        Some("webhook") if !is_secret(&text("secret")) => {
            Err(bad("secret must be 10 to 100 ASCII characters"))
        }
        Some("webhook") if !is_callback(&text("callback")) => Err(bad("callback must be HTTPS on port 443")),
        Some("webhook") => Ok(Transport::Webhook { callback: text("callback"), secret: text("secret") }),
        Some("websocket") => {
            socket(world, text("session_id")).ok_or(bad("session does not exist or has already disconnected"))
        }
        _ => Err(bad("transport method is not supported")),
    }
}

fn socket(world: &World, session_id: String) -> Option<Transport> {
    let connected_at: Instant = world.socket(&session_id)?;
    Some(Transport::Socket { session_id, connected_at })
}

fn is_secret(secret: &str) -> bool {
    (10..=100).contains(&secret.len()) && secret.is_ascii()
}

/// HTTPS on its own port; here also plain HTTP on loopback, so that tests need no certificate.
fn is_callback(callback: &str) -> bool {
    let loopback = ["http://127.0.0.1:", "http://[::1]:"].iter().any(|start| callback.starts_with(start));
    let host = callback.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    loopback || (!host.is_empty() && (!host.contains(':') || host.ends_with(":443")))
}
