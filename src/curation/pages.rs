//! `/dashboard/list` and the panic buttons of the dashboard. A form leads back to its page, which says what was done.

use super::api::{Press, day, play_id, refused};
use super::model::{Correction, Missed, Refused};
use super::view::{Answer, Buttons, ListPage};
use super::{Curation, rules};
use crate::accounts::{Inside, PostedByStaff, Power, Staff, User};
use crate::base::clock::Instant;
use crate::base::local_day::bounds;
use crate::http::{AppError, private};
use crate::i18n::{Locale, Messages, messages};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use chrono::NaiveDate;
use serde::Deserialize;

pub(super) fn router() -> Router<Curation> {
    Router::new()
        .route("/dashboard/list", get(page).post(change))
        .route("/dashboard/panic", get(buttons).post(press))
}

#[derive(Deserialize)]
struct Asked {
    date: Option<String>,
    done: Option<String>,
}

/// What a form of the list says.
#[derive(Default, Deserialize)]
struct Change {
    action: String,
    date: Option<String>,
    track: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    artist: String,
    #[serde(default)]
    album: String,
    #[serde(default)]
    time: String,
}

#[derive(Deserialize)]
struct Pressed {
    action: String,
    act: Option<String>,
    back: Option<String>,
}

#[derive(Deserialize)]
struct Place {
    back: Option<String>,
}

async fn page(
    State(curation): State<Curation>,
    Inside(staff): Inside<Staff>,
    Query(asked): Query<Asked>,
    locale: Locale,
) -> Result<Response, AppError> {
    staff.may(Power::Curate)?;
    let date = day(&staff.user, asked.date.as_deref(), curation.inner.now()).ok_or(AppError::NotFound)?;
    let done = asked.done.as_deref().and_then(|word| done(word, messages(locale)));
    let answer = done.map(|text| Answer { text: text.to_owned(), is_bad: false });
    curation.shows(&staff, date, answer, StatusCode::OK, locale).await
}

/// The panic buttons, for a page that is open already.
async fn buttons(
    State(curation): State<Curation>,
    staff: Staff,
    Query(place): Query<Place>,
    locale: Locale,
) -> Result<Response, AppError> {
    staff.may(Power::Curate)?;
    let (panic, back) = (curation.panic(staff.user.id).await?, back(place.back.as_deref()));
    let (token, query) = (staff.form_token(), staff.query());
    let buttons = Buttons { locale, user: &staff.user, token: &token, query: &query, back, panic: &panic };
    Ok(([(CACHE_CONTROL, "no-store")], Html(buttons.html())).into_response())
}

async fn press(
    State(curation): State<Curation>,
    locale: Locale,
    PostedByStaff { staff, form }: PostedByStaff<Pressed>,
) -> Result<Response, AppError> {
    staff.may(Power::Curate)?;
    let Pressed { action, act, back: place } = form;
    let pressed = Press { action, minutes: None, act };
    match curation.press(&staff, &pressed).await {
        Ok(_) if back(place.as_deref()) == "home" => {
            Ok(Redirect::to(&format!("/dashboard{}#panic", staff.query())).into_response())
        }
        Ok(_) => Ok(goes_back(&staff, None, &pressed.action, "panic")),
        Err(error) => curation.refuses(&staff, None, error, locale).await,
    }
}

async fn change(
    State(curation): State<Curation>,
    locale: Locale,
    PostedByStaff { staff, form }: PostedByStaff<Change>,
) -> Result<Response, AppError> {
    staff.may(Power::Curate)?;
    let date = day(&staff.user, form.date.as_deref(), curation.inner.now()).ok_or(AppError::NotFound)?;
    match curation.change(&staff, date, &form).await {
        Ok(row) => Ok(goes_back(&staff, Some(date), &form.action, &row)),
        Err(error) => curation.refuses(&staff, Some(date), error, locale).await,
    }
}

/// Back to the list, where it was.
fn goes_back(staff: &Staff, date: Option<NaiveDate>, done: &str, place: &str) -> Response {
    let query = staff.query();
    let date = date.map(|date| format!("date={date}&")).unwrap_or_default();
    let start = if query.is_empty() { "?".to_owned() } else { format!("{query}&") };
    Redirect::to(&format!("/dashboard/list{start}{date}done={done}#{place}")).into_response()
}

fn back(place: Option<&str>) -> &'static str {
    if place == Some("home") { "home" } else { "list" }
}

