//! Which gaps are healed: those of which it is known what was heard, so that no reported play can be missing in them.

use super::Record;
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use crate::live::gaps::Gap;
use crate::live::model::Play;
use chrono::TimeDelta;

/// Spotify reports what was heard for longer; a hole that is shorter hides nothing that it would report.
pub(super) const SHORTEST_REPORTED: TimeDelta = TimeDelta::seconds(30);

/// The gaps that are covered now, as they are from now on.
pub(super) fn covered(record: &Record, added: &[Play], removed: &[PlayId]) -> Vec<Gap> {
    let open = record.gaps.iter().filter(|gap| !gap.healed && gap.to.is_some());
    let mut known: Vec<&Play> = record.plays.iter().map(|known| &known.play).chain(added).collect();
    known.retain(|play| !removed.contains(&play.id));
    known.sort_by_key(|play| play.started_at);
    open.filter(|gap| is_covered(gap, &known)).map(|gap| Gap { healed: true, ..gap.clone() }).collect()
}

/// Whether one play follows the other through the gap without a hole.
fn is_covered(gap: &Gap, known: &[&Play]) -> bool {
    let Some(to) = gap.to else { return false };
    let mut known_until = gap.from;
    for play in known.iter().take_while(|play| play.started_at < to) {
        if play.started_at > known_until + SHORTEST_REPORTED {
            return false;
        }
        known_until = known_until.max(end(play));
    }
    known_until + SHORTEST_REPORTED >= to
}

fn end(play: &Play) -> Instant {
    play.started_at + TimeDelta::milliseconds(play.track.duration_ms)
}
