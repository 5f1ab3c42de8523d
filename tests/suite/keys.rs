//! Keys of programs: shown once, good for what they were made for, and for nothing once they are revoked.

use crate::house::House;
use crate::house::database::on_both;
use crate::house::secrets::{Eavesdropper, betrayed};
use crate::house::text;
use airlog::config::Allow;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::Value;
use std::num::NonZeroU32;

async fn house_for_anyone() -> House {
    House::with(|config| config.accounts.allow = Allow::Anyone).await
}

async fn a_key_is_shown_once_and_good_for_its_scopes_until_it_is_revoked() {
    let house = house_for_anyone().await;
    let ann = house.set_up("ann").await;
    let made = ann.makes_key("deck", &["read", "track"]).await;
    let key = text(&made["key"]);
    assert!(key.starts_with("airlog_") && key.len() == 50, "{made}");
    let deck = house.program(&key);
    assert_eq!(deck.asks(Method::GET, "/api/v1/me", "").await.1["login"], "ann");
    let pause = r#"{"action":"pause","minutes":30}"#;
    let (status, _) = deck.asks_from(None, Method::POST, "/api/v1/me/tracking", pause).await;
    assert_eq!(status, 200, "no site can make a browser send a key, so none is asked for its origin");
    assert_eq!(deck.asks(Method::PATCH, "/api/v1/me/settings", "{}").await.0, 403);
    assert_eq!(deck.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.0, 200);
    assert_eq!(deck.asks(Method::GET, "/api/v1/me?streamer=bob", "").await.0, 404);
    let (_, listed) = ann.asks(Method::GET, "/api/v1/me/keys", "").await;
    let shown = &listed["keys"][0];
    assert_eq!((text(&shown["name"]), shown["key"].is_null()), ("deck".into(), true), "{listed}");
    let used = text(&shown["last_used_at"]);

    house.clock.shift(TimeDelta::minutes(2));
    deck.asks(Method::GET, "/api/v1/me", "").await;
    let (_, listed) = ann.asks(Method::GET, "/api/v1/me/keys", "").await;
    assert_ne!(text(&listed["keys"][0]["last_used_at"]), used);

    let mut socket = deck.listens("/api/v1/me/live").await;
    socket.sees("snapshot").await;
    let path = format!("/api/v1/me/keys/{}", text(&made["id"]));
    let (bob, nothing) = (house.logged_in("bob").await, Value::Null);
    assert_eq!(bob.asks(Method::DELETE, &path, "").await.0, 404, "bob has no such key");
    assert_eq!(ann.asks(Method::DELETE, &path, "").await, (204, nothing));
    assert_eq!(socket.closed_with().await, 1008);
    let (status, problem) = deck.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!((status, problem["status"].as_i64()), (401, Some(401)));
    assert_eq!(ann.asks(Method::DELETE, &path, "").await.0, 404, "it is gone");
    let log = ann.reads_log().await;
    let expected =
        ["streamer key_made deck (read track)", "deck tracked pause 30", "streamer key_revoked deck"];
    assert_eq!(log[log.len() - 3..], expected);
    house.closes().await;
}

async fn no_trace_of_a_key_is_found_anywhere() {
    let eavesdropper = Eavesdropper::listens();
    let house = house_for_anyone().await;
    let ann = house.set_up("ann").await;
    let page =
        ann.fills_in("/dashboard/team/keys", &[("name", "Deck"), ("read", "on"), ("track", "on")]).await;
    let (_, rest) = page.body.split_once("tabindex=\"0\">").expect("the key");
    let key = rest.split('<').next().expect("the key").to_owned();
    assert!(page.status == 200 && key.starts_with("airlog_"), "{}", page.body);
    let deck = house.program(&key);
    let mut said = deck.asks(Method::GET, "/api/v1/me", "").await.1.to_string();
    said += &deck.asks(Method::PATCH, "/api/v1/me/settings", "{}").await.1.to_string();
    said += &ann.opens("/dashboard/team").await.body;
    said += &ann.asks(Method::GET, "/api/v1/me/keys", "").await.1.to_string();
    said += &ann.asks(Method::GET, "/api/v1/me/audit", "").await.1.to_string();
    said += &house.everything_shown();
    assert!(said.contains("Deck"), "this was searched");
    let stored = house.everything_stored().await;
    house.closes().await;
    let secrets = [key.trim_start_matches("airlog_").to_owned()];
    for (place, text) in [("said", &said), ("stored", &stored), ("logged", &eavesdropper.heard())] {
        assert_eq!(betrayed(&secrets, text), Vec::<&str>::new(), "{place}");
    }
}

