//! Where in the list a report belongs that nothing known explains, and when its play began.

use super::stamps::{Stamps, natural_end};
use super::{Entry, INSTANT, Report, Slot};
use crate::base::clock::Instant;
use crate::live::model::Stream;
use chrono::TimeDelta;

/// The list with every report in its place that was heard on the stream.
pub(super) fn place(
    stream: &Stream,
    slots: &[Slot<'_>],
    reports: &[&Report],
    matched: &[Option<usize>],
    stamps: &Stamps,
    now: Instant,
) -> Vec<Entry> {
    let hall = Hall { stream, slots, reports, matched, stamps, until: stream.ended_at.unwrap_or(now) };
    let mut entries: Vec<Entry> = Vec::with_capacity(slots.len() + reports.len());
    let mut next_slot = 0;
    for (number, report) in reports.iter().enumerate() {
        let upto = match matched[number] {
            Some(slot) => slot + 1,
            None => hall.before(report, next_slot, bound(matched, number, slots.len())),
        };
        entries.extend((next_slot..upto).map(Entry::Slot));
        next_slot = upto.max(next_slot);
        if matched[number].is_none() {
            entries.extend(hall.entry(number, next_slot, entries.last()));
        }
    }
    entries.extend((next_slot..slots.len()).map(Entry::Slot));
    entries
}

/// The slot of the next report that has one.
fn bound(matched: &[Option<usize>], number: usize, slots: usize) -> usize {
    matched[number..].iter().flatten().next().copied().unwrap_or(slots)
}

/// What the guests of a hall are seated by.
struct Hall<'a> {
    stream: &'a Stream,
    slots: &'a [Slot<'a>],
    reports: &'a [&'a Report],
    matched: &'a [Option<usize>],
    stamps: &'a Stamps,
    until: Instant,
}

impl Hall<'_> {
    /// How many slots stand before a report; at least those passed already, at most those before the next match.
    fn before(&self, report: &Report, passed: usize, bound: usize) -> usize {
        let at = self.stamps.at(report);
        // The next play begins when one ends; what is reported was heard for longer than any clock is wrong.
        let at = if self.stamps.are_ends { at - self.stamps.doubt } else { at };
        let earlier = self.slots.iter().take_while(|slot| slot.start < at).count();
        earlier.clamp(passed, bound.max(passed))
    }

    /// The report as a play of this stream, between the entry before it and the slot after it.
    fn entry(&self, number: usize, next_slot: usize, before: Option<&Entry>) -> Option<Entry> {
        let began = self.began(number, before)?;
        let lower = before.map_or(self.stream.started_at, |before| self.start(before) + INSTANT);
        let upper = self.slots.get(next_slot).map_or(self.until, |slot| slot.start) - INSTANT;
        let start = began.max(lower).max(self.stream.started_at).min(upper);
        (start >= lower && start < self.until).then_some(Entry::Report(number, start))
    }

    /// When the play began, if it was heard on the stream.
    fn began(&self, number: usize, before: Option<&Entry>) -> Option<Instant> {
        let (at, length) = (self.stamps.at(self.reports[number]), length(self.reports[number]));
        if self.stamps.are_ends {
            let free = before.map(|before| self.end(before, at, length));
            let whole = free.is_none_or(|free| at - length + self.stamps.measure.near() >= free);
            // Cut short after the stream's end: it followed what was heard before.
            let followed =
                free.is_some_and(|free| free + self.stamps.measure.shortest_reported() <= self.until);
            let heard = at > self.stream.started_at + self.stamps.measure.heard()
                && (at <= self.until || whole || followed);
            let began = free.map_or(at - length, |free| free.max(at - length));
            return (heard && began < self.until).then_some(began);
        }
        let lasted = at >= self.stream.started_at
            || self.lasted_until(number) > Some(self.stream.started_at + self.stamps.measure.heard());
        (lasted && at < self.until).then_some(at)
    }

    /// When a play that began before the stream was over, if the next one shows that it was heard to its end.
    fn lasted_until(&self, number: usize) -> Option<Instant> {
        let end = self.stamps.at(self.reports[number]) + length(self.reports[number]);
        let next = self.stamps.at(self.reports.get(number + 1)?);
        (end - next).abs().le(&self.stamps.measure.near()).then_some(end)
    }

    /// The end of a slot as Spotify tells it.
    fn told_end(&self, slot: usize) -> Option<Instant> {
        let number = self.matched.iter().position(|matched| *matched == Some(slot))?;
        self.stamps.are_ends.then(|| self.stamps.at(self.reports[number]))
    }

    fn start(&self, entry: &Entry) -> Instant {
        match entry {
            Entry::Slot(place) => self.slots[*place].start,
            Entry::Report(_, start) => *start,
        }
    }

    /// When an entry was over that a report of this length and end follows, as far as is known. A play that looks have
    /// seen and nobody reports was cut short, unless there is room for all of it.
    fn end(&self, entry: &Entry, at: Instant, length: TimeDelta) -> Instant {
        let natural = |place: &usize| {
            Some(natural_end(&self.slots[*place]))
                .filter(|end| *end <= at - length + self.stamps.measure.near())
        };
        let end = match entry {
            Entry::Slot(place) => self.told_end(*place).or_else(|| natural(place)),
            Entry::Report(number, _) => Some(self.stamps.at(self.reports[*number])),
        };
        end.filter(|end| *end < at).unwrap_or(self.start(entry) + INSTANT)
    }
}

fn length(report: &Report) -> TimeDelta {
    TimeDelta::milliseconds(report.track.duration_ms)
}
