//! What is to be reached, and whether it is.

use crate::figures::Figures;
use crate::plan::{BUDGETS, DEFAULT, OMITTED, REPORTED};
use crate::scenario::{Days, Who};
use serde::Serialize;
use std::cmp::Ordering;

const LONG_PLAYS: &str = "plays >= 30 s";

/// A figure that has an aim.
#[derive(Debug, Clone, Serialize)]
pub struct Target {
    pub figure: String,
    pub aim: Aim,
    /// None when nothing was measured, which reaches nothing.
    pub measured: Option<f64>,
    pub met: bool,
    /// What bounds it, where that is known.
    pub bound: Option<String>,
}

/// Where a figure should be; shares are from 0 to 1.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// A share of at least this.
    Share(f64),
    /// Seconds at most.
    Seconds(f64),
    /// So many at most.
    Count(f64),
}

impl Aim {
    fn is_met(self, measured: f64) -> bool {
        let (order, aim) = match self {
            Self::Share(least) => (Ordering::Less, least),
            Self::Seconds(most) | Self::Count(most) => (Ordering::Greater, most),
        };
        measured.partial_cmp(&aim).is_some_and(|compared| compared != order)
    }
}

/// Finds lines and holds them against aims.
struct Judge<'a> {
    lines: &'a [Figures],
    targets: Vec<Target>,
}

/// The targets, in the order in which they were set.
pub fn judge(lines: &[Figures]) -> Vec<Target> {
    let mut judge = Judge { lines, targets: Vec::new() };
    judge.all_reported();
    judge.skips_omitted();
    judge.all_lengths();
    judge.foul();
    judge.starts_and_freshness();
    judge.requests();
    judge.targets
}

impl Judge<'_> {
    fn all_reported(&mut self) {
        let (days, who) = (REPORTED, DEFAULT);
        self.hold(LONG_PLAYS, days, who, Aim::Share(1.0), |line| Some(line.recall_long));
        self.hold("precision", days, who, Aim::Share(1.0), |line| Some(line.precision));
        self.hold("order errors", days, who, Aim::Count(0.0), |line| Some(real(line.order_errors)));
    }

    fn skips_omitted(&mut self) {
        for (limit, least) in [(80, 0.985), (250, 0.997)] {
            let (days, who) = (OMITTED, Who::Airlog(Some(limit)));
            self.hold(LONG_PLAYS, days, who, Aim::Share(least), |line| Some(line.recall_long));
            self.hold("precision", days, who, Aim::Share(1.0), |line| Some(line.precision));
        }
    }

    /// The aim does not say what is reported: both are held against it.
    fn all_lengths(&mut self) {
        for days in [REPORTED, OMITTED] {
            for (limit, least) in [(80, 0.98), (250, 0.995)] {
                let who = Who::Airlog(Some(limit));
                self.hold("plays >= 5 s", days, who, Aim::Share(least), |line| Some(line.recall_all));
            }
        }
    }

    fn foul(&mut self) {
        let (days, who) = (Days::Foul, DEFAULT);
        let figure = "plays >= 30 s, or in a gap";
        self.hold(figure, days, who, Aim::Share(0.999), |line| Some(line.recall_long_or_declared));
        self.hold("precision", days, who, Aim::Share(1.0), |line| Some(line.precision));
    }

    fn starts_and_freshness(&mut self) {
        let who = DEFAULT;
        for days in [REPORTED, Days::Foul] {
            self.hold("start error p50", days, who, Aim::Seconds(0.5), |line| line.start_error.p50);
            self.hold("start error p95", days, who, Aim::Seconds(2.0), |line| line.start_error.p95);
        }
        self.hold("natural p50", REPORTED, who, Aim::Seconds(2.0), |line| line.fresh_natural.p50);
        self.hold("natural p95", REPORTED, who, Aim::Seconds(4.0), |line| line.fresh_natural.p95);
        self.hold("natural p50, faded", Days::Faded, who, Aim::Seconds(3.0), |line| line.fresh_faded.p50);
        for (limit, most) in [(80, 30.0), (250, 8.0)] {
            let who = Who::Airlog(Some(limit));
            self.hold("skips p50", REPORTED, who, Aim::Seconds(most), |line| line.fresh_skip.p50);
        }
    }

    fn requests(&mut self) {
        let (days, per_hour) = (Days::FourMinutes, |line: &Figures| Some(line.requests_per_hour));
        self.hold("requests an hour", days, DEFAULT, Aim::Count(80.0), per_hour);
        for days in [REPORTED, Days::FourMinutes] {
            let who = Who::Airlog(Some(25));
            self.hold(LONG_PLAYS, days, who, Aim::Share(1.0), |line| Some(line.recall_long));
        }
        for limit in BUDGETS {
            let (who, most) = (Who::Airlog(Some(limit)), Aim::Count(f64::from(limit)));
            self.hold("busiest hour", REPORTED, who, most, |line| Some(real(line.busiest_hour)));
        }
    }

    fn hold(&mut self, what: &str, days: Days, who: Who, aim: Aim, read: fn(&Figures) -> Option<f64>) {
        let line = self.lines.iter().find(|line| line.scenario.days == days && line.scenario.who == who);
        let measured = line.and_then(read);
        let met = measured.is_some_and(|measured| aim.is_met(measured));
        let figure = format!("{}: {}: {what}", days.name(), who.name());
        let bound = line.filter(|_| !met && what.starts_with(LONG_PLAYS)).map(bound);
        self.targets.push(Target { figure, aim, measured, met, bound });
    }
}

fn bound(line: &Figures) -> String {
    let Figures { long_plays, long_missing, like_repeats, .. } = line;
    format!("{long_missing} of {long_plays} are missing, {like_repeats} of them like repeats")
}

fn real(count: usize) -> f64 {
    airlog::twins::score::real(count)
}
