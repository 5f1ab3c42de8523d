//! The room's pages and overlays, rendered by the server.

use super::Daylist;
use super::access::Owner;
use super::search::Search;
use super::view::{DayPage, HomePage, LiveNow, NowPlayingOverlay, OverlayStyle, OverlayTheme, StreamPage};
use crate::accounts::LoggedIn;
use crate::http::{AppError, Site, page, private};
use crate::hub::{NowPlaying, Streamer};
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
        let elsewhere = || Redirect::temporary(&format!("/streamers/{login}/{page}")).into_response();
        (!login.eq_ignore_ascii_case(asked)).then(elsewhere)
    }
}

/// What is looked for by `?q=`; a query that makes no sense looks for nothing.
fn search(query: Result<Query<Vec<(String, String)>>, QueryRejection>) -> Option<Search> {
    let Query(pairs) = query.ok()?;
    pairs.iter().find(|(name, _)| name == "q").and_then(|(_, asked)| Search::of(asked))
}

async fn home(State(daylist): State<Daylist>, site: Site, locale: Locale) -> Result<Response, AppError> {
    let (days, others) = daylist.reader.everybody().await?;
    let playing: Vec<Option<NowPlaying>> =
        days.iter().map(|day| day.playing_at(daylist.reader.clock.now())).collect();
    let live: Vec<LiveNow<'_>> = days
        .iter()
        .zip(&playing)
        .map(|(day, now_playing)| LiveNow { streamer: &day.streamer, now_playing: now_playing.as_ref() })
        .collect();
    let others: Vec<&Streamer> = others.iter().collect();
    Ok(page(locale, HomePage { locale, site: &site, live: &live, others: &others }.render()))
}

/// Leads to today until the streamer's own page is built.
async fn streamer_page(
    State(daylist): State<Daylist>,
    Path(login): Path<String>,
    me: Option<LoggedIn>,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    Ok(Redirect::temporary(&format!("/streamers/{}/tracks/today", owner.streamer.login)).into_response())
}

async fn day(
    State(daylist): State<Daylist>,
    Path((login, date)): Path<(String, String)>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
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
    let today =
        if read.is_today { read.day.clone() } else { daylist.reader.topic(&owner).await?.day(read.at).0 };
    let days = daylist.reader.days(&owner, &today).await?;
    let (day, now_playing) = (&read.day, read.day.playing_at(read.at));
    let search = search(query);
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
        days: &days,
        today: today.date,
        streams: &streams,
        search: search.as_ref(),
        is_private: owner.is_own,
    };
    Ok(owner.page(locale, html.render()))
}

async fn stream(
    State(daylist): State<Daylist>,
    Path((login, id)): Path<(String, String)>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
    me: Option<LoggedIn>,
    site: Site,
    locale: Locale,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let whole = daylist.reader.stream(&owner, &id).await?;
    if let Some(elsewhere) = owner.is_elsewhere(&login, &format!("streams/{id}")) {
        return Ok(elsewhere);
    }
    let search = search(query);
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
        search: search.as_ref(),
        is_private: owner.is_own,
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
