//! What a list got wrong on one day, for whoever mends it: rows that stand for nothing, and long plays that are missing.

use crate::score::{LONG, counts, is_declared, looks_repeated, matches};
use crate::sky::Sky;
use crate::tracker::{Row, Tracker};
use airlog::base::clock::Instant;
use airlog::twins::{TruePlay, truth};
use chrono::TimeDelta;
use std::fmt::Write as _;

/// So much before and after a fault is told.
const AROUND: TimeDelta = TimeDelta::minutes(12);

/// A day on which the list is compared with the truth; times are seconds since the first stream began.
struct Day {
    zero: Instant,
    plays: Vec<TruePlay>,
    rows: Vec<Row>,
    matched: Vec<Option<usize>>,
    gaps: Vec<(Instant, Instant)>,
}

/// In words; empty when nothing is wrong.
pub fn explain(tracker: &dyn Tracker, sky: &mut Sky) -> String {
    let day = sky.day().clone();
    let plays = truth(&sky.heard(day.ends_at()), &day);
    let (rows, gaps) = (tracker.rows(), tracker.gaps());
    let matched = matches(&plays, &rows);
    let day = Day { zero: day.streams[0].0, plays, rows, matched, gaps };
    day.false_rows() + &day.missed()
}

impl Day {
    fn false_rows(&self) -> String {
        let mut text = String::new();
        for (place, row) in self.rows.iter().enumerate() {
            if !self.matched.contains(&Some(place)) {
                let how = if row.by_look { "seen" } else { "reported" };
                let (at, noticed) = (self.second(row.started_at), self.second(row.noticed_at));
                let _ = writeln!(text, "  false   {} at {at:.1}, {how} at {noticed:.1}", row.uri);
                self.surroundings(&mut text, row.started_at);
            }
        }
        text
    }

    fn missed(&self) -> String {
        let mut text = String::new();
        for (place, play) in self.plays.iter().enumerate() {
            if self.matched[place].is_none()
                && counts(play)
                && play.on_air >= LONG
                && !is_declared(play, &self.gaps)
            {
                let repeat = if looks_repeated(&self.plays[..=place]) { ", like a repeat" } else { "" };
                let _ = writeln!(text, "  missed  {}{repeat}", self.told(place));
                self.surroundings(&mut text, play.started_at);
            }
        }
        text
    }

    fn surroundings(&self, text: &mut String, at: Instant) {
        for place in 0..self.plays.len() {
            if (self.plays[place].started_at - at).abs() < AROUND {
                let _ = writeln!(text, "            {}", self.told(place));
            }
        }
    }

    fn told(&self, place: usize) -> String {
        let play = &self.plays[place];
        let (from, to) = (self.second(play.started_at), self.second(play.ended_at));
        let row = self.matched[place].map(|row| self.second(self.rows[row].started_at));
        let row = row.map_or_else(|| "not listed".to_owned(), |at| format!("listed at {at:.1}"));
        format!("{} {from:.1}..{to:.1} {:?} {:?}, {row}", play.uri, play.beginning, play.on_air)
    }

    fn second(&self, at: Instant) -> f64 {
        (at - self.zero).as_seconds_f64()
    }
}
