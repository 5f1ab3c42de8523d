//! The delay: whatever the public can read shows a stream as it was so long ago, and the staff as it is.
//!
//! A delay is ten minutes in these stories, and the clock is moved: nothing can be seen too early on a busy machine.

use crate::house::database::on_both;
use crate::house::viewer::Viewer;
use crate::house::{House, text};
use chrono::TimeDelta;
use chrono_tz::Tz;

const TEN_MINUTES: &str = "UPDATE users SET delay_seconds = 600 RETURNING id";
const TWENTY_MINUTES: &str = "UPDATE users SET delay_seconds = 1200 RETURNING id";
const FIVE_MINUTES: &str = "UPDATE users SET delay_seconds = 300 RETURNING id";
const NO_DELAY: &str = "UPDATE users SET delay_seconds = 0 RETURNING id";

/// A house in which ann has chosen a delay of ten minutes.
async fn house() -> House {
    house_in(Tz::UTC).await
}

async fn house_in(timezone: Tz) -> House {
    let house = House::start().await;
    house.has_streamer_in("ann", timezone).await;
    house.chooses("ann", TEN_MINUTES).await;
    house
}

fn minutes_pass(house: &House, minutes: i64) {
    house.clock.shift(TimeDelta::minutes(minutes));
}

/// What each public door shows of ann, by its path.
async fn doors(house: &House) -> Vec<(String, String)> {
    let stream = house.staff_day("ann").await.latest.stream.as_ref().map(|stream| stream.id.to_string());
    let mut shown = Vec::new();
    for path in [
        "/".to_owned(),
        "/streamers/ann/tracks/today".to_owned(),
        format!("/streamers/ann/streams/{}", stream.expect("a stream")),
        "/api/v1/streamers/ann".to_owned(),
        "/api/v1/streamers/ann/tracks".to_owned(),
        "/api/v1/streamers/ann/now.txt".to_owned(),
    ] {
        let (_, body) = house.get(&path).await;
        shown.push((path, body));
    }
    for path in ["events", "events?view=stream", "events?format=html"] {
        let path = format!("/api/v1/streamers/ann/{path}");
        let first = house.event_after(&path, None).await;
        shown.push((path, first));
    }
    for path in ["live", "live?view=stream", "live?format=html"] {
        let path = format!("/api/v1/streamers/ann/{path}");
        let mut viewer = Viewer::comes(house.addr(), &path).await.expect("an upgrade");
        shown.push((path, viewer.frame().await.to_string()));
        viewer.leaves().await;
    }
    shown
}

async fn every_public_door_waits_and_the_staff_does_not() {
    let house = house().await;
    let (mut viewer, mut host) = (house.viewer("ann").await, house.staff_viewer("ann").await);
    let (_, overlay) = house.get("/overlay/ann/now-playing").await;
    assert!(overlay.contains("/api/v1/streamers/ann/live"), "the overlay has the same socket: {overlay}");
    house.goes_live_for_the_staff("ann").await;
    let title = house.plays_for_the_staff("ann", 0).await;
    host.sees("stream_started").await;
    assert_eq!(text(&host.sees("track_added").await["track"]["name"]), title);
    let frame = host.sees("now_playing").await;
    assert_eq!(frame["now_playing"]["track"]["name"], title);

    minutes_pass(&house, 9);
    for (path, shown) in doors(&house).await {
        assert!(!shown.contains(&title) && !shown.contains("\"live\":true"), "{path}: {shown}");
    }
    assert_eq!(viewer.frame().await["type"], "snapshot");
    minutes_pass(&house, 1);
    let told = [viewer.frame().await, viewer.frame().await, viewer.frame().await];
    let kinds: Vec<String> = told.iter().map(|frame| text(&frame["type"])).collect();
    assert_eq!(kinds, ["stream_started", "track_added", "now_playing"]);
    for (path, shown) in doors(&house).await {
        assert!(shown.contains(&title), "{path}: {shown}");
    }
    let progress =
        |frame: &serde_json::Value| frame["now_playing"]["progress_ms"].as_i64().expect("progress");
    let (now, then) = (progress(&told[2]), progress(&frame));
    assert!((then..then + 30_000).contains(&now), "{now} as it was {then} ten minutes ago");
    viewer.leaves().await;
    host.leaves().await;
    house.closes().await;
}

async fn the_public_is_told_in_order_and_of_the_end_too() {
    let house = house().await;
    house.goes_live_for_the_staff("ann").await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    let mut titles = Vec::new();
    for number in 0..3 {
        titles.push(house.plays_for_the_staff("ann", number).await);
        minutes_pass(&house, 1);
    }
    house.act("ann", airlog::twins::Deed::GoOffline);
    house.staff_knows("ann", "they are off air", |day| day.stream.is_none()).await;
    minutes_pass(&house, 9);
    for title in &titles {
        assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), *title);
    }
    assert_eq!(house.json("/api/v1/streamers/ann").await["live"], true, "the end is told later");
    assert!(house.get("/").await.1.contains(&titles[2]));
    minutes_pass(&house, 2);
    viewer.sees("stream_ended").await;
    assert_eq!(house.json("/api/v1/streamers/ann").await["live"], false);
    assert_eq!(house.list("ann").await, titles);
    viewer.leaves().await;
    house.closes().await;
}

