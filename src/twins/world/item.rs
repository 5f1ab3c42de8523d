//! What a player can play, and what one look at it shows.

use super::catalogue::Track;
use crate::base::clock::Instant;
use std::sync::Arc;
use std::time::Duration;

/// Something a player can play, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// How long it lasts.
    pub length: Duration,
}

/// What a player can play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// A track of the catalogue.
    Track(Arc<Track>),
    /// A file on the listener's disk: no id, no link.
    Local {
        /// As tagged.
        title: String,
        /// As tagged.
        artist: String,
        /// As tagged.
        album: String,
    },
    /// An episode of a podcast.
    Episode {
        /// As shown.
        title: String,
    },
    /// An advertisement: Spotify says no more about it.
    Ad,
    /// The state Spotify calls `unknown`: no item, no time.
    Unknown,
}

impl Item {
    /// The key that Spotify gives it: only tracks and local files have one.
    #[must_use]
    pub fn uri(&self) -> Option<String> {
        match &self.kind {
            ItemKind::Track(track) => Some(track.uri()),
            ItemKind::Local { title, artist, album } => Some(local_uri(title, artist, album, self.length)),
            ItemKind::Episode { .. } | ItemKind::Ad | ItemKind::Unknown => None,
        }
    }
}

/// `spotify:local:…`, made of what is tagged.
pub(in crate::twins) fn local_uri(title: &str, artist: &str, album: &str, length: Duration) -> String {
    let plus = |text: &str| text.replace(' ', "+");
    format!("spotify:local:{}:{}:{}:{}", plus(artist), plus(album), plus(title), length.as_secs())
}

impl ItemKind {
    /// The name to show, empty for an ad and for `unknown`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Track(track) => &track.name,
            Self::Local { title, .. } | Self::Episode { title } => title,
            Self::Ad | Self::Unknown => "",
        }
    }

    /// The artists to show, empty where there are none.
    #[must_use]
    pub fn artist(&self) -> String {
        match self {
            Self::Track(track) => track.artist(),
            Self::Local { artist, .. } => artist.clone(),
            Self::Episode { .. } | Self::Ad | Self::Unknown => String::new(),
        }
    }
}

/// Where the music comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// Some device is there.
    There,
    /// None is active: reads answer 204.
    Idle,
    /// It vanished: reads answer 404 `NO_ACTIVE_DEVICE`.
    Lost,
}

/// What one look at a player shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Nothing is active, or the session is private: 204.
    Nothing,
    /// The device is gone: 404.
    NoDevice,
    /// Something is on.
    On(Scene),
}

/// What is on at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// What.
    pub item: Item,
    /// How far into it.
    pub progress: Duration,
    /// False while paused.
    pub is_playing: bool,
    /// When the state last changed: not "now".
    pub changed_at: Instant,
    /// The playlist it is played from.
    pub playlist: Option<String>,
    /// What the device is called, if not as usual.
    pub device_name: Option<String>,
}

/// A play that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// What was played.
    pub item: Item,
    /// When it began.
    pub started_at: Instant,
    /// When it was over.
    pub ended_at: Instant,
    /// How much of it was heard.
    pub heard: Duration,
    /// Whether it was cut short.
    pub skipped: bool,
    /// Whether the session was private when it ended.
    pub private: bool,
    /// The playlist it was played from.
    pub playlist: Option<String>,
}
