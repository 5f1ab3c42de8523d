//! The room's pages, rendered by the server.

use super::Daylist;
use super::access::Owner;
use super::asking::Asking;
use super::read::Reader;
use super::shelf::What;
use super::view::{DayPage, HomePage, LiveNow, StreamPage, StreamerPage};
use super::whole::stream_id;
use crate::base::id::StreamId;
use crate::http::{AppError, Site};
use crate::hub::{Day, Streamer, Track};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use chrono::NaiveDate;
use std::sync::Arc;

pub(super) fn router() -> Router<Daylist> {
    Router::new()
        .route("/", get(home))
        .route("/streamers/{login}", get(streamer))
        .route("/streamers/{login}/tracks/{date}", get(day))
        .route("/streamers/{login}/streams/{id}", get(stream))
}

impl Owner {
    /// Leads to the same page under the streamer's login of today, with the same query, if they were asked for by another.
    fn is_elsewhere(&self, asked: &str, page: &str, query: &str) -> Option<Response> {
        let login = &self.streamer.login;
        let path = || format!("/streamers/{login}/{page}").trim_end_matches('/').to_owned() + query;
        let elsewhere = || Redirect::temporary(&path()).into_response();
        (!login.eq_ignore_ascii_case(asked)).then(elsewhere)
    }
}

async fn home(State(daylist): State<Daylist>, asking: Asking) -> Result<Response, AppError> {
    let made = async || home_page(&daylist.reader, &asking).await;
    daylist.answer_home(&asking, made).await
}

async fn home_page(reader: &Reader, asking: &Asking) -> Result<String, AppError> {
    let (mut days, others) = reader.everybody().await?;
    for day in &mut days {
        shown(day, &asking.site);
    }
    let live: Vec<LiveNow<'_>> = days.iter().map(|day| live_now(day)).collect();
    let others: Vec<&Streamer> = others.iter().collect();
    let page = HomePage { locale: asking.locale, site: &asking.site, live: &live, others: &others };
    Ok(page.render())
}

fn live_now(day: &Day) -> LiveNow<'_> {
    LiveNow { streamer: &day.streamer, now_playing: day.now_playing.as_ref(), at: day.now_playing_at }
}

async fn streamer(
    State(daylist): State<Daylist>,
    Path(asked): Path<String>,
    asking: Asking,
) -> Result<Response, AppError> {
    let owner = daylist.reader.lately(&asked, asking.me.as_ref()).await?;
    if let Some(elsewhere) = owner.is_elsewhere(&asked, "", &asking.query) {
        return Ok(elsewhere);
    }
    let made = async |owner: Arc<Owner>| streamer_page(&daylist.reader, &owner, &asking).await;
    daylist.answer(owner, What::Streamer, &asking, made).await
}

async fn streamer_page(reader: &Reader, owner: &Owner, asking: &Asking) -> Result<String, AppError> {
    let mut portrait = reader.portrait(owner).await?;
    shown(&mut portrait.today, &asking.site);
    bare(portrait.tracks.iter_mut().map(|(track, _)| track), &asking.site);
    let today = &portrait.today;
    let page = StreamerPage {
        locale: asking.locale,
        site: &asking.site,
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
    asking: Asking,
) -> Result<Response, AppError> {
    let owner = daylist.reader.lately(&login, asking.me.as_ref()).await?;
    let date = daylist.reader.date(&owner, &asked)?;
    if let Some(elsewhere) = owner.is_elsewhere(&login, &format!("tracks/{asked}"), &asking.query) {
        return Ok(elsewhere);
    }
    let made = async |owner: Arc<Owner>| day_page(&daylist.reader, &owner, date, &asking).await;
    daylist.answer(owner, What::Day(date), &asking, made).await
}

async fn day_page(
    reader: &Reader,
    owner: &Owner,
    date: NaiveDate,
    asking: &Asking,
) -> Result<String, AppError> {
    let mut read = reader.day_of(owner, date).await?;
    shown(&mut read.day, &asking.site);
    let [previous_day, next_day] = reader.neighbours(owner, &read).await?;
    let streams = reader.streams(owner, &read).await?;
    let today = if read.is_today { read.day.clone() } else { reader.topic(owner).await?.day(read.at).0 };
    let days = reader.days(owner, &today).await?;
    let (day, now_playing) = (&read.day, read.day.playing_at(read.at));
    let page = DayPage {
        locale: asking.locale,
        site: &asking.site,
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
        search: asking.search.as_ref(),
        is_private: owner.is_own,
    };
    Ok(page.render())
}

async fn stream(
    State(daylist): State<Daylist>,
    Path((login, asked)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response, AppError> {
    let owner = daylist.reader.lately(&login, asking.me.as_ref()).await?;
    let id = stream_id(&asked)?;
    if let Some(elsewhere) = owner.is_elsewhere(&login, &format!("streams/{id}"), &asking.query) {
        return Ok(elsewhere);
    }
    let made = async |owner: Arc<Owner>| stream_page(&daylist.reader, &owner, id, &asking).await;
    daylist.answer(owner, What::Stream(id), &asking, made).await
}

async fn stream_page(
    reader: &Reader,
    owner: &Owner,
    id: StreamId,
    asking: &Asking,
) -> Result<String, AppError> {
    let mut whole = reader.stream(owner, id).await?;
    shown(&mut whole.today, &asking.site);
    bare(&mut whole.tracks, &asking.site);
    let page = StreamPage {
        locale: asking.locale,
        site: &asking.site,
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
        search: asking.search.as_ref(),
        is_private: owner.is_own,
    };
    Ok(page.render())
}

/// A day as the pages of this site show it.
fn shown(day: &mut Arc<Day>, site: &Site) {
    if !site.shows_covers() {
        *day = Arc::new(day.without_covers());
    }
}

/// The same of tracks that are not of one day.
fn bare<'a>(tracks: impl IntoIterator<Item = &'a mut Track>, site: &Site) {
    if !site.shows_covers() {
        tracks.into_iter().for_each(|track| *track = track.without_cover());
    }
}
