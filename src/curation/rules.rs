//! What may be done to a list, and which plays it is done to. Pure.

use super::model::{Airtime, Correction, Listed, Missed, Refused, Title};
use crate::base::clock::{Instant, whole_millis};
use crate::base::id::{PlayId, UserId};
use crate::hub::{Track, TrackFacts};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;

/// More letters nobody reads.
const MOST_LETTERS: usize = 300;
/// No name of a track is longer.
const LONGEST_URI: usize = 200;
/// No track is longer than a day.
const LONGEST_MS: i64 = 86_400_000;
/// The most minutes that are hidden in one go.
const MOST_MINUTES: i64 = 24 * 60;
/// The clock of whoever asks may be so much ahead.
const AHEAD: TimeDelta = TimeDelta::minutes(1);
/// How the ids of Spotify's tracks begin.
const SPOTIFY: &str = "spotify:track:";
/// What is added by hand comes from there.
const MANUAL: &str = "manual";

/// The play that was heard last, of those that everybody sees.
#[must_use]
pub fn last(plays: &[Listed]) -> Option<PlayId> {
    let seen = plays.iter().filter(|play| !play.is_hidden());
    seen.max_by_key(|play| (play.track.started_at, play.track.id)).map(|play| play.track.id)
}

/// The plays of which anything may have been heard after `then`, of those that everybody sees; `streams` are those that
/// they were heard on.
#[must_use]
pub fn heard_since(plays: &[Listed], streams: &[Airtime], then: Instant, now: Instant) -> Vec<PlayId> {
    let is_meant = |play: &&Listed| !play.is_hidden() && ends(&play.track, plays, streams, now) > then;
    plays.iter().filter(is_meant).map(|play| play.track.id).collect()
}

/// On a stream a play lasts until the next one begins: on repeat, or paused and resumed, a track stays one play, however
/// long it is. Elsewhere it is over when it has been heard whole.
fn ends(track: &Track, plays: &[Listed], streams: &[Airtime], now: Instant) -> Instant {
    let start = track.started_at;
    let whole = start + TimeDelta::milliseconds(track.duration_ms.clamp(1, LONGEST_MS));
    let on_air = streams.iter().find(|stream| stream.holds(start));
    let end = on_air.map_or(whole, |stream| stream.until.unwrap_or(now));
    next(track, plays).map_or(end, |next| end.min(next)).max(start)
}

/// When the play after this one begins. What a person added does not end what the player plays.
fn next(track: &Track, plays: &[Listed]) -> Option<Instant> {
    let others = plays.iter().map(|play| &play.track);
    let others = others.filter(|other| other.source != MANUAL || track.source == MANUAL);
    others.map(|other| other.started_at).filter(|start| *start > track.started_at).min()
}

/// So many minutes ago.
///
/// # Errors
/// [`Refused::Minutes`].
pub fn minutes_ago(minutes: i64, now: Instant) -> Result<Instant, Refused> {
    if (1..=MOST_MINUTES).contains(&minutes) {
        Ok(now - TimeDelta::minutes(minutes))
    } else {
        Err(Refused::Minutes)
    }
}

/// The instant at which a clock of the streamer's shows this time (`21:04`) on a day; the first, where it does so twice.
///
/// # Errors
/// [`Refused::NoTime`] when it never does.
pub fn clock_time(date: NaiveDate, time: &str, timezone: Tz) -> Result<Instant, Refused> {
    let read = |form| NaiveTime::parse_from_str(time.trim(), form).ok();
    let time = read("%H:%M").or_else(|| read("%H:%M:%S")).ok_or(Refused::NoTime)?;
    let there = date.and_time(time).and_local_timezone(timezone).earliest().ok_or(Refused::NoTime)?;
    Ok(there.to_utc())
}

