//! Links to Spotify are renewed in mid-stream and nothing is missed; lists that are deleted on request do not come back.

use crate::house::database::on_both;
use crate::house::person::Person;
use crate::house::sweep::{Sweeping, named_plays};
use crate::house::{House, eventually, text};
use airlog::base::clock::Clock as _;
use airlog::config::Allow;
use airlog::twins::Deed;
use chrono::TimeDelta;
use reqwest::Method;
use std::time::Duration;

/// Ann on air, healed all the time, in a world where Spotify tells of skipped tracks too.
async fn with_ann_on_air() -> (House, Person) {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.tracking.heal_interval = Duration::from_millis(500);
    })
    .await;
    house.twins.with(|world, _| {
        world.history_rules.keeps_skipped = true;
        world.history_rules.least_heard = Duration::ZERO;
    });
    let ann = house.set_up("ann").await;
    house.goes_live("ann").await;
    (house, ann)
}

async fn tracking_of(ann: &Person) -> String {
    text(&ann.asks(Method::GET, "/api/v1/me", "").await.1["tracking"]["state"])
}

async fn a_link_that_is_renewed_in_mid_stream_costs_nothing() {
    // Nobody looks whether all is well for the time being.
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.tracking.reconcile_interval = Duration::from_hours(1);
    })
    .await;
    let ann = house.set_up("ann").await;
    house.goes_live("ann").await;
    let mut titles = vec![house.plays_noticed("ann", 0).await];
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    for number in 1..4 {
        assert_eq!(ann.links_spotify().await.status, 200);
        // Whoever still looks through the old link needs a new token for it.
        house.act("ann", Deed::ExpireToken);
        assert_eq!(tracking_of(&ann).await, "following");
        let title = house.plays("ann", number);
        assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), title);
        titles.push(title);
        assert_eq!(tracking_of(&ann).await, "following");
    }
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    house.lists("ann", &titles).await;
    assert!(house.sql("SELECT reason FROM gaps WHERE reason = 'link_lost'").await.is_empty());
    let day = house.json("/api/v1/streamers/ann/tracks").await;
    assert_eq!(day["gaps"].as_array().map(Vec::len), Some(0), "{day}");
    viewer.leaves().await;
    house.closes().await;
}

async fn what_was_deleted_in_mid_stream_is_not_brought_back_by_healing() {
    let (house, ann) = with_ann_on_air().await;
    house.plays_noticed("ann", 0).await;
    house.clock.shift(TimeDelta::minutes(1));
    house.plays_noticed("ann", 1).await;
    house.clock.shift(TimeDelta::minutes(1));
    assert_eq!(ann.fills_in("/dashboard/unlink", &[("plays", "delete")]).await.status, 200);
    assert!(house.stored().await.is_empty() && house.list("ann").await.is_empty());
    // Longer than the last track was.
    house.clock.shift(TimeDelta::minutes(5));
    assert_eq!(ann.links_spotify().await.status, 200);
    house
        .eventually("ann is followed", async || (tracking_of(&ann).await == "following").then_some(()))
        .await;
    let later = house.plays_noticed("ann", 2).await;
    let healings = house.healings("ann");
    // The end of a stream is always healed.
    house.goes_offline("ann").await;
    house.eventually("it is healed", async || (house.healings("ann") > healings).then_some(())).await;
    house.lists("ann", &[&later]).await;
    assert_eq!(house.sql("SELECT DISTINCT reason FROM gaps WHERE reason <> 'paused'").await.len(), 0);
    house.clock.shift(TimeDelta::minutes(3));
    house.eventually("it is done", async || (house.sql(DONE).await.len() == 1).then_some(())).await;
    house.lists("ann", &[&later]).await;
    house.closes().await;
}

const DONE: &str = "SELECT user_id FROM erasures WHERE done_at IS NOT NULL";
/// Longer than anybody waits.
const AN_HOUR: Duration = Duration::from_hours(1);

async fn deleting_goes_on_after_a_stop_and_after_a_kill_though_nobody_waits_for_it() {
    let sweeping = Sweeping::of(0).await;
    let ann = sweeping.bare.sql("SELECT id FROM users").await.concat().parse().expect("ann");
    sweeping.bare.does(&named_plays("ann", "heard", 34, sweeping.now())).await;
    // However the machine's clock is set right meanwhile, all of them began before the wish.
    sweeping.goes_on(TimeDelta::minutes(1));
    let first = sweeping.begins(AN_HOUR);
    // Whoever asked goes away as soon as it has begun.
    tokio::select! {
        asked = first.erase(ann) => asked.expect("stored"),
        () = eventually("a batch is gone", async || (sweeping.left().await == 25).then_some(())) => {}
    }
    eventually("a batch is gone", async || (sweeping.left().await == 25).then_some(())).await;
    first.stop(AN_HOUR).await;
    let second = sweeping.begins(AN_HOUR);
    eventually("another one is", async || (sweeping.left().await == 15).then_some(())).await;
    drop(second);
    let third = sweeping.begins(Duration::ZERO);
    sweeping.keeps_nothing().await;
    third.stop(AN_HOUR).await;
    sweeping.bare.closes().await;
}

async fn what_comes_late_of_a_deleted_list_goes_too() {
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let ann = house.set_up("ann").await;
    let before = house.clock.now();
    assert_eq!(ann.fills_in("/dashboard/unlink", &[("plays", "delete")]).await.status, 200);
    // As a statement leaves it that was under way.
    house.does(&named_plays("ann", "late", 3, before)).await;
    house.eventually("it is gone", async || house.stored().await.is_empty().then_some(())).await;
    house.clock.shift(TimeDelta::minutes(3));
    house.eventually("it is done", async || (house.sql(DONE).await.len() == 1).then_some(())).await;
    house.closes().await;
}

on_both! {
    what_was_deleted_in_mid_stream_is_not_brought_back_by_healing,
    deleting_goes_on_after_a_stop_and_after_a_kill_though_nobody_waits_for_it,
    what_comes_late_of_a_deleted_list_goes_too,
    a_link_that_is_renewed_in_mid_stream_costs_nothing,
}
