//! What the public may read: pages, JSON, texts, and the 404 that looks the same for all that is not theirs to see.

use crate::house::{House, text};
use chrono_tz::Tz;
use std::num::NonZeroU32;

#[tokio::test]
async fn impossible_unknown_and_future_days_are_the_same_404() {
    let house = House::with_ann_live().await;
    for day in [
        "2026-02-30",
        "2026-13-01",
        "tomorrow",
        "9999-01-01",
        "1999-01-01",
        "2026-1-5",
        "%00",
        "today%2F..",
        "-",
    ] {
        let (status, page) = house.get(&format!("/streamers/ann/tracks/{day}")).await;
        assert_eq!(status, 404, "{day}");
        assert!(page.contains("<html"), "a page for people");
        assert_eq!(house.get(&format!("/api/v1/streamers/ann/tracks?date={day}")).await.0, 404, "{day}");
    }
    let (status, problem) = house.get("/api/v1/streamers/nobody").await;
    assert!(status == 404 && problem.contains("\"status\":404"), "{problem}");
    house.closes().await;
}

#[tokio::test]
async fn a_day_within_retention_without_music_is_an_empty_page() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    let yesterday = house.twins.with(|_, now| (now - chrono::TimeDelta::days(1)).date_naive());
    assert_eq!(house.get(&format!("/streamers/ann/tracks/{yesterday}")).await.0, 200);
    let day = house.json(&format!("/api/v1/streamers/ann/tracks?date={yesterday}")).await;
    assert_eq!((&day["tracks"], &day["live"]), (&serde_json::json!([]), &serde_json::json!(false)));
    house.closes().await;
}

#[tokio::test]
async fn a_name_that_nobody_can_have_is_not_found_whatever_the_database_says() {
    let house = House::start().await;
    house.loses_database().await;
    for login in ["%00", "an%20n", "\u{e5}nn", "..%2F..", "an-n", &"a".repeat(26)] {
        assert_eq!(house.get(&format!("/api/v1/streamers/{login}")).await.0, 404, "{login}");
        assert_eq!(house.get(&format!("/streamers/{login}/tracks/today")).await.0, 404, "{login}");
    }
    assert_eq!(house.get(&format!("/api/v1/streamers/{}", "a".repeat(25))).await.0, 500);
    house.closes().await;
}

#[tokio::test]
async fn private_lists_look_like_unknown_ones() {
    let house = House::with_ann_live().await;
    house.sql("UPDATE users SET visibility = 'private' RETURNING id").await;
    for path in [
        "/streamers/ann",
        "/streamers/ann/tracks/today",
        "/streamers/ann/streams/01a1fab7-6c52-7bb8-b54a-1f9f21c85c84",
        "/api/v1/streamers/ann",
        "/api/v1/streamers/ann/tracks",
        "/api/v1/streamers/ann/now.txt",
        "/api/v1/streamers/ann/events",
    ] {
        let (private, body) = house.get(path).await;
        let (unknown, other) = house.get(&path.replace("ann", "nobody")).await;
        assert_eq!((private, unknown), (404, 404), "{path}");
        assert_eq!(body, other, "{path} tells them apart");
    }
    let (_, home) = house.get("/").await;
    assert!(!home.contains("/streamers/ann"));
    house.closes().await;
}

#[tokio::test]
async fn the_profile_says_what_plays_and_which_days_there_are() {
    let house = House::start().await;
    house.has_streamer_in("ann", Tz::Asia__Tokyo).await;
    house.goes_live("ann").await;
    let title = house.plays_noticed("ann", 0).await;
    let profile = house.json("/api/v1/streamers/ANN").await;
    assert_eq!((text(&profile["login"]), text(&profile["timezone"])), ("ann".into(), "Asia/Tokyo".into()));
    assert_eq!(text(&profile["now_playing"]["track"]["name"]), title);
    let today = house.json("/api/v1/streamers/ann/tracks?date=today").await["date"].clone();
    assert_eq!(profile["days"], serde_json::json!([today]));
    let (_, line) = house.get("/api/v1/streamers/ann/now.txt").await;
    assert!(line.ends_with(&format!(" - {title}")), "{line}");
    house.closes().await;
}

