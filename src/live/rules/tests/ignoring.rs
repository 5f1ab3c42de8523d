//! Stories of what the streamer wants ignored, and of pauses.

use super::story::Story;

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
