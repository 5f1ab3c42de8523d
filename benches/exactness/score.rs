//! How near a list is to the truth.

use crate::sky::Sky;
use crate::tracker::{Row, Tracker};
use airlog::base::clock::Instant;
use airlog::twins::score::{busiest_hour, pair, real, share};
use airlog::twins::{Beginning, TruePlay, truth};
use chrono::TimeDelta;
use std::time::Duration;

/// A row may be so far from the play it stands for.
const NEAR: TimeDelta = TimeDelta::minutes(7);
/// A row that is farther from its play stands in the wrong place.
const ASTRAY: TimeDelta = TimeDelta::seconds(60);
/// Spotify may report plays of this length and more.
pub const LONG: Duration = Duration::from_secs(30);
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
    /// Rows that begin more than a minute before or after the play they stand for.
    pub astray: usize,
    /// Of the plays of 30 s and more that are neither listed nor declared, those that nothing tells from a repeat: before them the same track
    /// was heard, but for seconds that nobody saw and that Spotify never reports.
    pub like_repeats: usize,
    pub order_errors: usize,
    pub start_errors: Vec<f64>,
    pub fresh_natural: Vec<f64>,
    pub fresh_skip: Vec<f64>,
    /// Those of the natural ones that a streamer heard who fades.
    pub fresh_faded: Vec<f64>,
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
        share(self.listed, self.plays)
    }

    pub fn honest(self) -> f64 {
        share(self.listed + self.declared, self.plays)
    }

    pub fn missing(self) -> usize {
        self.plays - self.listed - self.declared
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
            score.play(play, row.map(|row| &rows[row]), &gaps);
            let missing = row.is_none() && counts(play) && play.on_air >= LONG && !is_declared(play, &gaps);
            score.like_repeats += usize::from(missing && looks_repeated(&plays[..=place]));
        }
        score.rows(&plays, &rows, &matched);
        if !day.crossfade.is_zero() {
            score.fresh_faded.clone_from(&score.fresh_natural);
        }
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
        self.astray += other.astray;
        self.like_repeats += other.like_repeats;
        self.order_errors += other.order_errors;
        self.start_errors.append(&mut other.start_errors);
        self.fresh_natural.append(&mut other.fresh_natural);
        self.fresh_skip.append(&mut other.fresh_skip);
        self.fresh_faded.append(&mut other.fresh_faded);
    }

    pub fn precision(&self) -> f64 {
        share(self.rows - self.false_rows, self.rows)
    }

    pub fn requests_per_hour(&self) -> f64 {
        real(self.requests) / self.hours
    }

    fn play(&mut self, play: &TruePlay, row: Option<&Row>, gaps: &[(Instant, Instant)]) {
        if !counts(play) {
            return;
        }
        let declared = is_declared(play, gaps);
        let class = if play.on_air < LONG { &mut self.short } else { &mut self.long };
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
        let off = |(play, row): (&TruePlay, &Option<usize>)| {
            Some((rows[(*row)?].started_at - play.started_at).abs())
        };
        self.astray = plays.iter().zip(matched).filter_map(off).filter(|off| *off > ASTRAY).count();
        let starts: Vec<Instant> = matched.iter().flatten().map(|row| rows[*row].started_at).collect();
        self.order_errors = starts.windows(2).filter(|pair| pair[0] >= pair[1] + SAME).count();
    }
}

/// Whether anybody could know of it, and would care.
pub fn counts(play: &TruePlay) -> bool {
    !play.private && play.on_air >= Duration::from_secs(5)
}

/// Whether the list says that it does not know what was on then.
pub fn is_declared(play: &TruePlay, gaps: &[(Instant, Instant)]) -> bool {
    gaps.iter().any(|(from, to)| *from < play.ended_at && play.started_at < *to)
}

/// Whether the last of these follows the same track, but for something too short to be reported.
pub fn looks_repeated(plays: &[TruePlay]) -> bool {
    let [.., first, between, last] = plays else { return false };
    first.uri == last.uri && between.ended_at - between.started_at < TimeDelta::seconds(30)
}

/// For each play the row that stands for it.
pub fn matches(plays: &[TruePlay], rows: &[Row]) -> Vec<Option<usize>> {
    let rows: Vec<_> = rows.iter().map(|row| (row.uri.as_str(), row.started_at)).collect();
    pair(plays, &rows, NEAR)
}
