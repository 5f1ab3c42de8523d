//! Panics anywhere: whoever picks them up, nothing is doubled, and neighbours and viewers notice nothing.

use crate::house::House;
use crate::house::database::on_both;
use crate::house::mishaps::Trouble;
use airlog::base::mishap::Place;
use airlog::twins::{Deed, Fault, FaultKind};
use std::time::Duration;

const FAILED: &str = "airlog_session_failures_total";

/// A house in which ann and bob are live, and what can go wrong in it.
async fn troubled_house() -> (House, Trouble) {
    let trouble = Trouble::default();
    let house = House::rigged(trouble.rig(), |config| {
        config.tracking.heal_interval = Duration::from_millis(500);
    })
    .await;
    for login in ["ann", "bob"] {
        house.has_streamer(login).await;
        house.goes_live(login).await;
    }
    (house, trouble)
}

/// Waits until a streamer's list is this.
async fn lists(house: &House, login: &str, titles: &[&str]) {
    house
        .eventually(&format!("{login}'s list is {titles:?}"), async || {
            (house.list(login).await == titles).then_some(())
        })
        .await;
}

async fn a_session_that_panics_comes_back_and_nobody_notices() {
    let (house, trouble) = troubled_house().await;
    let (first, bobs) = (house.plays_noticed("ann", 0).await, house.plays_noticed("bob", 5).await);
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    trouble.strikes(Place::Session, "ann");
    house.counts(FAILED, 1).await;
    house.looks_again("bob", 2).await;
    let second = house.plays_noticed("ann", 1).await;
    let told = viewer.sees("track_added").await;
    assert_eq!(told["track"]["name"], second, "nothing was told twice on the way");
    lists(&house, "ann", &[&first, &second]).await;
    lists(&house, "bob", &[&bobs]).await;
    assert_eq!(house.counted(FAILED), 1, "one failed, and once");
    viewer.leaves().await;
    house.closes().await;
}

async fn what_viewers_were_told_is_stored_although_the_session_died_of_it() {
    let (house, trouble) = troubled_house().await;
    let first = house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    trouble.strikes(Place::Told, "ann");
    let second = house.plays("ann", 1);
    let told = viewer.sees("track_added").await["track"].clone();
    assert_eq!(told["name"], second);
    // It is over before anybody could see it again.
    let third = house.plays("ann", 2);
    assert_eq!(viewer.sees("track_added").await["track"]["name"], third, "nothing was told twice");
    house.lists("ann", &[&first, &second, &third]).await;
    assert_eq!(house.sql("SELECT id FROM stream_tracks ORDER BY started_at").await[1], told["id"]);
    viewer.leaves().await;
    house.closes().await;
}

async fn a_crash_loop_does_not_spin_is_stored_and_ends_by_itself() {
    let (house, trouble) = troubled_house().await;
    house.plays_noticed("bob", 5).await;
    trouble.strikes_often(Place::Session, "ann", 3);
    house.counts(FAILED, 3).await;
    let stored = "SELECT times || ' ' || reason FROM session_crashes";
    let rows = house
        .eventually("the loop is stored", async || {
            let rows = house.sql(stored).await;
            rows.iter().any(|row| row.starts_with('3')).then_some(rows)
        })
        .await;
    assert_eq!(rows, ["3 it panicked: ann was struck at Session, as the story wants"]);
    let song = house.plays("ann", 0);
    lists(&house, "ann", &[&song]).await;
    assert_eq!(house.counted(FAILED), 3);
    house.closes().await;
}

async fn a_registry_that_dies_is_started_again_and_knows_who_rests() {
    let (house, trouble) = troubled_house().await;
    let first = house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    trouble.strikes(Place::Session, "bob");
    house.counts(FAILED, 1).await;
    house
        .eventually("it is stored", async || {
            (house.sql("SELECT reason FROM session_crashes").await.len() == 1).then_some(())
        })
        .await;
    trouble.strikes(Place::Registry, "");
    house.eventually("the registry died", async || trouble.has_struck().then_some(())).await;
    let second = house.plays("ann", 1);
    assert_eq!(viewer.sees("track_added").await["track"]["name"], second);
    house.lists("ann", &[&first, &second]).await;
    house.looks_again("bob", 2).await;
    trouble.strikes(Place::Session, "bob");
    house
        .eventually("the second failure in a row is counted as such", async || {
            (house.sql("SELECT times || '' FROM session_crashes").await == ["2"]).then_some(())
        })
        .await;
    viewer.leaves().await;
    house.closes().await;
}

async fn a_look_that_panics_leaves_the_next_one_pending() {
    let (house, trouble) = troubled_house().await;
    trouble.strikes_often(Place::Look, "ann", 2);
    house.eventually("it struck", async || trouble.has_struck().then_some(())).await;
    let song = house.plays("ann", 0);
    lists(&house, "ann", &[&song]).await;
    assert_eq!(house.counted(FAILED), 0, "a look is not a session");
    house.closes().await;
}

async fn one_streamer_who_cannot_be_reconciled_or_healed_holds_up_nobody() {
    let (house, trouble) = troubled_house().await;
    house.has_streamer("cleo").await;
    trouble.strikes_often(Place::Reconciling, "ann", usize::MAX);
    trouble.strikes(Place::Healing, "");
    house.goes_live("cleo").await;
    let (anns, cleos) = (house.plays("ann", 0), house.plays("cleo", 3));
    lists(&house, "cleo", &[&cleos]).await;
    lists(&house, "ann", &[&anns]).await;
    let healed = "SELECT id FROM streams WHERE heal_at IS NOT NULL";
    assert_eq!(house.sql(healed).await.len(), 3, "whose healing failed is healed later");
    house.closes().await;
}

async fn a_streamer_who_is_removed_after_a_crash_holds_up_nobody() {
    let (house, trouble) = troubled_house().await;
    house.has_streamer("cleo").await;
    trouble.strikes(Place::Session, "ann");
    house.counts(FAILED, 1).await;
    assert!(house.accounts().remove("ann").await.expect("gone"));
    house.goes_live("cleo").await;
    let song = house.plays("cleo", 3);
    lists(&house, "cleo", &[&song]).await;
    house.closes().await;
}

async fn numbers_that_no_calendar_counts_with_do_no_harm() {
    let (house, _) = troubled_house().await;
    let first = house.plays_noticed("ann", 0).await;
    let healings = house.healings("ann");
    house.act("ann", Deed::Fault(Fault::new(FaultKind::Poison)));
    lists(&house, "ann", &[&first, "Poison"]).await;
    house
        .eventually("poison was read as history too", async || {
            (house.healings("ann") >= healings + 2).then_some(())
        })
        .await;
    house.mends("ann");
    let second = house.plays_noticed("ann", 1).await;
    lists(&house, "ann", &[&first, "Poison", &second]).await;
    assert_eq!(house.counted(FAILED), 0);
    house.closes().await;
}

on_both! {
    a_session_that_panics_comes_back_and_nobody_notices,
    what_viewers_were_told_is_stored_although_the_session_died_of_it,
    a_crash_loop_does_not_spin_is_stored_and_ends_by_itself,
    a_registry_that_dies_is_started_again_and_knows_who_rests,
    a_look_that_panics_leaves_the_next_one_pending,
    one_streamer_who_cannot_be_reconciled_or_healed_holds_up_nobody,
    a_streamer_who_is_removed_after_a_crash_holds_up_nobody,
    numbers_that_no_calendar_counts_with_do_no_harm,
}
