//! What healing makes of a list and of what Spotify reports.
//!
//! Seconds count from the start of the stream. Tracks are named by a letter and last 200 seconds; `m` to `r` differ.

use super::*;
use crate::base::id::{StreamId, UserId};
use crate::live::gaps::Reason;
use chrono::DateTime;

mod by_hand;
mod edges;
mod properties;
mod unwanted;

/// Tracks of different lengths.
const NAMES: [&str; 6] = ["m", "n", "o", "p", "q", "r"];

pub(super) fn at(seconds: i64) -> Instant {
    DateTime::from_timestamp(1_795_204_800 + seconds, 0).expect("an instant")
}

pub(super) fn stream() -> Stream {
    Stream {
        id: StreamId::derived(at(0), &["first"]),
        user_id: UserId::derived(at(0), &["ann"]),
        twitch_id: None,
        started_at: at(0),
        ended_at: None,
        seen_at: at(0),
        followed_until: None,
    }
}

/// In seconds.
fn length(name: &str) -> i64 {
    NAMES.iter().zip(0..).find(|(known, _)| **known == name).map_or(200, |(_, place)| 120 + 37 * place)
}

fn track(name: &str) -> Track {
    Track {
        uri: format!("spotify:track:{name}"),
        provider_id: Some(name.to_owned()),
        name: name.to_owned(),
        artists: Vec::new(),
        album: None,
        duration_ms: length(name) * 1_000,
        url: None,
        image_url: None,
    }
}

/// A list, and what Spotify says.
struct Evening {
    record: Record,
    reports: Vec<Report>,
    now: Instant,
}

/// Looks have noticed these.
fn noticed(plays: &[(&str, i64)]) -> Evening {
    let known = |(name, second): &(&str, i64)| {
        Known::untouched(Play::new(&stream(), track(name), at(*second), Source::Poll))
    };
    let plays = plays.iter().map(known).collect();
    let record = Record { stream: stream(), plays, by_hand: Vec::new(), jumps: Vec::new(), gaps: Vec::new() };
    Evening { record, reports: Vec::new(), now: at(10_000) }
}

impl Evening {
    fn reported(mut self, reports: &[(&str, i64)]) -> Self {
        let report = |(name, second): &(&str, i64)| Report {
            track: track(name),
            played_at: at(*second),
            is_ignored: name.starts_with("no "),
        };
        self.reports = reports.iter().map(report).collect();
        self
    }

    fn jumped(mut self, play: usize, second: i64) -> Self {
        let play = self.record.plays[play].play.id;
        self.record.jumps.push(Jump { play, stream_id: stream().id, at: at(second) });
        self
    }

    fn hidden(mut self, play: usize) -> Self {
        self.record.plays[play].hidden = true;
        self
    }

    fn ended(mut self, second: i64) -> Self {
        self.record.stream.ended_at = Some(at(second));
        self
    }

    fn gap(mut self, from: i64, to: i64) -> Self {
        self.record.gaps.push(Gap {
            id: crate::base::id::GapId::derived(at(from), &["gap"]),
            user_id: stream().user_id,
            stream_id: stream().id,
            from: at(from),
            to: Some(at(to)),
            reason: Reason::ServerDown,
            healed: false,
        });
        self
    }

    fn heal(&mut self) -> Healed {
        let healed = heal(&self.record, &self.reports, Measure::of(TimeDelta::minutes(1)), self.now);
        self.record.plays.retain(|known| !healed.removed.contains(&known.play.id));
        self.record.plays.extend(healed.added.iter().cloned().map(Known::untouched));
        let hidden = healed.hidden.iter().cloned().map(Known::untouched);
        self.record.plays.extend(hidden.map(|known| Known { hidden: true, ..known }));
        let ignored = healed.ignored.iter().map(|ignored| Known::ignored(&stream(), ignored));
        self.record.plays.extend(ignored);
        self.record.plays.sort_by_key(|known| known.play.started_at);
        for gap in &healed.gaps {
            self.record.gaps.retain(|known| known.id != gap.id);
            self.record.gaps.push(gap.clone());
        }
        healed
    }

    fn list(&self) -> Vec<(&str, i64)> {
        let row = |known: &'_ Known| (known.play.started_at - at(0)).num_seconds();
        self.record.plays.iter().map(|known| (known.play.track.name.as_str(), row(known))).collect()
    }

    /// Heals, and again: the second time changes nothing.
    #[track_caller]
    fn heals_to(mut self, expected: &[(&str, i64)]) -> Self {
        self.heal();
        assert_eq!(self.list(), expected);
        assert_eq!(self.heal(), Healed::default(), "healing twice changes nothing");
        self
    }
}

#[test]
fn a_play_that_no_look_saw_is_added_where_it_began() {
    noticed(&[("a", 0), ("c", 260)]).reported(&[("a", 0), ("b", 200), ("c", 260)]).heals_to(&[
        ("a", 0),
        ("b", 200),
        ("c", 260),
    ]);
}

#[test]
fn stamps_that_are_ends_are_understood_and_the_start_fits_the_hole() {
    noticed(&[("a", 0), ("c", 400), ("d", 600)])
        .reported(&[("a", 200), ("b", 400), ("c", 600), ("d", 800)])
        .heals_to(&[("a", 0), ("b", 200), ("c", 400), ("d", 600)]);
}

#[test]
fn a_skipped_play_with_its_end_as_stamp_begins_when_the_one_before_it_was_over() {
    noticed(&[("a", 0), ("c", 240), ("d", 440)])
        .reported(&[("a", 200), ("b", 240), ("c", 440), ("d", 640)])
        .heals_to(&[("a", 0), ("b", 200), ("c", 240), ("d", 440)]);
}

