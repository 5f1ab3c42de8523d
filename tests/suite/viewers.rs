//! Viewers: what a socket is sent, and what becomes of those who come back, read slowly, or may not read.

use crate::house::viewer::Viewer;
use crate::house::{House, text};
use std::num::NonZeroU32;

#[tokio::test]
async fn whoever_comes_new_gets_everything_and_whoever_comes_back_what_was_missed() {
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    let snapshot = viewer.frame().await;
    assert_eq!(snapshot["type"], "snapshot");
    assert_eq!(text(&snapshot["tracks"][0]["name"]), first);
    assert_eq!(snapshot["now_playing"]["track"]["id"], snapshot["tracks"][0]["id"]);
    let cursor = viewer.cursor.clone();
    viewer.leaves().await;

    let second = house.plays_noticed("ann", 1).await;
    let mut back = house.viewer_with("ann", &format!("after={cursor}")).await;
    let missed = back.sees("track_added").await;
    assert_eq!(text(&missed["track"]["name"]), second);
    back.leaves().await;

    let mut stranger = house.viewer_with("ann", "after=nonsense-7").await;
    assert_eq!(stranger.frame().await["type"], "snapshot");
    stranger.leaves().await;
    house.closes().await;
}

#[tokio::test]
async fn how_soon_a_viewer_is_told_of_a_track_is_measured() {
    let house = House::with_ann_live().await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    for number in 0..2 {
        house.plays("ann", number);
        viewer.sees("track_added").await;
    }
    house.counts("airlog_hub_telling_seconds_count", 1).await;
    viewer.leaves().await;
    house.closes().await;
}

#[tokio::test]
async fn rows_come_as_the_page_has_them() {
    let house = House::with_ann_live().await;
    house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer_with("ann", "format=html").await;
    let snapshot = viewer.frame().await;
    assert!(snapshot.get("tracks").is_none());
    let rows = text(&snapshot["html"]);
    let (_, page) = house.get("/streamers/ann/tracks/today").await;
    // How far into the stream a track began is the page's own to say.
    for part in rows.split_inclusive("</time>") {
        assert!(page.contains(part), "the page does not have {part}");
    }

    house.plays_noticed("ann", 1).await;
    let row = viewer.sees("track_added").await;
    let older = house.json("/api/v1/streamers/ann/tracks").await["tracks"][0]["id"].clone();
    assert_eq!(row["before"], older, "the newest goes before the one that was newest");
    assert!(text(&row["html"]).contains(&text(&row["id"])));
    viewer.leaves().await;
    house.closes().await;
}

#[tokio::test]
async fn events_are_the_same_frames_and_resume_by_id() {
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    let mut events = house.answer("/api/v1/streamers/ann/events").await;
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let chunk = events.chunk().await.expect("events").expect("an event");
    let event = String::from_utf8(chunk.to_vec()).expect("text");
    assert!(event.contains("\"type\":\"snapshot\"") && event.contains(&first), "{event}");
    let id = event.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id").to_owned();
    drop(events);

    let second = house.plays_noticed("ann", 1).await;
    let client = airlog::clients::http_client(crate::house::PATIENCE).expect("a client");
    let resumed = client.get(house.url("/api/v1/streamers/ann/events")).header("Last-Event-ID", id);
    let mut events = resumed.send().await.expect("an answer");
    let mut told = String::new();
    while !told.contains(&second) {
        let chunk = events.chunk().await.expect("events").expect("an event");
        told.push_str(&String::from_utf8_lossy(&chunk));
        assert!(!told.contains("snapshot"), "{told}");
    }
    drop(events);
    house.closes().await;
}

