//! EventSub messages that are doubled, late, forged, strange or too large.

use crate::house::House;
use airlog::twins::{BroadcastKind, Deed, Letter};
use chrono::TimeDelta;
use std::time::Duration;

const HINTS: &str = "SELECT user_id FROM air_evidence WHERE source = 'hint'";

async fn house_with_subscriptions() -> House {
    let house = House::start().await;
    house.has_streamer("ann").await;
    house.subscribes("ann").await;
    house
}

/// A genuine `stream.online` about ann, not sent yet.
fn online(house: &House) -> Letter {
    house.twins.with(|world, now| world.go_live("ann", now));
    house.twins.letter("ann", "stream.online").expect("a subscription")
}

async fn send(house: &House, letter: &Letter) -> u16 {
    house.twins.send(letter).await.expect("an answer")
}

fn outcome(house: &House, outcome: &str) -> u64 {
    house.counted(&format!("airlog_webhooks_total{{outcome=\"{outcome}\"}}"))
}

#[tokio::test]
async fn a_message_that_comes_twice_is_taken_once_also_after_a_restart() {
    let mut house = house_with_subscriptions().await;
    let letter = online(&house);
    assert_eq!(send(&house, &letter).await, 204);
    assert_eq!(send(&house, &letter).await, 204);
    assert_eq!((outcome(&house, "taken") >= 1, outcome(&house, "duplicate")), (true, 1));
    house.stops().await;
    house.opens().await;
    assert_eq!(send(&house, &letter).await, 204);
    assert_eq!(
        (outcome(&house, "taken"), outcome(&house, "duplicate")),
        (0, 1),
        "remembered over the restart"
    );
    house.closes().await;
}

const REMEMBER_AN_OLD_ONE: &str =
    "INSERT INTO eventsub_messages (id, received_at) VALUES ('old', '2026-11-18T18:00:00+00:00')";
const OLD_ONES: &str = "SELECT id FROM eventsub_messages WHERE id = 'old'";

#[tokio::test]
async fn old_message_ids_are_forgotten_once_an_hour_not_with_each_message() {
    let house = house_with_subscriptions().await;
    house.sql(REMEMBER_AN_OLD_ONE).await;
    assert_eq!(send(&house, &online(&house)).await, 204);
    assert_eq!(
        house.sql(OLD_ONES).await,
        ["old"],
        "the challenges were messages too: it was done a moment ago"
    );
    house.clock.shift(TimeDelta::hours(1));
    assert_eq!(send(&house, &online(&house)).await, 204);
    assert!(house.sql(OLD_ONES).await.is_empty());
    house.closes().await;
}

#[tokio::test]
async fn a_forged_message_is_refused_and_counted_and_changes_nothing() {
    let house = house_with_subscriptions().await;
    let forged = house.twins.letter("ann", "stream.offline").expect("a subscription").forged();
    assert_eq!(send(&house, &forged).await, 403);
    assert_eq!(outcome(&house, "forged"), 1);
    assert!(house.sql(HINTS).await.is_empty());
    house.closes().await;
}

#[tokio::test]
async fn a_message_older_than_ten_minutes_is_refused() {
    let house = house_with_subscriptions().await;
    let letter = online(&house);
    let sent = house.twins.with(|_, now| now);
    let stale = letter.clone().with_id("stale").dated(sent - TimeDelta::minutes(11));
    assert_eq!(send(&house, &stale).await, 403);
    let fresh = letter.with_id("fresh").dated(sent - TimeDelta::minutes(9));
    assert_eq!(send(&house, &fresh).await, 204);
    assert_eq!(outcome(&house, "stale"), 1);
    house.closes().await;
}

#[tokio::test]
async fn an_oversized_message_is_refused_before_it_is_read() {
    let house = house_with_subscriptions().await;
    let letter = online(&house).with_id("large").padded_to(1 << 20);
    assert_eq!(send(&house, &letter).await, 413);
    house.closes().await;
}

