//! Stories of what viewers are told: each play once and at once, and what is in the player whenever it is news.

use super::story::Story;
use crate::clients::spotify::Limit;
use crate::live::rules::{Effect, Look};

#[test]
fn viewers_hear_of_a_play_before_it_is_stored() {
    let story = Story::on_air().sees("a", 30);
    let order = story.effects();
    assert!(matches!(
        order,
        [Effect::Arm { .. }, Effect::TellPlay(told), Effect::TellNow(Some(_)), Effect::Persist(stored)] if told == stored
    ));
    story.tells(["new a", "a at 30"]);
}

#[test]
fn steady_progress_is_not_told_again() {
    let story = Story::on_air().sees("a", 0).tells(["new a", "a at 0"]);
    story.after(60).sees("a", 60).after(60).sees("a", 121).after(30).sees("a", 149).tells([]);
}

#[test]
fn a_jump_in_either_direction_is_told() {
    let story = Story::on_air().sees("a", 0).tells(["new a", "a at 0"]);
    story.after(60).sees("a", 63).tells(["a at 63"]).after(60).sees("a", 5).tells(["a at 5"]);
}

#[test]
fn a_pause_and_a_resume_are_told_once_each() {
    let story =
        Story::on_air().sees("a", 0).after(60).paused("a", 40).tells(["new a", "a at 0", "a paused at 40"]);
    story.after(60).paused("a", 40).tells([]).after(60).sees("a", 45).tells(["a at 45"]);
}

#[test]
fn a_track_that_is_left_paused_is_not_shown_as_playing_later_on() {
    let story = Story::on_air().sees("a", 0).tells(["new a", "a at 0"]).after(60).paused("b", 10);
    story.tells(["nothing"]).after(60).paused("b", 10).tells([]);
}

#[test]
fn an_advert_hides_the_track_once_and_its_end_shows_it_again() {
    let advert = Story::on_air().sees("a", 0).after(60).nothing().tells(["new a", "a at 0", "nothing"]);
    advert.after(60).nothing().tells([]).after(30).sees("a", 65).tells(["a at 65"]);
}

#[test]
fn the_next_track_takes_the_place_of_the_last() {
    let story = Story::on_air().sees("a", 0).tells(["new a", "a at 0"]);
    story.after(60).sees("b", 7).tells(["new b", "b at 7"]);
}

#[test]
fn while_nothing_is_learned_a_track_stays_until_it_must_be_over() {
    let blind = Story::on_air().sees("a", 90).tells(["new a", "a at 90"]).wakes().unknown().tells([]);
    let over = blind.wakes_in(44_250).wakes().looks(false).tells(["nothing"]);
    over.wakes_in(15_750).wakes().looks(true).unknown().tells([]);
}

#[test]
fn a_paused_track_is_not_over_however_long_nothing_is_learned() {
    let story =
        Story::on_air().sees("a", 0).wakes().paused("a", 60).tells(["new a", "a at 0", "a paused at 60"]);
    story.wakes().unknown().after(600).unknown().tells([]);
}

#[test]
fn a_track_does_not_outlive_its_end_in_a_long_rest() {
    for rest in [Look::Forbidden, Look::Wait { not_before: None, limit: Limit::Rate }] {
        let story =
            Story::on_air().sees("a", 120).tells(["new a", "a at 120"]).after(10).looked(rest.clone());
        let story = story.tells([]).wakes_in(50_000).wakes().looks(false).tells(["nothing"]);
        let left = if rest == Look::Forbidden { 3_550_000 } else { 250_000 };
        story.wakes_in(left).wakes().looks(true);
    }
}

#[test]
fn a_track_does_not_outlive_its_end_while_the_writer_is_full() {
    let full = Story::on_air().sees("a", 90).tells(["new a", "a at 90"]).writer_has_room(false);
    let full = full.wakes().looks(false).tells([]).wakes_in(44_250).wakes().looks(false).tells(["nothing"]);
    full.wakes_in(15_750).writer_has_room(true).wakes().looks(true);
}

#[test]
fn a_restarted_session_says_what_it_sees_and_takes_back_what_holds_no_more() {
    let story = Story::on_air().sees("a", 0).tells(["new a", "a at 0"]).after(30).restarts().tells([]);
    let story = story.sees("a", 30).tells(["a at 30"]).restarts().tells([]).nothing().tells(["nothing"]);
    story.nothing().tells([]);
}
