//! EventSub over sockets: heard at once, moved without a loss, back after whatever happens. Asking who is live takes an
//! hour in most of these stories, so that only what is heard on a socket can tell.

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
/// What the longest of three tries may have taken on a machine that is busy.
const AT_ONCE: Duration = Duration::from_secs(1);

async fn house_with_ann() -> House {
    let house = House::on_sockets(brisk()).await;
    house.has_listened_to("ann").await;
    house
}

/// The sessions on which Twitch tells of somebody.
fn sessions(house: &House, login: &str) -> BTreeSet<String> {
    house.enabled_about(login).into_iter().map(|(_, session)| session).collect()
}

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

fn asked_who_is_live(house: &House) -> u64 {
    house.twins.with(|world, _| world.calls(Endpoint::Streams))
}

#[tokio::test]
async fn going_live_and_offline_is_heard_without_asking() {
    let house = house_with_ann().await;
    let asked = asked_who_is_live(&house);
    let song = house.plays("ann", 0);
    house.act("ann", LIVE);
    house.lists("ann", &[&song]).await;
    house.act("ann", Deed::GoOffline);
    house.is_live("ann", false).await;
    assert_eq!(asked_who_is_live(&house), asked);
    let kinds: BTreeSet<String> = house.enabled_about("ann").into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["channel.update", "stream.offline", "stream.online"].map(str::to_owned).into());
    house.closes().await;
}

#[tokio::test]
async fn each_streamer_has_one_socket_of_their_own() {
    let house = house_with_ann().await;
    house.has_listened_to("bob").await;
    assert_eq!((sessions(&house, "ann").len(), sessions(&house, "bob").len()), (1, 1));
    assert_eq!(house.twins.open_sockets(), 2);
    house.act("bob", LIVE);
    house.is_live("bob", true).await;
    house.is_live("ann", false).await;
    house.closes().await;
}

#[tokio::test]
async fn whoever_switches_following_on_is_subscribed_within_a_second_and_off_let_go() {
    let house = house_with_ann().await;
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
async fn a_move_under_load_loses_nothing_and_takes_nothing_twice() {
    let house = house_with_ann().await;
    house.has_listened_to("bob").await;
    let (asked, before) = (asked_who_is_live(&house), sessions(&house, "ann"));
    let mut told = 0;
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
    assert_eq!(sessions(&house, "ann"), before, "the session moved along");
    assert_eq!(asked_who_is_live(&house), asked, "and nobody had to be asked");
    house
        .eventually("the old sockets are left", async || (house.twins.open_sockets() == 2).then_some(()))
        .await;
    house.closes().await;
}

#[tokio::test]
async fn what_twitch_sends_twice_is_taken_once_also_in_the_middle_of_a_move() {
    let house = house_with_ann().await;
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
    let before = sessions(&house, "ann");
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
    let before = sessions(&house, "ann");
    // Longer than silence may last.
    tokio::time::sleep(Duration::from_millis(1_600)).await;
    assert_eq!(sessions(&house, "ann"), before);
    house.closes().await;
}

#[tokio::test]
async fn after_each_close_code_it_comes_back_and_asks_what_was_missed() {
    let house = house_with_ann().await;
    let mut live = false;
    for code in [4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007, 1001, 4999] {
        let (before, asked) = (sessions(&house, "ann"), asked_who_is_live(&house));
        house.twins.close_sockets(code);
        comes_back(&house, &before).await;
        house
            .eventually("Twitch is asked who is live", async || {
                (asked_who_is_live(&house) > asked).then_some(())
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
    let house = house_with_ann().await;
    house.has_listened_to("bob").await;
    let ann = house.streamer("ann").await;
    house.act("ann", Deed::RevokeTwitch);
    house.eventually("her socket is closed", async || (house.twins.open_sockets() == 1).then_some(())).await;
    house
        .eventually("her grant is gone", async || {
            let grant = house.accounts().grant(ann.id).await.expect("a database");
            (grant != Some(GrantStatus::Valid)).then_some(())
        })
        .await;
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
    let house = house_with_ann().await;
    let before = sessions(&house, "ann");
    house.act("ann", Deed::RevokeSubscriptions);
    house.hears("revoked", 3).await;
    house.eventually("all are back", async || (house.enabled_about("ann").len() == 3).then_some(())).await;
    house.stands("ann", Some(Standing::Subscribed)).await;
    assert_eq!(sessions(&house, "ann"), before);
    house.act("ann", LIVE);
    house.is_live("ann", true).await;
    house.closes().await;
}

#[tokio::test]
async fn a_new_login_is_followed() {
    let house = house_with_ann().await;
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
    let mut house = house_with_ann().await;
    house.stops().await;
    house.eventually("the socket is closed", async || (house.twins.open_sockets() == 0).then_some(())).await;
    house.act("ann", LIVE);
    house.opens().await;
    house.is_live("ann", true).await;
    house.subscribes("ann").await;
    assert_eq!(house.twins.open_sockets(), 1);
    house.closes().await;
}
