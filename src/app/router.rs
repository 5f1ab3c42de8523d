//! All routes in one frame: the rooms', then what holds for every answer.

use super::health::{self, Health};
use super::people::People;
use crate::accounts;
use crate::alerts::{self, Alerts};
use crate::curation::{self, Curation};
use crate::dashboard::{self, Dashboard};
use crate::daylist::{self, Daylist};
use crate::docs;
use crate::eventsub::{self, Receiver};
use crate::http::{self, AppError, Limits, assets, limit, manifest};
use crate::overlay;
use crate::privacy::{self, Privacy};
use crate::setup::{self, Setup};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// What the routes are put together from.
pub(super) struct Frame {
    pub(super) daylist: Daylist,
    pub(super) receiver: Receiver,
    pub(super) health: Health,
    pub(super) limits: Limits,
    pub(super) people: People,
    pub(super) privacy: Privacy,
    pub(super) dashboard: Dashboard,
    pub(super) curation: Curation,
    pub(super) alerts: Alerts,
    pub(super) overlay_desk: overlay::Desk,
    /// What goes around all of it.
    pub(super) around: http::Frame,
}

/// Who stands at the door of what is limited.
struct Door {
    limits: Limits,
    setup: Setup,
}

/// The whole of the outside. Health and webhooks are not limited: machines of ours and Twitch's ask there. Nor are
/// overlays: a browser source shows what it is answered, whatever else its address asks for.
pub(super) fn assemble(frame: Frame) -> Router {
    // Shared: each step on the way to a handler makes a copy of what comes after it.
    let door = Arc::new(Door { limits: frame.limits, setup: frame.people.desk.setup.clone() });
    let overlays = frame.overlay_desk.overlays.clone();
    let entrance = accounts::router(frame.people.entrance.clone())
        .layer(from_fn_with_state(frame.people.logins, limit))
        .merge(accounts::device_router(frame.people.entrance));
    let limited = overlay::live_router(overlays.clone(), frame.daylist.clone())
        .merge(daylist::router(frame.daylist))
        .merge(docs::router())
        .merge(entrance)
        .merge(setup::router(frame.people.desk))
        .merge(dashboard::router(frame.dashboard))
        .merge(curation::router(frame.curation))
        .merge(alerts::router(frame.alerts))
        .merge(overlay::desk_router(frame.overlay_desk))
        .merge(privacy::router(frame.privacy))
        .fallback(async || AppError::NotFound)
        .layer(from_fn_with_state(door, enter));
    Router::new()
        .merge(limited)
        .merge(overlay::router(overlays))
        .merge(assets::router())
        .merge(manifest::router())
        .merge(eventsub::router(frame.receiver))
        .merge(health::router(frame.health))
        // What comes first is outermost: what is compressed is as it is to be.
        .layer((
            CompressionLayer::new(),
            Extension(frame.people.gate),
            from_fn_with_state(Arc::new(frame.around), around),
            CatchPanicLayer::custom(panicked),
        ))
}

async fn enter(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    match door.limits.count(&request) {
        Ok(()) => setup::lead(&door.setup, request, next).await,
        Err(error) => error.into_response(),
    }
}

async fn around(State(frame): State<Arc<http::Frame>>, request: Request, next: Next) -> Response {
    frame.answer(request, next).await
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    AppError::Internal(anyhow::anyhow!("a handler panicked")).into_response()
}
