//! What viewers are told, in the words of the outside: tracks, gaps, the day, and the events that change it.
//!
//! These shapes are a promise to other programs (frames and JSON of the API): fields are added, never changed.

use crate::base::clock::Instant;
use crate::base::id::{GapId, PlayId, StreamId};
use chrono::{NaiveDate, SecondsFormat, TimeDelta};
use serde::{Serialize, Serializer};
use std::ops::Deref;
use std::sync::Arc;

/// A play as viewers see it: TRACK of the outside. Lists, frames and what plays share one, so nobody changes it: whoever
/// wants it otherwise makes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track(Arc<TrackFacts>);

/// What is to be said of a play.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrackFacts {
    /// Our id of the play.
    pub id: PlayId,
    /// `spotify` or `manual`.
    pub provider: &'static str,
    /// The provider's track id; none for local files.
    pub provider_id: Option<String>,
    /// What names the track, `spotify:track:…`, `spotify:local:…` or `airlog:manual:…`.
    pub uri: String,
    /// Title.
    pub name: String,
    /// All artists, joined with `, `.
    pub artist: String,
    /// Each artist.
    pub artists: Vec<String>,
    /// Album title.
    pub album: Option<String>,
    /// Length in milliseconds.
    pub duration_ms: i64,
    /// When it began.
    #[serde(serialize_with = "instant")]
    pub started_at: Instant,
    /// Page of the track at its provider.
    pub url: Option<String>,
    /// Cover image.
    pub image_url: Option<String>,
    /// `poll`, `backfill` or `manual`.
    pub source: &'static str,
}

/// A time when we could not look: GAP of the outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Our id of the gap.
    pub id: GapId,
    /// Since when nothing is known.
    #[serde(serialize_with = "instant")]
    pub from: Instant,
    /// Until when; none while it lasts.
    #[serde(serialize_with = "optional_instant")]
    pub to: Option<Instant>,
    /// Whether what was played meanwhile was found out later.
    pub healed: bool,
    /// `rate_limited`, `spotify_down`, `link_lost`, `server_down`, `database` or `paused`.
    pub reason: &'static str,
}

/// Whose day it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Streamer {
    /// Twitch login, lower case.
    pub login: String,
    /// Display name.
    pub name: String,
}

/// The broadcast that is on air.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnAir {
    /// Our id of the stream.
    pub id: StreamId,
    /// When it began.
    #[serde(serialize_with = "instant")]
    pub started_at: Instant,
}

/// What is in the player right now. `progress_ms` holds at the frame's `at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NowPlaying {
    /// The play.
    pub track: Track,
    /// False while paused.
    pub is_playing: bool,
    /// How far into the track, in milliseconds.
    pub progress_ms: i64,
}

impl From<TrackFacts> for Track {
    fn from(facts: TrackFacts) -> Self {
        Self(Arc::new(facts))
    }
}

impl Deref for Track {
    type Target = TrackFacts;

    fn deref(&self) -> &TrackFacts {
        &self.0
    }
}

impl Serialize for Track {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Track {
    /// The same play without the address of its cover.
    #[must_use]
    pub fn without_cover(&self) -> Self {
        if self.image_url.is_none() {
            return self.clone();
        }
        TrackFacts { image_url: None, ..TrackFacts::clone(self) }.into()
    }
}

impl NowPlaying {
    /// The same without the address of its cover.
    #[must_use]
    pub fn without_cover(self) -> Self {
        Self { track: self.track.without_cover(), ..self }
    }

    /// The same after some time: while it plays, its progress runs on, but not past the end.
    #[must_use]
    pub fn carried(self, elapsed: TimeDelta) -> Self {
        if !self.is_playing {
            return self;
        }
        let on = self.progress_ms + elapsed.max(TimeDelta::zero()).num_milliseconds();
        Self { progress_ms: on.min(self.track.duration_ms.max(self.progress_ms)), ..self }
    }
}

/// Something that viewers are told: each is one frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A play began, or was found out later and takes its place by `started_at`.
    TrackAdded {
        /// The play.
        track: Track,
    },
    /// A play was corrected.
    TrackUpdated {
        /// The play as it now is.
        track: Track,
    },
    /// A play is gone from the list.
    TrackRemoved {
        /// Its id.
        id: PlayId,
    },
    /// The player changed: another track, pause, resume, seek, or nothing.
    NowPlaying {
        /// What plays; none when nothing does.
        now_playing: Option<NowPlaying>,
    },
    /// The streamer went on air.
    StreamStarted {
        /// The broadcast.
        stream: OnAir,
    },
    /// The streamer went off air.
    StreamEnded {
        /// The broadcast that ended.
        stream: OnAir,
    },
    /// The streamer's local day is another one now: the list starts empty.
    DayChanged {
        /// The new day.
        date: NaiveDate,
    },
    /// A gap opened, closed or was healed; replaces the gap with its id.
    Gap {
        /// The gap.
        gap: Gap,
    },
}

/// Writes an instant as the outside has it: `2026-11-20T20:00:00.123Z`.
///
/// # Errors
/// Whatever the serializer says.
pub(super) fn instant<S: Serializer>(at: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*at))
}

/// The text of an instant on the outside: RFC 3339, UTC, milliseconds.
#[must_use]
pub fn text(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[expect(clippy::ref_option, reason = "the shape serde asks for")]
fn optional_instant<S: Serializer>(at: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => instant(at, serializer),
        None => serializer.serialize_none(),
    }
}
