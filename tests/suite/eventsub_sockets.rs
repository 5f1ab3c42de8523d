//! EventSub over sockets: who is subscribed, what is in the way, who is let go. Asking who is live takes an hour in these
//! stories, so that only what is heard on a socket can tell.

use crate::house::{House, brisk};
use airlog::accounts::GrantStatus;
use airlog::base::backoff::Backoff;
use airlog::config::EventSub;
use airlog::eventsub::{Pace, Standing, Trouble};
use airlog::twins::{BroadcastKind, Deed, Endpoint, Fault, FaultKind, Times};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

const LIVE: Deed = Deed::GoLive { kind: BroadcastKind::Live };
/// Within this whoever switches following on is subscribed; on a busy machine one of three tries is.
const AT_ONCE: Duration = Duration::from_secs(1);

#[tokio::test]
async fn going_live_and_offline_is_heard_without_asking() {
    let house = House::listening_to_ann().await;
    house.nobody_says_who_is_live();
    let song = house.plays("ann", 0);
    house.act("ann", LIVE);
    house.lists("ann", &[&song]).await;
    house.act("ann", Deed::GoOffline);
    house.is_live("ann", false).await;
    let kinds: BTreeSet<String> = house.enabled_about("ann").into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["channel.update", "stream.offline", "stream.online"].map(str::to_owned).into());
    house.closes().await;
}

#[tokio::test]
async fn each_streamer_has_one_socket_of_their_own() {
    let house = House::listening_to_ann().await;
    house.has_listened_to("bob").await;
    assert_eq!((house.sessions("ann").len(), house.sessions("bob").len()), (1, 1));
    assert_eq!(house.twins.open_sockets(), 2);
    house.act("bob", LIVE);
    house.is_live("bob", true).await;
    house.is_live("ann", false).await;
    house.closes().await;
}

#[tokio::test]
async fn whoever_switches_following_on_is_subscribed_within_a_second_and_off_let_go() {
    let house = House::listening_to_ann().await;
    let mut quickest = Duration::MAX;
    for _ in 0..3 {
        house.enables("ann", false).await;
        house
            .eventually("the socket is closed", async || (house.twins.open_sockets() == 0).then_some(()))
            .await;
        house.stands("ann", None).await;
        let asked = Instant::now();
        house.enables("ann", true).await;
        house
            .eventually("ann is subscribed", async || (house.enabled_about("ann").len() == 3).then_some(()))
            .await;
        quickest = quickest.min(asked.elapsed());
    }
    assert!(quickest < AT_ONCE, "{quickest:?}");
    house.act("ann", LIVE);
    house.is_live("ann", true).await;
    house.closes().await;
}

#[tokio::test]
async fn what_twitch_does_not_subscribe_now_is_shown_and_tried_again() {
    let house = House::on_sockets(brisk()).await;
    for (kind, trouble) in [
        (FaultKind::Status(503), Trouble::TwitchDown),
        (FaultKind::Status(429), Trouble::TooMany),
        (FaultKind::Forbidden, Trouble::Refused),
    ] {
        let fault = Fault::new(kind).at(Endpoint::Subscriptions);
        house.twins.with(|world, now| world.fault("ann", fault, now));
        if house.accounts().by_login("ann").await.expect("a database").is_none() {
            house.has_streamer("ann").await;
            house.lets_us_in("ann").await;
        }
        house.enables("ann", true).await;
        house.stands("ann", Some(Standing::Trouble(trouble))).await;
        house.mends("ann");
        house.stands("ann", Some(Standing::Subscribed)).await;
        house.enables("ann", false).await;
        house.stands("ann", None).await;
    }
    house.closes().await;
}

#[tokio::test]
async fn a_token_that_is_refused_is_refreshed_once_for_all_types() {
    let house = House::on_sockets(brisk()).await;
    house.has_streamer("ann").await;
    house.lets_us_in("ann").await;
    let expired = Fault::new(FaultKind::TokenExpired).at(Endpoint::Subscriptions).times(Times::Next(3));
    house.twins.with(|world, now| world.fault("ann", expired, now));
    house.subscribes("ann").await;
    assert_eq!(house.twins.with(|world, _| world.calls_of("ann", Endpoint::TwitchToken)), 1);
    house.closes().await;
}

