//! `/me` and the reads of the player.

use super::errors::{call, no_device};
use super::objects;
use crate::base::clock::Instant;
use crate::twins::shared::Shared;
use crate::twins::wire::{Params, json};
use crate::twins::world::{Endpoint, Scene, Sight, World};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /me`
pub(super) async fn me(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    call(&shared, Endpoint::Me, &headers, |world, login, _| {
        let person = world.add_person(login);
        let id = &person.spotify_id;
        json(
            200,
            json!({
                "account_id": format!("acc{id}"), "display_name": person.name,
                "external_urls": {"spotify": format!("https://open.spotify.com/user/{id}")},
                "href": format!("https://api.spotify.com/v1/users/{id}"), "id": id, "images": [],
                "type": "user", "uri": format!("spotify:user:{id}"),
            }),
        )
    })
    .await
}

/// `GET /me/player`
pub(super) async fn state(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(params): Query<Params>,
) -> Response {
    let (covers, episodes) = (shared.url("/spotify/covers"), wants_episodes(&params));
    call(&shared, Endpoint::Player, &headers, |world, login, now| {
        sight(world, login, now, |scene| objects::player(scene, episodes, &covers))
    })
    .await
}

/// `GET /me/player/currently-playing`
pub(super) async fn currently_playing(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(params): Query<Params>,
) -> Response {
    let (covers, episodes) = (shared.url("/spotify/covers"), wants_episodes(&params));
    call(&shared, Endpoint::CurrentlyPlaying, &headers, |world, login, now| {
        sight(world, login, now, |scene| objects::currently_playing(scene, episodes, &covers))
    })
    .await
}

/// `GET /me/player/queue`
pub(super) async fn queue(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let covers = shared.url("/spotify/covers");
    call(&shared, Endpoint::Queue, &headers, |world, login, now| {
        let playing = world.now_playing(login, now).map(|scene| objects::item(&scene.item, true, &covers));
        let waiting = world.waiting(login, now);
        let queue: Vec<Value> =
            waiting.iter().take(20).map(|item| objects::item(item, true, &covers)).collect();
        json(200, json!({"currently_playing": playing, "queue": queue}))
    })
    .await
}

/// `GET /me/player/devices`
pub(super) async fn devices(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    call(&shared, Endpoint::Devices, &headers, |world, login, _| {
        json(200, objects::devices(world.device(login)))
    })
    .await
}

fn sight(world: &mut World, login: &str, now: Instant, show: impl FnOnce(&Scene) -> Value) -> Response {
    match world.look(login, now) {
        Sight::On(scene) => json(200, show(&scene)),
        Sight::Nothing => StatusCode::NO_CONTENT.into_response(),
        Sight::NoDevice => no_device(),
    }
}

fn wants_episodes(params: &Params) -> bool {
    params.text("additional_types").split(',').any(|kind| kind.trim() == "episode")
}
