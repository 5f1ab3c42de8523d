//! A house that people reach over HTTPS, through a proxy that speaks plain HTTP to it.

use super::{comes_back, house_for_anyone, passed_on};
use crate::house::House;
use crate::house::text;
use airlog::config::{Allow, EventSub};
use reqwest::header::SET_COOKIE;
use reqwest::{Method, Response};
use std::num::NonZeroU32;

const PUBLIC: &str = "https://airlog.example";
const HSTS: &str = "strict-transport-security";

/// Every kind of answer: pages, programs' answers, what is not there, what leads on, what is refused.
const ANSWERS: [(&str, u16); 20] = [
    ("/", 200),
    ("/docs", 200),
    ("/dashboard", 401),
    ("/dashboard/status", 401),
    ("/streamers/ann", 200),
    ("/streamers/ann/tracks/today", 200),
    ("/streamers/nobody/tracks/today", 404),
    ("/overlay/ann/now-playing", 200),
    ("/api/v1/streamers/ann", 200),
    ("/api/v1/streamers/nobody", 404),
    ("/api/v1/streamers/ann/live", 400),
    ("/api/v1/me", 401),
    ("/api/openapi.json", 200),
    ("/health/live", 200),
    ("/metrics", 200),
    ("/static/nothing", 404),
    ("/nothing", 404),
    ("/auth/twitch", 303),
    ("/auth/twitch/callback", 400),
    ("/webhooks/twitch", 405),
];

async fn house_behind_https(allow: Allow) -> House {
    House::with(|config| {
        config.accounts.allow = allow;
        config.server.public_url = Some(PUBLIC.parse().expect("a URL"));
        // Twitch could not deliver to an address that does not exist.
        config.twitch.eventsub = EventSub::Websocket;
    })
    .await
}

/// The cookies that an answer sets, each with all that is said of it.
fn cookies(answer: &Response) -> Vec<String> {
    let all = answer.headers().get_all(SET_COOKIE).iter();
    all.map(|cookie| cookie.to_str().expect("text").to_owned()).collect()
}

/// Each cookie is for this server alone, and over HTTPS for nothing else.
fn assert_kept_close(cookies: &[String], is_https: bool) {
    for cookie in cookies {
        let parts: Vec<&str> = cookie.split("; ").collect();
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(parts.contains(&part), "{part} is not in {cookie}");
        }
        assert_eq!(parts.contains(&"Secure"), is_https, "{cookie}");
        assert_eq!(cookie.starts_with("__Host-"), is_https, "{cookie}");
        assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
    }
}

#[tokio::test]
async fn behind_https_cookies_are_for_this_host_and_for_https_only() {
    let house = house_behind_https(Allow::Anyone).await;
    let ann = house.person("ann");
    let away = ann.answer("/auth/twitch").await;
    assert_eq!(cookies(&away).len(), 1, "who is sent away is remembered");
    assert_kept_close(&cookies(&away), true);
    let consent = ann.sent_to("/auth/twitch").await;
    let leads_to = consent.query_pairs().find(|(name, _)| name == "redirect_uri").expect("an address").1;
    assert_eq!(leads_to, format!("{PUBLIC}/auth/twitch/callback"));
    let back = ann.says_yes(&consent).await;
    let let_in = ann.answer(&passed_on(&back)).await;
    assert_eq!((let_in.status().as_u16(), cookies(&let_in).len()), (303, 2));
    assert_kept_close(&cookies(&let_in), true);
    let held = ann.cookies();
    assert!(
        held.contains("__Host-airlog=") && held.split("; ").all(|one| one.starts_with("__Host-")),
        "{held}"
    );
    assert_eq!(ann.opens("/dashboard").await.status, 200);
    let without_prefix = held.replace("__Host-", "");
    let by_another_name = house.answer_with("/api/v1/me", "cookie", &without_prefix).await;
    assert_eq!(by_another_name.status(), 401, "another host, or plain HTTP, could have set that one");
    house.closes().await;
}