async fn a_delay_can_be_chosen_and_changed_in_mid_stream() {
    let house = House::with_ann_live().await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    let mut titles = vec![house.plays_noticed("ann", 0).await];
    viewer.sees("track_added").await;
    house.chooses("ann", TEN_MINUTES).await;
    titles.push(house.plays_for_the_staff("ann", 1).await);
    minutes_pass(&house, 7);
    titles.push(house.plays_for_the_staff("ann", 2).await);
    assert_eq!(house.list("ann").await, titles[..1], "what was told stays, the rest waits");
    house.chooses("ann", TWENTY_MINUTES).await;
    minutes_pass(&house, 5);
    assert_eq!(house.list("ann").await, titles[..1], "twelve minutes are not twenty");
    house.chooses("ann", TEN_MINUTES).await;
    assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), titles[1]);
    assert_eq!(house.list("ann").await, titles[..2]);
    house.chooses("ann", FIVE_MINUTES).await;
    titles.push(house.plays_for_the_staff("ann", 3).await);
    assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), titles[2]);
    house.chooses("ann", NO_DELAY).await;
    assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), titles[3]);
    titles.push(house.plays("ann", 4));
    assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), titles[4]);
    house.lists("ann", &titles.iter().map(String::as_str).collect::<Vec<_>>()).await;
    viewer.leaves().await;
    house.closes().await;
}

async fn a_restart_tells_nobody_anything_early() {
    let mut house = house().await;
    house.goes_live_for_the_staff("ann").await;
    let mut titles = vec![house.plays_for_the_staff("ann", 0).await];
    minutes_pass(&house, 6);
    titles.push(house.plays_for_the_staff("ann", 1).await);
    house.stops().await;
    house.opens().await;
    house.staff_knows("ann", "they know both", |day| day.tracks.len() == 2 && day.stream.is_some()).await;
    let mut viewer = house.viewer("ann").await;
    let snapshot = viewer.frame().await;
    assert_eq!((&snapshot["live"], &snapshot["tracks"]), (&false.into(), &serde_json::json!([])));
    minutes_pass(&house, 5);
    viewer.sees("stream_started").await;
    assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), titles[0]);
    assert_eq!(house.list("ann").await, titles[..1]);

    house.stops().await;
    house.opens().await;
    let mut back = house.viewer("ann").await;
    let snapshot = back.frame().await;
    assert_eq!(
        (&snapshot["live"], &snapshot["tracks"][0]["name"]),
        (&true.into(), &titles[0].clone().into())
    );
    assert_eq!(snapshot["tracks"].as_array().map(Vec::len), Some(1));
    minutes_pass(&house, 6);
    assert_eq!(text(&back.sees("track_added").await["track"]["name"]), titles[1]);
    back.leaves().await;
    house.closes().await;
}

async fn the_public_day_turns_after_the_delay_and_a_past_day_waits_too() {
    // In Kolkata midnight is at half past six in the evening, UTC; the story begins at six.
    let house = house_in(Tz::Asia__Kolkata).await;
    house.goes_live_for_the_staff("ann").await;
    minutes_pass(&house, 28);
    let before = house.plays_for_the_staff("ann", 0).await;
    minutes_pass(&house, 6);
    let after = house.plays_for_the_staff("ann", 1).await;
    assert_eq!(house.staff_day("ann").await.date.to_string(), "2026-11-21");
    let today = house.json("/api/v1/streamers/ann/tracks").await;
    assert_eq!((&today["date"], &today["tracks"]), (&"2026-11-20".into(), &serde_json::json!([])));
    let day = |date: &str| format!("/api/v1/streamers/ann/tracks?date={date}");
    assert_eq!(house.get(&day("2026-11-21")).await.0, 404, "it lies ahead of what the public knows");
    minutes_pass(&house, 8);
    let yesterday = house.json(&day("2026-11-20")).await;
    assert_eq!(yesterday["tracks"][0]["name"], before);
    assert_eq!(house.json("/api/v1/streamers/ann").await["days"], serde_json::json!(["2026-11-20"]));
    assert!(house.list("ann").await.is_empty(), "a new day has begun");
    minutes_pass(&house, 3);
    assert_eq!(house.list("ann").await, [after]);
    house.closes().await;
}

on_both! {
    every_public_door_waits_and_the_staff_does_not,
    the_public_is_told_in_order_and_of_the_end_too,
    a_delay_can_be_chosen_and_changed_in_mid_stream,
    a_restart_tells_nobody_anything_early,
    the_public_day_turns_after_the_delay_and_a_past_day_waits_too,
}
