//! Links to Spotify are renewed in mid-stream and nothing is missed; lists that are deleted on request do not come back.

use crate::house::House;
use crate::house::database::on_both;
use crate::house::person::Person;
use crate::house::text;
use airlog::config::Allow;
use airlog::twins::Deed;
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

on_both! {
    a_link_that_is_renewed_in_mid_stream_costs_nothing,
}
