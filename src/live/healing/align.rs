//! Which report stands for which slot: one to one, in order, as many as possible, and then as near as possible.

use super::stamps::Stamps;
use super::{Origin, Report, Slot};
use crate::live::model::Source;
use chrono::TimeDelta;

/// How good the best matching so far is: more matches first, then less distance.
type Merit = (i32, i64);

/// For each report the number of its slot, if it has one.
pub(super) fn align(slots: &[Slot<'_>], reports: &[&Report], stamps: &Stamps) -> Vec<Option<usize>> {
    let tolerance = stamps.measure.tolerance();
    let width = slots.len() + 1;
    let mut best: Vec<Merit> = vec![(0, 0); width * (reports.len() + 1)];
    for (row, report) in reports.iter().enumerate() {
        for (column, slot) in slots.iter().enumerate() {
            let (above, left) = (best[row * width + column + 1], best[(row + 1) * width + column]);
            let both =
                merit(slot, report, stamps, tolerance).map(|gain| sum(best[row * width + column], gain));
            best[(row + 1) * width + column + 1] = above.max(left).max(both.unwrap_or(above));
        }
    }
    let mut matched = trace(&best, width, reports.len(), slots.len());
    for (number, report) in reports.iter().enumerate() {
        if matched[number].is_none() {
            matched[number] = misplaced(slots, report, stamps, &matched);
        }
    }
    matched
}

/// A play that an earlier answer, which said less, has put on the wrong side of its neighbour.
fn misplaced(
    slots: &[Slot<'_>],
    report: &Report,
    stamps: &Stamps,
    matched: &[Option<usize>],
) -> Option<usize> {
    let backfilled =
        |slot: &Slot<'_>| matches!(slot.origin, Origin::Play(known) if known.play.source == Source::Backfill);
    let near =
        |slot: &Slot<'_>| backfilled(slot) && merit(slot, report, stamps, stamps.measure.near()).is_some();
    (0..slots.len()).find(|place| near(&slots[*place]) && !matched.contains(&Some(*place)))
}

/// Goes back from the end along what was best.
fn trace(best: &[Merit], width: usize, reports: usize, slots: usize) -> Vec<Option<usize>> {
    let mut matched = vec![None; reports];
    let (mut row, mut column) = (reports, slots);
    while row > 0 && column > 0 {
        let here = best[row * width + column];
        if here == best[row * width + column - 1] {
            column -= 1;
        } else if here == best[(row - 1) * width + column] {
            row -= 1;
        } else {
            (row, column) = (row - 1, column - 1);
            matched[row] = Some(column);
        }
    }
    matched
}

fn merit(slot: &Slot<'_>, report: &Report, stamps: &Stamps, tolerance: TimeDelta) -> Option<Merit> {
    if slot.track.uri != report.track.uri {
        return None;
    }
    let distance = stamps.distance(slot, report);
    (distance <= tolerance).then(|| (1, -distance.num_milliseconds()))
}

fn sum(left: Merit, right: Merit) -> Merit {
    (left.0 + right.0, left.1 + right.1)
}