#[tokio::test]
async fn the_days_of_a_profile_are_the_streamers_own() {
    let house = House::start().await;
    house.has_streamer_in("ann", Tz::Asia__Kolkata).await;
    // In Kolkata midnight is at half past six in the evening, UTC. The last one is more than 400 days ago.
    house
        .sql(
            "INSERT INTO stream_tracks (id, user_id, provider, uri, name, artist, artists, duration_ms,
                started_at, source, inserted_at, updated_at)
             SELECT '0193d1a0-0000-7000-8000-00000000000' || plays.column1, users.id, 'manual',
                'airlog:manual:x', 'X', 'Y', '[\"Y\"]', 1000, plays.column2, 'manual', plays.column2, plays.column2
             FROM users, (VALUES (1, '2026-11-18T18:10:00.000+00:00'), (2, '2026-11-18T18:29:59.999+00:00'),
                (3, '2026-11-18T18:30:00.000+00:00'), (4, '2026-11-10T03:00:00.000+00:00'),
                (5, '2025-10-01T03:00:00.000+00:00')) AS plays
             RETURNING id",
        )
        .await;
    let profile = house.json("/api/v1/streamers/ann").await;
    assert_eq!(profile["days"], serde_json::json!(["2026-11-19", "2026-11-18", "2026-11-10"]));
    house.closes().await;
}

#[tokio::test]
async fn an_overlay_is_always_there_and_never_shows_what_it_is_given() {
    let house = House::start().await;
    for login in ["ann", "nobody", "%3Cscript%3E", "..%2f", "%22%3E"] {
        let (status, page) = house.get(&format!("/overlay/{login}/now-playing?style=%22%3E&theme=x")).await;
        assert_eq!(status, 200, "{login}");
        assert!(!page.contains("<script>") && !page.contains("\"\">"), "{page}");
    }
    house.closes().await;
}

#[tokio::test]
async fn an_overlay_takes_any_query_and_any_name_as_often_as_it_likes() {
    let house = House::with(|config| config.limits.requests_per_minute = NonZeroU32::new(2)).await;
    for path in
        ["ann/now-playing?style=bar&style=card&theme=light", "%ff/now-playing", "ann/now-playing?%ff=%"]
    {
        assert_eq!(house.get(&format!("/overlay/{path}")).await.0, 200, "{path}");
    }
    let (_, page) = house.get("/overlay/ann/now-playing?style=bar&style=card&theme=light").await;
    assert!(
        page.contains("data-style=\"bar\" data-theme=\"light\""),
        "the first counts, and one does not spoil the other: {page}"
    );
    house.closes().await;
}

#[tokio::test]
async fn what_is_refused_is_a_problem_for_programs_and_a_page_for_people() {
    let house = House::start().await;
    for path in ["/api/v1/streamers/ann/tracks?date=a&date=b", "/api/v1/streamers/%ff"] {
        let refused = house.answer(path).await;
        assert_eq!(refused.status(), 400, "{path}");
        assert_eq!(refused.headers()["content-type"], "application/problem+json", "{path}");
        let problem: serde_json::Value = refused.json().await.expect("JSON");
        assert!(!text(&problem["detail"]).is_empty(), "{problem}");
    }
    let (status, page) = house.get("/streamers/%ff").await;
    assert!(status == 400 && page.contains("<html"), "{page}");
    let client = airlog::clients::http_client(crate::house::PATIENCE).expect("a client");
    for (path, kind) in
        [("/api/v1/streamers/ann", "application/problem+json"), ("/", "text/html; charset=utf-8")]
    {
        let refused = client.delete(house.url(path)).send().await.expect("an answer");
        assert_eq!(refused.status(), 405, "{path}");
        assert_eq!(refused.headers()["content-type"], kind, "{path}");
        assert_eq!(refused.headers()["allow"], "GET,HEAD", "{path}");
    }
    house.closes().await;
}

#[tokio::test]
async fn pages_are_safe_to_show_and_small_to_send() {
    let house = House::with_ann_live().await;
    let page = house.answer("/streamers/ann/tracks/today").await;
    let header =
        |name: &str| page.headers().get(name).map_or("", |value| value.to_str().expect("text")).to_owned();
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("vary").to_lowercase().contains("accept-language"));
    let overlay = house.answer("/overlay/ann/now-playing").await;
    let policy = overlay.headers()["content-security-policy"].to_str().expect("text");
    assert!(policy.contains("frame-ancestors *"), "OBS and others may frame it: {policy}");
    house.closes().await;
}

#[tokio::test]
async fn home_shows_who_is_on_air_and_what_plays_there() {
    let house = House::with_ann_live().await;
    house.has_streamer("bob").await;
    let title = house.plays_noticed("ann", 0).await;
    let (_, home) = house.get("/").await;
    assert!(home.contains(&title) && home.contains("href=\"/streamers/bob\""), "{home}");
    assert_eq!(house.get("/streamers/Ann").await.0, 200);
    house.closes().await;
}

#[tokio::test]
async fn health_says_that_it_lives_and_is_ready_before_anyone_is_there() {
    let house = House::start().await;
    assert_eq!(house.get("/health/live").await.0, 200);
    assert_eq!(house.json("/health/ready").await["status"], "ready");
    assert!(house.get("/metrics").await.1.contains("airlog_sessions 0"));
    house.closes().await;
}
