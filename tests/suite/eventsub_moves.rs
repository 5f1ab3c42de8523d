//! What befalls sockets: they are moved, fall silent, are closed; messages come twice or not at all. Asking who is live
//! takes an hour in most of these stories, so that only what is heard on a socket can tell.

use crate::house::{House, brisk};
use airlog::config::EventSub;
use airlog::eventsub::{Pace, Standing};
use airlog::twins::{BroadcastKind, Deed};
use std::collections::BTreeSet;
use std::time::Duration;

const LIVE: Deed = Deed::GoLive { kind: BroadcastKind::Live };

/// Waits until Twitch tells of ann on other sockets than before.
async fn comes_back(house: &House, before: &BTreeSet<String>) {
    house
        .eventually("she is subscribed on a new socket", async || {
            let now = house.enabled_about("ann");
            (now.len() == 3 && now.iter().all(|(_, session)| !before.contains(session))).then_some(())
        })
        .await;
    house.stands("ann", Some(Standing::Subscribed)).await;
}

#[tokio::test]
async fn a_move_under_load_loses_nothing_and_takes_nothing_twice() {
    let house = House::listening_to_ann().await;
    house.has_listened_to("bob").await;
    house.nobody_says_who_is_live();
    let (before, mut told) = (house.sessions("ann"), 0);
    for round in 0..60 {
        if round % 10 == 3 {
            house.twins.reconnect_sockets();
        }
        for login in ["ann", "bob"] {
            for deed in [LIVE, Deed::UpdateChannel, Deed::GoOffline, Deed::UpdateChannel] {
                house.act(login, deed);
                told += 1;
            }
        }
        tokio::time::sleep(Duration::from_millis(4)).await;
    }
    house.act("ann", LIVE);
    house.hears("taken", told + 1).await;
    house.is_live("ann", true).await;
    house.is_live("bob", false).await;
    assert_eq!((house.heard("taken"), house.heard("duplicate")), (told + 1, 0));
    assert_eq!(house.sessions("ann"), before, "the session moved along");
    house
        .eventually("the old sockets are left", async || (house.twins.open_sockets() == 2).then_some(()))
        .await;
    house.closes().await;
}

#[tokio::test]
async fn what_twitch_sends_twice_is_taken_once_also_in_the_middle_of_a_move() {
    let house = House::listening_to_ann().await;
    house.twins.with(|world, _| world.post_rules.copies = 2);
    for round in 0..20 {
        if round == 10 {
            house.twins.reconnect_sockets();
        }
        house.act("ann", Deed::UpdateChannel);
        tokio::time::sleep(Duration::from_millis(4)).await;
    }
    house.act("ann", LIVE);
    house.is_live("ann", true).await;
    house.hears("duplicate", 21).await;
    assert_eq!((house.heard("taken"), house.heard("duplicate")), (21, 21));
    assert_eq!(house.sql("SELECT id FROM streams").await.len(), 1);
    house.closes().await;
}

#[tokio::test]
async fn after_silence_twitch_is_subscribed_to_anew_and_asked_what_was_missed() {
    let house = House::on_sockets(brisk()).await;
    house.twins.with(|world, _| world.pace.keepalive = Some(Duration::from_millis(200)));
    house.has_listened_to("ann").await;
    let before = house.sessions("ann");
    house.twins.silence_sockets();
    house.act("ann", LIVE);
    comes_back(&house, &before).await;
    house.is_live("ann", true).await;
    assert_eq!(house.heard("taken"), 0, "that she went live was said to nobody");
    house.act("ann", Deed::GoOffline);
    house.is_live("ann", false).await;
    assert_eq!(house.heard("taken"), 1);
    house.closes().await;
}

#[tokio::test]
async fn a_quiet_line_that_is_kept_alive_stays() {
    let house = House::on_sockets(Pace { slack: Duration::from_millis(300), ..brisk() }).await;
    house.twins.with(|world, _| world.pace.keepalive = Some(Duration::from_millis(100)));
    house.has_listened_to("ann").await;
    let before = house.sessions("ann");
    // Longer than silence may last.
    tokio::time::sleep(Duration::from_millis(1_600)).await;
    assert_eq!(house.sessions("ann"), before);
    house.closes().await;
}

#[tokio::test]
async fn after_each_close_code_it_comes_back_and_asks_what_was_missed() {
    let house = House::listening_to_ann().await;
    let mut live = false;
    for code in [4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007, 1001, 4999] {
        let (before, asked) = (house.sessions("ann"), house.asked_who_is_live());
        house.twins.close_sockets(code);
        comes_back(&house, &before).await;
        house
            .eventually("Twitch is asked who is live", async || {
                (house.asked_who_is_live() > asked).then_some(())
            })
            .await;
        live = !live;
        house.act("ann", if live { LIVE } else { Deed::GoOffline });
        house.is_live("ann", live).await;
    }
    assert_eq!(house.heard("taken"), 10);
    house.closes().await;
}

#[tokio::test]
async fn a_move_that_twitch_does_not_wait_for_is_healed() {
    let house = House::on_sockets(brisk()).await;
    house.twins.with(|world, _| world.pace.reconnect_grace = Duration::ZERO);
    house.has_listened_to("ann").await;
    for _ in 0..3 {
        house.twins.reconnect_sockets();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    house.act("ann", LIVE);
    house.is_live("ann", true).await;
    house.stands("ann", Some(Standing::Subscribed)).await;
    house.closes().await;
}

#[tokio::test]
async fn what_twitch_loses_is_found_by_asking_who_is_live() {
    let house = House::with(|config| config.twitch.eventsub = EventSub::Websocket).await;
    house.has_listened_to("ann").await;
    house.twins.with(|world, _| world.post_rules.lost = 1);
    let song = house.plays("ann", 0);
    house.act("ann", LIVE);
    house.lists("ann", &[&song]).await;
    assert_eq!(house.heard("taken"), 0);
    house.closes().await;
}
