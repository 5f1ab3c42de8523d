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
use crate::http::{
    AppError, Limits, Proxies, Safety, Site, assets, dress, guard, limit, manifest, remember_language,
};
use crate::overlay;
use crate::privacy::{self, Privacy};
use crate::setup;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router, middleware};
use std::any::Any;
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
    pub(super) safety: Safety,
    pub(super) proxies: Proxies,
    pub(super) site: Site,
}

/// The whole of the outside. Health and webhooks are not limited: machines of ours and Twitch's ask there. Nor are
/// overlays: a browser source shows what it is answered, whatever else its address asks for.
pub(super) fn assemble(frame: Frame) -> Router {
    let first = frame.people.desk.setup.clone();
    let overlays = frame.overlay_desk.overlays.clone();
    let entrance = accounts::router(frame.people.entrance.clone())
        .layer(middleware::from_fn_with_state(frame.people.logins, limit))
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
        .layer(middleware::from_fn_with_state(first, setup::lead))
        .layer(middleware::from_fn_with_state(frame.limits, limit));
    Router::new()
        .merge(limited)
        .merge(overlay::router(overlays))
        .merge(assets::router())
        .merge(manifest::router())
        .merge(eventsub::router(frame.receiver))
        .merge(health::router(frame.health))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(dress))
        // After what it compresses has been dressed.
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(remember_language))
        .layer(middleware::from_fn_with_state(frame.safety, guard))
        .layer(Extension(frame.people.gate))
        .layer(Extension(frame.proxies))
        .layer(Extension(frame.site))
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    AppError::Internal(anyhow::anyhow!("a handler panicked")).into_response()
}
