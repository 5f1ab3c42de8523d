//! What a streamer chooses takes effect at once, for everybody who listens; the staff hears everything.

use crate::house::database::on_both;
use crate::house::{House, text};
use chrono_tz::Tz;

async fn a_list_that_turns_private_sends_strangers_away_and_not_the_staff() {
    let house = House::with_ann_live().await;
    let (mut viewer, mut host) = (house.viewer("ann").await, house.staff_viewer("ann").await);
    for viewer in [&mut viewer, &mut host] {
        viewer.sees("snapshot").await;
    }
    house.chooses("ann", "UPDATE users SET visibility = 'private' RETURNING id").await;
    assert_eq!(viewer.closed_with().await, 1008);
    assert_eq!(house.get("/api/v1/streamers/ann").await.0, 404);
    let title = house.plays("ann", 0);
    assert_eq!(text(&host.sees("track_added").await["track"]["name"]), title);

    house.chooses("ann", "UPDATE users SET visibility = 'public' RETURNING id").await;
    let mut back = house.viewer("ann").await;
    assert_eq!(text(&back.sees("snapshot").await["tracks"][0]["name"]), title);
    back.leaves().await;
    host.leaves().await;
    house.closes().await;
}

async fn staff_that_loses_its_role_is_sent_away_and_not_the_public() {
    let house = House::with_ann_live().await;
    let (mut viewer, mut host) = (house.viewer("ann").await, house.staff_viewer("ann").await);
    host.sees("snapshot").await;
    house.hub().close_staff(house.id_of("ann").await).await;
    assert_eq!(host.closed_with().await, 1008);
    let title = house.plays("ann", 0);
    assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), title);
    viewer.leaves().await;
    house.closes().await;
}

async fn another_time_zone_cuts_the_day_anew_in_mid_stream() {
    let house = House::start().await;
    // It is six in the evening, UTC: eight in Helsinki, and half past eleven in Kolkata.
    house.has_streamer_in("ann", Tz::Europe__Helsinki).await;
    house.goes_live("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    house.clock.shift(chrono::TimeDelta::minutes(40));
    let second = house.plays_noticed("ann", 1).await;
    let (mut viewer, mut host) = (house.viewer("ann").await, house.staff_viewer("ann").await);
    for viewer in [&mut viewer, &mut host] {
        let snapshot = viewer.frame().await;
        assert_eq!(
            (&snapshot["date"], snapshot["tracks"].as_array().map(Vec::len)),
            (&"2026-11-20".into(), Some(2))
        );
    }
    house.chooses("ann", "UPDATE users SET timezone = 'Asia/Kolkata' RETURNING id").await;
    for viewer in [&mut viewer, &mut host] {
        let snapshot = viewer.sees("snapshot").await;
        assert_eq!((&snapshot["date"], &snapshot["live"]), (&"2026-11-21".into(), &true.into()));
        assert_eq!(snapshot["tracks"].as_array().map(Vec::len), Some(1));
        assert_eq!(snapshot["now_playing"]["track"]["name"], second);
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
    viewer.leaves().await;
    host.leaves().await;
    house.closes().await;
}

async fn what_another_program_stores_takes_effect_with_the_next_look_at_who_is_live() {
    let house = House::with_ann_live().await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    house.sql("UPDATE users SET delay_seconds = 3600, name = 'Annie' RETURNING id").await;
    house.staff_knows("ann", "the delay holds", |day| day.terms.delay.num_seconds() == 3_600).await;
    let title = house.plays_for_the_staff("ann", 0).await;
    assert!(house.list("ann").await.is_empty());
    assert_eq!(house.staff_day("ann").await.streamer.name, "Annie");
    house.sql("UPDATE users SET delay_seconds = 0 RETURNING id").await;
    assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), title);
    viewer.leaves().await;
    house.closes().await;
}

on_both! {
    a_list_that_turns_private_sends_strangers_away_and_not_the_staff,
    staff_that_loses_its_role_is_sent_away_and_not_the_public,
    another_time_zone_cuts_the_day_anew_in_mid_stream,
    what_another_program_stores_takes_effect_with_the_next_look_at_who_is_live,
}
