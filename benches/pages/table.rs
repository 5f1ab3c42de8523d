//! What was measured, as Markdown.

use crate::client::Wish;
use crate::measure::Measured;
use crate::news::Told;
use crate::options::Options;
use std::fmt::Write as _;
use std::time::Duration;

/// Airlog is to answer so many times as often as nginx, at least.
const TARGET: f64 = 0.75;

/// A page, served by both.
pub struct Row {
    pub wish: Wish,
    /// How long its body is.
    pub bytes: usize,
    /// nginx, before and after; none where it is not installed.
    pub floor: Option<(Measured, Measured)>,
    pub airlog: Measured,
    /// How many pages Airlog made meanwhile.
    pub made: u64,
}

/// All of it.
pub fn text(rows: &[Row], told: &Told, options: &Options, is_pinned: bool) -> String {
    let Options { seconds, connections, tracks, .. } = options;
    let cores = if is_pinned { "server and clients on a core each" } else { "on one core together" };
    let mut text =
        format!("Pages: {tracks} tracks, {connections} connections, {seconds} s each, {cores}.\n\n");
    text += "| page | bytes | server | answers/s | CPU µs each | core busy | 50 % within | 99 % within |\n";
    text += "|---|---|---|---|---|---|---|---|\n";
    for row in rows {
        let before_and_after = row.floor.iter().flat_map(|(before, after)| [before, after]);
        let nginx = before_and_after.map(|measured| ("nginx", measured));
        for (server, measured) in nginx.chain([("Airlog", &row.airlog)]) {
            text += &line(row, server, *measured);
        }
    }
    text + "\n" + &verdicts(rows) + "\n" + &news(told, options)
}

fn line(row: &Row, server: &str, measured: Measured) -> String {
    let Measured { per_second, cpu, busy, within: [half, most] } = measured;
    format!(
        "| {} | {} | {server} | {per_second:.0} | {:.1} | {:.0} % | {:.2} ms | {:.2} ms |\n",
        row.wish.name(),
        row.bytes,
        cpu * 1e6,
        busy * 1e2,
        half * 1e3,
        most * 1e3
    )
}

fn verdicts(rows: &[Row]) -> String {
    let mut text =
        "| page | answers/s × nginx | answers for each second of a core × nginx | target | pages made |\n\
                    |---|---|---|---|---|\n"
            .to_owned();
    for row in rows {
        let ratios = row.floor.map(|(before, after)| {
            let nginx = before.between(after);
            [row.airlog.per_second / nginx.per_second, nginx.cpu / row.airlog.cpu]
        });
        let [rate, cost] = ratios.map_or_else(
            || ["nginx is not installed".to_owned(), "–".to_owned()],
            |ratios| ratios.map(|ratio| format!("{ratio:.2}")),
        );
        let _ = writeln!(text, "| {} | {rate} | {cost} | ≥ {TARGET} | {} |", row.wish.name(), row.made);
    }
    text
}

fn news(told: &Told, options: &Options) -> String {
    let [half, most, all] = told.within.map(millis);
    format!(
        "After each of {} new tracks the page was asked for at once, by one and then by {}: the track was on it each \
         time, the page was made {} times, the first one had it within {half} (half of the times), {most} (99 of 100), \
         {all} (all).\n",
        told.tracks, options.connections, told.made
    )
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}
