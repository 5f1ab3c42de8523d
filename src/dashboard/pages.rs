//! `/dashboard`: the page and its forms. A form leads back to the page, which says what was done.

use super::settings::Change;
use super::view::{Answer, Dashboard as View};
use super::words::{bad_setting, refusal};
use super::{ChangeError, Dashboard};
use crate::accounts::{Me, Posted, login_page};
use crate::base::id::RuleId;
use crate::http::{AppError, private};
use crate::i18n::{Locale, messages};
use crate::live::{BadRule, Kind, Refused};
use anyhow::Context as _;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use chrono::TimeDelta;
use serde::Deserialize;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/dashboard", get(page))
        .route("/dashboard/status", get(status))
        .route("/dashboard/settings", post(set))
        .route("/dashboard/tracking", post(track))
        .route("/dashboard/ignore", post(ignore))
        .route("/dashboard/heed", post(heed))
        .route("/dashboard/unlink", post(unlink))
}

#[derive(Deserialize)]
struct Asked {
    saved: Option<String>,
}

#[derive(Deserialize)]
struct Setting {
    key: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct Tracking {
    action: String,
    minutes: Option<String>,
    hours: Option<String>,
}

#[derive(Deserialize)]
struct Rule {
    kind: String,
    value: String,
}

#[derive(Deserialize)]
struct Heeded {
    rule: String,
}

#[derive(Deserialize)]
struct Unlinking {
    plays: Option<String>,
}

async fn page(
    State(dashboard): State<Dashboard>,
    me: Result<Me, AppError>,
    Query(asked): Query<Asked>,
    locale: Locale,
) -> Result<Response, AppError> {
    let me = match me {
        Err(AppError::Unauthorized) => return Ok(login_page(locale)),
        me => me?,
    };
    let answer =
        asked.saved.map(|_| Answer { text: messages(locale).dashboard.saved.clone(), is_bad: false });
    Ok(private(locale, StatusCode::OK, dashboard.view(&me, locale, answer).await?.render()))
}

/// How things are, for a page that is open already.
async fn status(State(dashboard): State<Dashboard>, me: Me, locale: Locale) -> Result<Response, AppError> {
    let html = dashboard.view(&me, locale, None).await?.render_status();
    Ok(([(CACHE_CONTROL, "no-store")], Html(html)).into_response())
}

async fn set(
    State(dashboard): State<Dashboard>,
    locale: Locale,
    Posted { me, form }: Posted<Setting>,
) -> Result<Response, AppError> {
    let change = Change::of(&form.key, &form.value)
        .ok_or_else(|| AppError::BadRequest { detail: format!("there is no setting `{}`", form.key) })?;
    match dashboard.change(&me.user, change).await {
        Ok(_) => Ok(back("settings")),
        Err(ChangeError::Bad(bad)) => dashboard.refuse(&me, locale, bad_setting(&bad, locale)).await,
        Err(ChangeError::Internal(error)) => Err(error.into()),
    }
}

async fn track(
    State(dashboard): State<Dashboard>,
    locale: Locale,
    Posted { me, form }: Posted<Tracking>,
) -> Result<Response, AppError> {
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<i64>().ok());
    let minutes = number(&form.minutes).or_else(|| Some(number(&form.hours)?.saturating_mul(60)));
    match dashboard.track(&me.user, &form.action, minutes).await {
        Ok(()) => Ok(back("status")),
        Err(error) => dashboard.refused(&me, locale, error).await,
    }
}

async fn ignore(
    State(dashboard): State<Dashboard>,
    locale: Locale,
    Posted { me, form }: Posted<Rule>,
) -> Result<Response, AppError> {
    let kind = Kind::of(&form.kind)
        .ok_or_else(|| AppError::BadRequest { detail: format!("there is no rule about {:?}", form.kind) })?;
    match dashboard.controls.ignore(me.user.id, kind, &form.value).await {
        Ok(_) => Ok(back("ignored")),
        Err(error) => dashboard.refused(&me, locale, error).await,
    }
}

async fn heed(
    State(dashboard): State<Dashboard>,
    Posted { me, form }: Posted<Heeded>,
) -> Result<Response, AppError> {
    let rule: RuleId = form.rule.parse().map_err(|_| AppError::NotFound)?;
    dashboard.controls.heed(me.user.id, rule).await?;
    Ok(back("ignored"))
}

async fn unlink(
    State(dashboard): State<Dashboard>,
    Posted { me, form }: Posted<Unlinking>,
) -> Result<Response, AppError> {
    dashboard.unlink(&me.user, form.plays.as_deref() == Some("delete")).await?;
    Ok(back("spotify"))
}

/// Back to the page, where it was.
fn back(place: &str) -> Response {
    Redirect::to(&format!("/dashboard?saved={place}#{place}")).into_response()
}

impl Dashboard {
    /// Decides about tracking, for so many minutes where that has a meaning.
    pub(super) async fn track(
        &self,
        user: &crate::accounts::User,
        action: &str,
        minutes: Option<i64>,
    ) -> anyhow::Result<()> {
        let until = minutes
            .map(|minutes| TimeDelta::try_minutes(minutes).ok_or(Refused::End))
            .transpose()?
            .map(|time| self.clock.now().checked_add_signed(time).ok_or(Refused::End))
            .transpose()?;
        match action {
            "start" => self.controls.start(user.id, until).await,
            "stop" => self.controls.stop(user.id, until).await,
            "pause" => self.controls.pause(user.id, until.ok_or(Refused::End)?).await,
            "auto" => self.controls.auto(user.id).await,
            other => Err(UnknownAction(other.to_owned()).into()),
        }
    }

    /// The page once more, with why something was not done.
    async fn refuse(&self, me: &Me, locale: Locale, text: String) -> Result<Response, AppError> {
        let answer = Some(Answer { text, is_bad: true });
        Ok(private(locale, StatusCode::BAD_REQUEST, self.view(me, locale, answer).await?.render()))
    }

    async fn refused(&self, me: &Me, locale: Locale, error: anyhow::Error) -> Result<Response, AppError> {
        match refusal(&error, locale).or_else(|| told(&error)) {
            Some(text) => self.refuse(me, locale, text).await,
            None => Err(error.into()),
        }
    }

    async fn view(&self, me: &Me, locale: Locale, answer: Option<Answer>) -> anyhow::Result<View> {
        let (id, now) = (me.user.id, self.clock.now());
        let topic = self.hub.staff(id).await?;
        Ok(View {
            locale,
            now,
            user: me.user.clone(),
            ways: me.ways("home"),
            panic: self.curation.panic(id).await?,
            token: me.form_token(),
            status: self.controls.status(id).await?,
            link: self.accounts.link(id).await.context("reading a link")?,
            grant: self.accounts.grant(id).await.context("reading a grant")?,
            standing: self.watch.of(id),
            rules: self.controls.ignored(id).await?,
            now_playing: topic.and_then(|topic| topic.day(now).0.playing_at(now)),
            answer,
        })
    }
}

/// There is no such thing to do.
#[derive(Debug, thiserror::Error)]
#[error("`action` is \"start\", \"stop\", \"pause\" or \"auto\", not {0:?}")]
struct UnknownAction(String);

/// What a person may be told of why something was not done; none when that is ours to mend.
pub(super) fn told(error: &anyhow::Error) -> Option<String> {
    let known = error.is::<Refused>() || error.is::<BadRule>() || error.is::<UnknownAction>();
    known.then(|| error.to_string())
}
