//! Switching tracking off and on again in mid-stream.

use super::{house, is_healed_again, minute, nothing_is_decided};
use crate::house::House;
use crate::house::database::on_both;
use airlog::live::Doing;
use airlog::twins::{Endpoint, Fault, FaultKind};
use std::time::Duration;
use tokio::time::Instant;

async fn switching_off_ends_everything_at_once_even_while_twitch_hangs() {
    let house = House::with(|config| {
        config.tracking.request_timeout = Duration::from_mins(1);
        config.tracking.heal_interval = Duration::from_millis(500);
    })
    .await;
    house.twins.with(|world, _| world.history_rules.keeps_skipped = true);
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    house.twins.with(|world, now| {
        let hangs = Fault { endpoint: Some(Endpoint::Streams), ..Fault::new(FaultKind::Hang) };
        world.fault_for_all(hangs, now);
    });
    let since = Instant::now();
    house.switches("ann", false).await;
    house.is_live("ann", false).await;
    let looks = house.rests("ann").await;
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}: Twitch was waited for", since.elapsed());
    assert_eq!(house.status("ann").await.doing, Doing::Disabled);
    minute(&house);
    house.plays("ann", 1);
    minute(&house);
    assert_eq!(house.looks("ann"), looks);
    let third = house.plays("ann", 2);
    house.switches("ann", true).await;
    house.lists("ann", &[&first, &third]).await;
    minute(&house);
    let fourth = house.plays_noticed("ann", 3).await;
    is_healed_again(&house).await;
    house.lists("ann", &[&first, &third, &fourth]).await;
    assert_eq!(house.sql("SELECT id FROM streams").await.len(), 1);
    house.closes().await;
}

async fn switching_off_forgets_what_was_decided_by_hand() {
    let house = house().await;
    let ann = house.id_of("ann").await;
    house.controls().start(ann, None).await.expect("a start");
    house.plays_noticed("ann", 0).await;
    house.switches("ann", false).await;
    house.is_live("ann", false).await;
    nothing_is_decided(&house).await;
    house.switches("ann", true).await;
    house.reconciles().await;
    house.is_live("ann", false).await;
    house.closes().await;
}

on_both! {
    switching_off_ends_everything_at_once_even_while_twitch_hangs,
    switching_off_forgets_what_was_decided_by_hand,
}
