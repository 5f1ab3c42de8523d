//! What was measured, as Markdown.

use crate::client::Wish;
use crate::measure::Measured;
use crate::news::Told;
use crate::options::Options;
use airlog::twins::score::percentile;
use std::fmt::Write as _;
use std::time::Duration;

/// Airlog is to answer so many times as often as nginx, at least.
const TARGET: f64 = 0.75;

/// A page, served by both.
pub struct Row {
    pub wish: Wish,
    /// How long its body is.
    pub bytes: usize,
    /// nginx, before and after each time that Airlog was asked; none where it is not installed.
    pub floors: Vec<Measured>,
    pub airlog: Vec<Measured>,
    /// axum alone, with the same answer.
    pub bare: Vec<Measured>,
    /// How many pages Airlog made meanwhile.
    pub made: u64,
}

/// All of it.
pub fn text(rows: &[Row], told: &Told, options: &Options, is_pinned: bool) -> String {
    let Options { seconds, rounds, connections, tracks, .. } = options;
    let cores = if is_pinned { "server and clients on a core each" } else { "on one core together" };
    let mut text = format!(
        "Pages: {tracks} tracks, {connections} connections, {rounds} times {seconds} s, {cores}; medians.\n\n"
    );
    text += "| page | bytes | server | answers/s | CPU µs each | core busy | 50 % within | 99 % within |\n";
    text += "|---|---|---|---|---|---|---|---|\n";
    for row in rows {
        for (server, measured) in [("nginx", &row.floors), ("Airlog", &row.airlog), ("axum alone", &row.bare)]
        {
            text.extend(Measured::median(measured).map(|measured| line(row, server, measured)));
        }
    }
    text + "\n" + &verdicts(rows) + "\n" + &news(told, options)
}

impl Row {
    /// The median of what somebody was beside nginx each time, and from where to where it went.
    fn ratio(&self, them: &[Measured], of: impl Fn(&Measured, &Measured) -> f64) -> String {
        let nginx = self.floors.windows(2).map(|around| around[0].between(around[1]));
        let mut ratios: Vec<f64> = them.iter().zip(nginx).map(|(they, nginx)| of(they, &nginx)).collect();
        match [0, 50, 100].map(|part| percentile(&mut ratios, part)) {
            [Some(least), Some(middle), Some(most)] => format!("{middle:.2} ({least:.2} to {most:.2})"),
            _ => "nginx is not installed".to_owned(),
        }
    }
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
        "| page | answers/s × nginx | target | axum alone | answers for each second of a core × nginx | pages made |\n\
                    |---|---|---|---|---|---|\n"
            .to_owned();
    for row in rows {
        let rate = row.ratio(&row.airlog, |airlog, nginx| airlog.per_second / nginx.per_second);
        let bare = row.ratio(&row.bare, |bare, nginx| bare.per_second / nginx.per_second);
        let cost = row.ratio(&row.airlog, |airlog, nginx| nginx.cpu / airlog.cpu);
        let _ =
            writeln!(text, "| {} | {rate} | ≥ {TARGET} | {bare} | {cost} | {} |", row.wish.name(), row.made);
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
