//! The delay: whatever the public can read shows a stream as it was so long ago, and the staff as it is.
//!
//! A delay is ten minutes in these stories, and the clock is moved: nothing can be seen too early on a busy machine.

use crate::house::database::on_both;
use crate::house::person::Person;
use crate::house::viewer::Viewer;
use crate::house::{House, text};
use airlog::twins::Deed;
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde_json::{Value, json};

/// A house in which ann has chosen a delay of ten minutes, and her staff listens.
async fn house() -> (House, Person, Viewer) {
    house_in(Tz::UTC).await
}

async fn house_in(timezone: Tz) -> (House, Person, Viewer) {
    let (house, ann) = House::with_ann_logged_in(timezone).await;
    waits(&ann, 10).await;
    let host = house.staff(&ann).await;
    (house, ann, host)
}

/// The public is to be told so many minutes later from now on.
async fn waits(ann: &Person, minutes: i64) {
    ann.chooses(&json!({"delay_seconds": 60 * minutes})).await;
}

fn minutes_pass(house: &House, minutes: i64) {
    house.clock.shift(TimeDelta::minutes(minutes));
}

/// The title of the next track that somebody is told of.
async fn hears(viewer: &mut Viewer) -> String {
    text(&viewer.sees("track_added").await["track"]["name"])
}

/// What each public door shows of ann, by its path.
async fn doors(house: &House, stream: &str) -> Vec<(String, String)> {
    let mut shown = Vec::new();
    for path in
        ["/", "/streamers/ann", "/streamers/ann/tracks/today", &format!("/streamers/ann/streams/{stream}")]
    {
        shown.push((path.to_owned(), house.get(path).await.1));
    }
    let api = |path: &str| format!("/api/v1/streamers/ann{path}");
    for path in ["", "/tracks", "/now.txt"].map(api) {
        let (_, body) = house.get(&path).await;
        shown.push((path, body));
    }
    for path in ["/events", "/events?view=stream", "/events?format=html"].map(api) {
        let first = house.event_after(&path, None).await;
        shown.push((path, first));
    }
    for path in ["/live", "/live?view=stream", "/live?format=html"].map(api) {
        let mut viewer = Viewer::comes(house.addr(), &path).await.expect("an upgrade");
        shown.push((path, viewer.frame().await.to_string()));
        viewer.leaves().await;
    }
    shown
}

async fn every_public_door_waits_and_the_staff_does_not() {
    let (house, _ann, mut host) = house().await;
    let mut viewer = house.viewer("ann").await;
    let (_, overlay) = house.get("/overlay/ann/now-playing").await;
    assert!(overlay.contains("/api/v1/streamers/ann/live"), "the overlay has the same socket: {overlay}");
    let stream = house.goes_live_before("ann", &mut host).await;
    let title = house.plays_before("ann", 0, &mut host).await;
    let first = host.sees("now_playing").await;
    assert_eq!(first["now_playing"]["track"]["name"], title);

    minutes_pass(&house, 9);
    for (path, shown) in doors(&house, &stream).await {
        assert!(!shown.contains(&title) && !shown.contains("\"live\":true"), "{path}: {shown}");
    }
    assert_eq!(viewer.frame().await["type"], "snapshot");
    minutes_pass(&house, 1);
    let told = [viewer.frame().await, viewer.frame().await, viewer.frame().await];
    let kinds: Vec<String> = told.iter().map(|frame| text(&frame["type"])).collect();
    assert_eq!(kinds, ["stream_started", "track_added", "now_playing"]);
    for (path, shown) in doors(&house, &stream).await {
        assert!(shown.contains(&title), "{path}: {shown}");
    }
    let progress = |frame: &Value| frame["now_playing"]["progress_ms"].as_i64().expect("progress");
    let (then, now) = (progress(&first), progress(&told[2]));
    assert!((then..then + 60_000).contains(&now), "{now} as it was {then} ten minutes ago");
    for viewer in [viewer, host] {
        viewer.leaves().await;
    }
    house.closes().await;
}

async fn the_public_is_told_in_order_and_of_the_end_too() {
    let (house, _ann, mut host) = house().await;
    house.goes_live_before("ann", &mut host).await;
    let mut viewer = house.viewer("ann").await;
    let mut titles = Vec::new();
    for number in 0..3 {
        titles.push(house.plays_before("ann", number, &mut host).await);
        minutes_pass(&house, 1);
    }
    house.act("ann", Deed::GoOffline);
    host.sees("stream_ended").await;
    minutes_pass(&house, 9);
    for title in &titles {
        assert_eq!(hears(&mut viewer).await, *title);
    }
    assert_eq!(house.json("/api/v1/streamers/ann").await["live"], true, "the end is told later");
    assert!(house.get("/").await.1.contains(&titles[2]));
    minutes_pass(&house, 1);
    viewer.sees("stream_ended").await;
    assert_eq!(house.json("/api/v1/streamers/ann").await["live"], false);
    assert_eq!(house.list("ann").await, titles);
    for viewer in [viewer, host] {
        viewer.leaves().await;
    }
    house.closes().await;
}

