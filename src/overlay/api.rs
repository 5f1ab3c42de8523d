//! The live door of private overlays: the frames of the public, by a key in place of the streamer's name. It opens whatever
//! their list is, public or private, and nothing else.

use super::Overlays;
use crate::daylist::{Daylist, How, Upgrade};
use crate::http::{AppError, Visitor};
use anyhow::Context as _;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;

/// What the door needs.
#[derive(Debug, Clone)]
struct Door {
    overlays: Overlays,
    daylist: Daylist,
}

/// The door: whoever comes in by a key of `overlays` is told what `daylist` tells the public.
pub fn live_router(overlays: Overlays, daylist: Daylist) -> Router {
    Router::new().route("/api/v1/overlay/{key}/live", get(live)).with_state(Door { overlays, daylist })
}

/// The WebSocket. A key that opens nothing gets the 404 instead of the upgrade; one that opens nothing any more, 1008.
async fn live(
    State(Door { overlays, daylist }): State<Door>,
    Path(key): Path<String>,
    Query(how): Query<How>,
    visitor: Visitor,
    upgrade: Upgrade,
) -> Result<Response, AppError> {
    let key = key.into();
    let user =
        overlays.holder(&key).await.context("looking for whose key this is")?.ok_or(AppError::NotFound)?;
    let rolled = overlays.rolled(user, key);
    daylist.guest_live(user, &how, &visitor, upgrade, rolled).await
}
