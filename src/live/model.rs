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

impl Track {
    /// No track is longer: more than these seven days is nonsense that instants could not be counted with.
    pub const LONGEST_MS: i64 = 7 * 86_400_000;
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
    /// Where it comes from.
    pub whence: Whence,
}

/// Where music comes from and where it comes out, as far as Spotify says. Both can be ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whence {
    /// What it is played from: `spotify:playlist:…`, an album, an artist.
    pub context: Option<String>,
    /// The name of the device.
    pub device: Option<String>,
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
    /// How we know of it.
    pub source: Source,
}

/// How we know of a play. The words are a promise to other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A look saw it.
    Poll,
    /// Recently-played told of it.
    Backfill,
    /// The streamer added it.
    Manual,
}

impl Source {
    const ALL: [Self; 3] = [Self::Poll, Self::Backfill, Self::Manual];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Backfill => "backfill",
            Self::Manual => "manual",
        }
    }

    /// The source that a word stands for.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.word() == word)
    }
}

impl Play {
    /// A play of `stream`; what it is derived from makes its id, so that noticing it twice makes the same row.
    #[must_use]
    pub fn new(stream: &Stream, track: Track, started_at: Instant, source: Source) -> Self {
        let id = PlayId::derived(started_at, &[&stream.id.to_string(), &track.uri]);
        Self { id, user_id: stream.user_id, stream_id: stream.id, track, started_at, source }
    }
}

/// A play that the streamer wants ignored: that it was, and no more of what it was than healing needs to know it again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ignored {
    /// On which stream.
    pub stream_id: StreamId,
    /// The track's key.
    pub uri: String,
    /// Its length in milliseconds.
    pub duration_ms: i64,
    /// When it began.
    pub started_at: Instant,
}

/// A moment at which the track of a play may have begun anew: progress is less than it should be, and there was time
/// for another track in between. If healing finds one there, the play is split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jump {
    /// The play that was thought to go on.
    pub play: PlayId,
    /// On which stream.
    pub stream_id: StreamId,
    /// When its track would have begun anew.
    pub at: Instant,
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
    /// Until when a session is known to have followed it.
    pub followed_until: Option<Instant>,
}
