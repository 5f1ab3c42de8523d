//! `/api/v1/me/keys` and `/api/v1/me/audit`: for the streamer alone. No key opens them, so none makes another.

use super::Dashboard;
use crate::accounts::{ApiKey, KeyError, Me};
use crate::audit::{By, Entry};
use crate::base::id::{AuditId, KeyId};
use crate::dashboard::api::{private, read};
use crate::http::AppError;
use crate::hub::instant_text;
use anyhow::Context as _;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get};
use axum::{Json, Router};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::{Value, json};

/// How many lines are given where nobody says how many.
const LINES: u16 = 50;
/// The most lines at a time.
const MOST_LINES: u16 = 200;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/api/v1/me/keys", get(keys).post(make))
        .route("/api/v1/me/keys/{id}", delete(revoke))
        .route("/api/v1/me/audit", get(audit))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: String,
    scopes: Vec<String>,
}

#[derive(Deserialize)]
struct Which {
    before: Option<AuditId>,
    limit: Option<u16>,
}

async fn keys(State(dashboard): State<Dashboard>, me: Me) -> Result<Response, AppError> {
    let keys = dashboard.keys.of(me.user.id).await.context("reading keys")?;
    let keys: Vec<Value> = keys.iter().map(shown).collect();
    Ok(private(&json!({ "keys": keys })))
}

async fn make(
    State(dashboard): State<Dashboard>,
    me: Me,
    wanted: Result<Json<Wanted>, JsonRejection>,
) -> Result<Response, AppError> {
    let wanted = read(wanted)?;
    let scopes = wanted.scopes.iter().map(String::as_str);
    let (key, secret) =
        dashboard.keys.make(me.user.id, &wanted.name, scopes).await.map_err(|error| match error {
            KeyError::Database(error) => AppError::Internal(error.into()),
            refused => AppError::BadRequest { detail: refused.to_string() },
        })?;
    let mut made = shown(&key);
    made["key"] = secret.expose_secret().into();
    Ok((StatusCode::CREATED, private(&made)).into_response())
}

async fn revoke(
    State(dashboard): State<Dashboard>,
    me: Me,
    Path(key): Path<String>,
) -> Result<StatusCode, AppError> {
    let key: KeyId = key.parse().map_err(|_| AppError::NotFound)?;
    if dashboard.revoke(&me, key).await? { Ok(StatusCode::NO_CONTENT) } else { Err(AppError::NotFound) }
}

async fn audit(
    State(dashboard): State<Dashboard>,
    me: Me,
    Query(which): Query<Which>,
) -> Result<Response, AppError> {
    let most = which.limit.unwrap_or(LINES);
    if !(1..=MOST_LINES).contains(&most) {
        return Err(AppError::BadRequest { detail: format!("`limit` is 1 to {MOST_LINES}, not {most}") });
    }
    let lines = dashboard.audit.lines(me.user.id, which.before, most).await;
    let lines = lines.context("reading the audit log")?;
    let next = lines.last().filter(|_| lines.len() == usize::from(most)).map(|entry| entry.id);
    let entries: Vec<Value> = lines.iter().map(told).collect();
    Ok(private(&json!({ "entries": entries, "next": next })))
}

/// A key as other programs have it, without the key.
fn shown(key: &ApiKey) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes.words().collect::<Vec<_>>(),
        "made_at": instant_text(key.made_at),
        "last_used_at": key.last_used_at.map(instant_text),
    })
}

fn told(entry: &Entry) -> Value {
    let by = match &entry.by {
        By::Streamer => json!({ "kind": "streamer" }),
        By::Moderator { id, login } => json!({ "kind": "moderator", "id": id, "name": login }),
        By::Key { id, name } => json!({ "kind": "key", "id": id, "name": name }),
    };
    json!({
        "id": entry.id,
        "at": instant_text(entry.at),
        "by": by,
        "deed": entry.deed.word(),
        "about": entry.about,
    })
}
