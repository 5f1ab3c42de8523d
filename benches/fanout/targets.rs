//! What is to be reached, and what was.

use crate::measure::{Bench, Measured, Run};
use crate::servers::Kind;

/// A figure that has an aim.
pub struct Target {
    pub what: String,
    pub aim: &'static str,
    pub measured: String,
    pub is_met: bool,
}

/// All targets for which something was measured.
pub fn judge(bench: &Bench, measured: &Measured) -> Vec<Target> {
    let viewers = bench.subscribers;
    let mut targets = Vec::new();
    let mut times = |what: String, aim, read: fn(&Run) -> Option<f64>, is_met: fn(f64) -> bool| {
        let ratios = measured.ratios(Kind::Airlog, read);
        let told = told(&ratios);
        targets.extend(median(ratios).map(|ratio| Target::new(what, aim, told, is_met(ratio))));
    };
    times(
        format!("a frame to the last of {viewers} viewers, median"),
        "≤ 1.10 × floor",
        Run::p50,
        at_most_a_tenth_more,
    );
    times("CPU per delivery".to_owned(), "≤ 1.10 × floor", |run| run.cpu, at_most_a_tenth_more);
    times("a burst of 100 frames, deliveries/s".to_owned(), "≥ 15 × naive floor", Run::rate, |ratio| {
        ratio >= 15.0
    });
    targets.extend(ahead_of_nchan(measured));
    targets.extend(memory(measured));
    targets.extend(spread(measured, viewers));
    targets.extend(slowness(measured));
    targets
}

impl Target {
    fn new(what: String, aim: &'static str, measured: String, is_met: bool) -> Self {
        Self { what, aim, measured, is_met }
    }
}

fn at_most_a_tenth_more(ratio: f64) -> bool {
    ratio <= 1.1
}

/// The middle one, or what lies between the two in the middle; none of none.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let [lower, upper] = [values.len().saturating_sub(1) / 2, values.len() / 2];
    Some(f64::midpoint(*values.get(lower)?, *values.get(upper)?))
}

/// The median, and from where to where they go.
fn told(ratios: &[f64]) -> String {
    let [least, most] = [f64::min, f64::max].map(|of| ratios.iter().copied().reduce(of).unwrap_or(f64::NAN));
    let middle = median(ratios.to_vec()).unwrap_or(f64::NAN);
    if ratios.len() == 1 {
        format!("{middle:.2} ×")
    } else {
        format!("{middle:.2} × ({least:.2} to {most:.2})")
    }
}

fn ahead_of_nchan(measured: &Measured) -> Option<Target> {
    let [ours, theirs] = [Kind::Airlog, Kind::Nchan].map(|kind| median(measured.ratios(kind, Run::p50)));
    let (ours, theirs) = ours.zip(theirs)?;
    let told = format!("{ours:.2} × beside {theirs:.2} ×");
    Some(Target::new("the same beside nchan".to_owned(), "sooner", told, ours < theirs))
}

fn memory(measured: &Measured) -> Option<Target> {
    let kilobytes = median(measured.of(Kind::Airlog, |run| run.memory))? / 1024.0;
    let what = "memory for each viewer who waits".to_owned();
    Some(Target::new(what, "≤ 4 KB", format!("{kilobytes:.2} KB"), kilobytes <= 4.0))
}

fn spread(measured: &Measured, viewers: usize) -> Option<Target> {
    let [floor, airlog] = measured.spread.as_ref()?;
    let what = format!("CPU, {viewers} viewers on {} streams", airlog.streams);
    let (ratios, floor) = (airlog.ratios(), told(&floor.ratios()));
    let told = format!("{}; the floor itself {floor}", told(&ratios));
    median(ratios).map(|ratio| Target::new(what, "≤ 1.5 × of one stream", told, ratio <= 1.5))
}

fn slowness(measured: &Measured) -> Option<Target> {
    let slow = measured.slow?;
    let what = format!("{} slow readers: p99 of the others moves by", slow.slow);
    let (percent, each) = (slow.moved() * 100.0, slow.memory_each() / 1024.0);
    let told = format!("{percent:+.0} %; {:.1} MB more, {each:.1} KB each", slow.memory / 1e6);
    Some(Target::new(what, "< 25 %", told, percent < 25.0))
}