on_both! {
    a_key_is_shown_once_and_good_for_its_scopes_until_it_is_revoked,
    no_trace_of_a_key_is_found_anywhere,
}

#[tokio::test]
async fn where_a_key_is_shown_it_counts_whatever_cookie_comes_along() {
    let house = house_for_anyone().await;
    let ann = house.set_up("ann").await;
    let read = text(&ann.makes_key("read", &["read"]).await["key"]);
    let all = text(&ann.makes_key("all", &["read", "curate", "track", "settings"]).await["key"]);
    let cookies = ann.cookies();
    let with = |key: &str| house.program(key).saying("cookie", &cookies);
    assert_eq!(with(&read).asks(Method::PATCH, "/api/v1/me/settings", "{}").await.0, 403);
    assert_eq!(with("airlog_guessed").asks(Method::GET, "/api/v1/me", "").await.0, 401);
    let more = r#"{"name":"more","scopes":["read"]}"#;
    assert_eq!(with(&all).asks(Method::POST, "/api/v1/me/keys", more).await.0, 403, "no key makes keys");
    assert_eq!(with(&all).asks(Method::PATCH, "/api/v1/me/settings", r#"{"delay_seconds":5}"#).await.0, 200);
    // What stands in front of us may ask for a password of its own.
    let behind = ann.saying("authorization", "Basic YWlybG9nOmFpcmxvZw==");
    assert_eq!(behind.asks(Method::GET, "/api/v1/me", "").await.0, 200);
    assert_eq!(behind.saying("authorization", "Bearer of-a-proxy").opens("/dashboard").await.status, 200);
    house.closes().await;
}

#[tokio::test]
async fn each_key_has_a_limit_of_its_own() {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.limits.writes_per_minute = NonZeroU32::new(2);
    })
    .await;
    let ann = house.logged_in("ann").await;
    let one = house.program(&text(&ann.makes_key("one", &["settings"]).await["key"]));
    let two = house.program(&text(&ann.makes_key("two", &["settings"]).await["key"]));
    let change = async |who: &crate::house::person::Person| {
        who.asks(Method::PATCH, "/api/v1/me/settings", "{}").await.0
    };
    assert_eq!(change(&ann).await, 429, "two keys were two changes");
    assert_eq!([change(&one).await, change(&one).await, change(&one).await], [200, 200, 429]);
    assert_eq!(change(&two).await, 200);
    house.closes().await;
}

#[tokio::test]
async fn what_is_no_key_is_not_made() {
    let house = house_for_anyone().await;
    let ann = house.logged_in("ann").await;
    for bad in [
        r#"{"name":"","scopes":["read"]}"#,
        r#"{"name":"x","scopes":[]}"#,
        r#"{"name":"x","scopes":["everything"]}"#,
        r#"{"name":"x"}"#,
        r#"{"name":"x\u0000","scopes":["read"]}"#,
    ] {
        assert_eq!(ann.asks(Method::POST, "/api/v1/me/keys", bad).await.0, 400, "{bad}");
    }
    let page = ann.fills_in("/dashboard/team/keys", &[("name", "x")]).await;
    assert!(page.status == 400 && page.body.contains("Tick at least one thing"), "{}", page.body);
    for number in 0..20 {
        ann.makes_key(&format!("key {number}"), &["read"]).await;
    }
    let one_more = r#"{"name":"x","scopes":["read"]}"#;
    let (status, problem) = ann.asks(Method::POST, "/api/v1/me/keys", one_more).await;
    assert!(status == 400 && text(&problem["detail"]).contains("20 keys"), "{problem}");
    house.closes().await;
}

#[tokio::test]
async fn whoever_may_not_stream_here_any_more_has_no_programs_either() {
    let mut house = house_for_anyone().await;
    let ann = house.logged_in("ann").await;
    let deck = house.program(&text(&ann.makes_key("deck", &["read"]).await["key"]));
    assert_eq!(deck.asks(Method::GET, "/api/v1/me", "").await.0, 200);
    house.stops().await;
    house.changes(|config| config.accounts.allow = Allow::Logins(vec!["bob".into()]));
    house.opens().await;
    assert_eq!(deck.asks(Method::GET, "/api/v1/me", "").await.0, 401);
    assert_eq!(ann.asks(Method::GET, "/api/v1/me", "").await.0, 401);
    house.closes().await;
}
