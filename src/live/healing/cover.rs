//! Which gaps are healed: those of which it is known what was heard, so that no reported play can be missing in them.

use super::{Found, Measure, Record};
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use crate::live::gaps::{Gap, Reason};
use crate::live::model::Play;
use chrono::TimeDelta;

/// The gaps that are covered now, as they are from now on.
pub(super) fn covered(record: &Record, found: &[Found], removed: &[PlayId], measure: Measure) -> Vec<Gap> {
    let curable = |gap: &&Gap| !gap.healed && gap.to.is_some() && gap.reason != Reason::Paused;
    let open = record.gaps.iter().filter(curable);
    let found = found.iter().map(|found| &found.play);
    let mut known: Vec<&Play> = record.plays.iter().map(|known| &known.play).chain(found).collect();
    known.retain(|play| !removed.contains(&play.id));
    known.sort_by_key(|play| play.started_at);
    open.filter(|gap| is_covered(gap, &known, measure))
        .map(|gap| Gap { healed: true, ..gap.clone() })
        .collect()
}

/// Whether one play follows the other through the gap without a hole.
fn is_covered(gap: &Gap, known: &[&Play], measure: Measure) -> bool {
    let hole = measure.shortest_reported();
    let Some(to) = gap.to else { return false };
    let mut known_until = gap.from;
    for play in known.iter().take_while(|play| play.started_at < to) {
        if play.started_at > known_until + hole {
            return false;
        }
        known_until = known_until.max(end(play));
    }
    known_until + hole >= to
}

fn end(play: &Play) -> Instant {
    play.started_at + TimeDelta::milliseconds(play.track.duration_ms)
}
