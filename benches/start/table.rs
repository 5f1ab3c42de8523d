//! What was measured, as a table in Markdown.

use crate::program::Answers;
use std::fmt::Write as _;
use std::time::Duration;

/// From the start of the process to the first answer.
const TARGET: Duration = Duration::from_millis(300);

/// Which of the answers.
type Read = fn(&Answers) -> Duration;

/// Starts on one database.
pub struct Line {
    pub plays: usize,
    /// What it does when it is asked what time it is.
    pub spotify: &'static str,
    pub starts: Vec<Answers>,
}

/// The table.
pub fn text(lines: &[Line]) -> String {
    let mut text = "| plays in the database | Spotify | starts | first answered | median, ms | slowest, ms | target | |\n\
                    |---:|---|---:|---|---:|---:|---|---|\n"
        .to_owned();
    let pages: [(&str, Read); 3] = [
        ("`/health/ready`", |answers| answers.ready),
        ("a past day's page", |answers| answers.past_day),
        ("today's page", |answers| answers.today),
    ];
    for line in lines {
        for (page, read) in pages {
            let _ = writeln!(text, "{}", row(line, page, read));
        }
    }
    text
}

fn row(line: &Line, page: &str, read: Read) -> String {
    let mut times: Vec<Duration> = line.starts.iter().map(read).collect();
    times.sort();
    let (median, slowest) = (times[times.len() / 2], times[times.len() - 1]);
    let (plays, spotify, starts) = (line.plays, line.spotify, times.len());
    let verdict = if slowest <= TARGET { "ok" } else { "MISS" };
    let millis = |time: Duration| format!("{:.0}", time.as_secs_f64() * 1e3);
    format!(
        "| {plays} | {spotify} | {starts} | {page} | {} | {} | ≤ {} ms | {verdict} |",
        millis(median),
        millis(slowest),
        TARGET.as_millis()
    )
}
