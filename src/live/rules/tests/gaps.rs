//! Gaps: the list says where nothing is known, and does not say so where nothing was missed.

use super::story::Story;
use crate::live::rules::Look;

#[test]
fn a_gap_lasts_from_the_last_sight_to_the_next() {
    let story = Story::on_air().sees("a", 0).after(60).looked(Look::Unknown).gaps(["0.. spotify_down"]);
    let story = story.after(60).looked(Look::Unknown).gaps([]).after(90).sees("b", 10);
    story.gaps(["0..210 spotify_down"]).noticed([("a", 0), ("b", 200)]);
}

#[test]
fn what_plays_on_as_it_would_have_was_not_missed() {
    let story = Story::on_air().sees("a", 0).after(60).looked(Look::Unknown).gaps(["0.. spotify_down"]);
    story.after(60).sees("a", 120).gaps(["0..120 spotify_down, healed"]).noticed([("a", 0)]);
}

#[test]
fn a_track_that_began_when_the_one_before_it_was_over_hides_nothing() {
    let story = Story::on_air().sees("a", 0).after(60).looked(Look::Unknown).gaps(["0.. spotify_down"]);
    story.after(180).sees("b", 60).gaps(["0..240 spotify_down, healed"]).noticed([("a", 0), ("b", 180)]);
}

#[test]
fn a_session_that_comes_late_says_that_nobody_was_there() {
    Story::on_air().after(300).sees("a", 100).gaps(["0..300 server_down"]);
    Story::on_air().after(300).nothing().gaps(["0..300 server_down"]);
    Story::on_air().after(50).sees("a", 10).gaps([]);
    Story::on_air().after(100).sees("a", 150).gaps([]).noticed([("a", 0)]);
}

#[test]
fn a_computer_that_slept_says_so() {
    let story = Story::on_air().sees("a", 0).wakes().sees("a", 45).after(3_600);
    story.wakes_late().sees("b", 20).gaps(["45..3645 server_down"]);
}

#[test]
fn the_same_track_elsewhere_may_hide_another_one() {
    let story = Story::on_air().sees("a", 0).after(60).looked(Look::Unknown).gaps(["0.. spotify_down"]);
    story.after(60).sees("a", 30).gaps(["0..120 spotify_down"]);
}

#[test]
fn an_idle_player_closes_a_gap_too() {
    let story = Story::on_air().sees("a", 0).after(60).asked_to_wait(Some(60)).gaps(["0.. rate_limited"]);
    story.after(60).nothing().gaps(["0..120 rate_limited"]);
}

#[test]
fn one_answer_without_sense_is_no_gap_and_two_are() {
    let story = Story::on_air().sees("a", 0).after(60).looked(Look::Unreadable).gaps([]);
    let story = story.after(60).sees("a", 120).gaps([]).after(60).looked(Look::Unreadable).gaps([]);
    story.after(60).looked(Look::Unreadable).gaps(["120.. spotify_down"]);
}

#[test]
fn waking_up_to_hide_a_track_that_is_over_is_no_gap() {
    let story = Story::on_air().sees("a", 150).after(10).looked(Look::Unreadable).gaps([]);
    story.wakes().gaps([]).wakes().sees("b", 5).gaps([]);
}

#[test]
fn a_rest_of_the_client_id_and_a_full_writer_are_gaps() {
    let story =
        Story::on_air().sees("a", 0).client_rests(600).after(60).wakes_late().gaps(["0.. rate_limited"]);
    story.after(700).sees("b", 0).gaps(["0..760 rate_limited"]);
    let story = Story::on_air().sees("a", 0).writer_has_room(false).wakes().gaps(["0.. database"]);
    story.after(60).sees("b", 0).gaps(["0..105 database"]);
}

#[test]
fn what_spotify_forbids_and_a_lost_link_are_gaps() {
    Story::on_air().sees("a", 0).after(60).looked(Look::Forbidden).gaps(["0.. link_lost"]);
    Story::on_air().sees("a", 0).after(60).looked(Look::LinkLost).gaps(["0.. link_lost"]);
}
