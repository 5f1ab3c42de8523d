//! How near a list is to the truth.

use crate::sky::Sky;
use crate::tracker::{Row, Tracker};
use airlog::base::clock::Instant;
use airlog::twins::{Beginning, TruePlay, truth};
use chrono::TimeDelta;
use std::time::Duration;

/// A row may be so far from the play it stands for.
const NEAR: TimeDelta = TimeDelta::minutes(7);
/// The lengths of plays between which recall is told, in seconds.
pub const LENGTHS: [u64; 8] = [5, 15, 30, 60, 90, 120, 240, 100_000];
/// Two starts that differ by less are in no order.
const SAME: TimeDelta = TimeDelta::milliseconds(1);

/// Counted over days.
#[derive(Debug, Default, Clone)]
pub struct Score {
    pub hours: f64,
    pub requests: usize,
    /// The most requests that any hour saw.
    pub busiest_hour: usize,
    pub short: Recall,
    pub long: Recall,
    pub by_length: [Recall; LENGTHS.len() - 1],
    /// Rows that stand for nothing that was heard.
    pub false_rows: usize,
    /// Rows that were heard, but before or after the stream.
    pub past_the_end: usize,
    pub rows: usize,
    /// Plays that nothing tells from a repeat: what was heard before them was the same track but for seconds that
    /// nobody saw and that Spotify never reports.
    pub like_repeats: usize,
    pub order_errors: usize,
    pub start_errors: Vec<f64>,
    pub fresh_natural: Vec<f64>,
    pub fresh_skip: Vec<f64>,
}

/// How many plays there were, and how many of them are in the list.
#[derive(Debug, Default, Clone, Copy)]
pub struct Recall {
    pub plays: usize,
    pub listed: usize,
    /// Not listed, but the list says there that it does not know.
    pub declared: usize,
}

impl Recall {
    pub fn share(self) -> f64 {
        ratio(self.listed, self.plays)
    }

    pub fn honest(self) -> f64 {
        ratio(self.listed + self.declared, self.plays)
    }

    pub fn and(self, other: Self) -> Self {
        Self {
            plays: self.plays + other.plays,
            listed: self.listed + other.listed,
            declared: self.declared + other.declared,
        }
    }

    fn count(&mut self, listed: bool, declared: bool) {
        self.plays += 1;
        self.listed += usize::from(listed);
        self.declared += usize::from(!listed && declared);
    }
}

impl Score {
    pub fn of(tracker: &dyn Tracker, sky: &mut Sky) -> Self {
        let day = sky.day().clone();
        let heard = sky.heard(day.ends_at());
        let plays = truth(&heard, &day);
        let (rows, gaps) = (tracker.rows(), tracker.gaps());
        let matched = matches(&plays, &rows);
        let mut score = Self {
            hours: day.on_air().as_seconds_f64() / 3_600.0,
            requests: sky.requests.len(),
            busiest_hour: busiest_hour(&sky.requests),
            ..Self::default()
        };
        for (place, (play, row)) in plays.iter().zip(&matched).enumerate() {
            if row.is_none() && looks_repeated(&plays[..=place]) {
                score.like_repeats += 1;
                continue;
            }
            score.play(play, row.map(|row| &rows[row]), &gaps);
        }
        score.rows(&plays, &rows, &matched);
        score
    }

    pub fn add(&mut self, mut other: Self) {
        self.hours += other.hours;
        self.requests += other.requests;
        self.busiest_hour = self.busiest_hour.max(other.busiest_hour);
        (self.short, self.long) = (self.short.and(other.short), self.long.and(other.long));
        for (one, more) in self.by_length.iter_mut().zip(other.by_length) {
            *one = one.and(more);
        }
        self.false_rows += other.false_rows;
        self.past_the_end += other.past_the_end;
        self.rows += other.rows;
        self.like_repeats += other.like_repeats;
        self.order_errors += other.order_errors;
        self.start_errors.append(&mut other.start_errors);
        self.fresh_natural.append(&mut other.fresh_natural);
        self.fresh_skip.append(&mut other.fresh_skip);
    }

    pub fn precision(&self) -> f64 {
        ratio(self.rows - self.false_rows, self.rows)
    }

    pub fn requests_per_hour(&self) -> f64 {
        self.requests as f64 / self.hours
    }

    fn play(&mut self, play: &TruePlay, row: Option<&Row>, gaps: &[(Instant, Instant)]) {
        if play.private || play.on_air < Duration::from_secs(5) {
            return;
        }
        let declared = gaps.iter().any(|(from, to)| *from < play.ended_at && play.started_at < *to);
        let class = if play.on_air < Duration::from_secs(30) { &mut self.short } else { &mut self.long };
        class.count(row.is_some(), declared);
        let seconds = play.on_air.as_secs();
        if let Some(place) = LENGTHS.windows(2).position(|pair| (pair[0]..pair[1]).contains(&seconds)) {
            self.by_length[place].count(row.is_some(), declared);
        }
        if let Some(row) = row.filter(|row| row.by_look) {
            self.start_errors.push((row.started_at - play.started_at).abs().as_seconds_f64());
            let fresh = (row.noticed_at - play.started_at).as_seconds_f64();
            match play.beginning {
                Beginning::Natural => self.fresh_natural.push(fresh),
                Beginning::Skip => self.fresh_skip.push(fresh),
                Beginning::Other => {}
            }
        }
    }

