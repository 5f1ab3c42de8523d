//! The room's JSON, texts and live doors: what other programs build on.

use super::Daylist;
use super::access::Owner;
use super::read::Read;
use crate::accounts::LoggedIn;
use crate::base::id::UserId;
use crate::http::{AppError, Visitor};
use crate::hub::{
    self, Farewell, Format, Gap, Goodbye, NoUpgrade, NowPlaying, OnAir, Shape, Subscription, Track, View,
};
use axum::extract::{Path, Query, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, VARY};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};
use std::pin::Pin;

pub(super) fn router() -> Router<Daylist> {
    Router::new()
        .route("/api/v1/streamers/{login}", get(profile))
        .route("/api/v1/streamers/{login}/tracks", get(tracks))
        .route("/api/v1/streamers/{login}/now.txt", get(now_text))
        .route("/api/v1/streamers/{login}/live", get(live))
        .route("/api/v1/streamers/{login}/events", get(events))
}

#[derive(Serialize)]
struct Profile<'a> {
    login: &'a str,
    name: &'a str,
    timezone: &'a str,
    live: bool,
    stream: Option<&'a OnAir>,
    now_playing: Option<NowPlaying>,
    days: Vec<NaiveDate>,
}

#[derive(Serialize)]
struct DayList<'a> {
    date: NaiveDate,
    timezone: &'a str,
    live: bool,
    tracks: &'a [Track],
    gaps: &'a [Gap],
}

#[derive(Deserialize)]
struct WhichDay {
    #[serde(default = "today")]
    date: String,
}

fn today() -> String {
    "today".to_owned()
}

/// The query of a live door: `format`, `view` and the cursor `after` which to go on.
#[derive(Debug, Default, Deserialize)]
pub struct How {
    format: Option<String>,
    view: Option<String>,
    after: Option<String>,
}

/// Ends when a viewer is let in no more. Most are let in for good, so the others alone pay for looking.
type Left = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A request to become a WebSocket, or what it lacks.
pub type Upgrade = Result<hub::Upgrade, NoUpgrade>;

impl How {
    fn shape(&self) -> Result<Shape, AppError> {
        Ok(Shape { format: self.format()?, view: self.view()? })
    }

    fn format(&self) -> Result<Format, AppError> {
        match self.format.as_deref() {
            None | Some("json") => Ok(Format::Json),
            Some("html") => Ok(Format::Html),
            Some(other) => Err(unknown("format", other, "json or html")),
        }
    }

    fn view(&self) -> Result<View, AppError> {
        match self.view.as_deref() {
            None | Some("day") => Ok(View::Day),
            Some("stream") => Ok(View::Stream),
            Some(other) => Err(unknown("view", other, "day or stream")),
        }
    }
}

fn unknown(key: &str, value: &str, known: &str) -> AppError {
    AppError::BadRequest { detail: format!("{key}={value:?} is not known; use {known}") }
}

async fn profile(
    State(daylist): State<Daylist>,
    Path(login): Path<String>,
    me: Option<LoggedIn>,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let Read { day, at, .. } = daylist.reader.day(&owner, "today").await?;
    let profile = Profile {
        login: &owner.streamer.login,
        name: &owner.streamer.name,
        timezone: owner.timezone.name(),
        live: day.stream.is_some(),
        days: daylist.reader.days(&owner, &day).await?,
        now_playing: day.playing_at(at),
        stream: day.stream.as_ref(),
    };
    Ok((owner.headers(), Json(profile)).into_response())
}

async fn tracks(
    State(daylist): State<Daylist>,
    Path(login): Path<String>,
    me: Option<LoggedIn>,
    Query(WhichDay { date }): Query<WhichDay>,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let Read { day, is_today, .. } = daylist.reader.day(&owner, &date).await?;
    let list = DayList {
        date: day.date,
        timezone: day.timezone.name(),
        live: is_today && day.stream.is_some(),
        tracks: &day.tracks,
        gaps: &day.gaps,
    };
    Ok((owner.headers(), Json(list)).into_response())
}

/// One plain line for chat bots: `Artist - Title`, empty when nothing plays.
async fn now_text(
    State(daylist): State<Daylist>,
    Path(login): Path<String>,
    me: Option<LoggedIn>,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let Read { day, .. } = daylist.reader.day(&owner, "today").await?;
    let playing = day.now_playing.as_ref().filter(|now| now.is_playing);
    let line = playing.map_or_else(String::new, |now| format!("{} - {}", now.track.artist, now.track.name));
    Ok((owner.headers(), line).into_response())
}