#[test]
fn an_hour_that_nobody_followed_is_filled_whichever_way_it_is_stamped() {
    let heard: Vec<(&str, i64)> = NAMES
        .into_iter()
        .scan(0, |second, name| {
            let start = *second;
            *second += length(name);
            Some((name, start))
        })
        .collect();
    let ends: Vec<(&str, i64)> = heard.iter().map(|(name, start)| (*name, start + length(name))).collect();
    noticed(&[("m", 0)]).reported(&heard).heals_to(&heard);
    noticed(&[("m", 0)]).reported(&ends).heals_to(&heard);
}

#[test]
fn a_clock_that_is_wrong_by_seconds_neither_doubles_nor_reorders() {
    for skew in [-5, 5] {
        let reports: Vec<(&str, i64)> = [("a", 0), ("b", 200), ("x", 400), ("c", 431), ("d", 631)]
            .map(|(name, at)| (name, at + skew))
            .to_vec();
        noticed(&[("a", 0), ("b", 200), ("c", 431), ("d", 631)]).reported(&reports).heals_to(&[
            ("a", 0),
            ("b", 200),
            ("x", 400),
            ("c", 431),
            ("d", 631),
        ]);
    }
}

#[test]
fn the_same_track_twice_is_matched_one_to_one() {
    noticed(&[("a", 0), ("b", 200)]).reported(&[("a", 0), ("b", 200), ("a", 400)]).heals_to(&[
        ("a", 0),
        ("b", 200),
        ("a", 400),
    ]);
}

#[test]
fn a_track_on_repeat_is_one_play() {
    noticed(&[("a", 0), ("b", 600)])
        .reported(&[("a", 0), ("a", 200), ("a", 400), ("b", 600)])
        .heals_to(&[("a", 0), ("b", 600)]);
}

#[test]
fn a_play_is_split_where_it_began_anew_after_another_track() {
    noticed(&[("a", 0), ("c", 300)]).jumped(0, 100).reported(&[("a", 0), ("b", 40)]).heals_to(&[
        ("a", 0),
        ("b", 40),
        ("a", 100),
        ("c", 300),
    ]);
}

#[test]
fn a_jump_without_another_track_splits_nothing() {
    noticed(&[("a", 0), ("c", 300)]).jumped(0, 100).reported(&[("a", 0)]).heals_to(&[("a", 0), ("c", 300)]);
}

/// Found by the bench: one report alone does not say what its stamp means, and was put after what followed it.
#[test]
fn an_answer_that_does_not_say_what_its_stamps_mean_is_not_believed_before_it_must_be() {
    let evening = noticed(&[("c", 188)]).reported(&[("a", 190)]).heals_to(&[("c", 188)]);
    let later = evening.reported(&[("a", 190), ("c", 388), ("d", 588)]);
    later.heals_to(&[("a", 0), ("c", 188), ("d", 388)]);
}

/// Found by the bench: a wrong clock that too few plays bear witness of put a play after the one that followed it.
#[test]
fn a_play_on_the_wrong_side_of_its_neighbour_is_not_added_again() {
    let mut evening = noticed(&[("m", 0), ("c", 120), ("d", 320), ("e", 520)]);
    let misplaced = Play::new(&stream(), track("n"), at(321), Source::Backfill);
    evening.record.plays.insert(3, Known::untouched(misplaced));
    let list = [("m", 0), ("c", 120), ("d", 320), ("n", 321), ("e", 520)];
    evening.reported(&[("m", 120), ("n", 324), ("d", 520), ("e", 720)]).heals_to(&list);
}

/// Found by the bench: a fade made the clock look wrong, and so a play changed places with the next.
#[test]
fn a_fade_is_not_a_wrong_clock() {
    noticed(&[("m", 0), ("n", 119), ("o", 275), ("q", 500), ("r", 767)])
        .reported(&[("m", 120), ("n", 276), ("o", 468), ("c", 501), ("q", 768), ("r", 1_072)])
        .heals_to(&[("m", 0), ("n", 119), ("o", 275), ("c", 467), ("q", 500), ("r", 767)]);
}

/// Found by the bench: the play before the jump was too old to be compared, so the jump stood alone.
#[test]
fn a_jump_at_the_edge_of_what_is_compared_splits_nothing() {
    noticed(&[("a", 0), ("b", 600), ("c", 3_000)]).jumped(0, 300).reported(&[("c", 3_000)]).heals_to(&[
        ("a", 0),
        ("b", 600),
        ("c", 3_000),
    ]);
}

#[test]
fn the_reported_second_half_of_a_split_is_not_added_beside_it() {
    noticed(&[("a", 0), ("c", 300)])
        .jumped(0, 100)
        .reported(&[("a", 0), ("b", 40), ("a", 99), ("c", 300)])
        .heals_to(&[("a", 0), ("b", 40), ("a", 100), ("c", 300)]);
}

#[test]
fn equal_neighbours_are_merged_into_the_first() {
    noticed(&[("a", 0), ("a", 90), ("b", 200)]).heals_to(&[("a", 0), ("b", 200)]);
}

#[test]
fn a_play_that_the_streamer_removed_never_returns() {
    for stamp in [200, 260, 198] {
        noticed(&[("a", 0), ("b", 200), ("c", 260)])
            .hidden(1)
            .reported(&[("a", 0), ("b", stamp), ("c", 260)])
            .heals_to(&[("a", 0), ("b", 200), ("c", 260)]);
    }
}