#[tokio::test]
async fn whoever_may_not_read_gets_a_404_in_place_of_the_upgrade() {
    let house = House::start().await;
    for login in ["nobody", "..%2F..", "%00", "ann%20"] {
        let refused = Viewer::comes(house.addr(), &format!("/api/v1/streamers/{login}/live")).await;
        assert_eq!(refused.err(), Some(404), "{login}");
    }
    house.has_streamer("ann").await;
    for query in ["format=xml", "view=week", "view="] {
        let refused = Viewer::comes(house.addr(), &format!("/api/v1/streamers/ann/live?{query}")).await;
        assert_eq!(refused.err(), Some(400), "{query}");
        assert_eq!(house.get(&format!("/api/v1/streamers/ann/events?{query}")).await.0, 400, "{query}");
    }
    for view in ["day", "stream"] {
        house.viewer_with("ann", &format!("view={view}")).await.leaves().await;
    }
    house.closes().await;
}

#[tokio::test]
async fn when_the_house_is_full_one_is_asked_to_come_later() {
    let house = House::with(|config| config.limits.sockets_per_address = NonZeroU32::new(2)).await;
    house.has_streamer("ann").await;
    let mut seated = [house.viewer("ann").await, house.viewer("ann").await];
    for viewer in &mut seated {
        viewer.sees("snapshot").await;
    }
    assert_eq!(house.viewer("ann").await.closed_with().await, 1013);
    let [one, other] = seated;
    one.leaves().await;
    house
        .eventually("the seat is free", async || {
            let mut next = house.viewer("ann").await;
            let frame = next.message_kind().await;
            next.leaves().await;
            (frame == "snapshot").then_some(())
        })
        .await;
    other.leaves().await;
    house.closes().await;
}

#[tokio::test]
async fn a_stop_says_goodbye() {
    let mut house = House::with_ann_live().await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    house.stops().await;
    assert_eq!(viewer.closed_with().await, 1001);
}

#[tokio::test]
async fn one_address_that_asks_too_much_is_told_when_to_come_back() {
    let house = House::with(|config| config.limits.requests_per_minute = NonZeroU32::new(5)).await;
    house.has_streamer("ann").await;
    for _ in 0..5 {
        assert_eq!(house.get("/api/v1/streamers/ann").await.0, 200);
    }
    let refused = house.answer("/api/v1/streamers/ann").await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(house.get("/health/ready").await.0, 200, "health is always answered");
    house.closes().await;
}

#[tokio::test]
async fn whoever_is_on_air_is_read_on_while_the_database_is_away() {
    let house = House::with_ann_live().await;
    house.has_streamer("bob").await;
    let title = house.plays_noticed("ann", 0).await;
    house.loses_database().await;
    for path in [
        "/",
        "/streamers/ann/tracks/today",
        "/api/v1/streamers/Ann",
        "/api/v1/streamers/ann/tracks",
        "/api/v1/streamers/ann/now.txt",
    ] {
        let (status, body) = house.get(path).await;
        assert!(status == 200 && body.contains(&title), "{path}: {status} {body}");
    }
    let mut viewer = house.viewer("ann").await;
    assert_eq!(text(&viewer.sees("snapshot").await["tracks"][0]["name"]), title);
    viewer.leaves().await;
    assert_eq!(house.get("/api/v1/streamers/bob").await.0, 500, "nobody knows whether bob's list is public");
    house.closes().await;
}

#[tokio::test]
async fn viewers_of_a_list_that_turns_private_or_vanishes_are_sent_away() {
    let house = House::with_ann_live().await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    house.sql("UPDATE users SET visibility = 'private' RETURNING id").await;
    assert_eq!(viewer.closed_with().await, 1008);

    house.sql("UPDATE users SET visibility = 'public' RETURNING id").await;
    let mut back = house.viewer("ann").await;
    back.sees("snapshot").await;
    let title = house.plays("ann", 0);
    assert_eq!(text(&back.sees("track_added").await["track"]["name"]), title, "the list goes on");

    house.accounts().remove("ann").await.expect("a database");
    assert_eq!(back.closed_with().await, 1008);
    house.closes().await;
}
