//! Healing: what was played is compared with what Spotify reports of it, and the list is mended. Pure.
//!
//! Reports leave out much (short plays, skipped ones), come late, and say when a play began or when it ended without
//! saying which. So reports and known plays are matched one to one, in order; a report that nothing known explains
//! becomes a play, in the hole where it fits. Healing twice changes nothing, and what the streamer removed stays removed.

mod align;
mod cover;
mod due;
mod measure;
mod place;
mod stamps;

pub use due::next_at;
pub use measure::Measure;

use super::gaps::{Gap, Reason};
use super::model::{Ignored, Jump, Play, Source, Stream, Track};
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use chrono::TimeDelta;
use stamps::Stamps;

/// What tells two plays apart that would else begin at once.
const INSTANT: TimeDelta = TimeDelta::milliseconds(1);

/// A play that recently-played reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What.
    pub track: Track,
    /// When it began, or when it ended: Spotify does not say which.
    pub played_at: Instant,
    /// Whether a rule of the streamer's says that it is to be ignored.
    pub is_ignored: bool,
}

/// A play of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The play.
    pub play: Play,
    /// Whether the streamer removed it, or wants it ignored.
    pub hidden: bool,
    /// Whether the streamer gave it another title.
    pub corrected: bool,
}

impl Known {
    /// A play that nobody has touched.
    #[must_use]
    pub fn untouched(play: Play) -> Self {
        Self { play, hidden: false, corrected: false }
    }

    /// What is known of a play that was ignored.
    #[must_use]
    pub fn ignored(stream: &Stream, ignored: &Ignored) -> Self {
        let (uri, duration_ms) = (ignored.uri.clone(), ignored.duration_ms);
        let (provider_id, album, url, image_url) = (None, None, None, None);
        let (name, artists) = (String::new(), Vec::new());
        let track = Track { uri, provider_id, name, artists, album, duration_ms, url, image_url };
        Self { hidden: true, ..Self::untouched(Play::new(stream, track, ignored.started_at, Source::Poll)) }
    }
}

/// What is known of one stream.
#[derive(Debug, Clone)]
pub struct Record {
    /// The stream.
    pub stream: Stream,
    /// Its plays by their start, removed and ignored ones too.
    pub plays: Vec<Known>,
    /// What people added: it says nothing about the player, but of one track nobody needs two rows.
    pub by_hand: Vec<Play>,
    /// Where a play may have to be split.
    pub jumps: Vec<Jump>,
    /// Its gaps.
    pub gaps: Vec<Gap>,
}

/// What healing changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Healed {
    /// Plays that were missing.
    pub added: Vec<Play>,
    /// Plays that were a part of one that the streamer removed, and are as hidden as that.
    pub hidden: Vec<Play>,
    /// Plays that are a part of their neighbour.
    pub removed: Vec<PlayId>,
    /// Plays that were missing and are to be ignored.
    pub ignored: Vec<Ignored>,
    /// Gaps of which it is known now what was heard.
    pub gaps: Vec<Gap>,
}

/// Compares a stream with the newest reports.
#[must_use]
pub fn heal(record: &Record, reports: &[Report], measure: Measure, now: Instant) -> Healed {
    let mut reports: Vec<&Report> = reports.iter().collect();
    reports.sort_by_key(|report| report.played_at);
    let oldest = reports.first().map_or(record.stream.started_at, |report| report.played_at);
    let slots = slots(record, oldest - measure.lookback());
    let stamps = Stamps::read(&slots, &reports, measure);
    if !stamps.are_clear && record.stream.ended_at.is_none_or(|at| now - at < measure.patience()) {
        // The next answer says more; until then nothing is guessed.
        reports.clear();
    }
    let matched = align::align(&slots, &reports, &stamps);
    let entries = place::place(&record.stream, &slots, &reports, &matched, &stamps, now);
    let (found, removed) = settle(record, &slots, &reports, &entries, &stamps);
    let gaps = cover::covered(record, &found, &removed, measure);
    let mut healed = Healed { removed, gaps, ..Healed::default() };
    for Found { play, fate } in found {
        match fate {
            Fate::Shown => healed.added.push(play),
            Fate::Hidden => healed.hidden.push(play),
            Fate::Ignored => healed.ignored.push(play.into()),
        }
    }
    healed
}

/// A play that was missing.
struct Found {
    play: Play,
    fate: Fate,
}

/// What becomes of a play that was missing.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Shown,
    Hidden,
    Ignored,
}

impl From<Play> for Ignored {
    fn from(play: Play) -> Self {
        let Track { uri, duration_ms, .. } = play.track;
        Self { stream_id: play.stream_id, uri, duration_ms, started_at: play.started_at }
    }
}

/// A place in the list that a report may stand for: a play, or a jump at which one may have begun anew.
#[derive(Debug, Clone, Copy)]
struct Slot<'a> {
    track: &'a Track,
    start: Instant,
    /// When the next one began.
    next: Option<Instant>,
    /// Whether it may have begun earlier: with the stream only what was heard of it began.
    cut: bool,
    origin: Origin<'a>,
}

impl Slot<'_> {
    /// Whether a look saw it: what was reported earlier says nothing about a clock.
    fn was_seen(&self) -> bool {
        matches!(self.origin, Origin::Play(known) if known.play.source == Source::Poll)
    }
}

#[derive(Debug, Clone, Copy)]
enum Origin<'a> {
    Play(&'a Known),
    /// Of this play.
    Jump(&'a Known),
}

/// What the mended list consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// The slot of this number.
    Slot(usize),
    /// The report of this number, as a play that began then.
    Report(usize, Instant),
}

