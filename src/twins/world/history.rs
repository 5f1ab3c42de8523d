//! What Spotify remembers of an evening: recently-played. It is late, it is short, and it leaves things out.

use super::item::{Heard, ItemKind};
use crate::base::clock::Instant;
use std::time::Duration;

/// Which instant `played_at` is: documented only as "when played", seen both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// When the play began.
    Start,
    /// When it was over.
    End,
}

/// How this world's recently-played behaves.
#[derive(Debug, Clone, Copy)]
pub struct HistoryRules {
    /// Plays heard for no longer than this are left out (30 s).
    pub least_heard: Duration,
    /// How long after its end a play is reported (at once).
    pub delay: Duration,
    /// Whether a play that was cut short is reported (no).
    pub keeps_skipped: bool,
    /// Which instant is reported (the start).
    pub stamp: Stamp,
    /// How many plays are kept (50).
    pub depth: usize,
}

impl Default for HistoryRules {
    fn default() -> Self {
        Self {
            least_heard: Duration::from_secs(30),
            delay: Duration::ZERO,
            keeps_skipped: false,
            stamp: Stamp::Start,
            depth: 50,
        }
    }
}

impl HistoryRules {
    /// Whether Spotify will ever tell of this play: catalogue tracks only, not private, heard long enough.
    #[must_use]
    pub fn keeps(&self, play: &Heard) -> bool {
        matches!(play.item.kind, ItemKind::Track(_))
            && !play.private
            && play.heard > self.least_heard
            && (self.keeps_skipped || !play.skipped)
    }

    /// The `played_at` of a play.
    #[must_use]
    pub fn played_at(&self, play: &Heard) -> Instant {
        match self.stamp {
            Stamp::Start => play.started_at,
            Stamp::End => play.ended_at,
        }
    }
}

/// Which part of the history is asked for; both bounds are exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The newest.
    Newest,
    /// Played after this instant.
    After(Instant),
    /// Played before this instant.
    Before(Instant),
}

/// One page of recently-played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Plays with their `played_at`, newest first.
    pub plays: Vec<(Instant, Heard)>,
    /// Whether older plays are left.
    pub more: bool,
}

/// The plays of `all` (oldest first) that Spotify tells at `now`: newest first, `limit` at most. After an
/// instant these are the oldest that follow it, so that paging forwards leaves nothing out.
pub(super) fn page(all: &[Heard], rules: &HistoryRules, window: Window, limit: usize, now: Instant) -> Page {
    let told = |play: &&Heard| rules.keeps(play) && play.ended_at + rules.delay <= now;
    let mut known: Vec<_> =
        all.iter().filter(told).map(|play| (rules.played_at(play), play.clone())).collect();
    known.drain(..known.len().saturating_sub(rules.depth));
    known.retain(|(at, _)| match window {
        Window::Newest => true,
        Window::After(bound) => *at > bound,
        Window::Before(bound) => *at < bound,
    });
    let surplus = known.len().saturating_sub(limit);
    let mut plays = match window {
        Window::After(_) => known.split_off(0).into_iter().take(limit).collect(),
        _ => known.split_off(surplus),
    };
    plays.reverse();
    Page { plays, more: surplus > 0 }
}
