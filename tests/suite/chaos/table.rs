//! What is said at the beginning, on the way and at the end.

use super::log::Life;
use super::plan::Fault;
use super::records::Records;
use super::stage::Stage;
use super::verdict::Tally;
use std::time::Duration;

/// By how much the program may grow within one life: the day's list in memory, and what an allocator keeps.
const MORE_MEMORY_KB: u64 = 16 * 1024;
/// By how many open files: connections to viewers, companies and the database come and go.
const MORE_FILES: u64 = 20;
/// When a life has found its size.
const GROWN_UP: Duration = Duration::from_secs(10);

/// What a life's size was once it had settled, and at its end: memory in kilobytes and open files.
fn growth(life: &Life) -> Option<((u64, u64), (u64, u64))> {
    let settled = life.figures.iter().find(|(at, ..)| *at - life.began >= GROWN_UP)?;
    let last = life.figures.last()?;
    Some(((settled.1, settled.2), (last.1, last.2)))
}

/// Whether the program has grown beyond its bounds in its longest life.
pub fn outgrown(stage: &Stage) -> Option<String> {
    let ((memory, files), (memory_then, files_then)) = growth(stage.log().longest_life())?;
    let too_large = memory_then > memory + MORE_MEMORY_KB || files_then > files + MORE_FILES;
    too_large
        .then(|| format!("grown from {memory} kB and {files} files to {memory_then} kB and {files_then}"))
}

/// How to live it once more.
pub fn repeat(stage: &Stage) -> String {
    format!("seed {} on {:?}; AIRLOG_CHAOS_SEED={} repeats it", stage.seed, stage.kind(), stage.seed)
}

pub fn schedule(faults: &[(Duration, Fault)]) -> String {
    let line = |(at, fault): &(Duration, Fault)| format!("{:>8.1} s  {fault:?}", at.as_secs_f64());
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// One line on the way.
pub async fn progress(stage: &Stage, records: &Records) -> String {
    let mut listed = 0;
    for login in ["ann", "bob", "cat"] {
        listed += records.rows(login).await.len();
    }
    let log = stage.log();
    let size = log.lives.last().and_then(|life| life.figures.last());
    let size = size.map_or_else(String::new, |(_, memory, files)| format!("{memory} kB, {files} files"));
    format!("{listed} plays listed, {} kills, {} starts, {size}", log.kills.len(), log.lives.len())
}

/// The figures at the end.
pub fn table(stage: &Stage, tally: &Tally) -> String {
    let log = stage.log();
    let ends = (log.lives.first().and_then(|life| life.figures.first()), log.lives.last());
    let last = ends.1.and_then(|life| life.figures.last());
    let timed = log.lives.iter().filter_map(|life| log.followed(life));
    let rows = [
        ("plays heard", tally.heard.to_string()),
        ("listed", tally.listed.to_string()),
        ("lost", tally.lost.len().to_string()),
        ("doubled", tally.doubled.len().to_string()),
        ("gaps declared", tally.gaps.to_string()),
        ("kills", log.kills.len().to_string()),
        ("starts", log.lives.len().to_string()),
        ("at the first start", ends.0.map_or_else(String::new, |(_, memory, files)| size((*memory, *files)))),
        ("at the end", last.map_or_else(String::new, |(_, memory, files)| size((*memory, *files)))),
        ("in the longest life", grown(log.longest_life())),
        ("starts that were timed", tally.timed.to_string()),
        ("worst time to follow again", timed.max().map_or_else(String::new, seconds)),
        ("shown in time, then killed", tally.promises.to_string()),
        ("other complaints", tally.wrong.len().to_string()),
    ];
    let lines: Vec<String> = rows.iter().map(|(name, value)| format!("  {name:<28}{value}")).collect();
    format!("{}\n{}\n", repeat(stage), lines.join("\n"))
}

fn size((memory, files): (u64, u64)) -> String {
    format!("{} MB, {files} files", memory / 1024)
}

fn seconds(took: Duration) -> String {
    format!("{:.2} s", took.as_secs_f64())
}

fn grown(life: &Life) -> String {
    let lasted = life.figures.last().map_or(Duration::ZERO, |(at, ..)| *at - life.began);
    let Some((settled, end)) = growth(life) else { return "too short to say".to_owned() };
    format!("{} -> {} in {} s", size(settled), size(end), lasted.as_secs())
}
