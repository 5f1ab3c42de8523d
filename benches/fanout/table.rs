//! What was measured, as tables in Markdown.

use crate::measure::{Bench, Measured, Run};
use crate::targets;
use std::fmt::Write as _;

const HEADINGS: &str = "\
| server | last viewer, ms | × floor | p99, ms | × floor | CPU s/million | × floor | burst, million/s | × floor | reads a viewer | bytes a viewer |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

/// All of it.
pub fn text(bench: &Bench, measured: &Measured, cores: Option<(usize, usize)>) -> String {
    let mut text = format!(
        "{} viewers, frames of {} bytes of text, {}.\n\n",
        bench.subscribers,
        bench.rig.payload,
        match cores {
            Some(_) => "one core for the server and one for all viewers",
            None => "server and viewers on one core, which is all there is",
        }
    );
    if !measured.runs.is_empty() {
        text += HEADINGS;
        text.extend((0..measured.runs.len()).map(|place| row(measured, place)));
        text.push('\n');
    }
    text += "| what | target | measured | |\n|---|---|---|---|\n";
    for target in targets::judge(bench, measured) {
        let verdict = if target.is_met { "ok" } else { "MISS" };
        let _ = writeln!(text, "| {} | {} | {} | {verdict} |", target.what, target.aim, target.measured);
    }
    text
}

fn row(measured: &Measured, place: usize) -> String {
    let run = &measured.runs[place];
    let ratio = |read: fn(&Run) -> Option<f64>| number(measured.ratio_at(place, read), 2);
    let cells = [
        run.kind.name().to_owned(),
        number(run.p50(), 1),
        ratio(Run::p50),
        number(run.p99(), 1),
        ratio(Run::p99),
        number(run.cpu, 2),
        ratio(|run| run.cpu),
        number(run.rate().map(|rate| rate / 1e6), 2),
        ratio(Run::rate),
        number(run.burst.map(|burst| burst.reads), 1),
        number(run.memory, 0),
    ];
    format!("| {} |\n", cells.join(" | "))
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}