#[tokio::test]
async fn messages_about_strangers_are_accepted_and_ignored() {
    let house = house_with_subscriptions().await;
    let letter = online(&house);
    house.accounts().remove("ann").await.expect("a database");
    assert_eq!(send(&house, &letter).await, 204);
    assert!(outcome(&house, "stranger") >= 1);
    house.closes().await;
}

/// The letter under another id, with another body, signed again.
fn saying(letter: &Letter, id: &str, body: &str) -> Letter {
    Letter { body: body.into(), ..letter.clone().with_id(id) }
}

#[tokio::test]
async fn messages_of_unknown_types_and_kinds_are_accepted_and_ignored() {
    let house = house_with_subscriptions().await;
    let letter = house.twins.letter("ann", "stream.online").expect("a subscription");
    let body =
        r#"{"subscription":{"type":"channel.raid"},"event":{"to_broadcaster_user_id":"1001","viewers":9}}"#;
    let raid = Letter { subscription_type: "channel.raid".into(), ..saying(&letter, "raid", body) };
    assert_eq!(send(&house, &raid).await, 204);
    assert_eq!(outcome(&house, "unknown"), 1);
    let surprise = Letter { kind: "surprise", ..letter.with_id("surprise") };
    assert_eq!(send(&house, &surprise).await, 204);
    assert_eq!(outcome(&house, "unknown"), 2);
    assert!(house.sql(HINTS).await.is_empty(), "neither is a hint");
    house.closes().await;
}

#[tokio::test]
async fn genuine_messages_that_cannot_be_read_are_accepted_so_that_twitch_does_not_end_the_subscription() {
    let house = house_with_subscriptions().await;
    let letter = house.twins.letter("ann", "stream.online").expect("a subscription");
    let unreadable = [
        r#"{"subscription":{"type":"stream.online"},"event":{"id":7,"broadcaster_user_id":["1001"]}}"#,
        r#"{"subscription":{"type":"stream.offline"}}"#,
        r#"{"subscription":"#,
        "[]",
        "",
    ];
    for (number, body) in unreadable.iter().enumerate() {
        let status = send(&house, &saying(&letter, &format!("unreadable-{number}"), body)).await;
        assert_eq!((status, outcome(&house, "unreadable")), (204, number as u64 + 1), "{body}");
    }
    assert!(house.sql(HINTS).await.is_empty(), "none is a hint");
    house.closes().await;
}

#[tokio::test]
async fn a_revoked_subscription_is_counted_and_has_twitch_asked() {
    let house = House::with(|config| config.tracking.reconcile_interval = Duration::from_hours(1)).await;
    house.has_streamer("ann").await;
    house.act("ann", Deed::GoLive { kind: BroadcastKind::Live });
    house.subscribes("ann").await;
    house.clock.shift(TimeDelta::hours(1));
    house.act("ann", Deed::RevokeSubscriptions);
    house.is_live("ann", true).await;
    house.counts("airlog_webhooks_total{outcome=\"revoked\"}", 2).await;
    house.closes().await;
}

#[tokio::test]
async fn a_late_offline_does_not_end_a_newer_stream() {
    let house = House::with_ann_live().await;
    let offline = house.twins.letter("ann", "stream.offline").expect("a subscription");
    let sent = house.twins.with(|_, now| now);
    let late = offline.with_id("late").dated(sent - TimeDelta::minutes(5));
    assert_eq!(send(&house, &late).await, 204);
    house.plays("ann", 0);
    house.counts("airlog_plays_stored_total", 1).await;
    house.is_live("ann", true).await;
    house.closes().await;
}

#[tokio::test]
async fn anybody_else_who_posts_there_is_refused() {
    let house = House::start().await;
    let client = airlog::clients::http_client(crate::house::PATIENCE).expect("a client");
    for body in ["", "{}", "null", "\u{0}"] {
        let answer = client.post(house.url("/webhooks/twitch")).body(body).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 403, "{body:?}");
    }
    assert_eq!(outcome(&house, "forged"), 4);
    house.closes().await;
}
