//! The figures of a line, as they are told.

use crate::scenario::Scenario;
use crate::score::{LENGTHS, Recall, Score};
use airlog::twins::score::percentile;
use serde::Serialize;

/// A line of the table. Shares are from 0 to 1, times in seconds; what nobody measured is none.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    #[serde(skip)]
    pub scenario: Scenario,
    /// The days, and who is measured on them.
    pub days: &'static str,
    pub who: String,
    /// How much was listed of the plays of 5 to 30 s, of 30 s and more, and of both.
    pub recall_short: f64,
    pub recall_long: f64,
    pub recall_all: f64,
    /// Of 30 s and more: listed, or inside a gap that the list declares.
    pub recall_long_or_declared: f64,
    /// Plays of 30 s and more: all, and those that are neither listed nor declared.
    pub long_plays: usize,
    pub long_missing: usize,
    /// Of those that are missing, those that nothing tells from a repeat.
    pub like_repeats: usize,
    pub precision: f64,
    /// Rows that stand for nothing that was heard.
    pub false_rows: usize,
    /// Rows that begin more than a minute before or after the play they stand for.
    pub astray: usize,
    /// Rows of what was heard outside the stream.
    pub past_the_end: usize,
    pub order_errors: usize,
    /// How far the start is off, of plays that a look saw.
    pub start_error: Spread,
    /// How long after its beginning viewers see a play that a look saw.
    pub fresh_natural: Spread,
    /// Of the natural ones, those heard by who fades.
    pub fresh_faded: Spread,
    pub fresh_skip: Spread,
    pub requests_per_hour: f64,
    pub busiest_hour: usize,
    pub by_length: Vec<ByLength>,
}

/// How a figure is spread.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Spread {
    pub p50: Option<f64>,
    pub p95: Option<f64>,
    pub p99: Option<f64>,
}

/// How much was listed of the plays of this length.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ByLength {
    /// In seconds.
    pub from: u64,
    pub plays: usize,
    pub recall: f64,
}

impl Figures {
    pub fn of(scenario: Scenario, mut score: Score) -> Self {
        Self {
            scenario,
            days: scenario.days.name(),
            who: scenario.who.name(),
            recall_short: score.short.share(),
            recall_long: score.long.share(),
            recall_all: score.short.and(score.long).share(),
            recall_long_or_declared: score.long.honest(),
            long_plays: score.long.plays,
            long_missing: score.long.missing(),
            like_repeats: score.like_repeats,
            precision: score.precision(),
            false_rows: score.false_rows,
            astray: score.astray,
            past_the_end: score.past_the_end,
            order_errors: score.order_errors,
            start_error: Spread::of(&mut score.start_errors),
            fresh_natural: Spread::of(&mut score.fresh_natural),
            fresh_faded: Spread::of(&mut score.fresh_faded),
            fresh_skip: Spread::of(&mut score.fresh_skip),
            requests_per_hour: score.requests_per_hour(),
            busiest_hour: score.busiest_hour,
            by_length: LENGTHS.iter().zip(score.by_length).map(by_length).collect(),
        }
    }
}

impl Spread {
    fn of(values: &mut [f64]) -> Self {
        let [p50, p95, p99] = [50, 95, 99].map(|hundredths| percentile(values, hundredths));
        Self { p50, p95, p99 }
    }
}

fn by_length((from, recall): (&u64, Recall)) -> ByLength {
    ByLength { from: *from, plays: recall.plays, recall: recall.share() }
}
