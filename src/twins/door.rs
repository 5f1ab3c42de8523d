//! The door every call passes: it may go wrong, it may hang, it is counted.

use super::shared::Shared;
use super::wire::text;
use super::world::{Call, Endpoint, FaultKind, World};
use crate::base::clock::Instant;
use axum::response::Response;
use std::sync::Arc;

/// Lets a call go wrong as `broken` says if it should, else answers it by `body`; notes it. None is an answer
/// that hangs.
pub(super) fn attempt(
    world: &mut World,
    endpoint: Endpoint,
    login: Option<String>,
    now: Instant,
    broken: impl FnOnce(FaultKind, Instant) -> Response,
    body: impl FnOnce(&mut World) -> Response,
) -> Option<Response> {
    let answer = match world.trip(endpoint, login.as_deref(), now) {
        Some(FaultKind::Hang) => None,
        Some(kind) => Some(broken(kind, now)),
        None => Some(body(world)),
    };
    let status = answer.as_ref().map_or(0, |answer| answer.status().as_u16());
    world.note_call(Call { at: now, endpoint, login, status });
    answer
}

/// The answer, or silence for as long as the world's pace says and then a 504.
pub(super) async fn or_hang(shared: &Arc<Shared>, answer: Option<Response>) -> Response {
    if let Some(answer) = answer {
        return answer;
    }
    let patience = shared.with(|world, _| world.pace.hang);
    tokio::select! {
        () = tokio::time::sleep(patience) => {}
        () = shared.stop.cancelled() => {}
    }
    text(504, "upstream request timeout")
}
