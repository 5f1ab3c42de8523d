//! `/dashboard/alerts`: where messages go, and whether they get there. Only the streamer sees it.

use super::model::{Kind, Target};
use super::view::{Answer, Banner, View, place};
use super::{Alerts, NotKept};
use crate::accounts::{Inside, Me, Posted, Power, Staff};
use crate::audit::{By, Deed};
use crate::base::id::AlertId;
use crate::http::{AppError, private};
use crate::i18n::Locale;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

/// The room's routes.
pub fn router(alerts: Alerts) -> Router {
    Router::new()
        .route("/dashboard/banner", get(banner))
        .route("/dashboard/alerts", get(page).post(add))
        .route("/dashboard/alerts/test", post(test))
        .route("/dashboard/alerts/remove", post(remove))
        .with_state(alerts)
}

#[derive(Deserialize)]
struct Asked {
    said: Option<String>,
}

#[derive(Deserialize)]
struct Adding {
    kind: String,
    url: String,
}

#[derive(Deserialize)]
struct Chosen {
    target: String,
}

async fn page(
    State(alerts): State<Alerts>,
    Inside(me): Inside<Me>,
    Query(asked): Query<Asked>,
    locale: Locale,
) -> Result<Response, AppError> {
    let answer = asked.said.as_deref().and_then(Answer::of);
    alerts.page(&me, locale, StatusCode::OK, answer, "").await
}

/// What is said on every page of the dashboard; nothing while there is nothing to say.
async fn banner(State(alerts): State<Alerts>, staff: Staff, locale: Locale) -> Result<Response, AppError> {
    staff.may(Power::Read)?;
    let reason = alerts.reason(staff.user.id).await?;
    let html = Banner { reason, locale, can_link: staff.by == By::Streamer }.render();
    Ok(private(locale, StatusCode::OK, html))
}

async fn add(
    State(alerts): State<Alerts>,
    locale: Locale,
    Posted { me, form }: Posted<Adding>,
) -> Result<Response, AppError> {
    let kind: Kind = form.kind.parse().map_err(|_| AppError::BadRequest {
        detail: format!("`kind` is \"ntfy\", \"discord\" or \"webhook\", not {:?}", form.kind),
    })?;
    let refused = match alerts.add(me.user.id, kind, &form.url, locale).await {
        Ok(target) => {
            alerts.note(&me, Deed::AlertAdded, &about(&target)).await;
            return Ok(back("added"));
        }
        Err(NotKept::Refused(refusal)) => Answer::Refused(refusal),
        Err(NotKept::TooMany) => Answer::TooMany,
        Err(NotKept::Internal(error)) => return Err(error.into()),
    };
    alerts.page(&me, locale, StatusCode::BAD_REQUEST, Some(refused), &form.url).await
}

async fn test(
    State(alerts): State<Alerts>,
    Posted { me, form }: Posted<Chosen>,
) -> Result<Response, AppError> {
    let got_there = alerts.test(&me.user, id(&form)?).await?.ok_or(AppError::NotFound)?;
    Ok(back(if got_there { "sent" } else { "failed" }))
}

async fn remove(
    State(alerts): State<Alerts>,
    Posted { me, form }: Posted<Chosen>,
) -> Result<Response, AppError> {
    let target = id(&form)?;
    let known = alerts.targets(me.user.id).await?.into_iter().find(|known| known.id == target);
    if alerts.remove(me.user.id, target).await? {
        let about = known.as_ref().map(about).unwrap_or_default();
        alerts.note(&me, Deed::AlertRemoved, &about).await;
    }
    Ok(back("removed"))
}

fn id(form: &Chosen) -> Result<AlertId, AppError> {
    form.target.parse().map_err(|_| AppError::NotFound)
}

/// A target that came or went, without what must not be known of it.
fn about(target: &Target) -> String {
    format!("{} {}", target.kind, place(&target.url))
}

fn back(said: &str) -> Response {
    Redirect::to(&format!("/dashboard/alerts?said={said}#targets")).into_response()
}

impl Alerts {
    async fn note(&self, me: &Me, deed: Deed, about: &str) {
        self.audit.note(me.user.id, &By::Streamer, deed, about).await;
    }

    async fn page(
        &self,
        me: &Me,
        locale: Locale,
        status: StatusCode,
        answer: Option<Answer>,
        typed: &str,
    ) -> Result<Response, AppError> {
        let targets = self.targets(me.user.id).await?;
        let view = View {
            locale,
            user: &me.user,
            ways: me.ways("alerts"),
            token: me.form_token(),
            targets: &targets,
            answer,
            typed,
        };
        Ok(private(locale, status, view.render()))
    }
}
