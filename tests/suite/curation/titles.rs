//! What people write into a list: other titles for what was heard, and tracks that were missed.

use super::{TRACKS, healing, id_of, is_healed_again, leave, now_line, on_air};
use crate::house::database::on_both;
use crate::house::{House, text};
use airlog::twins::Deed;
use chrono::TimeDelta;
use chrono_tz::Tz;
use reqwest::Method;
use serde_json::json;

async fn a_correction_is_seen_live_and_stays() {
    let (mut house, ann) = on_air().await;
    let wrong = house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    let path = format!("{TRACKS}/{}", id_of(&ann, &wrong).await);
    let right = json!({"name": "Right", "artist": "Somebody"}).to_string();
    let (status, answer) = ann.asks(Method::PATCH, &path, &right).await;
    assert_eq!((status, &answer["name"], answer["corrected_at"].is_null()), (200, &json!("Right"), false));
    assert_eq!(viewer.sees("track_updated").await["track"]["name"], "Right");
    assert_eq!(now_line(&house).await, "Somebody - Right");
    // What the session says of the same play later on.
    house.act("ann", Deed::Pause);
    assert_eq!(viewer.sees("now_playing").await["now_playing"]["track"]["name"], "Right");
    viewer.leaves().await;
    house.stops().await;
    house.opens().await;
    house.act("ann", Deed::Resume);
    house.looks_again("ann", 3).await;
    assert_eq!((house.list("ann").await, house.stored().await.len()), (vec!["Right".to_owned()], 1));
    let original = house.sql("SELECT original FROM stream_tracks").await;
    assert!(original[0].contains(&wrong), "{original:?}");
    let (status, refused) = ann.asks(Method::PATCH, &path, r#"{"name":" "}"#).await;
    assert_eq!((status, text(&refused["detail"])), (400, "`name` must not be empty".into()));
    assert_eq!(
        ann.asks(Method::PATCH, &path, r#"{"uri":"x"}"#).await.0,
        400,
        "not everything is ours to correct"
    );
    house.closes().await;
}

async fn a_missed_track_is_added_offline_once() {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    let missed =
        json!({"name": "Missed", "artist": "Somebody", "started_at": "2026-11-20T17:00:00Z"}).to_string();
    let (status, added) = ann.asks(Method::POST, TRACKS, &missed).await;
    assert_eq!((status, &added["source"], &added["provider"]), (201, &json!("manual"), &json!("manual")));
    assert_eq!(added["uri"], format!("airlog:manual:{}", text(&added["id"])));
    assert_eq!(viewer.sees("track_added").await["track"]["id"], added["id"]);
    let (status, again) = ann.asks(Method::POST, TRACKS, &missed).await;
    assert_eq!((status, &again["id"]), (200, &added["id"]));
    assert_eq!(house.list("ann").await, ["Missed"]);
    let path = format!("{TRACKS}/{}", text(&added["id"]));
    assert_eq!(ann.asks(Method::DELETE, &path, "").await.0, 204);
    viewer.sees("track_removed").await;
    assert_eq!(ann.asks(Method::POST, TRACKS, &missed).await.0, 400, "it was removed");
    assert_eq!(ann.asks(Method::POST, &format!("{path}/restore"), "").await.0, 200);
    for (body, said) in [
        (json!({"name": "", "artist": "A"}), "`name` must not be empty"),
        (json!({"name": "A", "artist": "A", "started_at": "2026-11-21T17:00:00Z"}), "in the future"),
        (
            json!({"name": "A", "artist": "A", "started_at": "2026-10-01T17:00:00Z"}),
            "before what this list keeps",
        ),
        (json!({"name": "A", "artist": "A", "duration_ms": -1}), "a day"),
    ] {
        let (status, refused) = ann.asks(Method::POST, TRACKS, &body.to_string()).await;
        assert!(status == 400 && text(&refused["detail"]).contains(said), "{body}: {refused}");
    }
    let bob = house.logged_in("bob").await;
    for (method, path) in [
        (Method::DELETE, path.clone()),
        (Method::PATCH, path.clone()),
        (Method::POST, format!("{path}/restore")),
    ] {
        assert_eq!(bob.asks(method, &path, "{}").await.0, 404, "it is nobody else's");
    }
    assert_eq!(house.list("ann").await, ["Missed"]);
    leave(house, [viewer]).await;
}

async fn a_track_added_by_hand_stands_in_the_stream_and_disturbs_nobody() {
    let (house, ann) = healing().await;
    let first = house.plays_noticed("ann", 0).await;
    house.clock.shift(TimeDelta::minutes(1));
    let (status, added) = ann.asks(Method::POST, TRACKS, r#"{"name":"By hand","artist":"Somebody"}"#).await;
    assert_eq!(status, 201, "{added}");
    house.looks_again("ann", 2).await;
    is_healed_again(&house).await;
    assert_eq!(house.list("ann").await, [first.as_str(), "By hand"]);
    let stream = house.sql("SELECT id FROM streams").await.remove(0);
    assert!(house.get(&format!("/streamers/ann/streams/{stream}")).await.1.contains("By hand"));
    let second = house.plays_noticed("ann", 1).await;
    assert_eq!(house.list("ann").await, [first.as_str(), "By hand", &second]);
    house.closes().await;
}

on_both! {
    a_correction_is_seen_live_and_stays,
    a_missed_track_is_added_offline_once,
    a_track_added_by_hand_stands_in_the_stream_and_disturbs_nobody,
}
