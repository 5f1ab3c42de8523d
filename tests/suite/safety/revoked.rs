//! Who has thrown us out at Twitch, or is gone from there: nothing is left that could be used.

use super::house_for_anyone;
use crate::house::House;
use crate::house::database::on_both;
use crate::house::person::Person;
use airlog::accounts::GrantStatus;
use airlog::twins::{Letter, TWITCH_CLIENT_ID};
use reqwest::Method;
use serde_json::json;

/// What each of these still gives is something that could be used.
const USABLE: [&str; 3] = [
    "SELECT id FROM spotify_links",
    "SELECT user_id FROM twitch_grants WHERE access_token IS NOT NULL OR refresh_token IS NOT NULL",
    "SELECT user_id FROM logins",
];

/// A house in which ann has logged in, linked Spotify, and is followed.
async fn with_ann_followed() -> (House, Person, String) {
    let house = house_for_anyone().await;
    let ann = house.set_up("ann").await;
    house.goes_live("ann").await;
    let title = house.plays_noticed("ann", 0).await;
    (house, ann, title)
}

/// Waits until ann is let go, and looks at what is left.
async fn assert_let_go(house: &House, ann: &Person, title: &str) {
    let id = house.id_of("ann").await;
    house
        .eventually("the grant is revoked", async || {
            let grant = house.accounts().grant(id).await.expect("a database");
            (grant == Some(GrantStatus::Revoked)).then_some(())
        })
        .await;
    house
        .eventually("she is switched off", async || (!house.streamer("ann").await.enabled).then_some(()))
        .await;
    for query in USABLE {
        house.eventually(query, async || house.sql(query).await.is_empty().then_some(())).await;
    }
    assert!(house.grants().access_token(id).await.is_err(), "nor from memory");
    for path in ["/dashboard", "/api/v1/me"] {
        assert_eq!(ann.answer(path).await.status(), 401, "{path}");
    }
    house.rests("ann").await;
    house
        .eventually("Twitch tells nothing of her", async || {
            house.enabled_about("ann").is_empty().then_some(())
        })
        .await;
    assert_eq!(house.stored().await, [title], "her list stays, as she chose");
}

/// Whoever comes back begins switched off, with nothing linked.
async fn assert_begins_anew(ann: &Person) {
    assert_eq!(ann.logs_in().await.path, "/dashboard");
    let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!((&me["settings"]["enabled"], &me["spotify"]), (&json!(false), &json!(null)));
    assert_eq!(me["twitch"], "valid");
}

async fn whoever_throws_us_out_is_let_go_and_can_come_back() {
    let (house, ann, title) = with_ann_followed().await;
    let mut own = ann.listens("/api/v1/me/live").await;
    house.twins.with(|world, now| world.revoke_twitch("ann", now));
    assert_let_go(&house, &ann, &title).await;
    own.closed_with().await;
    assert_begins_anew(&ann).await;
    house.closes().await;
}

async fn who_is_gone_from_twitch_without_a_name_is_let_go() {
    let (house, ann, title) = with_ann_followed().await;
    let letter = house.twins.letter("ann", "stream.online").expect("a subscription");
    let user = house.twins.with(|world, _| world.person("ann").expect("ann").twitch_id.clone());
    let event = json!({
        "client_id": TWITCH_CLIENT_ID, "user_id": user, "user_login": null, "user_name": null,
    });
    let kind = "user.authorization.revoke";
    let body =
        json!({"subscription": {"type": kind, "version": "1"}, "event": event}).to_string().into_bytes();
    let gone = Letter { subscription_type: kind.into(), body, ..letter.with_id("gone") };
    assert_eq!(house.twins.send(&gone).await.expect("an answer"), 204);
    assert_let_go(&house, &ann, &title).await;
    house.closes().await;
}

on_both! {
    whoever_throws_us_out_is_let_go_and_can_come_back,
    who_is_gone_from_twitch_without_a_name_is_let_go,
}