impl Daylist {
    /// The staff's WebSocket: the same frames as everybody's, at once and also of a private list. Whoever calls this has
    /// made sure that the visitor is staff; it ends when they have `left`, or by [`crate::hub::Hub::close_staff`].
    ///
    /// # Errors
    /// When there is no such streamer, the query makes no sense, this is no WebSocket, or the day cannot be loaded.
    pub async fn staff_live(
        &self,
        user: UserId,
        how: &How,
        visitor: &Visitor,
        upgrade: Upgrade,
        left: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Response, AppError> {
        let left: Left = Box::pin(left);
        let shape = how.shape()?;
        let topic = self.reader.hub.staff(user).await?.ok_or(AppError::NotFound)?;
        self.seat(topic.subscribe(how.after.as_deref(), shape), visitor, upgrade, Some(left))
    }

    /// The WebSocket of a guest: what the public would be told, when it would be told, also of a private list. Whoever calls
    /// this has made sure that the streamer let the visitor in; it ends when they have `left`.
    ///
    /// # Errors
    /// When there is no such streamer, the query makes no sense, this is no WebSocket, or the day cannot be loaded.
    pub async fn guest_live(
        &self,
        user: UserId,
        how: &How,
        visitor: &Visitor,
        upgrade: Upgrade,
        left: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Response, AppError> {
        let left: Left = Box::pin(left);
        let shape = how.shape()?;
        let topic = self.reader.hub.topic(user).await?.ok_or(AppError::NotFound)?;
        self.seat(topic.subscribe_guest(how.after.as_deref(), shape), visitor, upgrade, Some(left))
    }

    async fn subscribe(
        &self,
        owner: &Owner,
        how: &How,
        after: Option<&str>,
    ) -> Result<Subscription, AppError> {
        let shape = how.shape()?;
        Ok(self.reader.topic(owner).await?.subscribe(after, shape))
    }

    /// Lets somebody in, if there is room, until they have `left`.
    fn seat(
        &self,
        subscription: Subscription,
        visitor: &Visitor,
        upgrade: Upgrade,
        left: Option<Left>,
    ) -> Result<Response, AppError> {
        let upgrade = upgrade.map_err(|refused| AppError::BadRequest {
            detail: format!("this is a WebSocket: {refused}; for Server-Sent Events use …/events"),
        })?;
        let Some(seat) = self.doors.admit(visitor) else {
            return Ok(upgrade.then(|connection| hub::turn_away(connection, subscription)));
        };
        let goodbye = goodbye(self.doors.farewell(), left);
        let conversation =
            |connection| hub::serve_socket(connection, subscription, goodbye).map(|()| drop(seat));
        Ok(upgrade.then(conversation))
    }
}

/// Ends with why it is time to go.
fn goodbye(farewell: impl Future<Output = ()> + Send + 'static, left: Option<Left>) -> Farewell {
    let farewell = farewell.map(|()| Goodbye::GoingAway);
    match left {
        None => Box::pin(farewell),
        Some(left) => Box::pin(async {
            tokio::select! {
                goodbye = farewell => goodbye,
                () = left => Goodbye::NotAllowed,
            }
        }),
    }
}

/// The WebSocket. Who may not read gets the 404 instead of the upgrade.
async fn live(
    State(daylist): State<Daylist>,
    Path(login): Path<String>,
    me: Option<LoggedIn>,
    Query(how): Query<How>,
    visitor: Visitor,
    upgrade: Upgrade,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let subscription = daylist.subscribe(&owner, &how, how.after.as_deref()).await?;
    daylist.seat(subscription, &visitor, upgrade, left(&owner, me))
}

/// The same frames as Server-Sent Events; `Last-Event-ID` resumes.
async fn events(
    State(daylist): State<Daylist>,
    Path(login): Path<String>,
    me: Option<LoggedIn>,
    Query(how): Query<How>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).or(how.after.as_deref());
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let subscription = daylist.subscribe(&owner, &how, last).await?;
    let seat = daylist.doors.admit(&visitor).ok_or(AppError::Unavailable)?;
    let goodbye = goodbye(daylist.doors.farewell(), left(&owner, me)).map(drop);
    Ok((owner.headers(), hub::serve_events(subscription, goodbye, seat)).into_response())
}

/// Ends when somebody who reads what is not everybody's is let in no more; none for what everybody may read.
fn left(owner: &Owner, me: Option<LoggedIn>) -> Option<Left> {
    let LoggedIn(me) = me.filter(|_| owner.is_own)?;
    Some(Box::pin(me.left(owner.id)))
}

impl Owner {
    /// What is on air changes at any time, and anybody's page may ask; what is one person's is nobody else's to keep.
    fn headers(&self) -> [(HeaderName, &'static str); 2] {
        if self.is_own {
            return [(VARY, "cookie"), (CACHE_CONTROL, "no-store")];
        }
        [(ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (CACHE_CONTROL, "no-cache")]
    }
}
