//! The two plots in `docs/`: what freshness costs, and how much is listed by the length of a play.

use crate::figures::{Figures, Spread};
use crate::plan::{BUDGETS, DEFAULT, OMITTED, OTHERS, REPORTED};
use crate::plot::{Axis, Look, Plot, Point, Series, Shape};
use crate::scenario::{Days, Who};
use airlog::twins::score::real;

/// The plot reaches so far, in requests an hour and in seconds.
const MOST_REQUESTS: f64 = 260.0;
const MOST_SECONDS: f64 = 300.0;

/// Freshness over requests.
pub fn frontier(lines: &[Figures], days: u64) -> Plot {
    let ours: Vec<&Figures> =
        BUDGETS.iter().filter_map(|limit| find(lines, REPORTED, Who::Airlog(Some(*limit)))).collect();
    let default = find(lines, REPORTED, DEFAULT);
    let mut series = Vec::new();
    for (read, moment, full) in MOMENTS {
        let look = Look { ours: true, full, joined: true, shape: Shape::Circle };
        series.push(Series { name: format!("Airlog, {moment}"), look, points: points(&ours, read) });
        for (who, shape) in OTHERS.into_iter().zip([Shape::Square, Shape::Diamond]) {
            let look = Look { ours: false, full, joined: false, shape };
            let found: Vec<&Figures> = find(lines, REPORTED, who).into_iter().collect();
            series.push(Series {
                name: format!("{}, {moment}", who.name()),
                look,
                points: points(&found, read),
            });
        }
    }
    let at_skips: Read = |line| line.fresh_skip;
    let note = |(limit, line): (&u32, &&Figures)| Some((point(line, at_skips)?, limit.to_string()));
    Plot {
        title: "What freshness costs",
        subtitle: format!("Median over {days} simulated stream-days without faults; numbers are budgets."),
        description: "The time until viewers see a track, over the requests that takes, for Airlog at several budgets, \
            a fixed timer, and a look 30 seconds after the end of each track.",
        x: Axis { label: "requests per hour of stream", ticks: (0..=5).map(requests_tick).collect() },
        y: Axis {
            label: "seconds until it is seen",
            ticks: [1_u8, 3, 10, 30, 100].map(seconds_tick).to_vec(),
        },
        series,
        notes: BUDGETS.iter().zip(&ours).filter_map(note).collect(),
        ring: default.and_then(|line| point(line, at_skips)).map(|point| (point, "the default".to_owned())),
    }
}

/// Which figure of a line is drawn.
type Read = fn(&Figures) -> Spread;

/// When a play begins, and whether its marks are full.
const MOMENTS: [(Read, &str, bool); 2] =
    [(|line| line.fresh_skip, "at skips", true), (|line| line.fresh_natural, "at natural ends", false)];

/// Recall over the length of a play.
pub fn recall(lines: &[Figures], days: u64) -> Plot {
    let circle = |full| Look { ours: true, full, joined: true, shape: Shape::Circle };
    let other = |shape, full| Look { ours: false, full, joined: true, shape };
    let shown = [
        (Who::Airlog(Some(250)), circle(false)),
        (DEFAULT, circle(true)),
        (OTHERS[0], other(Shape::Square, true)),
        (OTHERS[1], other(Shape::Diamond, false)),
    ];
    let series = |(who, look): (Who, Look)| {
        let line = find(lines, OMITTED, who)?;
        let name = if who == DEFAULT { "Airlog, the default".to_owned() } else { who.name() };
        Some(Series { name, look, points: by_length(line) })
    };
    Plot {
        title: "How much is listed",
        subtitle: format!("{days} simulated stream-days without faults; Spotify reports no skipped track."),
        description: "The share of plays that are in the list, by how long they were heard, for Airlog with its default \
            and with a budget of 250 requests an hour, a fixed timer, and a look 30 seconds after the end of each track.",
        x: Axis { label: "heard for, in seconds", ticks: lengths(lines) },
        y: Axis { label: "listed, in percent", ticks: [0_u8, 25, 50, 75, 100].map(percent_tick).to_vec() },
        series: shown.into_iter().filter_map(series).collect(),
        notes: Vec::new(),
        ring: None,
    }
}

fn find(lines: &[Figures], days: Days, who: Who) -> Option<&Figures> {
    lines.iter().find(|line| line.scenario.days == days && line.scenario.who == who)
}

fn points(lines: &[&Figures], read: Read) -> Vec<Point> {
    lines.iter().filter_map(|line| point(line, read)).collect()
}

fn point(line: &Figures, read: Read) -> Option<Point> {
    Some((line.requests_per_hour / MOST_REQUESTS, height(read(line).p50?)))
}

/// Each three times as many seconds are equally much higher.
fn height(seconds: f64) -> f64 {
    seconds.clamp(1.0, MOST_SECONDS).ln() / MOST_SECONDS.ln()
}

fn seconds_tick(seconds: u8) -> (f64, String) {
    (height(f64::from(seconds)), seconds.to_string())
}

fn requests_tick(fifties: u8) -> (f64, String) {
    let requests = u32::from(fifties) * 50;
    (f64::from(requests) / MOST_REQUESTS, requests.to_string())
}

fn percent_tick(percent: u8) -> (f64, String) {
    (f64::from(percent) / 100.0, percent.to_string())
}

/// Lengths stand side by side, each in the middle of its place.
fn middle(place: usize, places: usize) -> f64 {
    (real(place) + 0.5) / real(places)
}

fn by_length(line: &Figures) -> Vec<Point> {
    let places = line.by_length.len();
    let some = line.by_length.iter().enumerate().filter(|(_, length)| length.plays > 0);
    some.map(|(place, length)| (middle(place, places), length.recall)).collect()
}

fn lengths(lines: &[Figures]) -> Vec<(f64, String)> {
    let Some(line) = lines.first() else { return Vec::new() };
    let from: Vec<u64> = line.by_length.iter().map(|length| length.from).collect();
    let name = |place: usize| match from.get(place + 1) {
        Some(to) => format!("{}–{to}", from[place]),
        None => format!("{}–", from[place]),
    };
    (0..from.len()).map(|place| (middle(place, from.len()), name(place))).collect()
}
