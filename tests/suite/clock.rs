//! Clocks: the server's own may jump, and twice a year everybody's does. The list stays what was heard, in order.

use crate::house::{House, text};
use airlog::base::clock::{Clock as _, Instant};
use airlog::twins::{Endpoint, Fault, FaultKind};
use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;
use serde_json::Value;
use std::time::Duration;

fn at(text: &str) -> Instant {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

/// A house that heals all the time, whose server has a clock of its own; Spotify tells of everything that was heard.
async fn house() -> House {
    let house = House::with_own_wall(at("2026-11-20T18:00:00Z"), |config| {
        config.tracking.heal_interval = Duration::from_millis(500);
    })
    .await;
    house.twins.with(|world, _| {
        world.history_rules.keeps_skipped = true;
        world.history_rules.least_heard = Duration::from_millis(200);
    });
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    house
}

/// Waits until healing has compared the list with what Spotify reports, which changes nothing.
async fn healing_agrees(house: &House, titles: &[String]) {
    let before = house.healings("ann");
    house.eventually("it was healed", async || (house.healings("ann") >= before + 2).then_some(())).await;
    let expected: Vec<&str> = titles.iter().map(String::as_str).collect();
    house.lists("ann", &expected).await;
}

/// How far the newest start is from the truth, which is about now.
async fn error_of_the_newest(house: &House, began: Instant) -> TimeDelta {
    let day = house.json("/api/v1/streamers/ann/tracks").await;
    let newest = day["tracks"].as_array().and_then(|tracks| tracks.last()).expect("a track").clone();
    (at(&text(&newest["started_at"])) - began).abs()
}

async fn a_wall_clock_jumps(by: TimeDelta) {
    let house = house().await;
    let mut titles = vec![house.plays_noticed("ann", 0).await];
    // In the middle of a play, back between two looks, and away again just as the track changes.
    for (number, jump) in [(1, by), (2, -by), (3, by)] {
        house.sets_wall(jump);
        house.looks_again("ann", 2).await;
        let began = house.clock.now();
        titles.push(house.plays_noticed("ann", number).await);
        assert!(error_of_the_newest(&house, began).await < TimeDelta::seconds(1));
    }
    house.sets_wall(-by);
    titles.push(house.plays_noticed("ann", 4).await);
    healing_agrees(&house, &titles).await;
    assert!(house.sql("SELECT id FROM gaps").await.is_empty(), "we never stopped looking");
    house.closes().await;
}

#[tokio::test]
async fn a_clock_that_is_put_forward_an_hour_changes_nothing() {
    a_wall_clock_jumps(TimeDelta::hours(1)).await;
}

#[tokio::test]
async fn a_clock_that_is_put_back_an_hour_changes_nothing() {
    a_wall_clock_jumps(TimeDelta::hours(-1)).await;
}

#[tokio::test]
async fn a_server_whose_clock_was_wrong_before_it_started_lists_the_truth() {
    let mut house = house().await;
    let first = house.plays_noticed("ann", 0).await;
    house.stops().await;
    house.sets_wall(TimeDelta::hours(-5));
    house.opens().await;
    house.looks_again("ann", 1).await;
    let began = house.clock.now();
    let second = house.plays_noticed("ann", 1).await;
    assert!(error_of_the_newest(&house, began).await < TimeDelta::seconds(2));
    house.lists("ann", &[&first, &second]).await;
    house.closes().await;
}

#[tokio::test]
async fn a_server_that_believes_in_tomorrow_keeps_todays_list() {
    let mut house = house().await;
    let first = house.plays_noticed("ann", 0).await;
    house.stops().await;
    house.sets_wall(TimeDelta::hours(9));
    // Nobody says by chance what time it is before the day is loaded.
    for endpoint in [Endpoint::Streams, Endpoint::Player, Endpoint::RecentlyPlayed] {
        let fault = Fault::new(FaultKind::Status(503)).at(endpoint);
        house.twins.with(|world, now| world.fault_for_all(fault, now));
    }
    house.opens().await;
    house.viewer("ann").await.leaves().await;
    house.mends("ann");
    house.twins.with(|world, _| world.clear_all_faults());
    let second = house.plays_noticed("ann", 1).await;
    house.lists("ann", &[&first, &second]).await;
    let day = house.json("/api/v1/streamers/ann/tracks").await;
    assert_eq!(day["date"], "2026-11-20", "it is not yet tomorrow");
    house.closes().await;
}

#[tokio::test]
async fn a_machine_that_slept_says_so_and_finds_out_what_was_heard() {
    let house = house().await;
    let first = house.plays_noticed("ann", 0).await;
    house.oversleeps(TimeDelta::minutes(3));
    let second = house.plays("ann", 1);
    house.oversleeps(TimeDelta::minutes(3));
    let third = house.plays("ann", 2);
    house.lists("ann", &[&first, &second, &third]).await;
    assert_eq!(house.sql("SELECT DISTINCT reason FROM gaps").await, ["server_down"]);
    house.closes().await;
}

/// A stream in Paris through the night in which the clocks change, at `change`, with a track every twenty minutes.
async fn a_night_in_paris(begins: &str, date: &str) {
    let house = House::with_own_wall(at(begins), |_| {}).await;
    house.has_streamer_in("ann", Tz::Europe__Paris).await;
    house.goes_live("ann").await;
    let mut titles = Vec::new();
    for number in 0..6 {
        titles.push(house.plays_noticed("ann", number).await);
        house.oversleeps(TimeDelta::minutes(20));
    }
    let day = house.json(&format!("/api/v1/streamers/ann/tracks?date={date}")).await;
    let tracks = day["tracks"].as_array().expect("tracks").clone();
    let told: Vec<String> = tracks.iter().map(|track| text(&track["name"])).collect();
    assert_eq!(told, titles, "one row each, in order, all on {date}");
    let starts: Vec<Instant> = tracks.iter().map(|track| at(&text(&track["started_at"]))).collect();
    let apart = |pair: &[Instant]| (pair[1] - pair[0] - TimeDelta::minutes(20)).abs() < TimeDelta::seconds(5);
    assert!(starts.windows(2).all(apart), "{starts:?}");
    assert_eq!(day["date"], Value::from(date));
    house.closes().await;
}

#[tokio::test]
async fn the_night_with_an_hour_twice_has_every_track_once() {
    // At 01:00 UTC it is three o'clock in Paris, and then two again.
    a_night_in_paris("2026-10-25T00:10:00Z", "2026-10-25").await;
}

#[tokio::test]
async fn the_night_with_an_hour_less_has_every_track_in_order() {
    a_night_in_paris("2027-03-28T00:10:00Z", "2027-03-28").await;
}
