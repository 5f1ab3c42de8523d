//! Whether the server lives, whether it can serve, and its metrics.

use crate::db::Db;
use crate::http::Doors;
use crate::live::Writer;
use crate::telemetry::Metrics;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

/// What health is read from.
#[derive(Debug, Clone)]
pub struct Health {
    /// Must answer.
    pub db: Db,
    /// Counted.
    pub metrics: Metrics,
    /// Its waiting plays are shown.
    pub writer: Writer,
    /// Its guests are shown.
    pub doors: Doors,
}

/// `/health/live`, `/health/ready`, `/metrics`.
pub fn router(health: Health) -> Router {
    Router::new()
        .route("/health/live", get(|| async { "live\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(health)
}

/// Ready as soon as pages can be served; says why when they cannot.
async fn ready(State(health): State<Health>) -> Response {
    match health.db.ping().await {
        Ok(()) => {
            Json(json!({ "status": "ready", "plays_pending": health.writer.pending() })).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            let why = Json(json!({ "status": "not ready", "reason": "the database does not answer" }));
            (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
        }
    }
}

async fn metrics(State(health): State<Health>) -> Response {
    let text = health.metrics.text(health.doors.guests(), health.writer.pending());
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
}
