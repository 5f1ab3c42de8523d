//! Share images: what a day, a stream or a streamer looks like where somebody links to them. They are drawn from what the
//! pages read, so delays hold, and what is hidden is not on them. Their language is that of the address alone, because
//! whoever fetches them speaks none.

use super::Daylist;
use super::access::Owner;
use super::whole::stream_id;
use crate::accounts::LoggedIn;
use crate::base::clock::Instant;
use crate::base::local_day::local_date;
use crate::http::layout::locale_of;
use crate::http::{AppError, Known};
use crate::hub::{Gap, Track, markup};
use crate::i18n::{Locale, fill, long_date, messages};
use crate::share::{NotDrawn, Play, Sheet};
use axum::RequestPartsExt as _;
use axum::Router;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use chrono::TimeDelta;
use std::convert::Infallible;

pub(super) fn router() -> Router<Daylist> {
    Router::new()
        .route("/share.png", get(house))
        .route("/streamers/{login}/share.png", get(streamer))
        .route("/streamers/{login}/tracks/{date}/share.png", get(day))
        .route("/streamers/{login}/streams/{id}/share.png", get(stream))
}

/// How long others may keep a picture without asking again.
#[derive(Debug, Clone, Copy)]
enum Kept {
    /// It changes while the stream goes on, and what somebody hides is gone from it at once.
    Asked,
    /// It never does, but with another version.
    Day,
    /// It is one person's.
    Not,
}

impl Kept {
    fn header(self) -> &'static str {
        match self {
            Self::Asked => "public, no-cache",
            Self::Day => "public, max-age=86400",
            Self::Not => "private, no-store",
        }
    }

    fn of(owner: &Owner) -> Self {
        if owner.is_own { Self::Not } else { Self::Asked }
    }
}

/// What is asked for besides the thing itself.
struct Asked {
    locale: Locale,
    known: Known,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let Ok(known) = parts.extract().await;
        Ok(Self { locale: locale_of(&parts.uri, &HeaderMap::new()), known })
    }
}

async fn day(
    State(daylist): State<Daylist>,
    Path((login, date)): Path<(String, String)>,
    me: Option<LoggedIn>,
    asked: Asked,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let read = daylist.reader.day(&owner, &date).await?;
    let heading = long_date(asked.locale, read.day.date);
    let sheet = sheet(&owner, asked.locale, heading, &read.day.tracks, &read.day.gaps);
    daylist.shows(sheet, &asked, Kept::of(&owner)).await
}

async fn stream(
    State(daylist): State<Daylist>,
    Path((login, id)): Path<(String, String)>,
    me: Option<LoggedIn>,
    asked: Asked,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let whole = daylist.reader.stream(&owner, stream_id(&id)?).await?;
    let date = long_date(asked.locale, local_date(whole.stream.started_at, owner.timezone));
    let heading = fill(&messages(asked.locale).stream.heading, "date", &date);
    let sheet = sheet(&owner, asked.locale, heading, &whole.tracks, &whole.gaps);
    daylist.shows(sheet, &asked, Kept::of(&owner)).await
}

/// The streamer's latest day with music stands for them.
async fn streamer(
    State(daylist): State<Daylist>,
    Path(login): Path<String>,
    me: Option<LoggedIn>,
    asked: Asked,
) -> Result<Response, AppError> {
    let owner = daylist.reader.readable(&login, me.as_ref()).await?;
    let today = daylist.reader.day(&owner, "today").await?;
    let latest = daylist.reader.days(&owner, &today.day).await?.first().copied();
    let read = match latest.filter(|date| *date != today.day.date) {
        Some(date) => daylist.reader.day_of(&owner, date).await?,
        None => today,
    };
    let heading = long_date(asked.locale, read.day.date);
    let sheet = sheet(&owner, asked.locale, heading, &read.day.tracks, &read.day.gaps);
    daylist.shows(sheet, &asked, Kept::of(&owner)).await
}

/// The picture of the house: what stands for every page that has none of its own.
async fn house(State(daylist): State<Daylist>, asked: Asked) -> Result<Response, AppError> {
    let m = messages(asked.locale);
    let nth = |n: u32| Play {
        at: Instant::UNIX_EPOCH + TimeDelta::seconds(i64::from(n) * 229),
        duration_ms: 229_000,
        hue: n * 5 % 8,
        name: String::new(),
        artist: String::new(),
    };
    let sheet = Sheet {
        name: m.home.heading.clone(),
        login: "airlog".to_owned(),
        heading: m.share.heading.clone(),
        count: String::new(),
        timezone: None,
        plays: (0..9).map(nth).collect(),
        gaps: Vec::new(),
    };
    daylist.shows(sheet, &asked, Kept::Day).await
}

fn sheet(owner: &Owner, locale: Locale, heading: String, tracks: &[Track], gaps: &[Gap]) -> Sheet {
    let play = |track: &Track| Play {
        at: track.started_at,
        duration_ms: track.duration_ms,
        hue: markup::hue(&track.uri),
        name: track.name.clone(),
        artist: track.artist.clone(),
    };
    Sheet {
        name: owner.streamer.name.clone(),
        login: owner.streamer.login.clone(),
        heading,
        count: messages(locale).counts.tracks.of(locale, tracks.len()),
        timezone: Some(owner.timezone),
        plays: tracks.iter().map(play).collect(),
        gaps: gaps.iter().filter(|gap| !gap.healed).map(|gap| (gap.from, gap.to)).collect(),
    }
}

impl Daylist {
    async fn shows(&self, sheet: Sheet, asked: &Asked, kept: Kept) -> Result<Response, AppError> {
        let etag = format!("\"{}\"", sheet.key());
        let head = [(CACHE_CONTROL, kept.header().to_owned()), (ETAG, etag.clone())];
        if asked.known.has(&etag) {
            return Ok((StatusCode::NOT_MODIFIED, head).into_response());
        }
        let picture = self.studio.picture(sheet).await.map_err(|not_drawn| match not_drawn {
            NotDrawn::Crowded => AppError::Unavailable,
            NotDrawn::Failed(error) => AppError::Internal(error),
        })?;
        let kind = [(CONTENT_TYPE, "image/png"), (CONTENT_LANGUAGE, asked.locale.tag())];
        Ok((head, kind, picture).into_response())
    }
}
