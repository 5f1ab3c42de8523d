//! When to look next: just after the track should end, and before that the oftener the likelier a skip is.
//!
//! Learned from the streamer: how much earlier than its end a track gives way (a crossfade, which is constant for each
//! player), and whether tracks are skipped at all.

use super::kinds::Timing;
use crate::base::clock::Instant;
use crate::live::model::{Play, Sight};
use chrono::TimeDelta;
use std::collections::VecDeque;

/// No player fades for longer; what gives way earlier was skipped.
const LONGEST_FADE: TimeDelta = TimeDelta::seconds(15);
/// Later than its end by this much a track was paused, not faded.
const LATE: TimeDelta = TimeDelta::seconds(2);
/// How much two fades may differ and still be the same.
const ALIKE: TimeDelta = TimeDelta::seconds(1);
/// How many fades are remembered.
const MEMORY: usize = 5;
/// After so many tracks in a row that were heard to their end, no skip is expected.
const CALM: u32 = 6;
/// Who skips does so early in a track: within so many intervals.
const EARLY: i32 = 2;
/// How much oftener looks come where a skip is likely.
const EAGER: i32 = 3;

/// What has been learned of how tracks end.
#[derive(Debug, Clone, Default)]
pub(super) struct Pacing {
    /// When the track that plays should end.
    ends_at: Option<Instant>,
    fades: VecDeque<TimeDelta>,
    /// Tracks in a row that were heard to their end; none before the first skip.
    calm: Option<u32>,
}

impl Pacing {
    /// A session goes on after this play; it should end when its length has passed.
    pub(super) fn going_on(last: Option<&Play>) -> Self {
        let ends_at = last.map(|last| last.started_at + TimeDelta::milliseconds(last.track.duration_ms));
        Self { ends_at, ..Self::default() }
    }

    /// Whether a track that plays since then leaves no room for another after `known_until`: it played then already, or
    /// began when the one before it was over.
    pub(super) fn explains(&self, since: Instant, known_until: Instant) -> bool {
        let early = self.ends_at.map(|end| end - since);
        since <= known_until + LATE || early.is_some_and(|early| (-LATE..=LONGEST_FADE).contains(&early))
    }

    /// Another track than before has begun.
    pub(super) fn changed(&mut self, started_at: Instant) {
        let Some(early) = self.ends_at.take().map(|end| end - started_at) else { return };
        if early > LONGEST_FADE {
            self.calm = Some(0);
        } else if early >= -LATE {
            self.calm = self.calm.map(|calm| calm.saturating_add(1));
            self.fades.truncate(MEMORY - 1);
            self.fades.push_front(early.max(TimeDelta::zero()));
        }
    }

    /// What the player shows.
    pub(super) fn saw(&mut self, sight: Option<&Sight>, now: Instant) {
        self.ends_at = sight.filter(|sight| sight.is_playing).map(|sight| now + remaining(sight));
    }

    /// The next look after this sight, when `interval` is allowed where skips are likely. The time until the track
    /// should have ended is divided evenly, so that no look comes in the way of the one that matters.
    pub(super) fn next(&self, timing: &Timing, sight: &Sight, interval: TimeDelta, now: Instant) -> Instant {
        let usual = self.interval(timing, Some(sight), interval);
        let remaining = remaining(sight);
        let wait = if sight.is_playing && remaining > TimeDelta::zero() {
            let probe = self.giving_way(remaining) + timing.probe_delay;
            probe / times(probe, usual)
        } else {
            usual
        };
        now + wait.max(timing.min_gap)
    }

    /// How long to wait when no end is in sight.
    pub(super) fn interval(&self, timing: &Timing, sight: Option<&Sight>, interval: TimeDelta) -> TimeDelta {
        let early = |sight: &Sight| progress(sight) < timing.poll_interval * EARLY;
        let likely = self.calm.is_some_and(|calm| calm < CALM) && sight.is_some_and(early);
        if likely || interval >= timing.poll_interval {
            return interval;
        }
        (interval * EAGER).min(timing.poll_interval)
    }

    /// In how long the next track should begin.
    fn giving_way(&self, remaining: TimeDelta) -> TimeDelta {
        self.fade().filter(|fade| *fade < remaining).map_or(remaining, |fade| remaining - fade)
    }

    /// The crossfade, once two tracks have given way alike.
    fn fade(&self) -> Option<TimeDelta> {
        let mut fades: Vec<TimeDelta> = self.fades.iter().copied().collect();
        fades.sort_unstable();
        let middle = *fades.get(fades.len().checked_sub(1)? / 2)?;
        let alike = fades.iter().filter(|fade| (**fade - middle).abs() <= ALIKE).count();
        (alike >= 2).then_some(middle)
    }
}

/// How many looks, the last one at the end, a wait takes when they are at most `usual` apart.
fn times(wait: TimeDelta, usual: TimeDelta) -> i32 {
    let (wait, usual) = (wait.num_milliseconds(), usual.num_milliseconds().max(1));
    i32::try_from((wait + usual - 1) / usual).unwrap_or(i32::MAX).max(1)
}

fn progress(sight: &Sight) -> TimeDelta {
    TimeDelta::milliseconds(sight.progress_ms)
}

fn remaining(sight: &Sight) -> TimeDelta {
    TimeDelta::milliseconds(sight.track.duration_ms - sight.progress_ms)
}
