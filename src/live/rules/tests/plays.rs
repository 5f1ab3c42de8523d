//! Stories of plays: what makes one, what does not, and when it began.

use super::story::{Story, sight, track};
use crate::live::rules::Look;
use chrono::TimeDelta;

#[test]
fn the_first_track_began_before_it_was_seen() {
    Story::on_air().after(100).sees("a", 30).noticed([("a", 70)]);
}

#[test]
fn a_track_that_played_before_the_stream_begins_with_it() {
    Story::on_air().after(10).sees("a", 150).noticed([("a", 0)]);
}

#[test]
fn what_goes_on_is_one_play_and_its_start_does_not_move() {
    Story::on_air().sees("a", 0).after(60).sees("a", 60).after(60).sees("a", 170).noticed([("a", 0)]);
}

#[test]
fn a_pause_and_a_resume_are_the_same_play() {
    let paused = Story::on_air().sees("a", 0).after(60).paused("a", 40).after(600).paused("a", 40);
    paused.after(60).sees("a", 50).noticed([("a", 0)]);
}

#[test]
fn a_player_that_was_left_paused_creates_nothing() {
    Story::on_air().paused("a", 40).after(60).paused("a", 40).after(3_600).paused("a", 40).noticed([]);
}

#[test]
fn another_track_that_is_only_loaded_creates_nothing_until_it_plays() {
    let loaded = Story::on_air().sees("a", 0).after(60).paused("b", 20).noticed([("a", 0)]);
    loaded.after(60).sees("b", 70).noticed([("a", 0), ("b", 60)]);
}

#[test]
fn a_track_that_was_only_loaded_in_between_does_not_split_a_play() {
    Story::on_air().sees("a", 0).after(60).paused("b", 0).after(60).sees("a", 70).noticed([("a", 0)]);
}

#[test]
fn a_then_b_then_a_are_three_plays() {
    let story = Story::on_air().sees("a", 0).after(60).sees("b", 10).after(60).sees("a", 20);
    let story = story.noticed([("a", 0), ("b", 50), ("a", 100)]);
    assert_ne!(story.plays()[0].id, story.plays()[2].id);
}

#[test]
fn a_track_on_repeat_is_one_play() {
    Story::on_air().sees("a", 0).after(181).sees("a", 1).after(180).sees("a", 1).noticed([("a", 0)]);
}

#[test]
fn seeking_back_is_the_same_play() {
    Story::on_air().sees("a", 0).after(60).sees("a", 60).after(30).sees("a", 5).noticed([("a", 0)]);
}

#[test]
fn an_advert_or_a_podcast_in_between_leaves_the_same_play() {
    Story::on_air().sees("a", 0).after(60).nothing().after(60).sees("a", 65).noticed([("a", 0)]);
}

#[test]
fn a_track_after_an_advert_did_not_begin_before_the_advert_was_seen() {
    let story = Story::on_air().sees("a", 0).after(60).nothing().after(30).sees("b", 40);
    story.noticed([("a", 0), ("b", 60)]);
}

#[test]
fn a_track_did_not_begin_while_another_one_was_seen() {
    let story = Story::on_air().sees("a", 0).after(60).sees("a", 60).after(20).sees("b", 90);
    story.noticed([("a", 0), ("b", 60)]);
}

#[test]
fn what_began_while_nothing_could_be_learned_began_when_it_says() {
    let blind = Story::on_air().sees("a", 0).after(60).unknown().after(60).asked_to_wait(Some(60));
    blind.after(60).sees("b", 150).noticed([("a", 0), ("b", 30)]);
}

#[test]
fn a_local_file_is_known_by_its_uri_alone() {
    let mut song = track("song", 0);
    (song.uri, song.provider_id) = ("spotify:local:::song:0".to_owned(), None);
    let mut demo = song.clone();
    demo.uri = "spotify:local:::demo:0".to_owned();
    let story =
        Story::on_air().looked(sight(song.clone(), 0, true)).after(60).looked(sight(song, 60_000, true));
    story.after(60).looked(sight(demo, 5_000, true)).noticed([("song", 0), ("song", 115)]);
}

#[test]
fn a_new_stream_starts_fresh_though_the_same_track_plays_on() {
    let story = Story::on_air().sees("a", 0).after(100).next_stream().sees("a", 100);
    let story = story.noticed([("a", 0), ("a", 100)]);
    assert_ne!(story.plays()[0].stream_id, story.plays()[1].stream_id);
}

#[test]
fn a_restarted_session_goes_on_with_the_play_it_knows() {
    let story = Story::on_air().sees("a", 0).after(60).sees("b", 10).after(60).restarts();
    story.sees("b", 70).after(20).paused("b", 80).after(20).sees("b", 80).noticed([("a", 0), ("b", 50)]);
}

#[test]
fn a_restarted_session_begins_nothing_before_the_last_play() {
    let story = Story::on_air().after(100).sees("a", 0).after(20).restarts().sees("b", 60);
    let story = story.noticed([("a", 100), ("b", 100)]);
    let between = story.plays()[1].started_at - story.plays()[0].started_at;
    assert_eq!(between, TimeDelta::milliseconds(1));
}

#[test]
fn a_clock_that_is_set_back_does_not_disorder_the_list() {
    let story = Story::on_air().after(100).sees("a", 0).after(-60).sees("b", 0).after(1).sees("c", 0);
    assert!(story.plays().is_sorted_by(|one, next| one.started_at < next.started_at));
    assert_eq!(story.plays().len(), 3);
}

#[test]
fn noticing_a_play_twice_gives_the_same_id() {
    let evening = || Story::on_air().after(100).sees("a", 30);
    assert_eq!(evening().plays()[0].id, evening().after(500).plays()[0].id);
    assert_ne!(evening().plays()[0].id, Story::on_air().after(100).sees("b", 30).plays()[0].id);
    assert_ne!(evening().plays()[0].id, Story::on_air().after(100).sees("a", 31).plays()[0].id);
}

#[test]
fn numbers_that_no_track_has_are_survived() {
    for (duration, progress) in [(i64::MAX, 0), (0, i64::MAX), (i64::MAX, i64::MIN), (180_000, -5_000)] {
        let odd = || sight(track("odd", duration), progress, true);
        let story = Story::on_air().after(100).looked(odd()).after(60).looked(odd()).after(60).unknown();
        let story = story.looked(Look::Nothing).after(60).sees("a", 10);
        assert_eq!(story.plays().len(), 2, "{duration} {progress}");
    }
}

#[test]
fn the_same_track_begun_anew_after_an_unseen_while_is_remembered() {
    Story::on_air().sees("a", 30).after(60).sees("a", 10).noticed([("a", 0)]).jumps([50]);
}

#[test]
fn progress_that_could_not_have_begun_anew_is_not_remembered() {
    Story::on_air().sees("a", 30).after(60).sees("a", 90).after(10).sees("a", 20).jumps([]);
    Story::on_air().sees("a", 100).after(60).sees("a", 110).noticed([("a", 0)]).jumps([]);
}
