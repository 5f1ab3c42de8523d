//! What was measured, as a table in Markdown.

use crate::stopwatch::Run;
use std::fmt::Write as _;

/// One way to store plays in one database.
pub struct Line {
    pub database: &'static str,
    pub way: &'static str,
    pub run: Run,
    /// Times as fast as the most naive way.
    pub ratio: f64,
    /// Plays a second that are to be reached.
    pub target: Option<f64>,
}

/// The table.
pub fn text(lines: &[Line]) -> String {
    let mut text =
        "| database | how | plays | plays/s | × a transaction for each | µs of a core each, here | target | |\n\
         |---|---|---:|---:|---:|---:|---:|---|\n"
            .to_owned();
    for line in lines {
        let Line { database, way, run, ratio, target } = line;
        let (plays, per_second, micros) = (run.plays, run.per_second(), run.micros_each());
        let aim = target.map(|target| format!("≥ {target:.0}")).unwrap_or_default();
        let verdict = target.map_or("", |target| if per_second >= target { "ok" } else { "MISS" });
        let _ = writeln!(
            text,
            "| {database} | {way} | {plays} | {per_second:.0} | {ratio:.1} | {micros:.1} | {aim} | {verdict} |"
        );
    }
    text
}
