//! `/api/v1/me`: the streamer's own, for programs and for whoever helps.

use super::Dashboard;
use super::pages::told;
use super::settings::Change;
use crate::accounts::rules::link_ends_at;
use crate::accounts::{GrantStatus, LinkView, Power, Staff, User};
use crate::base::clock::Instant;
use crate::daylist::{How, Upgrade};
use crate::http::{AppError, Visitor};
use crate::hub::instant_text;
use crate::live::{Doing, Status};
use anyhow::Context as _;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/api/v1/me", get(me))
        .route("/api/v1/me/settings", get(settings).patch(change))
        .route("/api/v1/me/tracking", post(track))
        .route("/api/v1/me/live", get(live))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tracking {
    action: String,
    minutes: Option<i64>,
}

async fn me(State(dashboard): State<Dashboard>, staff: Staff) -> Result<Response, AppError> {
    staff.may(Power::Read)?;
    let id = staff.user.id;
    let status = dashboard.controls.status(id).await?;
    let link = dashboard.accounts.link(id).await.context("reading a link")?;
    let grant = dashboard.accounts.grant(id).await.context("reading a grant")?;
    let mut profile = profile(&staff.user, &status, link.as_ref(), grant);
    let panic = dashboard.curation.panic(id).await?;
    profile["ghost"] = panic.ghost.map(|ghost| instant_text(ghost.from)).into();
    Ok(private(&profile))
}

async fn settings(staff: Staff) -> Result<Response, AppError> {
    staff.may(Power::Read)?;
    Ok(private(&chosen(&staff.user)))
}

async fn change(
    State(dashboard): State<Dashboard>,
    staff: Staff,
    change: Result<Json<Change>, JsonRejection>,
) -> Result<Response, AppError> {
    staff.may(Power::Settings)?;
    let after = dashboard.change(&staff, read(change)?).await?;
    Ok(private(&chosen(&after)))
}

async fn track(
    State(dashboard): State<Dashboard>,
    staff: Staff,
    asked: Result<Json<Tracking>, JsonRejection>,
) -> Result<Response, AppError> {
    staff.may(Power::Track)?;
    let asked = read(asked)?;
    match dashboard.track(&staff, &asked.action, asked.minutes).await {
        Ok(()) => Ok(private(&tracking(&dashboard.controls.status(staff.user.id).await?))),
        Err(error) => {
            Err(told(&error).map_or_else(|| error.into(), |detail| AppError::BadRequest { detail }))
        }
    }
}

/// The streamer's own list as it happens, not delayed. It closes when whoever listens is let in no more.
async fn live(
    State(dashboard): State<Dashboard>,
    staff: Staff,
    Query(how): Query<How>,
    visitor: Visitor,
    upgrade: Upgrade,
) -> Result<Response, AppError> {
    staff.may(Power::Read)?;
    let user = staff.user.id;
    dashboard.daylist.staff_live(user, &how, &visitor, upgrade, staff.left()).await
}

pub(super) fn read<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, AppError> {
    body.map(|Json(body)| body).map_err(|error| AppError::BadRequest { detail: error.body_text() })
}

/// JSON that nobody may keep.
pub(super) fn private(body: &Value) -> Response {
    (StatusCode::OK, [("cache-control", "no-store")], Json(body)).into_response()
}

fn profile(user: &User, status: &Status, link: Option<&LinkView>, grant: Option<GrantStatus>) -> Value {
    json!({
        "login": user.login,
        "name": user.name,
        "settings": chosen(user),
        "twitch": grant.map(|grant| grant.to_string()),
        "spotify": link.map(linked),
        "live": status.stream.as_ref().is_some_and(|stream| stream.twitch_id.is_some()),
        "tracking": tracking(status),
    })
}

fn chosen(user: &User) -> Value {
    json!({
        "enabled": user.enabled,
        "visibility": user.visibility.to_string(),
        "retention_days": user.retention_days,
        "timezone": user.timezone.name(),
        "delay_seconds": user.delay_seconds,
        "after_leaving": user.after_leaving.to_string(),
    })
}

fn linked(link: &LinkView) -> Value {
    json!({
        "status": link.status.to_string(),
        "authorized_at": instant_text(link.authorized_at),
        "ends_at": instant_text(link_ends_at(link.authorized_at)),
    })
}

fn tracking(status: &Status) -> Value {
    let text = |at: Option<Instant>| at.map(instant_text);
    json!({
        "is_tracking": status.is_tracking,
        "state": state(&status.doing),
        "until": text(until(&status.doing)),
        "by_hand": status.by_hand.as_ref().map(|one| one.action.word()),
        "stream_started_at": text(status.stream.as_ref().map(|stream| stream.started_at)),
        "last_look_at": text(status.last_look_at),
    })
}

/// The word for what is being done, or stands in the way: a promise to other programs.
fn state(doing: &Doing) -> &'static str {
    use crate::clients::spotify::Forbidden;
    match doing {
        Doing::Following => "following",
        Doing::Idle => "idle",
        Doing::Disabled => "disabled",
        Doing::Unlinked => "unlinked",
        Doing::ReconnectNeeded => "reconnect_needed",
        Doing::Paused { .. } => "paused",
        Doing::Stopped { .. } => "stopped",
        Doing::CrashLoop { .. } => "failing",
        Doing::DatabaseFull => "database",
        Doing::Resting { .. } => "rate_limited",
        Doing::Standing(Forbidden::PremiumRequired) => "premium_required",
        Doing::Standing(Forbidden::NotAllowListed) => "not_allow_listed",
        Doing::Standing(Forbidden::OwnerLapsed) => "owner_lapsed",
        Doing::Standing(Forbidden::Scope) => "scope_missing",
        Doing::Standing(Forbidden::Other) => "forbidden",
        Doing::AppRefused => "app_refused",
        Doing::SpotifyDown | Doing::SpotifyUnreadable => "spotify_down",
    }
}

fn until(doing: &Doing) -> Option<Instant> {
    match doing {
        Doing::Paused { until } | Doing::Stopped { until } | Doing::Resting { until } => *until,
        Doing::CrashLoop { rests_until, .. } => Some(*rests_until),
        _ => None,
    }
}
