//! Tracking by hand: start, stop, pause and back to automatic, over restarts and whatever Twitch says.

mod switched_off;
mod troubles;

use crate::house::House;
use crate::house::database::on_both;
use airlog::base::clock::Clock as _;
use airlog::live::{Doing, Refused};
use airlog::twins::{BroadcastKind, Deed};
use chrono::TimeDelta;
use std::time::Duration;

/// A house that heals all the time, in a world where Spotify tells of skipped tracks too.
async fn house() -> House {
    let house = House::with(|config| config.tracking.heal_interval = Duration::from_millis(500)).await;
    house.twins.with(|world, _| world.history_rules.keeps_skipped = true);
    house.has_streamer("ann").await;
    house
}

async fn house_with_ann_live() -> House {
    let house = house().await;
    house.goes_live("ann").await;
    house
}

fn minute(house: &House) {
    house.clock.shift(TimeDelta::minutes(1));
}

/// Waits until Spotify has been asked twice more what was played.
async fn is_healed_again(house: &House) {
    let before = house.healings("ann");
    house.eventually("two more healings", async || (house.healings("ann") >= before + 2).then_some(())).await;
}

async fn nothing_is_decided(house: &House) {
    house
        .eventually("nothing is decided by hand", async || {
            house.sql("SELECT action FROM overrides").await.is_empty().then_some(())
        })
        .await;
}

async fn a_rehearsal_is_followed_until_it_is_stopped() {
    let house = house().await;
    let ann = house.id_of("ann").await;
    assert_eq!(house.status("ann").await.doing, Doing::Idle);
    house.controls().start(ann, None).await.expect("a start");
    house.is_live("ann", true).await;
    let song = house.plays_noticed("ann", 0).await;
    let status = house.status_is("ann", "it is followed", |status| status.is_tracking).await;
    assert_eq!(status.stream.expect("a stream").twitch_id, None);
    assert!(status.last_look_at.is_some() && status.by_hand.is_some());
    house.controls().stop(ann, None).await.expect("a stop");
    house.is_live("ann", false).await;
    assert_eq!(house.status("ann").await.doing, Doing::Idle);
    let looks = house.rests("ann").await;
    house.plays("ann", 1);
    house.reconciles().await;
    assert_eq!(house.looks("ann"), looks);
    house.lists("ann", &[&song]).await;
    nothing_is_decided(&house).await;
    house.closes().await;
}

async fn a_rehearsal_survives_a_restart_and_what_twitch_says_and_ends_at_its_time() {
    let mut house = house().await;
    house.subscribes("ann").await;
    let (ann, until) = (house.id_of("ann").await, house.in_minutes(60));
    house.controls().start(ann, Some(until)).await.expect("a start");
    house.is_live("ann", true).await;
    let first = house.plays_noticed("ann", 0).await;
    house.reconciles().await;
    house.stops().await;
    house.opens().await;
    house.reconciles().await;
    let second = house.plays_noticed("ann", 1).await;
    assert_eq!(house.sql("SELECT id FROM streams").await.len(), 1);
    house.stops().await;
    house.clock.shift(TimeDelta::hours(2));
    house.opens().await;
    house.is_live("ann", false).await;
    nothing_is_decided(&house).await;
    let kept = airlog::live::store::last_stream(house.db(), ann).await.expect("an answer").expect("a stream");
    assert_eq!(kept.ended_at, Some(until), "at its time, however late that was noticed");
    house.lists("ann", &[&first, &second]).await;
    house.closes().await;
}

async fn going_live_during_a_rehearsal_goes_on_in_the_same_stream() {
    let house = house().await;
    house.subscribes("ann").await;
    let ann = house.id_of("ann").await;
    house.controls().start(ann, None).await.expect("a start");
    house.is_live("ann", true).await;
    let first = house.plays_noticed("ann", 0).await;
    house.act("ann", Deed::GoLive { kind: BroadcastKind::Live });
    house
        .status_is("ann", "Twitch knows of it", |status| {
            status.stream.as_ref().is_some_and(|stream| stream.twitch_id.is_some())
        })
        .await;
    let second = house.plays_noticed("ann", 1).await;
    assert_eq!(house.sql("SELECT id FROM streams").await.len(), 1);
    house.goes_offline("ann").await;
    nothing_is_decided(&house).await;
    house.reconciles().await;
    assert_eq!(house.status("ann").await.doing, Doing::Idle);
    house.lists("ann", &[&first, &second]).await;
    house.closes().await;
}

