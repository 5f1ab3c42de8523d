//! `/api/v1/me/export` and `DELETE /api/v1/me`: for each person alone, with the cookie of their login.

use super::export::export;
use super::{Departure, Privacy};
use crate::accounts::Oneself;
use crate::http::AppError;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, SET_COOKIE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

pub(super) fn router() -> Router<Privacy> {
    Router::new().route("/api/v1/me", delete(leave)).route("/api/v1/me/export", get(download))
}

async fn download(State(privacy): State<Privacy>, Oneself(me): Oneself) -> Response {
    let Privacy { db, metrics, clock, .. } = privacy;
    let now = clock.now();
    let name = format!("airlog-{}-{}.json", me.user.login, now.with_timezone(&me.user.timezone).date_naive());
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Body::from_stream(export(db, metrics, &me.user, now))).into_response()
}

async fn leave(State(privacy): State<Privacy>, Oneself(me): Oneself) -> Result<Response, AppError> {
    let departure = privacy.delete(&me.user).await?.ok_or(AppError::Unauthorized)?;
    let never = HeaderValue::from_static("no-store");
    let headers = [(CACHE_CONTROL, never), (SET_COOKIE, privacy.login_cookie.clear())];
    Ok((headers, Json(told(&departure))).into_response())
}

fn told(departure: &Departure) -> Value {
    let deleted: Map<String, Value> =
        departure.deleted.iter().map(|(kind, count)| ((*kind).to_owned(), json!(count))).collect();
    json!({ "deleted": deleted })
}
