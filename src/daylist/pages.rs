//! The room's pages and overlays, rendered by the server.

use super::Daylist;
use super::access::Owner;
use super::view::{
    DayPage, HomePage, LiveNow, NowPlayingOverlay, OverlayStyle, OverlayTheme, StreamPage, StreamerPage,
};
use crate::accounts::LoggedIn;
use crate::http::{AppError, Site, page, private};
use crate::hub::{Day, Streamer};
use crate::i18n::Locale;
use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

pub(super) fn router() -> Router<Daylist> {
    Router::new()
        .route("/", get(home))
        .route("/streamers/{login}", get(streamer_page))
        .route("/streamers/{login}/tracks/{date}", get(day))
        .route("/streamers/{login}/streams/{id}", get(stream))
}

/// The overlays: they need nothing and are always answered.
pub fn overlays() -> Router {
    Router::new().route("/overlay/{login}/now-playing", get(now_playing))
}

impl Owner {
    fn page(&self, locale: Locale, html: String) -> Response {
        if self.is_own { private(locale, StatusCode::OK, html) } else { page(locale, html) }
    }

    /// Leads to the same page under the streamer's login of today, if they were asked for by another.
    fn is_elsewhere(&self, asked: &str, page: &str) -> Option<Response> {
        let login = &self.streamer.login;
        let path = || format!("/streamers/{login}/{page}").trim_end_matches('/').to_owned();
        let elsewhere = || Redirect::temporary(&path()).into_response();
        (!login.eq_ignore_ascii_case(asked)).then(elsewhere)
    }
}

async fn home(State(daylist): State<Daylist>, site: Site, locale: Locale) -> Result<Response, AppError> {
    let (days, others) = daylist.reader.everybody().await?;
    let live: Vec<LiveNow<'_>> = days.iter().map(|day| live_now(day)).collect();
    let others: Vec<&Streamer> = others.iter().collect();
    Ok(page(locale, HomePage { locale, site: &site, live: &live, others: &others }.render()))
}

fn live_now(day: &Day) -> LiveNow<'_> {
    LiveNow { streamer: &day.streamer, now_playing: day.now_playing.as_ref(), at: day.now_playing_at }
}

async fn streamer_page(
    State(daylist): State<Daylist>,
    Path(login): Path<String>,
    me: Option<LoggedIn>,
    site: Site,
    locale: Locale,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    if let Some(elsewhere) = owner.is_elsewhere(&login, "") {
        return Ok(elsewhere);
    }
    let portrait = daylist.reader.portrait(&owner).await?;
    let today = &portrait.today;
    let html = StreamerPage {
        locale,
        site: &site,
        streamer: &owner.streamer,
        timezone: owner.timezone,
        today: today.date,
        live: today.stream.is_some().then(|| live_now(today)),
        days: &portrait.days,
        hours: &portrait.hours,
        streams: &portrait.streams,
        tracks: &portrait.tracks,
        artists: &portrait.artists,
        is_own: owner.is_own,
        is_remembered: owner.is_remembered,
    };
    Ok(owner.page(locale, html.render()))
}

async fn day(
    State(daylist): State<Daylist>,
    Path((login, date)): Path<(String, String)>,
    me: Option<LoggedIn>,
    site: Site,
    locale: Locale,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let read = daylist.reader.day(&owner, &date).await?;
    if let Some(elsewhere) = owner.is_elsewhere(&login, &format!("tracks/{date}")) {
        return Ok(elsewhere);
    }
    let [previous_day, next_day] = daylist.reader.neighbours(&owner, &read).await?;
    let streams = daylist.reader.streams(&owner, &read).await?;
    let (day, now_playing) = (&read.day, read.day.playing_at(read.at));
    let html = DayPage {
        locale,
        site: &site,
        streamer: &day.streamer,
        date: day.date,
        is_today: read.is_today,
        timezone: day.timezone.name(),
        live: day.stream.is_some(),
        stream: day.stream.as_ref(),
        now_playing: now_playing.as_ref(),
        at: read.at,
        tracks: &day.tracks,
        gaps: &day.gaps,
        cursor: &read.cursor,
        previous_day,
        next_day,
        streams: &streams,
    };
    Ok(owner.page(locale, html.render()))
}

async fn stream(
    State(daylist): State<Daylist>,
    Path((login, id)): Path<(String, String)>,
    me: Option<LoggedIn>,
    site: Site,
    locale: Locale,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let whole = daylist.reader.stream(&owner, &id).await?;
    if let Some(elsewhere) = owner.is_elsewhere(&login, &format!("streams/{id}")) {
        return Ok(elsewhere);
    }
    let html = StreamPage {
        locale,
        site: &site,
        streamer: &owner.streamer,
        timezone: owner.timezone,
        stream: &whole.stream,
        is_live: whole.is_live,
        now_playing: whole.today.now_playing.as_ref(),
        at: whole.at,
        tracks: &whole.tracks,
        gaps: &whole.gaps,
        today: whole.today.date,
        cursor: &whole.cursor,
    };
    Ok(owner.page(locale, html.render()))
}

/// Always 200: an unknown name is an empty overlay that keeps trying, a query that makes no sense the usual look.
async fn now_playing(
    login: Result<Path<String>, PathRejection>,
    look: Result<Query<Vec<(String, String)>>, QueryRejection>,
) -> Response {
    let Path(login) = login.unwrap_or_else(|_| Path(String::new()));
    let Query(look) = look.unwrap_or_else(|_| Query(Vec::new()));
    let asked = |name: &str| look.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let login: String =
        login.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    let overlay = NowPlayingOverlay {
        live: &format!("/api/v1/streamers/{}/live", login.to_lowercase()),
        style: OverlayStyle::named(asked("style")),
        theme: OverlayTheme::named(asked("theme")),
    };
    ([(CACHE_CONTROL, "no-cache")], Html(overlay.render())).into_response()
}
