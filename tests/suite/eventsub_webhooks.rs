//! EventSub by webhook: subscriptions are made, kept, repaired and let go.

use crate::house::{House, brisk};
use airlog::accounts::GrantStatus;
use airlog::eventsub::{Pace, Standing, Trouble};
use airlog::twins;
use airlog::twins::{
    Bearer, BroadcastKind, Deed, Endpoint, Fault, FaultKind, TWITCH_CLIENT_ID, Transport, Wish,
};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

const LIVE: Deed = Deed::GoLive { kind: BroadcastKind::Live };
const ELSEWHERE: &str = "https://elsewhere.example/webhooks/twitch";

async fn house_with_ann() -> House {
    looked_at(Duration::from_hours(1)).await
}

/// A house that looks at its subscriptions so often.
async fn looked_at(check: Duration) -> House {
    let house = House::paced(Pace { check, ..brisk() }, |config| {
        config.tracking.reconcile_interval = Duration::from_hours(1);
    })
    .await;
    house.has_streamer("ann").await;
    house.subscribes("ann").await;
    house.stands("ann", Some(Standing::Subscribed)).await;
    house
}

/// Ids of all subscriptions there are.
fn ids(house: &House) -> BTreeSet<String> {
    house.twins.with(|world, _| world.subscriptions().iter().map(|one| one.id.clone()).collect())
}

/// All statuses there are.
fn statuses(house: &House) -> BTreeSet<&'static str> {
    house.twins.with(|world, _| world.subscriptions().iter().map(|one| one.standing.word()).collect())
}

fn app() -> Bearer {
    Bearer { login: None, client_id: TWITCH_CLIENT_ID.into(), scopes: vec![] }
}

/// Another server of the same app subscribes to a person, at its own address; gives the id.
fn another_subscribes(house: &House, about: &str, confirms: bool) -> String {
    let transport = Transport::Webhook { callback: ELSEWHERE.into(), secret: "0123456789".into() };
    let condition = json!({"broadcaster_user_id": about});
    let wish = Wish { kind: "stream.online".into(), version: "1".into(), condition, transport };
    house.twins.with(|world, now| {
        let id = world.subscribe(app(), wish, now).expect("a subscription").id;
        world.take_deliveries();
        world.confirm(&id, confirms);
        id
    })
}

async fn is_whole_again(house: &House, before: &BTreeSet<String>) {
    house
        .eventually("everything is as it is to be", async || {
            let (now, statuses) = (ids(house), statuses(house));
            (now != *before && statuses == ["enabled"].into() && now.len() == before.len()).then_some(())
        })
        .await;
}

