//! What a list is measured by: which row stands for which play that was really heard, and a few figures. Pure.

use super::truth::TruePlay;
use crate::base::clock::Instant;
use chrono::TimeDelta;
use std::collections::HashMap;

/// How many pairs, then how near they are: less the milliseconds between them.
type Worth = (usize, i64);

/// For each play the row that stands for it, by their places: of the same track, no farther than `near` from it, each
/// row for one play only, in order. As many pairs as there can be, and of these the nearest. Rows are `uri` and start;
/// both lists are ordered by their starts.
#[must_use]
pub fn pair(plays: &[TruePlay], rows: &[(&str, Instant)], near: TimeDelta) -> Vec<Option<usize>> {
    let mut tracks: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for (place, play) in plays.iter().enumerate() {
        tracks.entry(&play.uri).or_default().0.push(place);
    }
    for (place, (uri, _)) in rows.iter().enumerate() {
        tracks.entry(uri).or_default().1.push(place);
    }
    let mut paired = vec![None; plays.len()];
    for (played, listed) in tracks.values() {
        let worth = |play: usize, row: usize| worth(&plays[played[play]], rows[listed[row]].1, near);
        for (play, row) in align(played.len(), listed.len(), worth) {
            paired[played[play]] = Some(listed[row]);
        }
    }
    paired
}

/// What it is worth that a row which begins at `start` stands for this play; nothing if it is too far from it.
fn worth(play: &TruePlay, start: Instant, near: TimeDelta) -> Option<Worth> {
    let within = play.started_at - near <= start && start < play.ended_at + near;
    within.then(|| (1, -(start - play.started_at).abs().num_milliseconds()))
}

/// The pairs of the worthiest alignment.
fn align(plays: usize, rows: usize, worth: impl Fn(usize, usize) -> Option<Worth>) -> Vec<(usize, usize)> {
    // `best[play][row]` is what can be had of the plays and rows from there on.
    let mut best = vec![vec![(0, 0); rows + 1]; plays + 1];
    for play in (0..plays).rev() {
        for row in (0..rows).rev() {
            let after: Worth = best[play + 1][row + 1];
            let together = worth(play, row).map(|(pairs, less)| (after.0 + pairs, after.1 + less));
            let apart = best[play + 1][row].max(best[play][row + 1]);
            best[play][row] = together.map_or(apart, |together| together.max(apart));
        }
    }
    walk(&best)
}

/// Follows the table from its beginning; a row or play that adds nothing is left out.
fn walk(best: &[Vec<Worth>]) -> Vec<(usize, usize)> {
    let (mut pairs, mut play, mut row) = (Vec::new(), 0, 0);
    while play + 1 < best.len() && row + 1 < best[play].len() {
        let here = best[play][row];
        if here == best[play + 1][row] {
            play += 1;
        } else if here == best[play][row + 1] {
            row += 1;
        } else {
            pairs.push((play, row));
            (play, row) = (play + 1, row + 1);
        }
    }
    pairs
}

/// The most of these instants that lie within an hour.
#[must_use]
pub fn busiest_hour(instants: &[Instant]) -> usize {
    let mut sorted = instants.to_vec();
    sorted.sort_unstable();
    let within = |from: usize| sorted[from..].partition_point(|at| *at - sorted[from] < TimeDelta::hours(1));
    (0..sorted.len()).map(within).max().unwrap_or(0)
}

/// The value that so many in a hundred do not exceed; none of no values.
#[must_use]
pub fn percentile(values: &mut [f64], hundredths: usize) -> Option<f64> {
    let place = (values.len() * hundredths).div_ceil(100).saturating_sub(1);
    (place < values.len()).then(|| *values.select_nth_unstable_by(place, f64::total_cmp).1)
}

/// Which part of the whole it is, from 0 to 1; all of nothing.
#[must_use]
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { real(part) / real(whole) }
}

/// A number of things as one that can be divided; nobody counts more than four billion.
#[must_use]
pub fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twins::Beginning;
    use chrono::DateTime;
    use std::time::Duration;

    fn at(second: i64) -> Instant {
        DateTime::from_timestamp(1_795_204_800 + second, 0).expect("an instant")
    }

    /// A play of a minute.
    fn play((uri, second): &(&str, i64)) -> TruePlay {
        TruePlay {
            uri: (*uri).to_owned(),
            started_at: at(*second),
            ended_at: at(second + 60),
            on_air: Duration::from_mins(1),
            beginning: Beginning::Natural,
            private: false,
        }
    }

    fn paired(plays: &[(&str, i64)], rows: &[(&'static str, i64)]) -> Vec<Option<usize>> {
        let plays: Vec<TruePlay> = plays.iter().map(play).collect();
        let rows: Vec<_> = rows.iter().map(|(uri, second)| (*uri, at(*second))).collect();
        pair(&plays, &rows, TimeDelta::minutes(2))
    }

    #[test]
    fn a_row_stands_for_the_play_of_its_track_and_for_no_other() {
        assert_eq!(paired(&[("a", 0), ("b", 60)], &[("b", 61), ("c", 120)]), [None, Some(0)]);
    }

    #[test]
    fn a_row_too_much_stands_for_nothing_and_the_nearer_one_for_the_play() {
        assert_eq!(paired(&[("a", 0)], &[("a", 2), ("a", 50)]), [Some(0)]);
        assert_eq!(paired(&[("a", 50)], &[("a", 2), ("a", 51)]), [Some(1)]);
    }

    #[test]
    fn one_row_for_two_plays_stands_for_the_nearer() {
        assert_eq!(paired(&[("a", 0), ("b", 60), ("a", 120)], &[("a", 119)]), [None, None, Some(0)]);
        assert_eq!(paired(&[("a", 0), ("b", 60), ("a", 120)], &[("a", 5)]), [Some(0), None, None]);
    }

    #[test]
    fn pairs_never_cross_although_one_of_them_would_be_nearer() {
        assert_eq!(paired(&[("a", 0), ("a", 100)], &[("a", -90), ("a", 10)]), [Some(0), Some(1)]);
    }

    #[test]
    fn what_is_too_far_is_something_else() {
        assert_eq!(paired(&[("a", 0)], &[("a", -121)]), [None]);
        assert_eq!(paired(&[("a", 0)], &[("a", -120)]), [Some(0)]);
        assert_eq!(paired(&[("a", 0)], &[("a", 179)]), [Some(0)], "near its end is near");
        assert_eq!(paired(&[("a", 0)], &[("a", 180)]), [None]);
    }

    #[test]
    fn the_busiest_hour_begins_anywhere_and_is_shorter_than_an_hour_and_a_bit() {
        let asked: Vec<Instant> = [7_000, 0, 3_500, 3_600, 7_099].map(at).to_vec();
        assert_eq!(busiest_hour(&asked), 4);
        assert_eq!(busiest_hour(&[at(0), at(3_600)]), 1);
        assert_eq!(busiest_hour(&[]), 0);
    }

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let mut values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(
            [50, 95, 100].map(|p| percentile(&mut values, p)),
            [Some(100.0), Some(190.0), Some(200.0)]
        );
        assert_eq!(percentile(&mut [7.0], 50), Some(7.0));
        assert_eq!(percentile(&mut [], 50), None);
    }

    #[test]
    fn nothing_missing_of_nothing_is_all_of_it() {
        assert!((share(0, 0) - 1.0).abs() < f64::EPSILON);
        assert!((share(1, 4) - 0.25).abs() < f64::EPSILON);
    }
}
