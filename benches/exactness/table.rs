//! The figures and the targets as text, aligned.

use crate::figures::{Figures, Spread};
use crate::targets::{Aim, Target};
use std::fmt::Write as _;

const HEADINGS: [&str; 16] = [
    "5-30 s",
    ">= 30 s",
    "or in a gap",
    "repeats",
    "all",
    "precision",
    "false",
    "astray",
    "outside",
    "disorder",
    "start 50/95",
    "natural 50/95/99",
    "faded 50",
    "skips 50/95/99",
    "asks/h",
    "max",
];

/// All lines, and all targets.
pub fn text(lines: &[Figures], targets: &[Target], days: u64, seed: u64) -> String {
    let mut rows = vec![headings()];
    rows.extend(lines.iter().map(cells));
    let mut text = format!(
        "{days} days a line, seed {seed}. Shares in percent, times in seconds, percentiles 50/95/99.\n\n"
    );
    text += &aligned(&rows, 2);
    text + "\nTargets\n" + &verdicts(targets)
}

fn verdicts(targets: &[Target]) -> String {
    let mut text = aligned(&targets.iter().map(target).collect::<Vec<_>>(), 1);
    for target in targets {
        if let Some(bound) = &target.bound {
            let _ = writeln!(text, "{}: {bound}", target.figure);
        }
    }
    let missed = targets.iter().filter(|target| !target.met).count();
    let _ = writeln!(text, "\n{} of {} reached", targets.len() - missed, targets.len());
    text
}

fn headings() -> Vec<String> {
    ["days", "who"].into_iter().chain(HEADINGS).map(str::to_owned).collect()
}

fn cells(line: &Figures) -> Vec<String> {
    let Spread { p50, p95, p99 } = line.fresh_skip;
    let natural = line.fresh_natural;
    vec![
        line.days.to_owned(),
        line.who.clone(),
        percent(line.recall_short),
        percent(line.recall_long),
        percent(line.recall_long_or_declared),
        line.like_repeats.to_string(),
        percent(line.recall_all),
        percent(line.precision),
        line.false_rows.to_string(),
        line.astray.to_string(),
        line.past_the_end.to_string(),
        line.order_errors.to_string(),
        together(&[line.start_error.p50, line.start_error.p95], 2),
        together(&[natural.p50, natural.p95, natural.p99], 1),
        together(&[line.fresh_faded.p50], 1),
        together(&[p50, p95, p99], 1),
        format!("{:.1}", line.requests_per_hour),
        line.busiest_hour.to_string(),
    ]
}

fn target(target: &Target) -> Vec<String> {
    let (aim, measured) = match target.aim {
        Aim::Share(least) => (format!(">= {}", percent(least)), target.measured.map(percent)),
        Aim::Seconds(most) => {
            (format!("<= {most:.1} s"), target.measured.map(|value| format!("{value:.2} s")))
        }
        Aim::Count(most) => (format!("<= {most:.0}"), target.measured.map(|value| format!("{value:.1}"))),
    };
    let verdict = if target.met { "ok" } else { "MISS" };
    vec![target.figure.clone(), aim, measured.unwrap_or_else(nothing), verdict.to_owned()]
}

/// Rounded down: what is not all must not look like it.
fn percent(share: f64) -> String {
    format!("{:.3}", (share * 100_000.0 + 1e-6).floor() / 1_000.0)
}

fn together(values: &[Option<f64>], digits: usize) -> String {
    let tell = |value: &Option<f64>| value.map_or_else(nothing, |value| format!("{value:.digits$}"));
    values.iter().map(tell).collect::<Vec<_>>().join("/")
}

fn nothing() -> String {
    "-".to_owned()
}

/// Columns as wide as they must be: the first `words` to the left, the rest to the right.
fn aligned(rows: &[Vec<String>], words: usize) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let cell = |(column, text): (usize, &String)| {
        let width = widths[column];
        if column < words { format!("{text:width$}") } else { format!("{text:>width$}") }
    };
    let line = |row: &Vec<String>| row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ") + "\n";
    rows.iter().map(line).collect()
}
