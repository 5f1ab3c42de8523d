//! How much one visitor and one account may ask for, and whom a request is counted on behind a proxy.

use super::house_for_anyone;
use crate::house::House;
use crate::house::viewer::Viewer;
use airlog::config::Allow;
use futures_util::future::join_all;
use reqwest::header::RETRY_AFTER;
use reqwest::{Method, Response};
use std::num::NonZeroU32;
use tokio::time::Instant;

const FORWARDED: &str = "x-forwarded-for";
/// Twice as often as one address may knock in a minute.
const KNOCKS: u8 = 120;
const MAY_KNOCK: usize = 60;
const SETTINGS: &str = "/api/v1/me/settings";

/// A house that believes the proxy at this end, or nobody.
async fn house_behind_proxy(is_trusted: bool, requests_per_minute: Option<u32>) -> House {
    House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        if is_trusted {
            config.server.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
        }
        if let Some(most) = requests_per_minute {
            config.limits.requests_per_minute = NonZeroU32::new(most);
        }
    })
    .await
}

/// Asks at once, often, to be let in, each time from the address that is `told`: how many were not held up.
async fn knocks(house: &House, path: &str, told: impl Fn(u8) -> String) -> usize {
    let knocks = (0..KNOCKS).map(async |knock| house.answer_with(path, FORWARDED, &told(knock)).await);
    let answers = join_all(knocks).await;
    for refused in answers.iter().filter(|answer| answer.status() == 429) {
        assert_asked_to_wait(refused);
    }
    answers.iter().filter(|answer| answer.status() != 429).count()
}

/// Some were held up: all but those that one address may knock in a minute, and one more each second.
fn assert_held_up(let_through: usize, since: Instant) {
    let more = usize::try_from(since.elapsed().as_secs()).expect("a few") + 1;
    assert!((MAY_KNOCK..=MAY_KNOCK + more).contains(&let_through), "{let_through}");
}

/// A minute at most, and not no time.
fn assert_asked_to_wait(refused: &Response) {
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()[RETRY_AFTER].to_str().expect("text").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
}

async fn status(house: &House, path: &str, forwarded: &str) -> u16 {
    house.answer_with(path, FORWARDED, forwarded).await.status().as_u16()
}

#[tokio::test]
async fn behind_a_trusted_proxy_logins_are_counted_on_who_it_was_that_knocked() {
    let house = house_behind_proxy(true, None).await;
    for path in ["/auth/twitch", "/auth/twitch/callback", "/auth/spotify"] {
        let visitor = |_| format!("192.0.2.{}", path.len());
        let since = Instant::now();
        assert_held_up(knocks(&house, path, visitor).await, since);
        assert_eq!(status(&house, "/", &visitor(0)).await, 200, "whoever may not knock may still read");
    }
    let each_their_own = knocks(&house, "/auth/twitch", |knock| format!("198.51.100.{knock}")).await;
    assert_eq!(each_their_own, usize::from(KNOCKS), "nobody is held up by others");
    let invented = |knock| format!("203.0.113.{knock}, 192.0.2.200");
    let since = Instant::now();
    // What a visitor claims beyond the proxy's word does not help.
    assert_held_up(knocks(&house, "/auth/twitch", invented).await, since);
    house.closes().await;
}

#[tokio::test]
async fn without_a_trusted_proxy_a_forged_address_does_not_help_to_knock() {
    let house = house_behind_proxy(false, None).await;
    let since = Instant::now();
    assert_held_up(knocks(&house, "/auth/twitch", |knock| format!("198.51.100.{knock}")).await, since);
    house.closes().await;
}

#[tokio::test]
async fn requests_are_counted_on_the_address_that_a_trusted_proxy_forwards() {
    let house = house_behind_proxy(true, Some(1)).await;
    assert_eq!(status(&house, "/", "192.0.2.1").await, 200);
    assert_asked_to_wait(&house.answer_with("/", FORWARDED, "192.0.2.1").await);
    assert_eq!(status(&house, "/", "203.0.113.9, 192.0.2.1").await, 429, "invented on the way");
    assert_eq!(status(&house, "/", "192.0.2.2").await, 200);
    house.closes().await;
}

