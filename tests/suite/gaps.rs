//! Gaps: where we could not look, the list says so, to viewers at once and to everybody later.

use crate::house::database::on_both;
use crate::house::{House, text};
use airlog::twins::{FaultKind, RetryAfter};
use serde_json::{Value, json};

/// Today's gaps, as the API has them.
async fn gaps(house: &House) -> Vec<Value> {
    house.json("/api/v1/streamers/ann/tracks").await["gaps"].as_array().expect("gaps").clone()
}

/// Waits until there is one gap and it is as `is` says.
async fn one_gap(house: &House, what: &str, is: impl Fn(&Value) -> bool) -> Value {
    house
        .eventually(what, async || match gaps(house).await.as_slice() {
            [gap] if is(gap) => Some(gap.clone()),
            _ => None,
        })
        .await
}

fn is_open(gap: &Value) -> bool {
    gap["to"].is_null()
}

async fn an_outage_of_spotify_is_told_stored_and_closed() {
    let house = House::with_ann_live().await;
    house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;

    house.breaks("ann", FaultKind::Status(503));
    let opened = viewer.sees("gap").await["gap"].clone();
    assert_eq!((&opened["reason"], is_open(&opened)), (&json!("spotify_down"), true));
    let (_, page) = house.get("/streamers/ann/tracks/today").await;
    assert!(page.contains(&text(&opened["id"])), "the page says so");

    house.mends("ann");
    house.plays("ann", 1);
    let closed = viewer.sees("gap").await["gap"].clone();
    assert_eq!((&closed["id"], is_open(&closed)), (&opened["id"], false));
    viewer.leaves().await;
    assert_eq!(one_gap(&house, "the gap is closed", |gap| !is_open(gap)).await, closed);
    let id = text(&closed["id"]);
    house
        .eventually("it is stored", async || {
            let stored =
                house.sql("SELECT id FROM gaps WHERE to_at IS NOT NULL AND reason = 'spotify_down'").await;
            (stored == [id.as_str()]).then_some(())
        })
        .await;
    house.closes().await;
}

async fn a_hiccup_in_which_nothing_was_missed_is_healed_at_once() {
    let house = House::with_ann_live().await;
    let song = house.plays_noticed("ann", 0).await;
    house.breaks("ann", FaultKind::RateLimited(RetryAfter::Seconds(1)));
    one_gap(&house, "a gap is open", is_open).await;
    house.mends("ann");
    let gap = one_gap(&house, "the gap is closed", |gap| !is_open(gap)).await;
    assert_eq!((&gap["reason"], &gap["healed"]), (&json!("rate_limited"), &json!(true)));
    let (_, page) = house.get("/streamers/ann/tracks/today").await;
    assert!(!page.contains(&text(&gap["id"])), "a healed gap leaves the page");
    house.lists("ann", &[&song]).await;
    house.closes().await;
}

async fn a_gap_outlives_a_restart_and_ends_with_the_stream() {
    let mut house = House::with_ann_live().await;
    house.plays_noticed("ann", 0).await;
    house.breaks("ann", FaultKind::PremiumRequired);
    let opened = one_gap(&house, "a gap is open", is_open).await;
    assert_eq!(opened["reason"], "link_lost");
    house.stops().await;
    house.opens().await;
    let same = one_gap(&house, "the gap is still open", is_open).await;
    assert_eq!(same["id"], opened["id"]);
    house.goes_offline("ann").await;
    one_gap(&house, "the gap is closed", |gap| !is_open(gap)).await;
    assert!(house.sql("SELECT id FROM gaps WHERE to_at IS NULL").await.is_empty());
    house.closes().await;
}

on_both! {
    an_outage_of_spotify_is_told_stored_and_closed,
    a_hiccup_in_which_nothing_was_missed_is_healed_at_once,
    a_gap_outlives_a_restart_and_ends_with_the_stream,
}
