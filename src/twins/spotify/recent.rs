//! `GET /me/player/recently-played`: pages of what was played, newest first.

use super::errors::{call, error};
use super::objects;
use crate::base::clock::Instant;
use crate::twins::shared::Shared;
use crate::twins::wire::{Params, json};
use crate::twins::world::{Endpoint, Heard, ItemKind, Page, Window};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};
use std::sync::Arc;

/// How many plays a page holds unless asked otherwise.
const LIMIT: usize = 20;

/// `GET /me/player/recently-played`
pub(super) async fn recently_played(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(params): Query<Params>,
) -> Response {
    let (here, covers) = (shared.url("/spotify/v1/me/player/recently-played"), shared.url("/spotify/covers"));
    call(&shared, Endpoint::RecentlyPlayed, &headers, |world, login, now| match asked(&params) {
        Ok((window, limit)) => {
            json(200, page(&world.history(login, window, limit, now), limit, &here, &covers))
        }
        Err(message) => error(400, message),
    })
    .await
}

fn asked(params: &Params) -> Result<(Window, usize), &'static str> {
    let limit = params.get("limit").map_or(Ok(LIMIT), str::parse).map_err(|_| "Invalid limit")?;
    if !(1..=50).contains(&limit) {
        return Err("Invalid limit");
    }
    let window = match (params.get("after"), params.get("before")) {
        (Some(_), Some(_)) => return Err("Only one of \"before\" and \"after\" may be given"),
        (Some(after), None) => Window::After(instant(after)?),
        (None, Some(before)) => Window::Before(instant(before)?),
        (None, None) => Window::Newest,
    };
    Ok((window, limit))
}

fn instant(text: &str) -> Result<Instant, &'static str> {
    text.parse().ok().and_then(DateTime::from_timestamp_millis).ok_or("Invalid cursor")
}

fn page(page: &Page, limit: usize, here: &str, covers: &str) -> Value {
    let stamp = |play: Option<&(Instant, Heard)>| play.map(|(at, _)| at.timestamp_millis().to_string());
    let (newest, oldest) = (stamp(page.plays.first()), stamp(page.plays.last()));
    let cursors = newest.zip(oldest.clone()).map(|(after, before)| json!({"after": after, "before": before}));
    let next = oldest.filter(|_| page.more).map(|before| format!("{here}?before={before}&limit={limit}"));
    json!({
        "href": format!("{here}?limit={limit}"),
        "limit": limit,
        "next": next,
        "cursors": cursors,
        "items": page.plays.iter().map(|(at, play)| entry(*at, play, covers)).collect::<Vec<_>>(),
    })
}

fn entry(at: Instant, play: &Heard, covers: &str) -> Value {
    let track = match &play.item.kind {
        ItemKind::Track(track) => objects::track(track, play.item.length, covers),
        _ => Value::Null,
    };
    let context = play.playlist.as_deref().map(objects::context);
    json!({"track": track, "played_at": at.to_rfc3339_opts(SecondsFormat::Millis, true), "context": context})
}
