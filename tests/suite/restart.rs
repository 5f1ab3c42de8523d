//! Restarts in the middle of an evening: the same stream goes on, nothing is lost, nothing doubled.

use crate::house::House;
use crate::house::database::on_both;
use crate::house::outage::Outage;

async fn a_restart_goes_on_with_the_same_stream_and_play() {
    let mut house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    house.stops().await;
    house.opens().await;
    house.looks_again("ann", 2).await;
    house.lists("ann", &[&first]).await;
    let second = house.plays_noticed("ann", 1).await;
    house.lists("ann", &[&first, &second]).await;
    assert_eq!(house.sql("SELECT id FROM streams").await.len(), 1);
    house.closes().await;
}

async fn a_stop_stores_what_viewers_have_just_seen() {
    let mut house = House::with_ann_live().await;
    let mut viewer = house.viewer("ann").await;
    house.looks_again("ann", 1).await;
    let lock = house.suffers(Outage::Locked).await;
    let title = house.plays("ann", 0);
    viewer.sees("track_added").await;
    assert!(house.stored().await.is_empty(), "the database is locked");
    tokio::join!(house.stops(), lock.ends());
    house.opens().await;
    house.lists("ann", &[&title]).await;
    house.closes().await;
}

async fn a_stream_that_ended_while_we_were_down_is_closed() {
    let mut house = House::with_ann_live().await;
    let song = house.plays_noticed("ann", 0).await;
    house.stops().await;
    // The messages of this reach nobody.
    house.twins.with(|world, now| world.go_offline("ann", now));
    house.opens().await;
    house.clock.shift(chrono::TimeDelta::minutes(11));
    house.is_live("ann", false).await;
    house.lists("ann", &[&song]).await;
    assert_eq!(house.sql("SELECT id FROM streams WHERE ended_at IS NOT NULL").await.len(), 1);
    house.closes().await;
}

async fn a_viewer_comes_back_after_a_restart_and_has_the_whole_list() {
    let mut house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    let cursor = viewer.cursor.clone();
    house.stops().await;
    house.opens().await;
    let second = house.plays_noticed("ann", 1).await;
    let mut back = house.viewer_with("ann", &format!("after={cursor}")).await;
    let snapshot = back.frame().await;
    assert_eq!(snapshot["type"], "snapshot", "a cursor of another life resumes nothing");
    let titles: Vec<_> =
        snapshot["tracks"].as_array().expect("tracks").iter().map(|track| &track["name"]).collect();
    assert_eq!(titles, [first.as_str(), second.as_str()]);
    back.leaves().await;
    house.closes().await;
}

on_both! {
    a_restart_goes_on_with_the_same_stream_and_play,
    a_stop_stores_what_viewers_have_just_seen,
    a_stream_that_ended_while_we_were_down_is_closed,
    a_viewer_comes_back_after_a_restart_and_has_the_whole_list,
}