/// What a play is called after a correction.
///
/// # Errors
/// Says what is wrong with it.
pub fn corrected(before: &Title, correction: &Correction) -> Result<Title, Refused> {
    let name = correction.name.as_deref().map_or(&*before.name, str::trim).to_owned();
    let artists = match (&correction.artists, &correction.artist) {
        (Some(artists), _) => artists.iter().map(|artist| artist.trim().to_owned()).collect(),
        // Nobody touched it: they stay apart.
        (None, Some(artist)) if artist.trim() != before.artist() => vec![artist.trim().to_owned()],
        (None, _) => before.artists.clone(),
    };
    let album = correction.album.as_deref().map_or_else(|| before.album.clone(), filled);
    checked(Title { name, artists, album })
}

/// A missed track as it is to stand in the list; `border` is where that begins, `id` is for one without a name.
///
/// # Errors
/// Says what is wrong with it.
pub fn added(user: UserId, missed: &Missed, border: Option<Instant>, now: Instant) -> Result<Track, Refused> {
    let (artists, album) = (vec![missed.artist.trim().to_owned()], missed.album.as_deref().and_then(filled));
    let Title { name, artists, album } =
        checked(Title { name: missed.name.trim().to_owned(), artists, album })?;
    let started_at = started(missed.started_at, border, now)?;
    let duration_ms = missed.duration_ms.unwrap_or_default();
    if !(0..=LONGEST_MS).contains(&duration_ms) {
        return Err(Refused::Length);
    }
    let uri = missed.uri.as_deref().map(uri).transpose()?;
    let artist = artists.join(", ");
    let id = id(user, uri, (&name, &artist), missed.started_at.map(|_| started_at), started_at);
    Ok(TrackFacts {
        id,
        provider: MANUAL,
        provider_id: None,
        url: uri.and_then(address),
        uri: uri.map_or_else(|| format!("airlog:manual:{id}"), str::to_owned),
        name,
        artist,
        artists,
        album,
        duration_ms,
        started_at,
        image_url: None,
        source: MANUAL,
    }
    .into())
}

/// Whoever adds the same track of the same time once more means the same play.
fn id(user: UserId, uri: Option<&str>, said: (&str, &str), given: Option<Instant>, at: Instant) -> PlayId {
    let user = user.to_string();
    match (uri, given) {
        (Some(uri), _) => PlayId::derived(at, &[&user, "by hand", uri]),
        (None, Some(at)) => PlayId::derived(at, &[&user, "by hand", said.0, said.1]),
        (None, None) => PlayId::random(at),
    }
}

fn started(asked: Option<Instant>, border: Option<Instant>, now: Instant) -> Result<Instant, Refused> {
    let at = whole_millis(asked.unwrap_or(now));
    if at > now + AHEAD {
        return Err(Refused::Future);
    }
    if border.is_some_and(|border| at < border) {
        Err(Refused::TooOld)
    } else {
        Ok(at.min(whole_millis(now)))
    }
}

fn checked(title: Title) -> Result<Title, Refused> {
    if title.name.is_empty() {
        return Err(Refused::NoName);
    }
    if title.artists.is_empty() || title.artists.iter().any(String::is_empty) {
        return Err(Refused::NoArtist);
    }
    let artist = title.artist();
    let texts = [Some(&title.name), Some(&artist), title.album.as_ref()];
    if texts.into_iter().flatten().all(|text| is_readable(text)) {
        Ok(title)
    } else {
        Err(Refused::Unreadable)
    }
}

fn is_readable(text: &str) -> bool {
    text.chars().count() <= MOST_LETTERS && !text.chars().any(char::is_control)
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn uri(text: &str) -> Result<&str, Refused> {
    let is_odd = |letter: char| letter.is_whitespace() || letter.is_control();
    let fits = text.len() <= LONGEST_URI && text.contains(':') && !text.contains(is_odd);
    if fits { Ok(text) } else { Err(Refused::Uri) }
}

/// The page of a track of Spotify's.
fn address(uri: &str) -> Option<String> {
    let id = uri.strip_prefix(SPOTIFY)?;
    let is_id = !id.is_empty() && id.bytes().all(|letter| letter.is_ascii_alphanumeric());
    is_id.then(|| format!("https://open.spotify.com/track/{id}"))
}

#[cfg(test)]
mod tests;
