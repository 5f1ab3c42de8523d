//! What a streamer chooses takes effect at once, for everybody who listens; the staff hears everything.

use crate::house::database::on_both;
use crate::house::{House, text};
use chrono_tz::Tz;
use serde_json::{Value, json};

/// How many tracks a snapshot has.
fn count(snapshot: &Value) -> usize {
    snapshot["tracks"].as_array().expect("tracks").len()
}

async fn a_list_that_turns_private_sends_strangers_away_and_not_the_staff() {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    house.goes_live("ann").await;
    let (mut viewer, mut host) = (house.viewer("ann").await, house.staff(&ann).await);
    viewer.sees("snapshot").await;
    ann.chooses(&json!({"visibility": "private"})).await;
    assert_eq!(viewer.closed_with().await, 1008);
    assert_eq!(house.get("/api/v1/streamers/ann").await.0, 404);
    let title = house.plays_before("ann", 0, &mut host).await;

    ann.chooses(&json!({"visibility": "public"})).await;
    let mut back = house.viewer("ann").await;
    assert_eq!(text(&back.sees("snapshot").await["tracks"][0]["name"]), title);
    for viewer in [back, host] {
        viewer.leaves().await;
    }
    house.closes().await;
}

async fn another_time_zone_cuts_the_day_anew_in_mid_stream() {
    // It is six in the evening, UTC: eight in Helsinki, and half past eleven in Kolkata.
    let (house, ann) = House::with_ann_logged_in(Tz::Europe__Helsinki).await;
    house.goes_live("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    house.clock.shift(chrono::TimeDelta::minutes(40));
    let second = house.plays_noticed("ann", 1).await;
    let (mut viewer, mut host) = (house.viewer("ann").await, house.staff(&ann).await);
    for viewer in [&mut viewer, &mut host] {
        let snapshot = viewer.frame().await;
        assert_eq!((&snapshot["date"], count(&snapshot)), (&json!("2026-11-20"), 2));
    }
    ann.chooses(&json!({"timezone": "Asia/Kolkata"})).await;
    for viewer in [&mut viewer, &mut host] {
        let snapshot = viewer.sees("snapshot").await;
        assert_eq!((&snapshot["date"], &snapshot["live"]), (&json!("2026-11-21"), &json!(true)));
        assert_eq!((count(&snapshot), &snapshot["now_playing"]["track"]["name"]), (1, &json!(second)));
    }
    let third = house.plays("ann", 2);
    for viewer in [&mut viewer, &mut host] {
        assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), third);
    }
    assert_eq!(house.list("ann").await, [second.clone(), third.clone()]);
    let yesterday = house.json("/api/v1/streamers/ann/tracks?date=2026-11-20").await;
    assert_eq!(yesterday["tracks"][0]["name"], first);

    // And back, by somebody who does not say so: a page asks.
    house.sql("UPDATE users SET timezone = 'Europe/Helsinki' RETURNING id").await;
    assert_eq!(house.list("ann").await, [first, second, third]);
    for viewer in [&mut viewer, &mut host] {
        assert_eq!(viewer.sees("snapshot").await["date"], "2026-11-20");
    }
    for viewer in [viewer, host] {
        viewer.leaves().await;
    }
    house.closes().await;
}

async fn what_another_program_stores_takes_effect_with_the_next_look_at_who_is_live() {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    house.goes_live("ann").await;
    let (mut viewer, mut host) = (house.viewer("ann").await, house.staff(&ann).await);
    viewer.sees("snapshot").await;
    host.sees("snapshot").await;
    house.sql("UPDATE users SET delay_seconds = 3600 RETURNING id").await;
    // The two are told apart from now on, which the staff notices.
    host.sees("snapshot").await;
    let title = house.plays_before("ann", 0, &mut host).await;
    assert!(house.list("ann").await.is_empty());
    house.sql("UPDATE users SET delay_seconds = 0 RETURNING id").await;
    assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), title);
    for viewer in [viewer, host] {
        viewer.leaves().await;
    }
    house.closes().await;
}

on_both! {
    a_list_that_turns_private_sends_strangers_away_and_not_the_staff,
    another_time_zone_cuts_the_day_anew_in_mid_stream,
    what_another_program_stores_takes_effect_with_the_next_look_at_who_is_live,
}
