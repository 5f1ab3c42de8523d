//! `/api/v1/me/tracks` and `/api/v1/me/panic`: the list by hand, for programs. What these answer is a promise to them.

use super::Curation;
use super::model::{Correction, Listed, Missed, Outcome, Panic, Refused};
use crate::accounts::{Power, Staff, User};
use crate::base::clock::Instant;
use crate::base::id::{ActId, PlayId};
use crate::base::local_day::{bounds, local_date};
use crate::http::AppError;
use crate::hub::{Track, instant_text};
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(super) fn router() -> Router<Curation> {
    Router::new()
        .route("/api/v1/me/tracks", get(list).post(add))
        .route("/api/v1/me/tracks/{id}", patch(correct).delete(hide))
        .route("/api/v1/me/tracks/{id}/restore", post(restore))
        .route("/api/v1/me/panic", get(state).post(press))
}

/// A play with what only its staff sees of it.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    track: &'a Track,
    hidden_at: Option<String>,
    hidden_act: Option<ActId>,
    corrected_at: Option<String>,
}

impl<'a> From<&'a Listed> for Row<'a> {
    fn from(play: &'a Listed) -> Self {
        Self {
            track: &play.track,
            hidden_at: play.hidden_at.map(instant_text),
            hidden_act: play.hidden_act,
            corrected_at: play.corrected_at.map(instant_text),
        }
    }
}

#[derive(Deserialize)]
struct WhichDay {
    date: Option<String>,
}

/// One of the panic buttons.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Press {
    pub(super) action: String,
    pub(super) minutes: Option<i64>,
    pub(super) act: Option<String>,
}

/// How many minutes are hidden when nobody says.
const USUAL_MINUTES: i64 = 10;

async fn list(
    State(curation): State<Curation>,
    staff: Staff,
    Query(asked): Query<WhichDay>,
) -> Result<Response, AppError> {
    staff.may(Power::Read)?;
    let date = day(&staff.user, asked.date.as_deref(), curation.inner.now()).ok_or(AppError::NotFound)?;
    let (from, to) = bounds(date, staff.user.timezone);
    let plays = curation.plays(staff.user.id, from, to).await?;
    let tracks: Vec<Row<'_>> = plays.iter().map(Row::from).collect();
    let timezone = staff.user.timezone.name();
    Ok(private(StatusCode::OK, &json!({ "date": date, "timezone": timezone, "tracks": tracks })))
}

async fn add(
    State(curation): State<Curation>,
    staff: Staff,
    missed: Result<Json<Missed>, JsonRejection>,
) -> Result<Response, AppError> {
    staff.may(Power::Curate)?;
    let (play, is_new) = curation.add(&staff.user, &staff.by, read(missed)?).await.map_err(refused)?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(private(status, &json!(Row::from(&play))))
}

async fn correct(
    State(curation): State<Curation>,
    staff: Staff,
    Path(id): Path<String>,
    correction: Result<Json<Correction>, JsonRejection>,
) -> Result<Response, AppError> {
    staff.may(Power::Curate)?;
    let (id, correction) = (play_id(&id)?, read(correction)?);
    let play = curation.correct(&staff.user, &staff.by, id, correction).await.map_err(refused)?;
    Ok(private(StatusCode::OK, &json!(Row::from(&play))))
}

async fn hide(
    State(curation): State<Curation>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<StatusCode, AppError> {
    staff.may(Power::Curate)?;
    curation.hide(&staff.user, &staff.by, play_id(&id)?).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn restore(
    State(curation): State<Curation>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    staff.may(Power::Curate)?;
    let play = curation.restore(&staff.user, &staff.by, play_id(&id)?).await.map_err(refused)?;
    Ok(private(StatusCode::OK, &json!(Row::from(&play))))
}

async fn state(State(curation): State<Curation>, staff: Staff) -> Result<Response, AppError> {
    staff.may(Power::Read)?;
    let panic = curation.panic(staff.user.id).await?;
    Ok(private(StatusCode::OK, &stands(&panic)))
}

async fn press(
    State(curation): State<Curation>,
    staff: Staff,
    pressed: Result<Json<Press>, JsonRejection>,
) -> Result<Response, AppError> {
    staff.may(Power::Curate)?;
    let outcome = curation.press(&staff, &read(pressed)?).await.map_err(refused)?;
    let mut answer = stands(&curation.panic(staff.user.id).await?);
    answer["act"] = json!(outcome.act);
    answer["tracks"] = json!(outcome.plays);
    Ok(private(StatusCode::OK, &answer))
}

impl Curation {
    /// Does what a panic button says.
    pub(super) async fn press(&self, staff: &Staff, pressed: &Press) -> anyhow::Result<Outcome> {
        let (user, by) = (&staff.user, &staff.by);
        match pressed.action.as_str() {
            "hide_last" => self.hide_last(user, by).await,
            "hide_minutes" => self.hide_minutes(user, by, pressed.minutes.unwrap_or(USUAL_MINUTES)).await,
            "ghost_on" => self.ghost_on(user, by).await,
            "ghost_off" => self.ghost_off(user, by).await,
            "undo" => {
                let act = pressed.act.as_deref().and_then(|act| act.parse().ok()).ok_or(Refused::NoAct)?;
                self.undo(user, by, act).await
            }
            _ => Err(Refused::NoButton.into()),
        }
    }
}

/// The day that somebody names; today when they name none.
pub(super) fn day(user: &User, asked: Option<&str>, now: Instant) -> Option<NaiveDate> {
    let today = local_date(now, user.timezone);
    match asked {
        None | Some("" | "today") => Some(today),
        Some(asked) => asked.parse().ok().filter(|date| (first_day()..=today).contains(date)),
    }
}

/// Nobody streamed before.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

pub(super) fn play_id(text: &str) -> Result<PlayId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// Why something is not done, as HTTP says it.
pub(super) fn refused(error: anyhow::Error) -> AppError {
    match error.downcast_ref::<Refused>() {
        Some(Refused::Unknown | Refused::NoAct) => AppError::NotFound,
        Some(Refused::Busy) => AppError::Unavailable,
        Some(refused) => AppError::BadRequest { detail: refused.to_string() },
        None => error.into(),
    }
}

fn read<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, AppError> {
    body.map(|Json(body)| body).map_err(|error| AppError::BadRequest { detail: error.body_text() })
}

fn stands(panic: &Panic) -> Value {
    let acts = panic.acts.iter().map(|act| {
        let (at, until) = (instant_text(act.at), act.ended_at.map(instant_text));
        json!({ "id": act.id, "kind": act.kind.word(), "at": at, "until": until, "tracks": act.plays })
    });
    let ghost = panic.ghost.map(|ghost| json!({ "act": ghost.act, "since": instant_text(ghost.from) }));
    json!({ "ghost": ghost, "acts": acts.collect::<Vec<_>>() })
}

/// JSON that nobody may keep.
fn private(status: StatusCode, body: &Value) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