async fn a_delay_can_be_chosen_and_changed_in_mid_stream() {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    house.goes_live("ann").await;
    let (mut viewer, mut host) = (house.viewer("ann").await, house.staff(&ann).await);
    let mut titles = vec![house.plays_before("ann", 0, &mut host).await];
    assert_eq!(hears(&mut viewer).await, titles[0]);
    waits(&ann, 10).await;
    titles.push(house.plays_before("ann", 1, &mut host).await);
    minutes_pass(&house, 7);
    titles.push(house.plays_before("ann", 2, &mut host).await);
    assert_eq!(house.list("ann").await, titles[..1], "what was told stays, the rest waits");
    waits(&ann, 20).await;
    minutes_pass(&house, 5);
    assert_eq!(house.list("ann").await, titles[..1], "twelve minutes are not twenty");
    waits(&ann, 10).await;
    assert_eq!(house.list("ann").await, titles[..2]);
    assert_eq!(hears(&mut viewer).await, titles[1]);
    waits(&ann, 5).await;
    titles.push(house.plays_before("ann", 3, &mut host).await);
    assert_eq!(hears(&mut viewer).await, titles[2]);
    waits(&ann, 0).await;
    assert_eq!(hears(&mut viewer).await, titles[3]);
    titles.push(house.plays("ann", 4));
    assert_eq!(hears(&mut viewer).await, titles[4]);
    house.lists("ann", &titles.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for viewer in [viewer, host] {
        viewer.leaves().await;
    }
    house.closes().await;
}

async fn a_restart_tells_nobody_anything_early() {
    let (mut house, ann, mut host) = house().await;
    house.goes_live_before("ann", &mut host).await;
    let mut titles = vec![house.plays_before("ann", 0, &mut host).await];
    minutes_pass(&house, 6);
    titles.push(house.plays_before("ann", 1, &mut host).await);
    house.stops().await;
    house.opens().await;
    let mut host = house.staff(&ann).await;
    let known = host.frame().await;
    assert_eq!((&known["live"], known["tracks"].as_array().map(Vec::len)), (&json!(true), Some(2)));
    host.leaves().await;
    let mut viewer = house.viewer("ann").await;
    let snapshot = viewer.frame().await;
    assert_eq!((&snapshot["live"], &snapshot["tracks"]), (&json!(false), &json!([])));
    minutes_pass(&house, 5);
    viewer.sees("stream_started").await;
    assert_eq!(hears(&mut viewer).await, titles[0]);
    assert_eq!(house.list("ann").await, titles[..1]);

    house.stops().await;
    house.opens().await;
    let mut back = house.viewer("ann").await;
    let snapshot = back.frame().await;
    assert_eq!((&snapshot["live"], &snapshot["tracks"][0]["name"]), (&json!(true), &json!(titles[0])));
    assert_eq!(snapshot["tracks"].as_array().map(Vec::len), Some(1));
    minutes_pass(&house, 6);
    assert_eq!(hears(&mut back).await, titles[1]);
    back.leaves().await;
    house.closes().await;
}

async fn the_public_day_turns_after_the_delay_and_a_past_day_waits_too() {
    // In Kolkata midnight is at half past six in the evening, UTC; the story begins at six.
    let (house, _ann, mut host) = house_in(Tz::Asia__Kolkata).await;
    house.goes_live_before("ann", &mut host).await;
    minutes_pass(&house, 28);
    let before = house.plays_before("ann", 0, &mut host).await;
    minutes_pass(&house, 6);
    let after = house.plays_noticed("ann", 1).await;
    assert_eq!(host.sees("day_changed").await["date"], "2026-11-21");
    let today = house.json("/api/v1/streamers/ann/tracks").await;
    assert_eq!((&today["date"], &today["tracks"]), (&json!("2026-11-20"), &json!([])));
    let day = |date: &str| format!("/api/v1/streamers/ann/tracks?date={date}");
    assert_eq!(house.get(&day("2026-11-21")).await.0, 404, "it lies ahead of what the public knows");
    minutes_pass(&house, 8);
    assert_eq!(house.json(&day("2026-11-20")).await["tracks"][0]["name"], before);
    assert_eq!(house.json("/api/v1/streamers/ann").await["days"], json!(["2026-11-20"]));
    assert!(house.list("ann").await.is_empty(), "a new day has begun");
    minutes_pass(&house, 3);
    assert_eq!(house.list("ann").await, [after]);
    host.leaves().await;
    house.closes().await;
}

on_both! {
    every_public_door_waits_and_the_staff_does_not,
    the_public_is_told_in_order_and_of_the_end_too,
    a_delay_can_be_chosen_and_changed_in_mid_stream,
    a_restart_tells_nobody_anything_early,
    the_public_day_turns_after_the_delay_and_a_past_day_waits_too,
}
