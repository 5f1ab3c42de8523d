//! `/dashboard`: the page and its forms. A form leads back to the page, which says what was done.

use super::helping::Helping;
use super::settings::Change;
use super::view::{Answer, Dashboard as View};
use super::words::{bad_setting, refusal};
use super::{ChangeError, Dashboard};
use crate::accounts::{LoggedIn, Posted, PostedByStaff, Power, Staff, login_page};
use crate::audit::Deed;
use crate::base::id::RuleId;
use crate::http::{AppError, private};
use crate::hub::NowPlaying;
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
    staff: Result<Staff, AppError>,
    person: Option<LoggedIn>,
    Query(asked): Query<Asked>,
    locale: Locale,
) -> Result<Response, AppError> {
    let staff = match (staff, person) {
        (Err(AppError::Unauthorized), _) => return Ok(login_page(locale)),
        (Err(AppError::Forbidden), Some(person)) => return dashboard.helping(&person, locale).await,
        (staff, _) => staff?,
    };
    staff.may(Power::Read)?;
    let answer =
        asked.saved.map(|_| Answer { text: messages(locale).dashboard.saved.clone(), is_bad: false });
    Ok(private(locale, StatusCode::OK, dashboard.view(&staff, locale, answer).await?.render()))
}

/// How things are, for a page that is open already.
async fn status(
    State(dashboard): State<Dashboard>,
    staff: Staff,
    locale: Locale,
) -> Result<Response, AppError> {
    staff.may(Power::Read)?;
    let html = dashboard.view(&staff, locale, None).await?.render_status();
    Ok(([(CACHE_CONTROL, "no-store")], Html(html)).into_response())
}

async fn set(
    State(dashboard): State<Dashboard>,
    locale: Locale,
    PostedByStaff { staff, form }: PostedByStaff<Setting>,
) -> Result<Response, AppError> {
    staff.may(Power::Settings)?;
    let change = Change::of(&form.key, &form.value)
        .ok_or_else(|| AppError::BadRequest { detail: format!("there is no setting `{}`", form.key) })?;
    match dashboard.change(&staff, change).await {
        Ok(_) => Ok(back(&staff, "settings")),
        Err(ChangeError::Bad(bad)) => dashboard.refuse(&staff, locale, bad_setting(&bad, locale)).await,
        Err(ChangeError::Internal(error)) => Err(error.into()),
    }
}

async fn track(
    State(dashboard): State<Dashboard>,
    locale: Locale,
    PostedByStaff { staff, form }: PostedByStaff<Tracking>,
) -> Result<Response, AppError> {
    staff.may(Power::Track)?;
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<i64>().ok());
    let minutes = number(&form.minutes).or_else(|| Some(number(&form.hours)?.saturating_mul(60)));
    match dashboard.track(&staff, &form.action, minutes).await {
        Ok(()) => Ok(back(&staff, "status")),
        Err(error) => dashboard.refused(&staff, locale, error).await,
    }
}

async fn ignore(
    State(dashboard): State<Dashboard>,
    locale: Locale,
    PostedByStaff { staff, form }: PostedByStaff<Rule>,
) -> Result<Response, AppError> {
    staff.may(Power::Settings)?;
    let kind = Kind::of(&form.kind)
        .ok_or_else(|| AppError::BadRequest { detail: format!("there is no rule about {:?}", form.kind) })?;
    match dashboard.controls.ignore(staff.user.id, kind, &form.value).await {
        Ok(rule) => {
            let about = format!("{}: {}", rule.kind.word(), rule.value);
            dashboard.audit.note(staff.user.id, &staff.by, Deed::IgnoreAdded, &about).await;
            Ok(back(&staff, "ignored"))
        }
        Err(error) => dashboard.refused(&staff, locale, error).await,
    }
}

async fn heed(
    State(dashboard): State<Dashboard>,
    PostedByStaff { staff, form }: PostedByStaff<Heeded>,
) -> Result<Response, AppError> {
    staff.may(Power::Settings)?;
    let (user, rule): (_, RuleId) = (staff.user.id, form.rule.parse().map_err(|_| AppError::NotFound)?);
    let known = dashboard.controls.ignored(user).await?.into_iter().find(|known| known.id == rule);
    if let Some(known) = known {
        dashboard.controls.heed(user, rule).await?;
        let about = format!("{}: {}", known.kind.word(), known.value);
        dashboard.audit.note(user, &staff.by, Deed::IgnoreRemoved, &about).await;
    }
    Ok(back(&staff, "ignored"))
}

