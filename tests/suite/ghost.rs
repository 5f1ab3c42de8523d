//! Ghost mode: from the moment it goes on nothing new reaches the public, whatever happens, and what was heard meanwhile
//! stays hidden until somebody undoes it.

use crate::curation::{healing, is_healed_again, on_air, presses, sees, undoes};
use crate::house::House;
use crate::house::database::on_both;
use crate::house::person::Person;
use airlog::twins::FaultKind;
use chrono::TimeDelta;
use chrono_tz::Tz;
use reqwest::Method;
use serde_json::{Value, json};

/// Since when ghost mode is on, as ann's profile says it.
async fn since(ann: &Person) -> Value {
    ann.asks(Method::GET, "/api/v1/me", "").await.1["ghost"].clone()
}

async fn what_is_heard_meanwhile_is_nobodys_over_a_restart_until_it_is_undone() {
    let (mut house, ann) = on_air().await;
    let mut viewer = house.viewer("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    viewer.sees("now_playing").await;
    let act = presses(&ann, "ghost_on").await;
    assert_eq!(viewer.frame().await["now_playing"], Value::Null, "at once");
    assert!(!since(&ann).await.is_null());
    assert_eq!(presses(&ann, "ghost_on").await, act, "it is on already");
    let second = house.plays_noticed("ann", 1).await;
    assert_eq!(house.list("ann").await, [first.as_str()], "what was told stays");
    assert!(
        house.get("/dashboard").await.0 == 401
            && ann.opens("/dashboard").await.body.contains("Ghost mode is on.")
    );
    viewer.leaves().await;

    house.stops().await;
    house.opens().await;
    let mut viewer = house.viewer("ann").await;
    assert_eq!(viewer.frame().await["now_playing"], Value::Null);
    let third = house.plays_noticed("ann", 2).await;
    assert!(!since(&ann).await.is_null());
    presses(&ann, "ghost_off").await;
    assert!(since(&ann).await.is_null());
    house.looks_again("ann", 3).await;
    assert_eq!(house.list("ann").await, [first.as_str()], "what still plays stays hidden");
    let fourth = house.plays_noticed("ann", 3).await;
    assert_eq!(viewer.frame().await["track"]["name"], fourth, "nobody was told of anything else");
    let hidden =
        [(first.clone(), false), (second.clone(), true), (third.clone(), true), (fourth.clone(), false)];
    assert_eq!(sees(&ann).await, hidden);
    undoes(&ann, &act).await;
    for title in [&second, &third] {
        assert_eq!(viewer.sees("track_added").await["track"]["name"], *title);
    }
    assert_eq!(house.list("ann").await, [first, second, third, fourth]);
    assert_eq!(house.sql("SELECT deed FROM audit ORDER BY id").await, ["ghost_on", "ghost_off", "undone"]);
    viewer.leaves().await;
    house.closes().await;
}

async fn undoing_it_while_it_is_on_switches_it_off() {
    let (house, ann) = on_air().await;
    let act = presses(&ann, "ghost_on").await;
    let first = house.plays_noticed("ann", 0).await;
    assert!(house.list("ann").await.is_empty());
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    undoes(&ann, &act).await;
    assert_eq!(viewer.sees("track_added").await["track"]["name"], first);
    assert_eq!(viewer.sees("now_playing").await["now_playing"]["track"]["name"], first);
    assert!(since(&ann).await.is_null());
    viewer.leaves().await;
    house.closes().await;
}

async fn switched_on_and_off_by_mistake_it_changes_nothing() {
    let (house, ann) = on_air().await;
    let first = house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    presses(&ann, "ghost_on").await;
    assert_eq!(viewer.sees("now_playing").await["now_playing"], Value::Null);
    presses(&ann, "ghost_off").await;
    assert_eq!(viewer.sees("now_playing").await["now_playing"]["track"]["name"], first);
    viewer.leaves().await;
    house.closes().await;
}

/// Nobody looks while the second plays, so it is found out after ghost mode.
async fn what_is_found_out_later_is_as_hidden() {
    let (house, ann) = healing().await;
    let first = house.plays_noticed("ann", 0).await;
    house.clock.shift(TimeDelta::minutes(1));
    let act = presses(&ann, "ghost_on").await;
    house.breaks("ann", FaultKind::Status(503));
    house.looks_again("ann", 1).await;
    let second = house.plays("ann", 1);
    house.clock.shift(TimeDelta::minutes(1));
    let third = house.plays("ann", 2);
    house.clock.shift(TimeDelta::seconds(20));
    presses(&ann, "ghost_off").await;
    house.mends("ann");
    let expected = [(first.clone(), false), (second.clone(), true), (third.clone(), true)];
    house.eventually("all is found out", async || (sees(&ann).await == expected).then_some(())).await;
    assert_eq!(house.list("ann").await, [first.as_str()]);
    is_healed_again(&house).await;
    assert_eq!(house.list("ann").await, [first.as_str()]);
    undoes(&ann, &act).await;
    house.lists("ann", &[&first, &second, &third]).await;
    house.closes().await;
}

async fn what_a_delay_holds_back_is_never_told() {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    ann.chooses(&json!({"delay_seconds": 600})).await;
    let (mut host, mut viewer) = (house.staff(&ann).await, house.viewer("ann").await);
    viewer.sees("snapshot").await;
    house.goes_live_before("ann", &mut host).await;
    let first = house.plays_before("ann", 0, &mut host).await;
    house.clock.shift(TimeDelta::minutes(11));
    assert_eq!(viewer.sees("track_added").await["track"]["name"], first);
    viewer.sees("now_playing").await;
    let second = house.plays_before("ann", 1, &mut host).await;
    let act = presses(&ann, "ghost_on").await;
    assert_eq!(viewer.frame().await["now_playing"], Value::Null, "at once");
    presses(&ann, "ghost_off").await;
    house.clock.shift(TimeDelta::minutes(11));
    let third = house.plays_before("ann", 2, &mut host).await;
    house.clock.shift(TimeDelta::minutes(11));
    assert_eq!(viewer.sees("track_added").await["track"]["name"], third);
    assert_eq!(house.list("ann").await, [first.as_str(), &third]);
    undoes(&ann, &act).await;
    assert_eq!(house.list("ann").await, [first, second, third]);
    for viewer in [viewer, host] {
        viewer.leaves().await;
    }
    house.closes().await;
}

on_both! {
    what_is_heard_meanwhile_is_nobodys_over_a_restart_until_it_is_undone,
    undoing_it_while_it_is_on_switches_it_off,
    switched_on_and_off_by_mistake_it_changes_nothing,
    what_is_found_out_later_is_as_hidden,
    what_a_delay_holds_back_is_never_told,
}
