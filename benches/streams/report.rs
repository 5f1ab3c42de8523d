//! The figures beside what they should be, as a Markdown table.

use crate::looks::Looks;
use crate::tally::{Spread, Told};
use crate::telling::Telling;

/// What was measured.
#[derive(Debug)]
pub struct Figures {
    pub streams: u32,
    pub seconds_to_live: f64,
    /// Bytes in memory before anybody was followed, and when everybody was.
    pub before: u64,
    pub resident: u64,
    /// Bytes of an actor that does nothing.
    pub bare: u64,
    /// Of a core: tasks that only ask, before looks and after them, and sessions that only wait.
    pub asking: [f64; 2],
    pub idle: Option<f64>,
    pub looks: Looks,
}

/// How long frames took, in milliseconds.
pub struct Way {
    /// From the answer read to the frame handed over.
    pub telling: Telling,
    /// From the answer written to the frame read by the viewer.
    pub seen: Option<Spread>,
    /// What share of the server's core the host took meanwhile.
    pub stolen: f64,
    pub told: Told,
}

const BOTH: &str = "the floor, before and after";
const HEAD: &str = "| what | measured | target |\n|---|---|---|\n";

/// What live streams cost.
pub fn table(figures: &Figures) -> String {
    let Figures { streams, seconds_to_live, before, resident, bare, asking, idle, looks } = figures;
    let each = |resident: u64| kilobytes(resident.saturating_sub(*before) / u64::from(*streams));
    let late = looks.told.late.map_or_else(nothing, |late| format!("{:.0} ms", late.p99));
    let Told { starts_unevenness, looks_unevenness, seconds_to_start, .. } = looks.told;
    let rows = [
        ("live streams in one process", streams.to_string(), "100,000"),
        ("memory of each when all are live", each(*resident), "≤ 10 KB"),
        ("memory of each after they were looked at", each(looks.resident), "≤ 10 KB"),
        ("memory of an actor that does nothing", kilobytes(*bare), "the floor"),
        ("timers that wait", idle.map_or_else(nothing, percent), "< 2 % of a core"),
        ("tasks that only ask, once a minute, before", percent(asking[0]), "the floor"),
        ("the same after the looks below", percent(asking[1]), "the floor"),
        ("looks, once a minute", looks.share_alone.map_or_else(nothing, percent), "≤ 30 % of a core"),
        ("the same with reconciling and all else", percent(looks.share), ""),
        ("of that, in the database", percent(looks.database_share), ""),
        ("seconds in which the database rested: only looks", looks.seconds_alone.to_string(), ""),
        ("looks in that time", looks.told.looks.to_string(), ""),
        ("looks come late, p99", late, "≤ 250 ms"),
        ("until all are followed", format!("{seconds_to_live:.0} s"), "spread"),
        ("first looks: within", format!("{seconds_to_start} s"), "spread"),
        ("first looks: fullest second", format!("{starts_unevenness:.2} × the mean"), "spread"),
        ("looks: fullest second", format!("{looks_unevenness:.2} × the mean"), "spread"),
    ];
    text(&rows)
}

/// How long frames take, beside tasks that only ask and write, before and after.
pub fn way(streams: u32, [before, after]: &[Spread; 2], way: &Way) -> String {
    let Way { telling, seen, stolen, told } = way;
    let time = |of: fn(Spread) -> f64| seen.map_or_else(nothing, |seen| millis(of(seen)));
    let within =
        |hundredths| telling.within(hundredths).map_or_else(nothing, |most| format!("≤ {most:.1} ms"));
    let both = |of: fn(&Spread) -> f64| format!("{}, {}", millis(of(before)), millis(of(after)));
    let rows = [
        ("streams that are looked at", streams.to_string(), "10,000"),
        ("looks meanwhile", told.looks.to_string(), ""),
        ("frames to the viewer", seen.map_or(0, |seen| seen.count).to_string(), ""),
        ("writes to the viewer, by the server", telling.count().to_string(), ""),
        ("answer read to frame handed over, p50", within(50), ""),
        ("answer read to frame handed over, p99", within(99), "≤ 1 ms"),
        ("answer read to frame handed over, most", within(100), ""),
        ("handed over within 1 ms", telling.in_a_millisecond().map_or_else(nothing, tenths), "99 %"),
        ("tasks that only ask and write, p50", both(|took| took.p50), BOTH),
        ("tasks that only ask and write, p99", both(|took| took.p99), BOTH),
        ("tasks that only ask and write, most", both(|took| took.most), BOTH),
        ("taken from the server by the host meanwhile", percent(*stolen), ""),
        ("answer written to frame read, p50", time(|seen| seen.p50), ""),
        ("answer written to frame read, p99", time(|seen| seen.p99), ""),
        ("answer written to frame read, most", time(|seen| seen.most), ""),
    ];
    text(&rows)
}

fn text(rows: &[(&str, String, &str)]) -> String {
    let row =
        |(what, measured, target): &(&str, String, &str)| format!("| {what} | {measured} | {target} |\n");
    HEAD.to_owned() + &rows.iter().map(row).collect::<String>()
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{:02} KB", bytes / 1_000, bytes % 1_000 / 10)
}

fn millis(time: f64) -> String {
    format!("{time:.2} ms")
}

fn percent(share: f64) -> String {
    format!("{:.1} % of a core", share * 100.0)
}

fn tenths(thousandths: u64) -> String {
    format!("{}.{} %", thousandths / 10, thousandths % 10)
}

fn nothing() -> String {
    "–".to_owned()
}