async fn a_stop_hides_what_plays_and_what_is_heard_until_it_is_lifted_is_nobodys_business() {
    let mut house = house_with_ann_live().await;
    let ann = house.id_of("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    assert_eq!(viewer.sees("snapshot").await["now_playing"]["track"]["name"], first);
    house.controls().stop(ann, None).await.expect("a stop");
    assert_eq!(viewer.sees("gap").await["gap"]["reason"], "paused");
    while !viewer.sees("now_playing").await["now_playing"].is_null() {}
    viewer.leaves().await;
    let looks = house.rests("ann").await;
    assert_eq!(house.status("ann").await.doing, Doing::Stopped { until: None });
    minute(&house);
    house.plays("ann", 1);
    house.reconciles().await;
    house.stops().await;
    house.opens().await;
    house.reconciles().await;
    minute(&house);
    assert_eq!((house.looks("ann"), house.pauses("ann").await), (looks, vec![false]));
    house.is_live("ann", true).await;
    let third = house.plays("ann", 2);
    house.controls().auto(ann).await.expect("automatic");
    house.lists("ann", &[&first, &third]).await;
    minute(&house);
    let fourth = house.plays_noticed("ann", 3).await;
    is_healed_again(&house).await;
    house.lists("ann", &[&first, &third, &fourth]).await;
    assert_eq!(house.pauses("ann").await, [true]);
    assert_eq!(house.sql("SELECT id FROM streams").await.len(), 1);
    assert!(house.sql("SELECT id FROM gaps WHERE healed AND reason = 'paused'").await.is_empty());
    house.closes().await;
}

async fn a_pause_ends_by_itself_at_its_time() {
    // No pass is due for hours: it wakes by itself.
    let house = House::with(|config| config.tracking.reconcile_interval = Duration::from_hours(5)).await;
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    let ann = house.id_of("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    let until = house.clock.now() + TimeDelta::milliseconds(1_500);
    house.controls().pause(ann, until).await.expect("a pause");
    house.rests("ann").await;
    let paused = |doing: &Doing| matches!(doing, Doing::Paused { until: Some(at) } if *at == until);
    let status = house.status("ann").await;
    assert!(paused(&status.doing) || house.clock.now() >= until, "{status:?}");
    let second = house.plays("ann", 1);
    house.lists("ann", &[&first, &second]).await;
    assert!(house.clock.now() >= until);
    let gaps = airlog::live::store::gaps(house.db(), status.stream.expect("a stream").id).await;
    assert_eq!(gaps.expect("gaps")[0].to, Some(until));
    nothing_is_decided(&house).await;
    house.closes().await;
}

async fn a_pause_in_a_rehearsal_leaves_it_on_air() {
    let mut house = house().await;
    let ann = house.id_of("ann").await;
    house.controls().start(ann, None).await.expect("a start");
    let first = house.plays_noticed("ann", 0).await;
    house.controls().pause(ann, house.in_minutes(30)).await.expect("a pause");
    house.rests("ann").await;
    house.stops().await;
    house.opens().await;
    house.reconciles().await;
    house.is_live("ann", true).await;
    assert!(matches!(house.status("ann").await.doing, Doing::Paused { .. }));
    house.clock.shift(TimeDelta::minutes(31));
    let second = house.plays_noticed("ann", 1).await;
    house.lists("ann", &[&first, &second]).await;
    assert_eq!(house.sql("SELECT id FROM streams").await.len(), 1);
    assert_eq!(house.sql("SELECT action FROM overrides").await, ["start"]);
    house.closes().await;
}

async fn a_stop_ends_with_the_stream_and_not_with_a_break_in_it() {
    let house = house_with_ann_live().await;
    let ann = house.id_of("ann").await;
    let first = house.plays_noticed("ann", 5).await;
    house.controls().stop(ann, None).await.expect("a stop");
    let looks = house.rests("ann").await;
    house.goes_offline("ann").await;
    house.goes_live("ann").await;
    house.reconciles().await;
    assert_eq!((house.looks("ann"), house.sql("SELECT id FROM streams").await.len()), (looks, 1));
    house.goes_offline("ann").await;
    house.clock.shift(TimeDelta::minutes(11));
    nothing_is_decided(&house).await;
    house.goes_live("ann").await;
    let second = house.plays_noticed("ann", 0).await;
    house.lists("ann", &[&first, &second]).await;
    house.closes().await;
}

async fn a_stop_while_nobody_is_on_air_is_for_the_next_stream() {
    let house = house().await;
    let ann = house.id_of("ann").await;
    house.controls().stop(ann, None).await.expect("a stop");
    house.goes_live("ann").await;
    house.reconciles().await;
    assert_eq!((house.looks("ann"), house.pauses("ann").await), (0, vec![false]));
    house.controls().start(ann, None).await.expect("a start");
    let song = house.plays_noticed("ann", 0).await;
    house.lists("ann", &[&song]).await;
    house.goes_offline("ann").await;
    nothing_is_decided(&house).await;
    house.closes().await;
}

async fn what_cannot_be_is_refused() {
    let house = house().await;
    let ann = house.id_of("ann").await;
    let controls = house.controls();
    let refusal =
        |result: anyhow::Result<()>| *result.expect_err("refused").downcast_ref::<Refused>().expect("why");
    for minutes in [-1, 8 * 24 * 60] {
        let until = house.in_minutes(minutes);
        assert_eq!(refusal(controls.start(ann, Some(until)).await), Refused::End);
        assert_eq!(refusal(controls.stop(ann, Some(until)).await), Refused::End);
        assert_eq!(refusal(controls.pause(ann, until).await), Refused::End);
    }
    house.switches("ann", false).await;
    assert_eq!(refusal(controls.start(ann, None).await), Refused::Disabled);
    house.switches("ann", true).await;
    house.sql("DELETE FROM spotify_links RETURNING id").await;
    assert_eq!(refusal(controls.start(ann, None).await), Refused::Unlinked);
    let nobody = airlog::base::id::UserId::random(house.clock.now());
    assert_eq!(refusal(controls.start(nobody, None).await), Refused::Unknown);
    nothing_is_decided(&house).await;
    house.closes().await;
}

on_both! {
    a_rehearsal_is_followed_until_it_is_stopped,
    a_rehearsal_survives_a_restart_and_what_twitch_says_and_ends_at_its_time,
    going_live_during_a_rehearsal_goes_on_in_the_same_stream,
    a_stop_hides_what_plays_and_what_is_heard_until_it_is_lifted_is_nobodys_business,
    a_pause_ends_by_itself_at_its_time,
    a_pause_in_a_rehearsal_leaves_it_on_air,
    a_stop_ends_with_the_stream_and_not_with_a_break_in_it,
    a_stop_while_nobody_is_on_air_is_for_the_next_stream,
    what_cannot_be_is_refused,
}
