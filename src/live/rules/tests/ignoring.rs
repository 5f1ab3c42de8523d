//! Stories of what the streamer wants ignored, and of pauses.

use super::story::Story;
use crate::live::rules::Effect;
use proptest::prelude::*;

#[test]
fn what_is_ignored_is_neither_listed_nor_shown() {
    let story = Story::on_air().ignores(["b"]).sees("a", 0).tells(["new a", "a at 0"]);
    let story = story.after(180).sees("b", 0).tells(["nothing"]).ignored([("b", 180)]);
    story.after(60).sees("b", 60).tells([]).ignored([("b", 180)]).noticed([("a", 0)]);
}

#[test]
fn it_ends_the_play_before_it() {
    let story = Story::on_air().ignores(["b"]).sees("a", 0).after(60).sees("b", 10).after(60).sees("a", 5);
    story.noticed([("a", 0), ("a", 115)]).ignored([("b", 50)]);
}

#[test]
fn heard_twice_with_another_in_between_it_is_ignored_twice() {
    let story = Story::on_air().ignores(["b"]).sees("b", 0).after(60).sees("a", 0).after(60).sees("b", 0);
    story.ignored([("b", 0), ("b", 120)]).noticed([("a", 60)]);
}

#[test]
fn loaded_but_not_playing_it_is_nothing() {
    let story = Story::on_air().ignores(["b"]).sees("a", 0).after(60).paused("b", 10);
    story.ignored([]).after(60).sees("a", 60).noticed([("a", 0)]);
}

#[test]
fn a_rule_takes_effect_at_once_and_the_play_that_is_on_is_hidden_but_stays() {
    let story = Story::on_air().sees("a", 0).tells(["new a", "a at 0"]).after(20).ignores(["a"]);
    let story = story.wakes_in(0).wakes().looks(true).after(1).sees("a", 21).tells(["nothing"]);
    let story = story.ignored([]).after(20).ignores([]).wakes().after(1).sees("a", 42).tells(["a at 42"]);
    story.noticed([("a", 0)]);
}

#[test]
fn a_change_of_rules_keeps_the_distance_and_disturbs_no_rest() {
    Story::on_air().sees("a", 0).after(1).ignores(["a"]).wakes_in(4_000);
    Story::on_air().sees("a", 0).wakes().ignores(["a"]).does_nothing();
    let story = Story::on_air().sees("a", 0).after(60).asked_to_wait(Some(900));
    story.after(10).ignores(["a"]).does_nothing();
}

#[test]
fn after_a_restart_what_was_ignored_goes_on_being_ignored() {
    let story = Story::on_air().ignores(["b"]).sees("a", 0).after(60).sees("b", 10).restarts();
    let story = story.after(5).sees("b", 15).ignored([("b", 50)]);
    story.after(60).sees("a", 0).noticed([("a", 0), ("a", 125)]);
}

#[test]
fn an_ignored_track_is_probed_at_its_end_and_closes_a_gap() {
    let story = Story::on_air().ignores(["b"]).sees("a", 0).after(60).unknown().gaps(["0.. spotify_down"]);
    story.after(120).sees("b", 150).gaps(["0..180 spotify_down"]).wakes_in(31_500);
}

#[test]
fn what_plays_on_after_a_pause_begins_with_its_end() {
    let story = Story::on_air().sees("a", 0).pauses(600).sees("b", 100).gaps([]);
    story.noticed([("a", 0), ("b", 600)]);
    let story = Story::on_air().sees("a", 0).pauses(100).sees("a", 100).noticed([("a", 0)]);
    story.after(60).sees("b", 5).noticed([("a", 0), ("b", 155)]);
}

#[test]
fn a_track_that_began_anew_in_a_pause_splits_nothing() {
    Story::on_air().sees("a", 0).pauses(600).sees("a", 100).noticed([("a", 0)]).jumps([]);
}

/// What happens, to which track, after how many seconds.
fn moves() -> impl Strategy<Value = Vec<(u8, usize, i64)>> {
    prop::collection::vec((0..9_u8, 0..3_usize, 1..200_i64), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_ignored_is_listed_or_shown_and_one_wake_up_stays_armed(moves in moves()) {
        let (mut story, mut ignored) = (Story::on_air(), None);
        for (kind, track, seconds) in moves {
            let name = ["a", "b", "c"][track];
            story = story.after(seconds);
            (story, ignored) = match kind {
                0 => (story.ignores([name]), Some(name)),
                1 => (story.ignores([]), None),
                2 => (story.restarts(), ignored),
                3 => (story.wakes_late(), ignored),
                4 => (story.nothing(), ignored),
                _ => (story.sees(name, seconds), ignored),
            };
            let count = |of: fn(&Effect) -> bool| story.effects().iter().filter(|effect| of(effect)).count();
            let arms = count(|effect| matches!(effect, Effect::Arm { .. }));
            prop_assert!(arms == 1 || kind < 2 && arms == 0, "{kind} arms {arms}");
            let listed = count(|effect| matches!(effect, Effect::Persist(_) | Effect::TellNow(Some(_))));
            let forgotten = count(|effect| matches!(effect, Effect::Ignore(_)));
            let is_ignored = kind > 4 && ignored == Some(name);
            prop_assert!(if is_ignored { listed == 0 } else { forgotten == 0 }, "{name}, {ignored:?}");
        }
        let plays = story.plays();
        prop_assert!(plays.windows(2).all(|pair| pair[0].started_at < pair[1].started_at), "{plays:?}");
    }
}
