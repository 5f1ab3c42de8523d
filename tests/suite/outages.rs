//! The database fails for a while: viewers see tracks live all the same, and afterwards every row is there once.

use crate::house::House;
use crate::house::database::{Database, on_both, told_on};
use crate::house::outage::Outage;
use airlog::app::Rig;
use airlog::twins::{Deed, Rotation};
use serde_json::{Value, json};
use std::time::Duration;

/// For so long a track is heard: minutes, as time goes here.
const A_WHILE: Duration = Duration::from_secs(1);

/// A house in which ann is live and few plays may wait; Spotify tells of skipped tracks too.
async fn house(plays_waiting: usize) -> House {
    let rig = Rig { plays_waiting, ..Rig::default() };
    let house = House::rigged(rig, |config| config.tracking.heal_interval = Duration::from_secs(1)).await;
    house.twins.with(|world, _| {
        world.history_rules.keeps_skipped = true;
        world.history_rules.least_heard = A_WHILE / 2;
    });
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    house
}

/// Lets what plays be heard, so that it can be told from what was skipped.
async fn is_heard() {
    tokio::time::sleep(A_WHILE).await;
}

/// Plays the next track after a while, and the list shows it.
async fn plays_on(house: &House, number: usize) -> String {
    is_heard().await;
    let title = house.plays("ann", number);
    let seen = async || house.list("ann").await.last().is_some_and(|last| *last == title).then_some(());
    house.eventually("the list shows it", seen).await;
    title
}

/// A minute long: nobody notices but the writer.
async fn a_short_outage(outage: Outage) {
    let house = house(100).await;
    let mut titles = vec![house.plays_noticed("ann", 0).await];
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    let ongoing = house.suffers(outage).await;
    titles.push(plays_on(&house, 1).await);
    assert_eq!(viewer.sees("track_added").await["track"]["name"], titles[1]);
    let mut newcomer = house.viewer("ann").await;
    assert_eq!(newcomer.sees("snapshot").await["tracks"].as_array().map(Vec::len), Some(2));
    titles.push(plays_on(&house, 2).await);
    for viewer in [&mut viewer, &mut newcomer] {
        assert_eq!(viewer.sees("track_added").await["track"]["name"], titles[2]);
    }
    ongoing.ends().await;
    let expected: Vec<&str> = titles.iter().map(String::as_str).collect();
    house.lists("ann", &expected).await;
    assert!(house.sql("SELECT id FROM gaps").await.is_empty(), "we never stopped looking");
    viewer.leaves().await;
    newcomer.leaves().await;
    house.closes().await;
}

/// So long that the writer is full: nobody looks, a gap says so, and healing closes it.
async fn a_long_outage(outage: Outage) {
    let house = house(2).await;
    let mut titles = vec![house.plays_noticed("ann", 0).await];
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    let ongoing = house.suffers(outage).await;
    titles.push(plays_on(&house, 1).await);
    titles.push(plays_on(&house, 2).await);
    let gap = viewer.sees("gap").await["gap"].clone();
    assert_eq!((&gap["reason"], &gap["to"]), (&json!("database"), &Value::Null));
    let looks = house.looks("ann");
    for number in 3..6 {
        is_heard().await;
        titles.push(house.plays("ann", number));
    }
    assert_eq!(house.list("ann").await, titles[..3], "new viewers see what was seen");
    assert!(house.looks("ann") <= looks + 1, "nobody looks while nothing can be kept");
    ongoing.ends().await;
    let expected: Vec<&str> = titles.iter().map(String::as_str).collect();
    house.lists("ann", &expected).await;
    house
        .eventually("the gap is healed", async || {
            let gaps = house.json("/api/v1/streamers/ann/tracks").await["gaps"].clone();
            gaps.as_array()?.iter().all(|gap| gap["healed"] == json!(true)).then_some(())
        })
        .await;
    assert_eq!(house.sql("SELECT DISTINCT reason FROM gaps").await, ["database"]);
    viewer.leaves().await;
    house.closes().await;
}

async fn a_locked_database_is_outlived() {
    a_short_outage(Outage::Locked).await;
}

async fn a_database_that_stays_locked_is_outlived() {
    a_long_outage(Outage::Locked).await;
}

async fn a_full_disk_is_outlived() {
    a_short_outage(Outage::DiskFull).await;
}

async fn a_disk_that_stays_full_is_outlived() {
    a_long_outage(Outage::DiskFull).await;
}

/// A refresh token is used once: while the database is away, the pair before the last would break the link.
#[tokio::test]
async fn a_token_refreshed_just_before_the_server_went_away_is_the_one_that_is_remembered() {
    let story = async {
        let house = house(100).await;
        house.act("ann", Deed::Rotate { rotation: Rotation::Always });
        house.plays_noticed("ann", 0).await;
        // Nobody looks between the refresh and the outage.
        let refreshes = house.refreshes("ann");
        house.act("ann", Deed::ExpireToken);
        house
            .eventually("it is refreshed", async || (house.refreshes("ann") > refreshes).then_some(()))
            .await;
        let ongoing = house.suffers(Outage::Unreachable).await;
        let song = plays_on(&house, 1).await;
        assert_eq!(house.refreshes("ann"), refreshes + 1);
        ongoing.ends().await;
        house.eventually("it is stored", async || house.stored().await.contains(&song).then_some(())).await;
        assert_eq!(house.sql("SELECT status FROM spotify_links").await, ["connected"]);
        house.closes().await;
    };
    told_on(Database::Postgres, Box::pin(story)).await;
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_outlived() {
    told_on(Database::Postgres, Box::pin(a_short_outage(Outage::Unreachable))).await;
}

#[tokio::test]
async fn a_server_that_stays_away_is_outlived() {
    told_on(Database::Postgres, Box::pin(a_long_outage(Outage::Unreachable))).await;
}

on_both! {
    a_locked_database_is_outlived,
    a_database_that_stays_locked_is_outlived,
    a_full_disk_is_outlived,
    a_disk_that_stays_full_is_outlived,
}
