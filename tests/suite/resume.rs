//! Coming back: what was missed is sent after a short drop, a snapshot after a long one; the day or the whole stream.

use crate::house::database::on_both;
use crate::house::viewer::Viewer;
use crate::house::{House, text};
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde_json::Value;

/// The titles of a snapshot, in order.
fn titles(snapshot: &Value) -> Vec<String> {
    assert_eq!(snapshot["type"], "snapshot");
    snapshot["tracks"].as_array().expect("tracks").iter().map(|track| text(&track["name"])).collect()
}

/// Somebody who follows the whole stream.
async fn follower(house: &House) -> Viewer {
    house.viewer_with("ann", "view=stream").await
}

async fn short_drops_in_a_row_lose_nothing_and_repeat_nothing() {
    let house = House::with_ann_live().await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    for number in 0..4 {
        let missed = house.plays_noticed("ann", number).await;
        let cursor = viewer.cursor.clone();
        viewer.leaves().await;
        viewer = house.viewer_with("ann", &format!("after={cursor}")).await;
        assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), missed);
        viewer.sees("now_playing").await;
    }
    viewer.leaves().await;
    house.closes().await;
}

async fn whoever_follows_the_stream_keeps_what_was_before_midnight() {
    let house = House::start().await;
    // In Kolkata midnight is at half past six in the evening, UTC; the story begins at six.
    house.has_streamer_in("ann", Tz::Asia__Kolkata).await;
    house.goes_live("ann").await;
    let before = house.plays_noticed("ann", 0).await;
    let (mut day, mut stream) = (house.viewer("ann").await, follower(&house).await);
    assert_eq!(titles(&day.frame().await), [before.as_str()]);
    let whole = stream.frame().await;
    assert_eq!(titles(&whole), [before.as_str()]);

    house.clock.shift(TimeDelta::minutes(40));
    let after = house.plays_noticed("ann", 1).await;
    for viewer in [&mut day, &mut stream] {
        assert_eq!(viewer.sees("day_changed").await["date"], "2026-11-21");
        assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), after);
        let mut back = house.viewer_with("ann", &format!("after={}", viewer.cursor)).await;
        back.sees("now_playing").await;
        back.leaves().await;
    }
    let (mut newcomer, mut follower) = (house.viewer("ann").await, follower(&house).await);
    assert_eq!(titles(&newcomer.frame().await), [after.as_str()]);
    let snapshot = follower.frame().await;
    assert_eq!(titles(&snapshot), [before.as_str(), after.as_str()]);
    assert_eq!(snapshot["stream"], whole["stream"]);
    for viewer in [day, stream, newcomer, follower] {
        viewer.leaves().await;
    }
    house.closes().await;
}

async fn a_restart_after_midnight_still_knows_the_whole_stream_and_so_does_its_end() {
    let mut house = House::start().await;
    house.has_streamer_in("ann", Tz::Asia__Kolkata).await;
    house.goes_live("ann").await;
    let before = house.plays_noticed("ann", 0).await;
    house.stops().await;
    house.clock.shift(TimeDelta::minutes(40));
    let after = house.plays("ann", 1);
    house.opens().await;
    house.eventually("the list has it", async || (house.list("ann").await == [&*after]).then_some(())).await;
    let mut viewer = follower(&house).await;
    let snapshot = viewer.frame().await;
    assert_eq!(titles(&snapshot), [before.as_str(), after.as_str()]);
    assert_eq!(snapshot["live"], true);
    house.goes_offline("ann").await;
    viewer.sees("stream_ended").await;
    viewer.leaves().await;
    let mut late = follower(&house).await;
    let over = late.frame().await;
    assert_eq!((&over["live"], &over["stream"]), (&Value::Bool(false), &snapshot["stream"]));
    assert_eq!(titles(&over), [before.as_str(), after.as_str()]);
    late.leaves().await;
    house.closes().await;
}

async fn events_tell_of_the_whole_stream_too_and_begin_anew_after_a_restart() {
    let mut house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    let path = "/api/v1/streamers/ann/events?view=stream";
    let snapshot = house.event_after(path, None).await;
    assert!(snapshot.contains("\"snapshot\"") && snapshot.contains(&first), "{snapshot}");
    let id = snapshot.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id").to_owned();
    let second = house.plays_noticed("ann", 1).await;
    let missed = house.event_after(path, Some(&id)).await;
    assert!(missed.contains("\"track_added\"") && missed.contains(&second), "{missed}");
    house.stops().await;
    house.opens().await;
    let anew = house.event_after(path, Some(&id)).await;
    assert!(anew.contains("\"snapshot\"") && anew.contains(&first) && anew.contains(&second), "{anew}");
    house.closes().await;
}

on_both! {
    short_drops_in_a_row_lose_nothing_and_repeat_nothing,
    whoever_follows_the_stream_keeps_what_was_before_midnight,
    a_restart_after_midnight_still_knows_the_whole_stream_and_so_does_its_end,
    events_tell_of_the_whole_stream_too_and_begin_anew_after_a_restart,
}