#[tokio::test]
async fn behind_https_a_streamer_logs_in_links_and_logs_out() {
    let house = house_behind_https(Allow::Anyone).await;
    let ann = house.person("ann");
    assert_eq!(comes_back(&ann, "/auth/twitch").await.status(), 303);
    assert_eq!(comes_back(&ann, "/auth/spotify").await.status(), 303);
    let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!(text(&me["spotify"]["status"]), "connected");
    let unprotected = format!("http://{}", house.addr());
    let origins =
        [(PUBLIC, 200), (&unprotected, 403), ("http://airlog.example", 403), ("https://evil.example", 403)];
    for (origin, expected) in origins {
        let (status, _) = ann.asks_from(Some(origin), Method::PATCH, "/api/v1/me/settings", "{}").await;
        assert_eq!(status, expected, "{origin}");
    }
    let form = format!("token={}", ann.form_token().await);
    let left = ann.answer_to(Method::POST, "/auth/logout", &form).await;
    assert_eq!(cookies(&left).len(), 1);
    assert_kept_close(&cookies(&left), true);
    assert_eq!(ann.opens("/dashboard").await.status, 401);
    house.closes().await;
}

#[tokio::test]
async fn behind_https_the_setup_code_is_kept_as_close() {
    let house = house_behind_https(Allow::Owner).await;
    let code = house.setup_code().await.expect("a house without an owner");
    let typed = house.person("ann").answer_to(Method::POST, "/auth/twitch", &format!("code={code}")).await;
    assert_eq!((typed.status().as_u16(), cookies(&typed).len()), (200, 1));
    assert_kept_close(&cookies(&typed), true);
    house.closes().await;
}

#[tokio::test]
async fn over_plain_http_cookies_are_ours_but_neither_secure_nor_prefixed() {
    let house = house_for_anyone().await;
    let ann = house.person("ann");
    assert_kept_close(&cookies(&ann.answer("/auth/twitch").await), false);
    let let_in = comes_back(&ann, "/auth/twitch").await;
    assert_eq!(cookies(&let_in).len(), 2);
    assert_kept_close(&cookies(&let_in), false);
    house.closes().await;
}

/// Asks for everything; gives the answers whose word about HTTPS is another than this.
async fn saying_otherwise(house: &House, said: Option<&str>) -> Vec<String> {
    let home = house.get("/").await.1;
    let (_, sheet) = home.split_once("rel=\"stylesheet\" href=\"").expect("a style sheet");
    let sheet = sheet.split('"').next().expect("an address");
    let mut otherwise = Vec::new();
    for (path, status) in ANSWERS.into_iter().chain([(sheet, 200)]) {
        let answer = house.answer(path).await;
        assert_eq!(answer.status().as_u16(), status, "{path}");
        if answer.headers().get(HSTS).map(|value| value.to_str().expect("text")) != said {
            otherwise.push(path.to_owned());
        }
    }
    otherwise
}

#[tokio::test]
async fn every_answer_behind_https_asks_for_https_from_then_on_and_none_over_plain_http() {
    let house = house_behind_https(Allow::Anyone).await;
    house.has_streamer("ann").await;
    assert_eq!(saying_otherwise(&house, Some("max-age=31536000")).await, Vec::<String>::new());
    house.closes().await;
    let house = house_for_anyone().await;
    house.has_streamer("ann").await;
    assert_eq!(saying_otherwise(&house, None).await, Vec::<String>::new());
    house.closes().await;
}

#[tokio::test]
async fn who_asks_too_often_is_asked_for_https_too() {
    let house = House::with(|config| {
        config.server.public_url = Some(PUBLIC.parse().expect("a URL"));
        config.twitch.eventsub = EventSub::Websocket;
        config.limits.requests_per_minute = NonZeroU32::new(1);
    })
    .await;
    assert_eq!(house.get("/").await.0, 200);
    let refused = house.answer("/").await;
    assert!(refused.status() == 429 && refused.headers().contains_key(HSTS), "{refused:?}");
    house.closes().await;
}