#[tokio::test]
async fn whoever_throws_us_out_at_twitch_is_let_go_and_not_tried_again_and_again() {
    let house = House::listening_to_ann().await;
    house.has_listened_to("bob").await;
    let ann = house.streamer("ann").await;
    house.act("ann", Deed::RevokeTwitch);
    house.eventually("her socket is closed", async || (house.twins.open_sockets() == 1).then_some(())).await;
    house
        .eventually("her grant is gone", async || {
            let grant = house.accounts().grant(ann.id).await.expect("a database");
            (grant == Some(GrantStatus::Revoked)).then_some(())
        })
        .await;
    assert!(!house.streamer("ann").await.enabled, "nor is she followed");
    assert!(house.accounts().link(ann.id).await.expect("a database").is_none(), "her tokens are destroyed");
    let calls = || {
        house.twins.with(|world, _| {
            (world.calls(Endpoint::Subscriptions), world.calls_of("ann", Endpoint::TwitchToken))
        })
    };
    house.enables("ann", true).await;
    house.stands("ann", None).await;
    let before = calls();
    for _ in 0..5 {
        house.watch().wake();
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    assert_eq!((calls(), house.twins.open_sockets()), (before, 1));
    house.act("bob", LIVE);
    house.is_live("bob", true).await;

    house.lets_us_in("ann").await;
    house.subscribes("ann").await;
    house.closes().await;
}

#[tokio::test]
async fn a_subscription_that_twitch_ends_is_made_anew_on_the_same_socket() {
    let house = House::listening_to_ann().await;
    let before = house.sessions("ann");
    house.act("ann", Deed::RevokeSubscriptions);
    house.hears("revoked", 3).await;
    house.eventually("all are back", async || (house.enabled_about("ann").len() == 3).then_some(())).await;
    house.stands("ann", Some(Standing::Subscribed)).await;
    assert_eq!(house.sessions("ann"), before);
    house.act("ann", LIVE);
    house.is_live("ann", true).await;
    house.closes().await;
}

#[tokio::test]
async fn a_new_login_is_followed() {
    let house = House::listening_to_ann().await;
    let ann = house.streamer("ann").await;
    house.act("ann", Deed::Rename { to: "anna".into() });
    house.hears("taken", 1).await;
    assert_eq!(house.streamer("anna").await.id, ann.id);
    house.act("anna", LIVE);
    house.is_live("anna", true).await;
    house.closes().await;
}

const DOWN: &str = "CREATE TRIGGER down BEFORE INSERT ON air_evidence BEGIN SELECT RAISE(FAIL, 'down'); END";

#[tokio::test]
async fn what_the_database_does_not_take_is_held_until_it_does() {
    let house = House::on_sockets(brisk()).await;
    house.has_listened_to("ann").await;
    house.sql("DELETE FROM air_evidence").await;
    house.sql(DOWN).await;
    house.act("ann", LIVE);
    house.act("ann", Deed::UpdateChannel);
    house.hears("failed", 2).await;
    assert_eq!(house.heard("taken"), 0, "one waits for the other");
    house.sql("DROP TRIGGER down").await;
    house.hears("taken", 2).await;
    house.is_live("ann", true).await;
    house.closes().await;
}

#[tokio::test]
async fn while_twitch_is_away_it_is_tried_less_and_less_often_and_shown() {
    let retry = Backoff { first: Duration::from_millis(50), most: Duration::from_hours(1) };
    let house = House::paced(Pace { retry, ..brisk() }, |config| {
        config.twitch.eventsub = EventSub::Websocket;
        config.twitch.eventsub_url = "ws://127.0.0.1:9/ws".parse().expect("a URL");
    })
    .await;
    house.has_streamer("ann").await;
    house.lets_us_in("ann").await;
    house.watch().wake();
    house.stands("ann", Some(Standing::Trouble(Trouble::TwitchDown))).await;
    house.closes().await;
}

#[tokio::test]
async fn a_stop_says_goodbye_and_a_start_comes_back() {
    let mut house = House::listening_to_ann().await;
    house.stops().await;
    house.eventually("the socket is closed", async || (house.twins.open_sockets() == 0).then_some(())).await;
    house.act("ann", LIVE);
    house.opens().await;
    house.is_live("ann", true).await;
    house.subscribes("ann").await;
    assert_eq!(house.twins.open_sockets(), 1);
    house.closes().await;
}
