//! Stories of the timer: when a session looks, when it does not, and that it always goes on.

use super::story::Story;
use crate::clients::spotify::Limit;
use crate::live::budget::Rest;
use crate::live::rules::{Effect, Look};
use chrono::TimeDelta;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

#[test]
fn the_first_look_comes_at_once() {
    Story::on_air().wakes_in(0).wakes().looks(true);
}

#[test]
fn the_next_wake_up_is_armed_before_a_look_begins() {
    let story = Story::on_air().wakes().wakes_in(MINUTE);
    assert!(matches!(story.effects(), [Effect::Arm { .. }, Effect::Look]));
}

#[test]
fn a_probe_comes_just_after_the_track_should_end() {
    Story::on_air().sees("a", 150).wakes_in(31_500).wakes().looks(true);
}

#[test]
fn a_track_that_may_never_end_is_looked_at_once_a_minute() {
    Story::on_air().paused("a", 20).wakes_in(MINUTE);
}

#[test]
fn the_looks_until_a_track_ends_are_spread_evenly() {
    Story::on_air().sees("a", 20).wakes_in(53_833).wakes().sees("a", 74).wakes_in(53_750);
}

#[test]
fn two_looks_keep_their_distance() {
    Story::on_air().sees("a", 179).wakes_in(5_000);
}

#[test]
fn a_track_that_plays_on_past_its_end_is_not_hunted() {
    Story::on_air().sees("a", 180).wakes_in(MINUTE).wakes().sees("a", 200).wakes_in(MINUTE);
}

#[test]
fn a_paused_or_idle_player_is_looked_at_once_a_minute() {
    Story::on_air().paused("a", 170).wakes_in(MINUTE).wakes().looks(true).nothing().wakes_in(MINUTE);
}

#[test]
fn a_stale_wake_up_does_nothing() {
    let story = Story::on_air().wakes().sees("a", 0).after(10).wakes_stale().does_nothing();
    story.wakes_in(35_375).wakes().looks(true);
}

#[test]
fn while_a_look_is_under_way_there_is_no_second_one() {
    let story = Story::on_air().wakes().looks(true).wakes().looks(false).wakes_in(MINUTE);
    story.sees("a", 0).wakes().looks(true);
}

#[test]
fn a_slow_look_is_followed_by_a_probe_like_any_other() {
    let slow = Story::on_air().sees("a", 10).wakes().looks(true).wakes().looks(false).wakes_in(52_833);
    slow.after(5).sees("a", 135).wakes_in(46_500).wakes().looks(true);
}

#[test]
fn a_look_that_never_comes_back_is_given_up() {
    Story::on_air().wakes().looks(true).wakes().looks(false).wakes().looks(true).wakes().looks(false);
}

#[test]
fn while_the_writer_is_full_nobody_looks() {
    let full = Story::on_air().writer_has_room(false).wakes().looks(false).wakes_in(MINUTE);
    let full = full.wakes().looks(false).wakes_in(MINUTE);
    full.writer_has_room(true).wakes().looks(true);
}

#[test]
fn while_the_client_id_rests_nobody_looks() {
    let resting = Story::on_air().client_rests(7_200).wakes().looks(false).wakes_in(2 * HOUR);
    resting.wakes().looks(true).wakes_in(MINUTE);
}

#[test]
fn a_rest_that_has_passed_holds_nobody_up() {
    Story::on_air().client_rests(30).after(30).sees("a", 0).wakes().looks(true);
}

#[test]
fn a_429_is_obeyed_to_the_named_second_and_cools_the_client_id() {
    let story = Story::on_air().wakes().asked_to_wait(Some(36_000)).wakes_in(10 * HOUR);
    let rest = Rest { until: story.now() + TimeDelta::hours(10), limit: Limit::Rate };
    assert_eq!(story.effects()[0], Effect::Cool(rest));
    story.wakes().looks(true);
}