impl Record {
    /// Whether what began then may have begun earlier, when it was none of our business.
    fn is_cut(&self, at: Instant) -> bool {
        let resumed = |gap: &Gap| gap.reason == Reason::Paused && gap.to == Some(at);
        at == self.stream.started_at || self.gaps.iter().any(resumed)
    }

    /// Whether a person has added this play already, anywhere between its beginning and its end.
    fn has_by_hand(&self, track: &Track, began: Instant, measure: Measure) -> bool {
        let end = began + TimeDelta::milliseconds(track.duration_ms);
        let heard = began - measure.tolerance()..=end + measure.tolerance();
        self.by_hand.iter().any(|play| play.track.uri == track.uri && heard.contains(&play.started_at))
    }

    /// Whether the streamer did not want to be followed when a report was made, or when its play began.
    fn forbids(&self, report: &Report, began: Instant, stamps: &Stamps) -> bool {
        let forbids = |gap: &Gap, at| gap.forbids(at, stamps.doubt);
        self.gaps.iter().any(|gap| forbids(gap, began) || forbids(gap, stamps.at(report)))
    }
}

fn slots(record: &Record, from: Instant) -> Vec<Slot<'_>> {
    let plays = record.plays.iter().map(|known| {
        let play = &known.play;
        let cut = record.is_cut(play.started_at);
        Slot { track: &play.track, start: play.started_at, next: None, cut, origin: Origin::Play(known) }
    });
    let jumps = record.jumps.iter().filter_map(|jump| {
        let play = record.plays.iter().find(|known| known.play.id == jump.play)?;
        let track = &play.play.track;
        let split = record
            .plays
            .iter()
            .any(|other| other.play.started_at == jump.at && other.play.track.uri == track.uri);
        (!split).then_some(Slot { track, start: jump.at, next: None, cut: false, origin: Origin::Jump(play) })
    });
    let mut slots: Vec<Slot<'_>> = plays.chain(jumps).collect();
    slots.sort_by_key(|slot| slot.start);
    let first = slots.partition_point(|slot| slot.start < from).saturating_sub(1);
    // A jump says nothing without the play before it.
    let is_jump = |slot: &&Slot<'_>| matches!(slot.origin, Origin::Jump(_));
    let first = first + slots[first..].iter().take_while(is_jump).count();
    slots.drain(..first);
    for place in 1..slots.len() {
        slots[place - 1].next = Some(slots[place].start);
    }
    slots
}

/// Equal neighbours are one play: a play of the list stands before a jump, and a jump before a report.
fn settle(
    record: &Record,
    slots: &[Slot<'_>],
    reports: &[&Report],
    entries: &[Entry],
    stamps: &Stamps,
) -> (Vec<Found>, Vec<PlayId>) {
    let track = |entry: &Entry| match entry {
        Entry::Slot(place) => slots[*place].track,
        Entry::Report(place, _) => &reports[*place].track,
    };
    let (mut kept, mut removed): (Vec<Entry>, Vec<PlayId>) = (Vec::new(), Vec::new());
    for entry in entries {
        match kept.last().filter(|last| track(last).uri == track(entry).uri) {
            None => kept.push(*entry),
            Some(last) if weight(slots, reports, last) < weight(slots, reports, entry) => {
                kept.pop();
                kept.push(*entry);
            }
            Some(last) => match superfluous(slots, last, entry) {
                Some(Merge::Drop) => {}
                Some(Merge::Remove(id)) => removed.push(id),
                None => kept.push(*entry),
            },
        }
    }
    let found = |track: &Track, start, source, fate| Found {
        play: Play::new(&record.stream, track.clone(), start, source),
        fate,
    };
    let added = kept.iter().filter_map(|entry| match entry {
        Entry::Slot(place) => match slots[*place].origin {
            Origin::Play(_) => None,
            Origin::Jump(of) => {
                let fate = if of.hidden { Fate::Hidden } else { Fate::Shown };
                Some(found(slots[*place].track, slots[*place].start, Source::Poll, fate))
            }
        },
        Entry::Report(place, start) => {
            let report = reports[*place];
            let wanted = !record.forbids(report, *start, stamps)
                && !record.has_by_hand(&report.track, *start, stamps.measure);
            let fate = if report.is_ignored { Fate::Ignored } else { Fate::Shown };
            wanted.then(|| found(&report.track, *start, Source::Backfill, fate))
        }
    });
    (added.collect(), removed)
}

fn weight(slots: &[Slot<'_>], reports: &[&Report], entry: &Entry) -> u8 {
    match entry {
        Entry::Report(place, _) if reports[*place].is_ignored => 0,
        Entry::Report(..) => 1,
        Entry::Slot(place) => match slots[*place].origin {
            Origin::Jump(_) => 2,
            Origin::Play(_) => 3,
        },
    }
}

enum Merge {
    Drop,
    Remove(PlayId),
}

/// What becomes of an entry that equals the one before it. What a person did to a play is not undone.
fn superfluous(slots: &[Slot<'_>], last: &Entry, entry: &Entry) -> Option<Merge> {
    let known = |entry: &Entry| match entry {
        Entry::Slot(place) => match slots[*place].origin {
            Origin::Play(known) => Some(known),
            Origin::Jump(_) => None,
        },
        Entry::Report(..) => None,
    };
    let Some(second) = known(entry) else { return Some(Merge::Drop) };
    let touched = |known: &Known| known.hidden || known.corrected;
    let first = known(last)?;
    (!touched(first) && !touched(second)).then_some(Merge::Remove(second.play.id))
}

#[cfg(test)]
mod tests;
