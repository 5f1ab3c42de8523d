//! Healing: what no look saw is in the list all the same when Spotify tells of it, once and in its place.

use crate::house::database::on_both;
use crate::house::{House, text};
use airlog::twins::{Endpoint, FaultKind};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::time::Duration;

/// A house that heals all the time, in a world where Spotify tells of skipped tracks too.
async fn house() -> House {
    let house = House::with(|config| {
        config.tracking.poll_interval = Duration::from_secs(1);
        config.tracking.heal_interval = Duration::from_millis(500);
    })
    .await;
    house.twins.with(|world, _| world.history_rules.keeps_skipped = true);
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    house
}

fn minute(house: &House) {
    house.clock.shift(TimeDelta::minutes(1));
}

/// Plays three tracks, a minute each; nobody can look while the second is on.
async fn misses_the_second(house: &House) -> [String; 3] {
    let first = house.plays_noticed("ann", 0).await;
    minute(house);
    house.breaks("ann", FaultKind::Status(503));
    house.looks_again("ann", 1).await;
    let second = house.plays("ann", 1);
    minute(house);
    let third = house.plays("ann", 2);
    house.mends("ann");
    [first, second, third]
}

/// Waits until there are gaps and all of them are healed.
async fn gaps_are_healed(house: &House) {
    house
        .eventually("the gap is healed", async || {
            let day = house.json("/api/v1/streamers/ann/tracks").await;
            let gaps = day["gaps"].as_array().expect("gaps").clone();
            let healed = |gap: &Value| gap["healed"] == json!(true);
            (!gaps.is_empty() && gaps.iter().all(healed)).then_some(())
        })
        .await;
}

/// Waits until Spotify has been asked twice more what was played.
async fn is_healed_again(house: &House) {
    let before = house.healings("ann");
    house.eventually("two more healings", async || (house.healings("ann") >= before + 2).then_some(())).await;
}

async fn a_play_that_no_look_saw_comes_to_the_viewers_in_its_place() {
    let house = house().await;
    let mut viewer = house.viewer("ann").await;
    let [first, second, third] = misses_the_second(&house).await;
    let healed = loop {
        let added = viewer.sees("track_added").await;
        if added["track"]["name"] == json!(second) {
            break added["track"].clone();
        }
    };
    assert_eq!(healed["source"], "backfill");
    house.lists("ann", &[&first, &second, &third]).await;
    gaps_are_healed(&house).await;
    let (_, page) = house.get("/streamers/ann/tracks/today").await;
    assert!(page.contains(&text(&healed["id"])), "it is on the page");
    viewer.leaves().await;
    is_healed_again(&house).await;
    house.lists("ann", &[&first, &second, &third]).await;
    let stored = house.sql("SELECT source FROM stream_tracks ORDER BY started_at").await;
    assert_eq!(stored, ["poll", "backfill", "poll"]);
    house.closes().await;
}

async fn a_play_that_was_removed_never_returns() {
    let house = house().await;
    let [first, second, third] = misses_the_second(&house).await;
    house.lists("ann", &[&first, &second, &third]).await;
    let hide = "UPDATE stream_tracks SET hidden_at = started_at WHERE source = 'backfill' RETURNING id";
    assert_eq!(house.sql(hide).await.len(), 1);
    is_healed_again(&house).await;
    assert_eq!(house.sql("SELECT id FROM stream_tracks").await.len(), 3);
    house.closes().await;
}

async fn what_was_played_while_we_were_down_is_found_again_and_the_gap_is_healed() {
    let mut house = house().await;
    let first = house.plays_noticed("ann", 0).await;
    minute(&house);
    house.stops().await;
    let second = house.plays("ann", 1);
    minute(&house);
    let third = house.plays("ann", 2);
    minute(&house);
    let fourth = house.plays("ann", 3);
    house.opens().await;
    house.lists("ann", &[&first, &second, &third, &fourth]).await;
    gaps_are_healed(&house).await;
    assert_eq!(house.sql("SELECT DISTINCT reason FROM gaps").await, ["server_down"]);
    house.closes().await;
}

async fn a_report_that_comes_after_the_stream_is_taken_too() {
    let house = house().await;
    house.twins.with(|world, _| world.history_rules.delay = Duration::from_mins(8));
    let [first, second, third] = misses_the_second(&house).await;
    house.lists("ann", &[&first, &third]).await;
    house.goes_offline("ann").await;
    house.clock.shift(TimeDelta::minutes(9));
    house.lists("ann", &[&first, &second, &third]).await;
    house.closes().await;
}

async fn a_budget_holds_over_a_restart() {
    let mut house = House::with(|config| config.tracking.budget = Some(8)).await;
    house.has_streamer("ann").await;
    let song = house.plays("ann", 0);
    house.goes_live("ann").await;
    house.lists("ann", &[&song]).await;
    let asked = |house: &House| {
        house.twins.with(|world, _| {
            world.calls_of("ann", Endpoint::Player) + world.calls_of("ann", Endpoint::RecentlyPlayed)
        })
    };
    for _ in 0..2 {
        house.stops().await;
        house.opens().await;
        house
            .eventually("she is followed", async || (house.counted("airlog_sessions") == 1).then_some(()))
            .await;
    }
    assert!(asked(&house) <= 8, "{} requests", asked(&house));
    house.stops().await;
    house.clock.shift(TimeDelta::hours(1));
    let before = asked(&house);
    house.opens().await;
    house
        .eventually("an hour later she is looked at again", async || (asked(&house) > before).then_some(()))
        .await;
    house.closes().await;
}

on_both! {
    a_play_that_no_look_saw_comes_to_the_viewers_in_its_place,
    a_play_that_was_removed_never_returns,
    what_was_played_while_we_were_down_is_found_again_and_the_gap_is_healed,
    a_report_that_comes_after_the_stream_is_taken_too,
    a_budget_holds_over_a_restart,
}
