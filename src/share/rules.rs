//! What goes on a share image, and where: decided here, drawn elsewhere. Pure.

use super::model::{Play, Sheet};
use crate::base::clock::Instant;
use chrono::{TimeDelta, Timelike as _};
use chrono_tz::Tz;
use std::collections::HashSet;

/// A tape of one track shows so much, one of several its part of that: a few tracks do not fill it.
const SHORTEST: TimeDelta = TimeDelta::hours(1);
/// Minutes between two written hours, and how many of them there is room for.
const STEPS: [u32; 11] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720];
const MOST_HOURS: usize = 7;
/// How wide records are, in pixels.
const NARROWEST: f32 = 40.0;
const WIDEST: f32 = 132.0;
/// Times are written at whole minutes.
const GRID: i64 = 60;

/// What is left of a text when the letters that the font lacks are left out; none when no letter or digit is.
pub(super) fn legible(text: &str, has: impl Fn(char) -> bool) -> Option<String> {
    let is_whole = text.chars().all(|letter| has(letter) || letter.is_whitespace());
    let kept: String = text.chars().map(|c| if has(c) { c } else { ' ' }).collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept = if is_whole { kept } else { without_remains(&kept).to_owned() };
    kept.chars().any(char::is_alphanumeric).then_some(kept)
}

/// A title of which only the translation in brackets is left needs no brackets, and nothing begins with a dash.
fn without_remains(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "-–—·,;:/|&+".contains(c));
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    inner.filter(|inner| !inner.contains(['(', ')'])).unwrap_or(text).trim()
}

/// The longest beginning of a text that fits, with dots where it was cut; empty when not even a letter fits.
pub(super) fn shortened(text: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(1).collect();
    let cut = |end: usize| format!("{}…", text[..end].trim_end());
    let most = ends.partition_point(|end| fits(&cut(*end)));
    most.checked_sub(1).map(|last| cut(ends[last])).unwrap_or_default()
}

/// At most `most` of the plays that can be told, each title once, spread over the evening: title and artist as they can
/// be written. An artist that cannot is left out.
pub(super) fn told(plays: &[Play], most: usize, has: impl Fn(char) -> bool) -> Vec<Told> {
    let mut seen = HashSet::new();
    let tell = |play: &Play| {
        let name = legible(&play.name, &has)?;
        let artist = legible(&play.artist, &has).unwrap_or_default();
        Some(Told { name, artist, hue: play.hue })
    };
    let all: Vec<Told> =
        plays.iter().filter_map(tell).filter(|told| seen.insert(told.name.to_lowercase())).collect();
    let (count, most) = (all.len(), most.min(all.len()));
    let is_picked = |at: usize| (at + 1) * most / count > at * most / count;
    all.into_iter().enumerate().filter(|(at, _)| is_picked(*at)).map(|(_, told)| told).collect()
}

/// A play that is told by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) name: String,
    pub(super) artist: String,
    pub(super) hue: u32,
}

/// The time that a tape shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Axis {
    from: Instant,
    to: Instant,
}

impl Axis {
    /// From the first play to the end of the last; none without plays.
    pub(super) fn of(sheet: &Sheet) -> Option<Self> {
        let (first, last) = (sheet.plays.first()?, sheet.plays.last()?);
        let length = TimeDelta::milliseconds(last.duration_ms.clamp(0, SHORTEST.num_milliseconds()));
        let (from, to) = (first.at, last.at + length);
        let shortest = SHORTEST / i32::try_from(sheet.plays.len()).unwrap_or(i32::MAX);
        let missing = (shortest - (to - from)).max(TimeDelta::zero()) / 2;
        Some(Self { from: from - missing, to: to + missing })
    }

    /// Where an instant is: 0 at the beginning, 1 at the end.
    pub(super) fn place(self, at: Instant) -> f32 {
        let share = |span: TimeDelta| span.as_seconds_f32();
        (share(at - self.from) / share(self.to - self.from)).clamp(0.0, 1.0)
    }

    /// The parts of the tape of which nothing is known, from left to right.
    pub(super) fn breaks(self, sheet: &Sheet) -> Vec<(f32, f32)> {
        let part = |(from, to): &(Instant, Option<Instant>)| {
            (self.place(*from), to.map_or(1.0, |to| self.place(to)))
        };
        let mut parts: Vec<_> = sheet.gaps.iter().map(part).filter(|(from, to)| from < to).collect();
        parts.sort_by(|one, other| one.0.total_cmp(&other.0));
        parts
    }

    /// The hours to be written and where, as many as there is room for.
    pub(super) fn hours(self, timezone: Tz) -> Vec<(f32, String)> {
        let first = (self.from.timestamp() + GRID - 1).div_euclid(GRID) * GRID;
        let grid =
            (first..=self.to.timestamp()).step_by(GRID.unsigned_abs().try_into().unwrap_or(usize::MAX));
        let times: Vec<Instant> = grid.filter_map(|second| Instant::from_timestamp(second, 0)).collect();
        let at_step = |step: u32| -> Vec<(f32, String)> {
            let local = times.iter().map(|at| (*at, at.with_timezone(&timezone)));
            let on_step =
                local.filter(|(_, local)| (local.hour() * 60 + local.minute()).is_multiple_of(step));
            on_step.map(|(at, local)| (self.place(at), local.format("%H:%M").to_string())).collect()
        };
        let fitting = STEPS.into_iter().map(at_step).find(|hours| hours.len() <= MOST_HOURS);
        fitting.unwrap_or_default()
    }
}

/// How wide a record is on a tape of this length, in pixels: about as wide as neighbours are apart.
pub(super) fn record_width(axis: Axis, plays: &[Play], length: f32) -> f32 {
    let (Some(first), Some(last)) = (plays.first(), plays.last()) else { return WIDEST };
    let pairs = u16::try_from(plays.len() - 1).unwrap_or(u16::MAX);
    if pairs == 0 {
        return WIDEST;
    }
    let apart = (axis.place(last.at) - axis.place(first.at)) * length / f32::from(pairs);
    (apart * 1.4).clamp(NARROWEST, WIDEST)
}

#[cfg(test)]
mod tests;
