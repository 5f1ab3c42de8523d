//! The verdict on an evening: what was heard, and what the list says.

use airlog::base::clock::Instant;
use airlog::twins::{TruePlay, pair};
use chrono::{DateTime, TimeDelta};
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// What came of an evening.
#[derive(Debug, Default, Clone)]
pub struct Verdict {
    pub heard: usize,
    /// Those of them that Spotify reports.
    pub reported: usize,
    pub listed: usize,
    /// Reported plays that are not listed.
    pub lost: Vec<String>,
    /// Rows that stand for no play of their own.
    pub doubled: Vec<String>,
    /// Rows that stand in another order than their plays.
    pub misplaced: Vec<String>,
    pub gaps: usize,
    /// Gaps that still hide something.
    pub unhealed: usize,
}

/// How an evening is judged.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Spotify reports what was heard for longer.
    pub reported_from: Duration,
    /// How far a row may be from its play.
    pub near: TimeDelta,
}

impl Rules {
    /// Compares what was heard on air with the rows and gaps of the list.
    pub fn judge(self, plays: &[TruePlay], rows: &[Value], gaps: &[Value]) -> Verdict {
        let starts: Vec<(&str, Instant)> = rows.iter().map(|row| (uri(row), start(row))).collect();
        let paired = pair(plays, &starts, self.near);
        let reported = |play: &TruePlay| {
            !play.uri.starts_with("spotify:local:") && play.on_air > self.reported_from * 6 / 5
        };
        let lost = plays.iter().zip(&paired).filter(|(play, row)| reported(play) && row.is_none());
        let doubled = (0..rows.len()).filter(|row| !paired.contains(&Some(*row)));
        let order: Vec<usize> = paired.iter().copied().flatten().collect();
        let misplaced = order.windows(2).filter(|pair| pair[0] > pair[1]);
        Verdict {
            heard: plays.len(),
            reported: plays.iter().filter(|play| reported(play)).count(),
            listed: rows.len(),
            lost: lost.map(|(play, _)| format!("{} at {}", play.uri, play.started_at)).collect(),
            doubled: doubled.map(|row| format!("{} at {}", starts[row].0, starts[row].1)).collect(),
            misplaced: misplaced.map(|pair| starts[pair[1]].0.to_owned()).collect(),
            gaps: gaps.len(),
            unhealed: gaps.iter().filter(|gap| gap["healed"] == false).count(),
        }
    }
}

impl Verdict {
    /// Whether nothing was lost, doubled or out of order.
    pub fn is_clean(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty() && self.misplaced.is_empty()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "plays heard      {:>8}", self.heard)?;
        writeln!(f, "  reported       {:>8}", self.reported)?;
        writeln!(f, "plays listed     {:>8}", self.listed)?;
        writeln!(f, "lost             {:>8}  {}", self.lost.len(), self.lost.join(", "))?;
        writeln!(f, "doubled          {:>8}  {}", self.doubled.len(), self.doubled.join(", "))?;
        writeln!(f, "out of order     {:>8}  {}", self.misplaced.len(), self.misplaced.join(", "))?;
        writeln!(f, "gaps declared    {:>8}  {} not healed", self.gaps, self.unhealed)
    }
}

fn uri(row: &Value) -> &str {
    row["uri"].as_str().expect("a uri")
}

fn start(row: &Value) -> Instant {
    let at = row["started_at"].as_str().expect("a start");
    DateTime::parse_from_rfc3339(at).expect("an instant").to_utc()
}
