//! The curtain: plays that were taken out of the list by hand, and ghost mode, in which nobody hears anything new. Pure.

use super::model::Track;
use crate::base::clock::Instant;
use crate::base::id::{ActId, PlayId};
use std::collections::HashSet;

/// Ghost mode, on or over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ghost {
    /// The act that hides what is heard meanwhile.
    pub act: ActId,
    /// Since when.
    pub from: Instant,
    /// Until when; none while it is on.
    pub until: Option<Instant>,
}

impl Ghost {
    /// Whether it is on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.until.is_none()
    }

    /// Whether a play that began then was heard under it.
    #[must_use]
    pub fn covers(&self, started_at: Instant) -> bool {
        started_at >= self.from && self.until.is_none_or(|until| started_at < until)
    }

    /// Whether a play that was not told yet is kept back: everything while it is on; afterwards what began under it,
    /// unless a person adds it.
    #[must_use]
    pub fn keeps(&self, track: &Track) -> bool {
        self.is_on() || track.source != "manual" && self.covers(track.started_at)
    }
}

/// A play that was not told, because ghost mode keeps it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub play: PlayId,
    /// The act that hides it.
    pub act: ActId,
}

/// What nobody is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Curtain {
    /// Plays that are hidden.
    pub hidden: HashSet<PlayId>,
    /// Ghost mode, or when it was last on.
    pub ghost: Option<Ghost>,
}

impl Curtain {
    /// Whether ghost mode is on.
    pub(super) fn is_ghost(&self) -> bool {
        self.ghost.is_some_and(|ghost| ghost.is_on())
    }

    /// Keeps a new play back, if ghost mode does.
    pub(super) fn keep(&mut self, track: &Track) -> Option<Kept> {
        let ghost = self.ghost.filter(|ghost| ghost.keeps(track))?;
        self.hidden.insert(track.id);
        Some(Kept { play: track.id, act: ghost.act })
    }

    /// Whether a play may be shown.
    pub(super) fn shows(&self, play: PlayId) -> bool {
        !self.hidden.contains(&play)
    }
}

#[cfg(test)]
mod tests {
    use super::super::day::tests::{at, track};
    use super::*;
    use crate::hub::TrackFacts;
    use chrono::TimeDelta;

    fn ghost(until: Option<i64>) -> Ghost {
        let from = at("2026-11-20T20:00:00Z");
        let act = ActId::derived(from, &["ghost"]);
        Ghost { act, from, until: until.map(|minutes| from + TimeDelta::minutes(minutes)) }
    }

    fn began(minutes: i64) -> Track {
        track("a", at("2026-11-20T20:00:00Z") + TimeDelta::minutes(minutes))
    }

    #[test]
    fn while_it_is_on_nothing_new_is_told_whenever_it_began() {
        assert!([-60, 0, 5].into_iter().all(|minutes| ghost(None).keeps(&began(minutes))));
    }

    #[test]
    fn afterwards_only_what_began_under_it_is_kept_back() {
        let over = ghost(Some(10));
        let kept = [-1, 0, 9, 10, 11].map(|minutes| over.keeps(&began(minutes)));
        assert_eq!(kept, [false, true, true, false, false]);
        let added = TrackFacts { source: "manual", ..TrackFacts::clone(&began(5)) };
        assert!(!over.keeps(&added.into()), "a person knows what they add");
    }

    #[test]
    fn what_is_kept_back_is_hidden_from_then_on() {
        let mut curtain = Curtain { ghost: Some(ghost(None)), ..Curtain::default() };
        let play = began(1);
        assert_eq!(curtain.keep(&play), Some(Kept { play: play.id, act: ghost(None).act }));
        assert!(!curtain.shows(play.id) && curtain.is_ghost());
    }
}
