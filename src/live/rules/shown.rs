//! What viewers were told is playing, and what they expect to follow from it.

use super::JUMP;
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use crate::live::model::{Play, Sight};
use chrono::TimeDelta;

/// What viewers were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    play: PlayId,
    is_playing: bool,
    progress_ms: i64,
    duration_ms: i64,
    at: Instant,
}

impl Shown {
    /// What this sight of a play shows.
    pub(super) fn of(play: &Play, sight: &Sight, at: Instant) -> Self {
        let Sight { progress_ms, is_playing, .. } = *sight;
        Self { play: play.id, is_playing, progress_ms, duration_ms: play.track.duration_ms, at }
    }

    /// Whether viewers who were told this expect just the other.
    pub(super) fn foresees(&self, other: &Self) -> bool {
        let elapsed = if self.is_playing { (other.at - self.at).num_milliseconds() } else { 0 };
        let jumped = (other.progress_ms - self.progress_ms - elapsed).abs() > JUMP.num_milliseconds();
        self.play == other.play && self.is_playing == other.is_playing && !jumped
    }

    /// When it must be over; never while paused.
    pub(super) fn ends_at(&self) -> Option<Instant> {
        let left = TimeDelta::milliseconds((self.duration_ms - self.progress_ms).max(0));
        self.is_playing.then_some(self.at + left)
    }
}
