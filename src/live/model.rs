//! Tracks, plays and streams, as the heart knows them. Pure.

use crate::base::clock::Instant;
use crate::base::id::{PlayId, StreamId, UserId};

/// A track as the player shows it. Its key is the `uri`: local files have no id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// `spotify:track:…` or `spotify:local:…`.
    pub uri: String,
    /// Catalogue id.
    pub provider_id: Option<String>,
    /// Title.
    pub name: String,
    /// Each artist.
    pub artists: Vec<String>,
    /// Album title.
    pub album: Option<String>,
    /// Length in milliseconds.
    pub duration_ms: i64,
    /// Its page.
    pub url: Option<String>,
    /// Its cover.
    pub image_url: Option<String>,
}

/// What one look saw in the player: a track, playing or paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The track.
    pub track: Track,
    /// How far into it, in milliseconds.
    pub progress_ms: i64,
    /// False while paused.
    pub is_playing: bool,
}

/// One track heard once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Play {
    /// Derived from stream, track and start, so that noticing it twice makes the same row.
    pub id: PlayId,
    /// Whose.
    pub user_id: UserId,
    /// On which stream.
    pub stream_id: StreamId,
    /// What.
    pub track: Track,
    /// When it began.
    pub started_at: Instant,
}

/// A broadcast that we follow. Its id is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Our id.
    pub id: StreamId,
    /// Whose.
    pub user_id: UserId,
    /// Twitch's id of the broadcast, or of the latest of them after a short break.
    pub twitch_id: Option<String>,
    /// When it began.
    pub started_at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// When it was last known to be on air.
    pub seen_at: Instant,
}
