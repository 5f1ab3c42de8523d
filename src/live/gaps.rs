//! Gaps: times when we could not look, so that the list says where nothing is known. Pure.

use super::model::Stream;
use crate::base::clock::Instant;
use crate::base::id::{GapId, StreamId, UserId};
use chrono::TimeDelta;

/// A time when we could not look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Derived from the stream and the beginning.
    pub id: GapId,
    /// Whose.
    pub user_id: UserId,
    /// On which stream.
    pub stream_id: StreamId,
    /// When the player was last seen before it.
    pub from: Instant,
    /// When it was seen again; none while the gap lasts.
    pub to: Option<Instant>,
    /// Why.
    pub reason: Reason,
    /// Whether it is known all the same what was heard.
    pub healed: bool,
}

/// Why we could not look. The words are a promise to other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Spotify asked us to wait.
    RateLimited,
    /// Spotify did not answer, or made no sense.
    SpotifyDown,
    /// Spotify does not let us look at this account.
    LinkLost,
    /// We were not there: stopped, or told late of the stream.
    ServerDown,
    /// The writer was full.
    Database,
    /// The streamer did not want us to look. What was heard then is never looked for.
    Paused,
}

impl Reason {
    const ALL: [Self; 6] = [
        Self::RateLimited,
        Self::SpotifyDown,
        Self::LinkLost,
        Self::ServerDown,
        Self::Database,
        Self::Paused,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::RateLimited => "rate_limited",
            Self::SpotifyDown => "spotify_down",
            Self::LinkLost => "link_lost",
            Self::ServerDown => "server_down",
            Self::Database => "database",
            Self::Paused => "paused",
        }
    }

    /// The reason that a word stands for.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

impl Gap {
    /// A gap of `stream` that opens then.
    #[must_use]
    pub fn opened(stream: &Stream, from: Instant, reason: Reason) -> Self {
        let id = match reason {
            // Where one gap ends because of a pause, the pause begins.
            Reason::Paused => GapId::derived(from, &[&stream.id.to_string(), reason.word()]),
            _ => GapId::derived(from, &[&stream.id.to_string()]),
        };
        Self { id, user_id: stream.user_id, stream_id: stream.id, from, to: None, reason, healed: false }
    }

    /// Whether the streamer did not want to be followed then, give or take a `doubt`.
    #[must_use]
    pub fn forbids(&self, at: Instant, doubt: TimeDelta) -> bool {
        let within = at >= self.from - doubt && self.to.is_none_or(|to| at < to + doubt);
        self.reason == Reason::Paused && within
    }
}

/// What a session knows of its gaps: at most one is open.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch {
    /// Seldom there is one.
    open: Option<Box<Gap>>,
}

impl Watch {
    /// Goes on with a gap that is open already.
    pub(super) fn resumed(open: Option<Gap>) -> Self {
        Self { open: open.map(Box::new) }
    }

    /// We could not look, and have not seen the player `since`. Gives the gap if this opens one.
    pub(super) fn miss(&mut self, stream: &Stream, since: Instant, reason: Reason) -> Option<Gap> {
        if self.open.is_some() {
            return None;
        }
        let gap = Gap::opened(stream, since, reason);
        self.open = Some(Box::new(gap.clone()));
        Some(gap)
    }

    /// We see the player again. `unbroken` says that it plays on exactly as it would have, so nothing was missed.
    pub(super) fn sight(&mut self, now: Instant, unbroken: bool) -> Option<Gap> {
        let gap = *self.open.take()?;
        Some(Gap { to: Some(now.max(gap.from)), healed: unbroken, ..gap })
    }
}