#[tokio::test]
async fn everybody_who_is_enabled_is_subscribed_and_so_is_the_app() {
    let house = house_with_ann().await;
    let all: BTreeSet<(String, String)> = house.twins.with(|world, _| {
        let all = world.subscriptions().iter();
        all.map(|one| (one.wish.kind.clone(), one.wish.condition.to_string())).collect()
    });
    let about_ann = r#"{"broadcaster_user_id":"1001"}"#;
    let about_us = format!(r#"{{"client_id":"{TWITCH_CLIENT_ID}"}}"#);
    let expected = [
        ("channel.update", about_ann),
        ("stream.offline", about_ann),
        ("stream.online", about_ann),
        ("user.authorization.revoke", &about_us),
    ];
    assert_eq!(all, expected.map(|(kind, about)| (kind.to_owned(), about.to_owned())).into());
    house.enables("ann", false).await;
    house.eventually("she is let go", async || house.enabled_about("ann").is_empty().then_some(())).await;
    house.stands("ann", None).await;
    house.enables("ann", true).await;
    house.eventually("she is back", async || (house.enabled_about("ann").len() == 3).then_some(())).await;
    house.closes().await;
}

#[tokio::test]
async fn what_is_missing_is_made_at_the_next_look() {
    let house = looked_at(Duration::from_millis(150)).await;
    let before = ids(&house);
    let lost = before.iter().next().expect("a subscription").clone();
    assert!(house.twins.with(|world, _| world.unsubscribe(&app(), &lost)));
    is_whole_again(&house, &before).await;
    house.closes().await;
}

#[tokio::test]
async fn what_is_missing_is_made_at_the_start() {
    let mut house = house_with_ann().await;
    let before = ids(&house);
    house.stops().await;
    for id in &before {
        assert!(house.twins.with(|world, _| world.unsubscribe(&app(), id)));
    }
    house.opens().await;
    house.stands("ann", Some(Standing::Subscribed)).await;
    is_whole_again(&house, &before).await;
    house.closes().await;
}

#[tokio::test]
async fn what_has_failed_is_removed_and_made_anew() {
    let house = looked_at(Duration::from_millis(150)).await;
    let before = ids(&house);
    house.twins.with(|world, _| {
        world.pace.delivery_failures = 1;
        for id in &before {
            world.delivered(id, false);
        }
    });
    is_whole_again(&house, &before).await;
    assert!(ids(&house).is_disjoint(&before));
    house.act("ann", LIVE);
    house.is_live("ann", true).await;
    house.closes().await;
}

#[tokio::test]
async fn orphans_are_removed_and_what_belongs_to_another_server_is_left_alone() {
    let house = looked_at(Duration::from_millis(150)).await;
    let others = [another_subscribes(&house, "1001", true), another_subscribes(&house, "4711", false)];
    let anns = house.enabled_about("ann");
    house.has_streamer("bob").await;
    house.subscribes("bob").await;
    assert!(house.accounts().remove("bob").await.expect("a database"));
    house.watch().wake();
    house
        .eventually("nothing is left of bob", async || house.enabled_about("bob").is_empty().then_some(()))
        .await;
    let looks = || house.twins.with(|world, _| world.calls(Endpoint::Subscriptions));
    let before = looks();
    house.eventually("it was looked twice more", async || (looks() >= before + 2).then_some(())).await;
    assert!(others.iter().all(|other| ids(&house).contains(other)));
    assert_eq!(house.enabled_about("ann"), anns, "nor is hers touched");
    house.closes().await;
}

#[tokio::test]
async fn subscriptions_are_found_on_whichever_page_of_the_list_they_are() {
    let house = House::start().await;
    (0..150).for_each(|number| drop(another_subscribes(&house, &format!("9{number:03}"), true)));
    house.has_streamer("ann").await;
    house.subscribes("ann").await;
    house.stands("ann", Some(Standing::Subscribed)).await;
    assert_eq!(ids(&house).len(), 154, "each was made once");
    house.closes().await;
}

#[tokio::test]
async fn a_revocation_is_shown_until_the_subscription_works_again() {
    let house = house_with_ann().await;
    let before = ids(&house);
    let down = Fault::new(FaultKind::Status(503)).at(Endpoint::Subscriptions);
    house.twins.with(|world, now| world.fault_for_all(down, now));
    house.act("ann", Deed::RevokeSubscriptions);
    house.stands("ann", Some(Standing::Trouble(Trouble::Revoked))).await;
    house.twins.with(|world, _| world.clear_all_faults());
    house.stands("ann", Some(Standing::Subscribed)).await;
    is_whole_again(&house, &before).await;
    house.closes().await;
}

#[tokio::test]
async fn whoever_throws_us_out_at_twitch_loses_the_grant_and_keeps_the_list() {
    let house = house_with_ann().await;
    let ann = house.streamer("ann").await;
    house.lets_us_in("ann").await;
    let song = house.plays("ann", 0);
    house.act("ann", LIVE);
    house.lists("ann", &[&song]).await;
    house.act("ann", Deed::RevokeTwitch);
    house
        .eventually("the grant is revoked", async || {
            let grant = house.accounts().grant(ann.id).await.expect("a database");
            (grant == Some(GrantStatus::Revoked)).then_some(())
        })
        .await;
    assert_eq!(house.sql("SELECT COALESCE(access_token, 'gone') FROM twitch_grants").await, ["gone"]);
    assert_eq!(house.list("ann").await, [song]);
    house.closes().await;
}

#[tokio::test]
async fn an_address_that_does_not_lead_here_is_shown() {
    let house = House::with(|config| {
        config.server.public_url = Some("http://127.0.0.1:9".parse().expect("a URL"));
    })
    .await;
    house.has_streamer("ann").await;
    house.watch().wake();
    house.stands("ann", Some(Standing::Trouble(Trouble::NotVerified))).await;
    house.closes().await;
}

#[tokio::test]
async fn while_twitch_is_down_it_is_shown_and_then_seen_to() {
    let house = House::start().await;
    let down = Fault::new(FaultKind::Status(503)).at(Endpoint::Subscriptions);
    house.twins.with(|world, now| world.fault_for_all(down, now));
    house.has_streamer("ann").await;
    house.watch().wake();
    house.stands("ann", Some(Standing::Trouble(Trouble::TwitchDown))).await;
    house.twins.with(|world, _| world.clear_all_faults());
    house.stands("ann", Some(Standing::Subscribed)).await;
    house.closes().await;
}

#[tokio::test]
async fn what_twitch_sends_twice_at_the_same_time_is_taken_once() {
    let house = house_with_ann().await;
    house.twins.with(|world, _| world.post_rules.copies = 2);
    for _ in 0..20 {
        house.act("ann", Deed::UpdateChannel);
    }
    house.act("ann", LIVE);
    house.is_live("ann", true).await;
    house.counts("airlog_webhooks_total{outcome=\"duplicate\"}", 21).await;
    assert_eq!(house.counted("airlog_webhooks_total{outcome=\"taken\"}"), 21);
    house.closes().await;
}

#[tokio::test]
async fn what_twitch_loses_is_found_by_asking_who_is_live() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    house.subscribes("ann").await;
    house.twins.with(|world, _| world.post_rules.lost = 1);
    let song = house.plays("ann", 0);
    house.act("ann", LIVE);
    house.lists("ann", &[&song]).await;
    assert_eq!(house.counted("airlog_webhooks_total{outcome=\"taken\"}"), 0);
    house.closes().await;
}

#[tokio::test]
async fn a_new_login_is_followed() {
    let house = house_with_ann().await;
    let ann = house.streamer("ann").await;
    house.act("ann", Deed::Rename { to: "anna".into() });
    house.counts("airlog_webhooks_total{outcome=\"taken\"}", 1).await;
    assert_eq!(house.streamer("anna").await.id, ann.id);
    house.closes().await;
}

#[tokio::test]
async fn whoever_is_gone_from_twitch_is_let_go() {
    let house = house_with_ann().await;
    house.lets_us_in("ann").await;
    house.twins.with(|world, now| world.revoke_subscriptions("ann", twins::Standing::UserRemoved, now));
    house
        .eventually("she is let go", async || {
            let ann = house.streamer("ann").await;
            let grant = house.accounts().grant(ann.id).await.expect("a database");
            (grant == Some(GrantStatus::Revoked) && !ann.enabled).then_some(())
        })
        .await;
    house.closes().await;
}