#[test]
fn a_429_without_a_time_means_five_minutes() {
    Story::on_air().wakes().asked_to_wait(None).wakes_in(5 * MINUTE).wakes().looks(true);
}

#[test]
fn a_429_that_names_the_past_means_the_shortest_wait() {
    Story::on_air().wakes().asked_to_wait(Some(-60)).wakes_in(5_000).wakes().looks(true);
}

#[test]
fn a_403_stands_still_for_an_hour_then_looks_again() {
    Story::on_air().wakes().looked(Look::Forbidden).wakes_in(HOUR).wakes().looks(true);
}

#[test]
fn a_look_that_is_admitted_ends_a_standstill_at_once_and_nothing_else() {
    let story = Story::on_air().wakes().looked(Look::Forbidden).after(60).admitted().looks(true);
    story.wakes_in(MINUTE).sees("a", 0).after(10).admitted().does_nothing().wakes().looks(true);
    Story::on_air().wakes().unknown().admitted().does_nothing();
    Story::on_air().wakes().admitted().does_nothing();
    let rests = Story::on_air().wakes().looked(Look::Forbidden).client_rests(120).admitted();
    rests.looks(false).wakes_in(2 * MINUTE);
}

#[test]
fn a_look_without_an_observation_changes_nothing_about_the_next_one() {
    Story::on_air().wakes().unknown().wakes_in(MINUTE).wakes().looks(true).unknown().wakes_in(MINUTE);
}

#[test]
fn a_lost_link_stops_the_session() {
    let story = Story::on_air().wakes().sees("a", 0).wakes().looked(Look::LinkLost);
    assert!(matches!(story.effects(), [Effect::Gap(_), Effect::TellNow(None), Effect::Stop]));
    story.noticed([("a", 0)]);
}

#[test]
fn a_link_that_is_gone_stops_the_session_and_leaves_no_gap() {
    let story = Story::on_air().wakes().sees("a", 0).wakes().looked(Look::LinkGone);
    assert_eq!(story.effects(), [Effect::Stop]);
}

#[test]
fn the_evening_goes_on_whatever_a_look_came_back_with() {
    let mishaps =
        [Look::Nothing, Look::Unknown, Look::Forbidden, Look::Wait { not_before: None, limit: Limit::Quota }];
    for mishap in mishaps {
        let story = Story::on_air().wakes().sees("a", 0).wakes().looked(mishap);
        let mut story = story.wakes();
        while !story.effects().contains(&Effect::Look) {
            story = story.wakes();
        }
        assert_eq!(story.sees("b", 0).plays().len(), 2);
    }
}

#[test]
fn a_probe_comes_earlier_where_tracks_give_way_to_each_other() {
    let story = Story::on_air().sees("a", 0).after(170).sees("b", 0).after(171).sees("c", 1);
    story.after(170).sees("d", 1).wakes_in(56_833).after(100).sees("d", 101).wakes_in(35_250);
}

#[test]
fn one_early_end_is_not_a_crossfade_yet() {
    Story::on_air().sees("a", 0).after(170).sees("b", 0).after(100).sees("b", 100).wakes_in(40_750);
}

#[test]
fn a_skip_calls_for_more_looks_early_in_a_track_if_the_budget_allows_it() {
    let calm = Story::on_air().budget_allows(24).sees("a", 0).wakes_in(45_375);
    let eager = calm.after(30).sees("b", 0).wakes_in(22_687);
    eager.after(130).sees("b", 130).wakes_in(51_500);
}

#[test]
fn a_small_budget_stretches_looks_beyond_the_interval() {
    Story::on_air().budget_allows(200).sees("a", 0).wakes_in(181_500);
    Story::on_air().budget_allows(200).nothing().wakes_in(200_000);
}

#[test]
fn a_spent_budget_is_waited_for_and_is_no_gap() {
    let story = Story::on_air().sees("a", 0).after(60).budget_is_spent(90).wakes_late().looks(false);
    story.wakes_in(90_000).wakes().looks(true).gaps([]);
}