impl Curation {
    /// Does what a form of the list says; gives the place of the page to look at then.
    async fn change(&self, staff: &Staff, date: NaiveDate, form: &Change) -> anyhow::Result<String> {
        let (user, by) = (&staff.user, &staff.by);
        let id = form.track.as_deref().map(play_id).transpose().map_err(|_| Refused::Unknown)?;
        let id = match (form.action.as_str(), id) {
            ("add", _) => {
                let missed = form.missed(user, date, self.inner.now())?;
                self.add(user, by, missed).await?.0.track.id
            }
            ("hide", Some(id)) => self.hide(user, by, id).await.map(|()| id)?,
            ("restore", Some(id)) => self.restore(user, by, id).await?.track.id,
            ("correct", Some(id)) => self.correct(user, by, id, form.correction()).await?.track.id,
            _ => return Err(Refused::Unknown.into()),
        };
        Ok(format!("p-{id}"))
    }

    /// The page of a day.
    async fn shows(
        &self,
        staff: &Staff,
        date: NaiveDate,
        answer: Option<Answer>,
        status: StatusCode,
        locale: Locale,
    ) -> Result<Response, AppError> {
        let user = staff.user.clone();
        let (from, to) = bounds(date, user.timezone);
        let page = ListPage {
            locale,
            now: self.inner.now(),
            ways: staff.ways("list"),
            token: staff.form_token(),
            date,
            plays: self.plays(user.id, from, to).await?,
            panic: self.panic(user.id).await?,
            answer,
            user,
        };
        Ok(private(locale, status, page.render()))
    }

    /// The page once more, with why something was not done.
    async fn refuses(
        &self,
        staff: &Staff,
        date: Option<NaiveDate>,
        error: anyhow::Error,
        locale: Locale,
    ) -> Result<Response, AppError> {
        let said = error.downcast_ref::<Refused>().map(|refused| said(*refused, messages(locale)));
        let Some(text) = said else { return Err(refused(error)) };
        let today = day(&staff.user, None, self.inner.now());
        let date = date.or(today).ok_or(AppError::NotFound)?;
        let answer = Some(Answer { text: text.to_owned(), is_bad: true });
        self.shows(staff, date, answer, StatusCode::BAD_REQUEST, locale).await
    }
}

impl Change {
    fn missed(&self, user: &User, date: NaiveDate, now: Instant) -> Result<Missed, Refused> {
        let is_now = self.time.trim().is_empty() && day(user, None, now) == Some(date);
        let started_at =
            if is_now { None } else { Some(rules::clock_time(date, &self.time, user.timezone)?) };
        let (name, artist, album) = (self.name.clone(), self.artist.clone(), Some(self.album.clone()));
        Ok(Missed { name, artist, album, started_at, ..Missed::default() })
    }

    fn correction(&self) -> Correction {
        let (name, artist) = (Some(self.name.clone()), Some(self.artist.clone()));
        Correction { name, artist, artists: None, album: Some(self.album.clone()) }
    }
}

/// What is said after this was done.
fn done(action: &str, m: &'static Messages) -> Option<&'static str> {
    let m = &m.curation;
    let text = match action {
        "hide" => &m.hidden,
        "restore" => &m.restored,
        "correct" => &m.corrected,
        "add" => &m.added,
        "hide_last" => &m.last_hidden,
        "hide_minutes" => &m.minutes_hidden,
        "ghost_on" => &m.ghost_went_on,
        "ghost_off" => &m.ghost_went_off,
        "undo" => &m.undone,
        _ => return None,
    };
    Some(text)
}

/// Why something is not done, for a person.
fn said(refused: Refused, m: &'static Messages) -> &'static str {
    let m = &m.curation;
    match refused {
        Refused::Nothing => &m.no_track,
        Refused::Undone | Refused::NoAct => &m.undone_before,
        Refused::NoName => &m.no_name,
        Refused::NoArtist => &m.no_artist,
        Refused::Unreadable => &m.unreadable,
        Refused::NoTime => &m.no_time,
        Refused::Future => &m.future,
        Refused::TooOld => &m.too_old,
        Refused::Removed => &m.removed,
        Refused::Busy => &m.busy,
        Refused::Unknown | Refused::NoButton | Refused::Minutes | Refused::Length | Refused::Uri => {
            &m.unknown
        }
    }
}