#[tokio::test]
async fn without_a_trusted_proxy_nobody_asks_more_by_forging_an_address() {
    let house = house_behind_proxy(false, Some(1)).await;
    assert_eq!(status(&house, "/", "192.0.2.1").await, 200);
    for forged in ["192.0.2.2", "203.0.113.9, 192.0.2.3", "127.0.0.1"] {
        assert_eq!(status(&house, "/", forged).await, 429, "{forged}");
    }
    house.closes().await;
}

#[tokio::test]
async fn one_accounts_changes_are_counted_and_hold_up_nobody_else() {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.limits.writes_per_minute = NonZeroU32::new(1);
    })
    .await;
    let (ann, bob) = (house.logged_in("ann").await, house.logged_in("bob").await);
    let (forged, _) = ann.asks_from(Some("https://evil.example"), Method::PATCH, SETTINGS, "{}").await;
    assert_eq!(forged, 403, "which uses nothing up of hers");
    let delay = r#"{"delay_seconds":7}"#;
    assert_eq!(ann.answer_to(Method::PATCH, SETTINGS, delay).await.status(), 200);
    assert_asked_to_wait(&ann.answer_to(Method::PATCH, SETTINGS, r#"{"delay_seconds":9}"#).await);
    let tracking = r#"{"action":"auto"}"#;
    assert_asked_to_wait(&ann.answer_to(Method::POST, "/api/v1/me/tracking", tracking).await);
    let form = format!("key=delay_seconds&value=9&token={}", ann.form_token().await);
    assert_asked_to_wait(&ann.answer_to(Method::POST, "/dashboard/settings", &form).await);
    let (read, settings) = ann.asks(Method::GET, SETTINGS, "").await;
    assert_eq!((read, settings["delay_seconds"].as_i64()), (200, Some(7)), "she reads on");
    assert_eq!(bob.answer_to(Method::PATCH, SETTINGS, delay).await.status(), 200);
    house.closes().await;
}

#[tokio::test]
async fn one_address_has_so_many_sockets_of_its_own_list_and_others_have_theirs() {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.limits.sockets_per_address = NonZeroU32::new(1);
        config.server.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
    })
    .await;
    let ann = house.logged_in("ann").await;
    let (cookies, origin) = (ann.cookies(), format!("http://{}", house.addr()));
    let comes_from = async |address: &str| {
        let headers = [("cookie", &*cookies), ("origin", &*origin), (FORWARDED, address)];
        Viewer::comes_with(house.addr(), "/api/v1/me/live", &headers).await.expect("an upgrade")
    };
    let mut first = comes_from("192.0.2.1").await;
    first.sees("snapshot").await;
    assert_eq!(comes_from("192.0.2.1").await.closed_with().await, 1013);
    let mut other = comes_from("192.0.2.2").await;
    other.sees("snapshot").await;
    first.leaves().await;
    house
        .eventually("the seat is free again", async || {
            let mut next = comes_from("192.0.2.1").await;
            let seated = next.message_kind().await == "snapshot";
            next.leaves().await;
            seated.then_some(())
        })
        .await;
    other.leaves().await;
    house.closes().await;
}

#[tokio::test]
async fn the_limit_on_logins_leaves_who_is_logged_in_alone() {
    let house = house_for_anyone().await;
    let ann = house.logged_in("ann").await;
    let let_through = knocks(&house, "/auth/twitch", |_| "192.0.2.1".to_owned()).await;
    assert!(let_through < usize::from(KNOCKS), "{let_through}");
    assert_eq!(ann.opens("/dashboard").await.status, 200);
    let (status, _) = ann.asks(Method::PATCH, SETTINGS, "{}").await;
    assert_eq!(status, 200);
    house.closes().await;
}
