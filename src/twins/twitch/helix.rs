//! Helix: users and streams.

use super::gate::{error, helix};
use crate::twins::shared::Shared;
use crate::twins::wire::{Params, json};
use crate::twins::world::{Bearer, Broadcast, BroadcastKind, Endpoint, Person, World, seconds};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// How many ids and logins one call may name.
const MOST: usize = 100;

/// `GET /users`
pub(super) async fn users(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(params): Query<Params>,
) -> Response {
    let base = shared.url("/spotify/covers");
    helix(&shared, Endpoint::Users, &headers, |world, bearer, _| {
        if too_many(&params, &["id", "login"]) {
            return error(400, "The total number of ids and logins must not exceed 100");
        }
        let named = world.persons().iter().filter(|person| is_asked_for(person, &params, bearer));
        let data: Vec<Value> = named.map(|person| user(person, &base)).collect();
        let nobody = params.pairs().is_empty() && bearer.login.is_none();
        if nobody {
            error(400, "Must provide an ID, Login or OAuth Token")
        } else {
            json(200, json!({"data": data}))
        }
    })
    .await
}

/// `GET /streams`
pub(super) async fn streams(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(params): Query<Params>,
) -> Response {
    helix(&shared, Endpoint::Streams, &headers, |world, _, now| {
        if too_many(&params, &["user_id"]) || too_many(&params, &["user_login"]) {
            return error(
                400,
                "The parameter \"user_id\" was malformed: the number of values must not exceed 100",
            );
        }
        let data = listed(world, &params, now);
        json(200, json!({"data": data, "pagination": {}}))
    })
    .await
}

fn listed(world: &World, params: &Params, now: crate::base::clock::Instant) -> Vec<Value> {
    let everybody = params.get("user_id").is_none() && params.get("user_login").is_none();
    let asked = |person: &Person| {
        everybody
            || params.all("user_id").any(|id| id == person.twitch_id)
            || params.all("user_login").any(|login| login == person.login)
    };
    let live_only = params.get("type") == Some("live");
    let shown = |on: &Broadcast| !live_only || on.kind == BroadcastKind::Live;
    world
        .listed_streams(now)
        .filter(|(person, on)| asked(person) && shown(on))
        .map(|(person, on)| stream(person, on))
        .collect()
}

fn is_asked_for(person: &Person, params: &Params, bearer: &Bearer) -> bool {
    if params.pairs().is_empty() {
        return bearer.login.as_deref() == Some(person.login.as_str());
    }
    params.all("id").any(|id| id == person.twitch_id)
        || params.all("login").any(|login| login == person.login)
}

fn too_many(params: &Params, names: &[&str]) -> bool {
    names.iter().map(|name| params.all(name).count()).sum::<usize>() > MOST
}

fn user(person: &Person, base: &str) -> Value {
    json!({
        "id": person.twitch_id,
        "login": person.login,
        "display_name": person.name,
        "type": "",
        "broadcaster_type": "affiliate",
        "description": "",
        "profile_image_url": format!("{base}/{}.svg", person.login),
        "offline_image_url": "",
        "view_count": 0,
        "created_at": "2020-01-01T00:00:00Z",
    })
}

fn stream(person: &Person, on: &Broadcast) -> Value {
    json!({
        "id": on.id,
        "user_id": person.twitch_id,
        "user_login": person.login,
        "user_name": person.name,
        "game_id": "26936",
        "game_name": "Music",
        "type": on.kind.word(),
        "title": "An evening with music",
        "tags": ["English"],
        "viewer_count": 7,
        "started_at": seconds(on.started_at),
        "language": "en",
        "thumbnail_url": "https://static-cdn.example/{width}x{height}.jpg",
        "tag_ids": [],
        "is_mature": false,
    })
}
