//! What the stamps of an answer mean: the start of a play or its end, and by how much Spotify's clock differs.
//!
//! It is read from the answer itself. Of two tracks played one after the other, starts are the length of the first
//! apart and ends the length of the second; and plays that were looked at are known to the second.

use super::{Measure, Report, Slot};
use crate::base::clock::Instant;
use chrono::TimeDelta;

/// How many plays have to agree before a clock is called wrong.
const WITNESSES: usize = 3;

/// What stamps mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamps {
    /// The end of a play; else its start.
    pub(super) are_ends: bool,
    /// Whether anything says so.
    pub(super) are_clear: bool,
    /// How far Spotify's clock is ahead of ours.
    ahead: TimeDelta,
    /// How wrong that may be.
    pub(super) doubt: TimeDelta,
    pub(super) measure: Measure,
}

impl Stamps {
    /// Reads the meaning from reports in order and what is known.
    pub(super) fn read(slots: &[Slot<'_>], reports: &[&Report], measure: Measure) -> Self {
        let neighbours: i32 = reports.windows(2).map(|pair| vote(pair[0], pair[1], measure)).sum();
        let known: i32 = reports.iter().map(|report| witness(slots, report, measure)).sum();
        let votes = neighbours + known;
        let meaning = Self {
            are_ends: votes < 0,
            are_clear: votes != 0,
            ahead: TimeDelta::zero(),
            doubt: measure.wrong(),
            measure,
        };
        let ahead = meaning.ahead(slots, reports);
        ahead.map_or(meaning, |ahead| Self { ahead, doubt: measure.doubt(), ..meaning })
    }

    /// The stamp by our clock.
    pub(super) fn at(&self, report: &Report) -> Instant {
        report.played_at - self.ahead
    }

    /// How far a report is from a slot of the same track.
    pub(super) fn distance(&self, slot: &Slot<'_>, report: &Report) -> TimeDelta {
        let at = self.at(report);
        let (start, end) = ((at - from(slot, at)).abs(), ends(slot, at));
        let unlikely = self.measure.clearly();
        // An end that is neither the natural one nor the start of the next: a skip, and then something unseen.
        let cut_short = (slot.start..=last_end(slot)).contains(&at);
        match self.are_ends {
            true if cut_short => end.min(self.measure.shortest_reported()).min(start + unlikely),
            true => end.min(start + unlikely),
            false => start.min(end + unlikely),
        }
    }

    /// The middle of how far stamps are after what is known, if enough of them agree.
    fn ahead(&self, slots: &[Slot<'_>], reports: &[&Report]) -> Option<TimeDelta> {
        let mut found: Vec<TimeDelta> = reports
            .iter()
            .filter_map(|report| {
                let same = slots.iter().filter(|slot| slot.was_seen() && slot.track.uri == report.track.uri);
                same.map(|slot| self.late(slot, report)).min_by_key(TimeDelta::abs)
            })
            .filter(|late| late.abs() <= self.measure.wrong())
            .collect();
        found.sort_unstable();
        (found.len() >= WITNESSES).then(|| found[found.len() / 2])
    }

    fn late(&self, slot: &Slot<'_>, report: &Report) -> TimeDelta {
        let at = report.played_at;
        if !self.are_ends {
            return at - from(slot, at);
        }
        // A track that fades is over before its natural end: what the next one's start says counts more.
        let next = slot.next.map(|next| at - next).filter(|late| late.abs() <= self.measure.wrong());
        next.unwrap_or(at - natural_end(slot))
    }
}

/// Where a play began, as far as a stamp can tell: one that was cut by the stream's start began at any time before.
fn from(slot: &Slot<'_>, at: Instant) -> Instant {
    let reaches = at + length(slot) >= slot.start;
    if slot.cut && at < slot.start && reaches { at } else { slot.start }
}

fn ends(slot: &Slot<'_>, at: Instant) -> TimeDelta {
    let natural = (at - natural_end(slot)).abs();
    slot.next.map_or(natural, |next| natural.min((at - next).abs()))
}

/// A play ends here at the latest.
fn last_end(slot: &Slot<'_>) -> Instant {
    slot.next.map_or(natural_end(slot), |next| next.min(natural_end(slot)))
}

/// When a play ends that is neither paused nor skipped.
pub(super) fn natural_end(slot: &Slot<'_>) -> Instant {
    slot.start + length(slot)
}

fn length(slot: &Slot<'_>) -> TimeDelta {
    TimeDelta::milliseconds(slot.track.duration_ms)
}

/// One when two neighbours look like starts, minus one when they look like ends.
fn vote(first: &Report, second: &Report, measure: Measure) -> i32 {
    let apart = second.played_at - first.played_at;
    let miss = |report: &Report| (apart - TimeDelta::milliseconds(report.track.duration_ms)).abs();
    opinion(miss(first), miss(second), measure)
}

fn witness(slots: &[Slot<'_>], report: &Report, measure: Measure) -> i32 {
    let same = slots.iter().filter(|slot| slot.track.uri == report.track.uri);
    let nearest = same.min_by_key(|slot| (slot.start - report.played_at).abs());
    nearest.map_or(0, |slot| {
        let at = report.played_at;
        let within = at > slot.start + measure.near() && at <= last_end(slot);
        if within { -1 } else { opinion((at - slot.start).abs(), ends(slot, at), measure) }
    })
}

fn opinion(as_start: TimeDelta, as_end: TimeDelta, measure: Measure) -> i32 {
    if as_start.min(as_end) > measure.near() || (as_start - as_end).abs() < measure.clearly() {
        return 0;
    }
    if as_start < as_end { 1 } else { -1 }
}
