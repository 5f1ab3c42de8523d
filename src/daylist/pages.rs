//! The room's pages and overlays, rendered by the server.

use super::Daylist;
use super::access::Owner;
use super::read::Reader;
use super::shelf::What;
use super::view::{
    DayPage, HomePage, LiveNow, NowPlayingOverlay, OverlayStyle, OverlayTheme, StreamPage, StreamerPage,
};
use super::whole::stream_id;
use crate::accounts::LoggedIn;
use crate::base::id::StreamId;
use crate::http::{AppError, Known, Page, Site};
use crate::hub::{Day, Streamer};
use crate::i18n::Locale;
use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use chrono::NaiveDate;

pub(super) fn router() -> Router<Daylist> {
    Router::new()
        .route("/", get(home))
        .route("/streamers/{login}", get(streamer))
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
        let path = || format!("/streamers/{login}/{page}").trim_end_matches('/').to_owned();
        let elsewhere = || Redirect::temporary(&path()).into_response();
        (!login.eq_ignore_ascii_case(asked)).then(elsewhere)
    }
}

async fn home(
    State(daylist): State<Daylist>,
    site: Site,
    known: Known,
    locale: Locale,
) -> Result<Response, AppError> {
    let (days, others) = daylist.reader.everybody().await?;
    let live: Vec<LiveNow<'_>> = days.iter().map(|day| live_now(day)).collect();
    let others: Vec<&Streamer> = others.iter().collect();
    Ok(Page::new(locale, HomePage { locale, site: &site, live: &live, others: &others }.render())
        .answer(&known))
}

fn live_now(day: &Day) -> LiveNow<'_> {
    LiveNow { streamer: &day.streamer, now_playing: day.now_playing.as_ref(), at: day.now_playing_at }
}

async fn streamer(
    State(daylist): State<Daylist>,
    Path(asked): Path<String>,
    me: Option<LoggedIn>,
    site: Site,
    known: Known,
    locale: Locale,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&asked, me.as_ref()).await?;
    if let Some(elsewhere) = owner.is_elsewhere(&asked, "") {
        return Ok(elsewhere);
    }
    let made = async || streamer_page(&daylist.reader, &owner, (&site, locale)).await;
    daylist.answer((&owner, What::Streamer, locale), &known, made).await
}

async fn streamer_page(
    reader: &Reader,
    owner: &Owner,
    (site, locale): (&Site, Locale),
) -> Result<String, AppError> {
    let portrait = reader.portrait(owner).await?;
    let today = &portrait.today;
    let page = StreamerPage {
        locale,
        site,
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
    Ok(page.render())
}

async fn day(
    State(daylist): State<Daylist>,
    Path((login, asked)): Path<(String, String)>,
    me: Option<LoggedIn>,
    site: Site,
    known: Known,
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
    let read = reader.day_of(owner, date).await?;
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
    site: Site,
    known: Known,
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
    let whole = reader.stream(owner, id).await?;
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
