//! Streams on Twitch, and the events that tell of them.

use crate::base::clock::Instant;
use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};

/// What kind of stream it is; only `live` is somebody sitting there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BroadcastKind {
    /// Live.
    #[default]
    Live,
    /// A playlist of recordings.
    Playlist,
    /// Watching something together.
    WatchParty,
    /// A première of a recording.
    Premiere,
    /// A recording once more.
    Rerun,
}

impl BroadcastKind {
    /// Twitch's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Playlist => "playlist",
            Self::WatchParty => "watch_party",
            Self::Premiere => "premiere",
            Self::Rerun => "rerun",
        }
    }
}

/// One stream, from online to offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast {
    /// Twitch's id of the stream, digits.
    pub id: String,
    /// What kind.
    pub kind: BroadcastKind,
    /// When it went online.
    pub started_at: Instant,
    /// When it went offline.
    pub ended_at: Option<Instant>,
}

impl Broadcast {
    /// Whether it was on at `at`.
    #[must_use]
    pub fn on_at(&self, at: Instant) -> bool {
        self.started_at <= at && self.ended_at.is_none_or(|end| at < end)
    }
}

/// Whole seconds, as Twitch writes the start of a stream.
pub(in crate::twins) fn seconds(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
