//! Fair weather and foul: how recently-played behaves on a day, and what goes wrong.

use crate::sky::{Hint, Trouble, Weather};
use airlog::base::clock::Instant;
use airlog::twins::{HistoryRules, Stamp, StreamDay};
use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::VecDeque;
use std::time::Duration;

/// What Spotify tells of afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reports {
    /// Every play of 30 s and more.
    All,
    /// None that was skipped.
    NoSkips,
}

/// Nothing goes wrong; half of the days stamp the end.
pub fn fair(day: &StreamDay, reports: Reports, seed: u64) -> Weather {
    let mut dice = StdRng::seed_from_u64(seed ^ 0xfa1);
    Weather {
        history: history(reports, &mut dice),
        troubles: Vec::new(),
        skew: TimeDelta::zero(),
        lag: TimeDelta::zero(),
        hints: hints(day, |at| vec![at + TimeDelta::seconds(1)]),
    }
}

/// Everything goes wrong now and then; Spotify reports all, but up to two hours late.
pub fn foul(day: &StreamDay, seed: u64) -> Weather {
    let mut dice = StdRng::seed_from_u64(seed ^ 0xf01);
    let late = dice.random_ratio(1, 4);
    let delay = Duration::from_secs(if late { dice.random_range(600..7_200) } else { 0 });
    let history = HistoryRules { delay, ..history(Reports::All, &mut dice) };
    let troubles = troubles(day, &mut dice);
    let skew = TimeDelta::milliseconds(dice.random_range(-5_000..=5_000));
    let lag = TimeDelta::seconds(dice.random_range(60..=600));
    let hints = hints(day, |at| messages(at, &mut dice));
    Weather { history, troubles, skew, lag, hints }
}

fn history(reports: Reports, dice: &mut StdRng) -> HistoryRules {
    HistoryRules {
        least_heard: Duration::from_millis(29_999),
        keeps_skipped: reports == Reports::All,
        stamp: if dice.random() { Stamp::Start } else { Stamp::End },
        ..HistoryRules::default()
    }
}

/// Lost, doubled, late by minutes, or in time.
fn messages(at: Instant, dice: &mut StdRng) -> Vec<Instant> {
    let soon = at + TimeDelta::seconds(1);
    match dice.random_range(0..10) {
        0 => Vec::new(),
        1 => vec![soon, soon + TimeDelta::seconds(dice.random_range(1..120))],
        2 => vec![at + TimeDelta::seconds(dice.random_range(30..300))],
        _ => vec![soon],
    }
}

fn hints(day: &StreamDay, mut arrives: impl FnMut(Instant) -> Vec<Instant>) -> VecDeque<Hint> {
    let mut hints = Vec::new();
    for (number, (from, to)) in day.streams.iter().enumerate() {
        for (sent_at, stream) in [(*from, Some(number)), (*to, None)] {
            hints.extend(arrives(sent_at).into_iter().map(|at| Hint { at, sent_at, stream }));
        }
    }
    hints.sort_by_key(|hint| hint.at);
    hints.into()
}

/// A handful of each kind on a day.
fn troubles(day: &StreamDay, dice: &mut StdRng) -> Vec<(Instant, Instant, Trouble)> {
    let mut troubles = Vec::new();
    let (first, last) = (day.streams[0].0, day.ends_at());
    let kinds = [
        (2, Trouble::Limit, 5..=120),
        (u32::from(dice.random_ratio(1, 6)), Trouble::Limit, 3_600..=14_400),
        (3, Trouble::Down, 5..=180),
        (2, Trouble::Silence, 5..=120),
        (u32::from(dice.random_ratio(1, 8)), Trouble::DeadToken, 300..=1_800),
        (2, Trouble::Dead, 3..=600),
        (u32::from(dice.random_ratio(1, 4)), Trouble::Dead, 600..=1_800),
    ];
    for (times, kind, seconds) in kinds {
        for _ in 0..times {
            let from =
                first + TimeDelta::milliseconds(dice.random_range(0..(last - first).num_milliseconds()));
            let lasts = TimeDelta::seconds(dice.random_range(seconds.clone()));
            troubles.push((from, from + lasts, kind));
        }
    }
    troubles
}
