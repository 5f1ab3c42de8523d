//! The latest stream of a streamer, whole: what of it began before today stands here, the rest is the day's. Pure.

use super::model::{Gap, OnAir, Track};
use crate::base::clock::Instant;
use crate::base::id::PlayId;

/// The stream that is on air, or the last one that was: today's part of it is in the day's list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Latest {
    /// Which stream; none before the first.
    pub stream: Option<OnAir>,
    /// Its plays of days before today, by `started_at` and id.
    pub tracks: Vec<Track>,
    /// Its gaps that ended before today, by their beginning.
    pub gaps: Vec<Gap>,
}

impl Latest {
    /// Of another stream than this nothing is kept.
    pub(super) fn turns_to(&mut self, stream: &OnAir) {
        if self.stream.as_ref().is_none_or(|known| known.id != stream.id) {
            *self = Self { stream: Some(stream.clone()), ..Self::default() };
        }
    }

    /// Whether a play that began then is of this stream.
    pub(super) fn has(&self, started_at: Instant) -> bool {
        self.stream.as_ref().is_some_and(|stream| started_at >= stream.started_at)
    }

    /// Whether a gap reaches into this stream.
    pub(super) fn has_gap(&self, gap: &Gap) -> bool {
        gap.to.map_or(self.stream.is_some(), |to| self.stream.as_ref().is_some_and(|on| to > on.started_at))
    }
}

/// Puts a play in its place, instead of the one with its id; false when it is there already.
pub(super) fn put_track(tracks: &mut Vec<Track>, track: &Track) -> bool {
    match place_of(tracks, track) {
        Ok(known) if tracks[known] == *track => return false,
        Ok(known) => tracks[known] = track.clone(),
        Err(place) => {
            // A list grows by one every few minutes, and most are short: room for more would be room for nothing.
            tracks.reserve_exact(1);
            tracks.insert(place, track.clone());
        }
    }
    true
}

/// Where the play with this one's id stands, or else where it belongs in this list, which is in order. A play never changes
/// its place: its id is made of its start.
pub(super) fn place_of(tracks: &[Track], track: &Track) -> Result<usize, usize> {
    debug_assert!(tracks.is_sorted_by_key(|known| (known.started_at, known.id)));
    tracks.binary_search_by_key(&(track.started_at, track.id), |known| (known.started_at, known.id))
}

/// Puts a gap in its place, instead of the one with its id; false when it is there already.
pub(super) fn put_gap(gaps: &mut Vec<Gap>, gap: &Gap) -> bool {
    if gaps.contains(gap) {
        return false;
    }
    drop_gap(gaps, gap);
    let place = gaps.partition_point(|known| known.from <= gap.from);
    // Gaps are few as well.
    gaps.reserve_exact(1);
    gaps.insert(place, gap.clone());
    true
}

/// Takes out the gap with this one's id; false when there is none.
pub(super) fn drop_gap(gaps: &mut Vec<Gap>, gap: &Gap) -> bool {
    let before = gaps.len();
    gaps.retain(|known| known.id != gap.id);
    gaps.len() < before
}

/// Takes out a play; false when it is not there.
pub(super) fn drop_track(tracks: &mut Vec<Track>, id: PlayId) -> bool {
    let before = tracks.len();
    tracks.retain(|track| track.id != id);
    tracks.len() < before
}
