//! Languages: everybody reads their own, changes it where they are, and it fits their screen.

use crate::house::House;
use crate::house::browser::{Browser, Scheme};
use airlog::config::Allow;
use reqwest::header::{ACCEPT_LANGUAGE, COOKIE, SET_COOKIE};

/// Whether nothing sticks out at the right.
const FITS: &str = "document.documentElement.scrollWidth <= window.innerWidth";

#[tokio::test]
async fn people_read_their_own_language() {
    let house = House::with_ann_live().await;
    let client = airlog::clients::http_client(crate::house::PATIENCE).expect("a client");
    for (accepted, cookie, query, expected) in [
        ("", "", "", "en"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "", "", "fr"),
        ("de, en;q=0.3, fr;q=0.7", "", "", "fr"),
        ("fr", "lang=en", "", "en"),
        ("fr", "lang=xx", "", "fr"),
        ("en", "lang=en", "?lang=fr", "fr"),
    ] {
        let request = client.get(house.url(&format!("/streamers/ann/tracks/today{query}")));
        let request = request.header(ACCEPT_LANGUAGE, accepted).header(COOKIE, cookie);
        let page = request.send().await.expect("an answer");
        assert_eq!(page.headers().contains_key(SET_COOKIE), !query.is_empty(), "only a choice is remembered");
        assert_eq!(page.headers()["content-language"], expected, "{accepted} {cookie} {query}");
        let html = page.text().await.expect("a page");
        assert!(html.contains(&format!("<html lang=\"{expected}\"")), "{html}");
    }
    house.closes().await;
}

#[tokio::test]
async fn somebody_changes_the_language_where_they_are_and_french_fits_a_phone() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    house.person("ann");
    browser.open(&house.url("/auth/twitch?lang=en")).await;
    browser.enters("button[value=ann]").await;
    browser.wait_for("#dashboard").await;
    browser.open(&house.url("/dashboard/list?date=2026-11-20&lang=en")).await;
    browser.enters("a.language[lang=fr]").await;
    browser.wait_until("document.documentElement.lang === 'fr' && document.title.startsWith('Liste')").await;
    assert_eq!(browser.eval("new URLSearchParams(location.search).get('date')").await, "2026-11-20");

    browser.size(320, 800).await;
    browser.scheme(Scheme::Dark).await;
    let pages =
        ["", "/list", "/spotify", "/team", "/alerts", "/account"].map(|page| format!("/dashboard{page}"));
    for path in pages.iter().map(String::as_str).chain(["/", "/docs", "/no-such-page"]) {
        browser.open(&house.url(path)).await;
        browser.wait_for("a.language[lang=en]").await;
        assert_eq!(browser.eval(FITS).await, true, "{path} sticks out in French");
        if let Ok(folder) = std::env::var("SHOTS") {
            browser.screenshot(format!("{folder}fr{}.png", path.replace('/', "_"))).await;
        }
    }
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn an_open_page_counts_in_its_own_language() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with_ann_live().await;
    browser.open(&house.url("/streamers/ann/tracks/today?lang=fr")).await;
    for (place, count) in ["1 titre", "2 titres"].into_iter().enumerate() {
        house.plays_noticed("ann", place).await;
        browser.wait_until(&format!("document.querySelector('#count').textContent === '{count}'")).await;
    }
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    house.closes().await;
}
