//! The room's pages and overlays, rendered by the server.

use super::Daylist;
use super::access::Owner;
use super::read::Reader;
use super::shelf::What;
use super::view::{DayPage, HomePage, LiveNow, NowPlayingOverlay, OverlayStyle, OverlayTheme, StreamPage};
use super::whole::stream_id;
use crate::accounts::LoggedIn;
use crate::base::id::StreamId;
use crate::http::{AppError, Known, Page, Site};
use crate::hub::{Day, NowPlaying, Streamer, Track};
use crate::i18n::Locale;
use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use chrono::NaiveDate;
use std::sync::Arc;

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
    /// Leads to the same page under the streamer's login of today, if they were asked for by another.
    fn is_elsewhere(&self, asked: &str, page: &str) -> Option<Response> {
        let login = &self.streamer.login;
        let elsewhere = || Redirect::temporary(&format!("/streamers/{login}/{page}")).into_response();
        (!login.eq_ignore_ascii_case(asked)).then(elsewhere)
    }
}

async fn home(
    State(daylist): State<Daylist>,
    known: Known,
    site: Site,
    locale: Locale,
) -> Result<Response, AppError> {
    let (mut days, others) = daylist.reader.everybody().await?;
    for day in &mut days {
        shown(day, &site);
    }
    let playing: Vec<Option<NowPlaying>> =
        days.iter().map(|day| day.playing_at(daylist.reader.clock.now())).collect();
    let live: Vec<LiveNow<'_>> = days
        .iter()
        .zip(&playing)
        .map(|(day, now_playing)| LiveNow { streamer: &day.streamer, now_playing: now_playing.as_ref() })
        .collect();
    let others: Vec<&Streamer> = others.iter().collect();
    let page = HomePage { locale, site: &site, live: &live, others: &others }.render();
    Ok(Page::new(locale, page).answer(&known))
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
    Path((login, asked)): Path<(String, String)>,
    me: Option<LoggedIn>,
    known: Known,
    site: Site,
    locale: Locale,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let date = daylist.reader.date(&owner, &asked)?;
    if let Some(elsewhere) = owner.is_elsewhere(&login, &format!("tracks/{asked}")) {
        return Ok(elsewhere);
    }
    let made = async || day_page(&daylist.reader, &owner, date, (&site, locale)).await;
    daylist.answer((&owner, What::Day(date), locale), &known, made).await
}

async fn day_page(
    reader: &Reader,
    owner: &Owner,
    date: NaiveDate,
    (site, locale): (&Site, Locale),
) -> Result<String, AppError> {
    let mut read = reader.day_of(owner, date).await?;
    shown(&mut read.day, site);
    let [previous_day, next_day] = reader.neighbours(owner, &read).await?;
    let streams = reader.streams(owner, &read).await?;
    let (day, now_playing) = (&read.day, read.day.playing_at(read.at));
    let page = DayPage {
        locale,
        site,
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
    Ok(page.render())
}

async fn stream(
    State(daylist): State<Daylist>,
    Path((login, asked)): Path<(String, String)>,
    me: Option<LoggedIn>,
    known: Known,
    site: Site,
    locale: Locale,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let id = stream_id(&asked)?;
    if let Some(elsewhere) = owner.is_elsewhere(&login, &format!("streams/{id}")) {
        return Ok(elsewhere);
    }
    let made = async || stream_page(&daylist.reader, &owner, id, (&site, locale)).await;
    daylist.answer((&owner, What::Stream(id), locale), &known, made).await
}

async fn stream_page(
    reader: &Reader,
    owner: &Owner,
    id: StreamId,
    (site, locale): (&Site, Locale),
) -> Result<String, AppError> {
    let mut whole = reader.stream(owner, id).await?;
    shown(&mut whole.today, site);
    if !site.shows_covers() {
        whole.tracks = whole.tracks.iter().map(Track::without_cover).collect();
    }
    let page = StreamPage {
        locale,
        site,
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
    Ok(page.render())
}

/// A day as the pages of this site show it.
fn shown(day: &mut Arc<Day>, site: &Site) {
    if !site.shows_covers() {
        *day = Arc::new(day.without_covers());
    }
}

/// Always 200: an unknown name is an empty overlay that keeps trying, a query that makes no sense the usual look.
async fn now_playing(
    site: Site,
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
        covers: site.shows_covers(),
    };
    ([(CACHE_CONTROL, "no-cache")], Html(overlay.render())).into_response()
}