async fn unlink(
    State(dashboard): State<Dashboard>,
    Posted { me, form }: Posted<Unlinking>,
) -> Result<Response, AppError> {
    dashboard.unlink(&me.user, form.plays.as_deref() == Some("delete")).await?;
    Ok(Redirect::to("/dashboard?saved=spotify#spotify").into_response())
}

/// Back to the page, where it was.
fn back(staff: &Staff, place: &str) -> Response {
    let query = staff.query();
    let join = if query.is_empty() { '?' } else { '&' };
    Redirect::to(&format!("/dashboard{query}{join}saved={place}#{place}")).into_response()
}

impl Dashboard {
    /// Decides about tracking, for so many minutes where that has a meaning.
    pub(super) async fn track(
        &self,
        staff: &Staff,
        action: &str,
        minutes: Option<i64>,
    ) -> anyhow::Result<()> {
        let user = staff.user.id;
        let until = minutes
            .map(|minutes| TimeDelta::try_minutes(minutes).ok_or(Refused::End))
            .transpose()?
            .map(|time| self.clock.now().checked_add_signed(time).ok_or(Refused::End))
            .transpose()?;
        match action {
            "start" => self.controls.start(user, until).await?,
            "stop" => self.controls.stop(user, until).await?,
            "pause" => self.controls.pause(user, until.ok_or(Refused::End)?).await?,
            "auto" => self.controls.auto(user).await?,
            other => return Err(UnknownAction(other.to_owned()).into()),
        }
        let about = minutes.map_or_else(|| action.to_owned(), |minutes| format!("{action} {minutes}"));
        self.audit.note(user, &staff.by, Deed::Tracked, &about).await;
        Ok(())
    }

    /// For somebody who streams nothing here: whom they help.
    async fn helping(&self, person: &LoggedIn, locale: Locale) -> Result<Response, AppError> {
        let LoggedIn(me) = person;
        let helped = self.accounts.helped_by(&me.user).await.context("reading who is helped")?;
        let page = Helping { locale, user: &me.user, token: &me.form_token(), helped: &helped };
        Ok(private(locale, StatusCode::OK, page.render()))
    }

    /// The page once more, with why something was not done.
    async fn refuse(&self, staff: &Staff, locale: Locale, text: String) -> Result<Response, AppError> {
        let answer = Some(Answer { text, is_bad: true });
        Ok(private(locale, StatusCode::BAD_REQUEST, self.view(staff, locale, answer).await?.render()))
    }

    async fn refused(
        &self,
        staff: &Staff,
        locale: Locale,
        error: anyhow::Error,
    ) -> Result<Response, AppError> {
        match refusal(&error, locale).or_else(|| told(&error)) {
            Some(text) => self.refuse(staff, locale, text).await,
            None => Err(error.into()),
        }
    }

    async fn view(&self, staff: &Staff, locale: Locale, answer: Option<Answer>) -> anyhow::Result<View> {
        let (id, now) = (staff.user.id, self.clock.now());
        let topic = self.hub.staff(id).await?;
        let helped = match staff.person() {
            Some(me) => self.accounts.helped_by(&me.user).await.context("reading who is helped")?,
            None => Vec::new(),
        };
        let shows_covers = self.site.shows_covers();
        let shown = |now: NowPlaying| if shows_covers { now } else { now.without_cover() };
        Ok(View {
            locale,
            now,
            user: staff.user.clone(),
            ways: staff.ways("home"),
            helped: helped.into_iter().filter(|streamer| streamer.id != id).collect(),
            panic: self.curation.panic(id).await?,
            token: staff.form_token(),
            status: self.controls.status(id).await?,
            link: self.accounts.link(id).await.context("reading a link")?,
            grant: self.accounts.grant(id).await.context("reading a grant")?,
            standing: self.watch.of(id),
            rules: self.controls.ignored(id).await?,
            now_playing: topic.and_then(|topic| topic.day(now).0.playing_at(now)).map(shown),
            site: self.site.clone(),
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