    fn rows(&mut self, plays: &[TruePlay], rows: &[Row], matched: &[Option<usize>]) {
        self.rows = rows.len();
        self.false_rows = rows.len() - matched.iter().flatten().count();
        let outside = plays.iter().zip(matched).filter(|(play, row)| row.is_some() && play.on_air.is_zero());
        self.past_the_end = outside.count();
        let starts: Vec<Instant> = matched.iter().flatten().map(|row| rows[*row].started_at).collect();
        self.order_errors = starts.windows(2).filter(|pair| pair[0] >= pair[1] + SAME).count();
    }
}

/// Whether the last of these follows the same track, but for something too short to be reported.
fn looks_repeated(plays: &[TruePlay]) -> bool {
    let [.., first, between, last] = plays else { return false };
    first.uri == last.uri && between.ended_at - between.started_at < TimeDelta::seconds(30)
}

/// For each play its row: the nearest of the same track that stands for no other.
fn matches(plays: &[TruePlay], rows: &[Row]) -> Vec<Option<usize>> {
    let mut pairs: Vec<(TimeDelta, usize, usize)> = Vec::new();
    for (number, play) in plays.iter().enumerate() {
        let first = rows.partition_point(|row| row.started_at < play.started_at - NEAR);
        let near =
            rows.iter().enumerate().skip(first).take_while(|(_, row)| row.started_at < play.ended_at + NEAR);
        let same = near.filter(|(_, row)| row.uri == play.uri);
        pairs.extend(same.map(|(place, row)| ((row.started_at - play.started_at).abs(), number, place)));
    }
    pairs.sort_unstable();
    let (mut matched, mut taken) = (vec![None; plays.len()], vec![false; rows.len()]);
    for (_, play, row) in pairs {
        if matched[play].is_none() && !taken[row] {
            (matched[play], taken[row]) = (Some(row), true);
        }
    }
    matched
}

fn busiest_hour(requests: &[Instant]) -> usize {
    let mut sorted = requests.to_vec();
    sorted.sort_unstable();
    let within =
        |place: usize| sorted[place..].partition_point(|at| *at - sorted[place] < TimeDelta::hours(1));
    (0..sorted.len()).map(within).max().unwrap_or(0)
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// The value below which this share of all lies.
pub fn percentile(values: &mut [f64], share: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let place = ((values.len() - 1) as f64 * share).round() as usize;
    *values.select_nth_unstable_by(place, f64::total_cmp).1
}

pub fn debug(tracker: &dyn Tracker, sky: &mut Sky, seed: u64) {
    let day = sky.day().clone();
    let heard = sky.heard(day.ends_at());
    let plays = truth(&heard, &day);
    let (rows, gaps) = (tracker.rows(), tracker.gaps());
    let matched = matches(&plays, &rows);
    let zero = day.streams[0].0;
    let s = |at: Instant| (at - zero).as_seconds_f64();
    let mut out = String::new();
    for (i, row) in rows.iter().enumerate() {
        if !matched.contains(&Some(i)) {
            out += &format!(
                "FALSE {} at {:.1} noticed {:.1} look {}\n",
                &row.uri[14..],
                s(row.started_at),
                s(row.noticed_at),
                row.by_look
            );
            for p in &plays {
                if (p.started_at - row.started_at).abs() < TimeDelta::seconds(700) {
                    out += &format!(
                        "    true {} {:.1}..{:.1} {:?} {:?} row {:?}\n",
                        &p.uri[14..],
                        s(p.started_at),
                        s(p.ended_at),
                        p.on_air,
                        p.beginning,
                        matched[plays.iter().position(|x| x == p).unwrap()].map(|r| s(rows[r].started_at))
                    );
                }
            }
        }
    }
    for (p, m) in plays.iter().zip(&matched) {
        let declared = gaps.iter().any(|(from, to)| *from < p.ended_at && p.started_at < *to);
        let at = plays.iter().position(|x| x == p).unwrap();
        if m.is_none()
            && !looks_repeated(&plays[..=at])
            && p.on_air >= Duration::from_secs(30)
            && !p.private
            && !declared
        {
            out += &format!(
                "MISSED {} {:.1}..{:.1} {:?} {:?}\n",
                &p.uri[14..],
                s(p.started_at),
                s(p.ended_at),
                p.on_air,
                p.beginning
            );
            for p in &plays {
                if (p.started_at - plays[0].started_at).num_seconds() > 0
                    && (s(p.started_at)
                        - s(plays
                            .iter()
                            .zip(&matched)
                            .find(|(x, m)| m.is_none() && x.on_air >= Duration::from_secs(30))
                            .unwrap()
                            .0
                            .started_at))
                    .abs()
                        < 400.0
                {
                    out += &format!(
                        "    true {} {:.1}..{:.1} {:?} row {:?}\n",
                        &p.uri[14..],
                        s(p.started_at),
                        s(p.ended_at),
                        p.on_air,
                        matched[plays.iter().position(|x| x == p).unwrap()]
                            .map(|r| (s(rows[r].started_at), rows[r].by_look))
                    );
                }
            }
        }
    }
    let ms: Vec<usize> = matched.iter().flatten().copied().collect();
    for w in ms.windows(2) {
        if rows[w[0]].started_at >= rows[w[1]].started_at + SAME {
            out += &format!("ORDER {:?} {:?}\n", rows[w[0]], rows[w[1]]);
        }
    }
    if !out.is_empty() {
        eprintln!(
            "day {seed} streams {:?} fade {:?}\n{out}",
            day.streams.iter().map(|(a, b)| (s(*a), s(*b))).collect::<Vec<_>>(),
            day.crossfade
        );
    }
}
