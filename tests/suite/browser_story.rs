//! A person with a browser: the page shows a new track without a reload, and heals after a lost connection.

use crate::house::House;
use crate::house::browser::{Browser, Scheme};
use crate::house::wire::Wire;

/// The titles of the page's list, newest first.
const TITLES: &str = "li[data-track-id] .words b";

async fn shows(browser: &Browser, titles: &[&str]) {
    browser.wait_count("li[data-track-id]", titles.len()).await;
    assert_eq!(browser.texts(TITLES).await, titles);
}

#[tokio::test]
async fn an_open_page_shows_new_tracks_and_survives_a_lost_connection() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    let wire = Wire::to(house.addr()).await;
    browser.size(320, 800).await;
    browser.open(&format!("http://{}/streamers/ann/tracks/today", wire.addr())).await;
    shows(&browser, &[&first]).await;

    browser.eval("void (window.never_reloaded = true)").await;
    let second = house.plays_noticed("ann", 1).await;
    shows(&browser, &[&second, &first]).await;

    wire.cut().await;
    let third = house.plays_noticed("ann", 2).await;
    let fourth = house.plays_noticed("ann", 3).await;
    shows(&browser, &[&second, &first]).await;
    wire.mend();
    shows(&browser, &[&fourth, &third, &second, &first]).await;
    let fifth = house.plays_noticed("ann", 4).await;
    shows(&browser, &[&fifth, &fourth, &third, &second, &first]).await;

    assert_eq!(browser.eval("window.never_reloaded").await, true, "the page was reloaded");
    let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
    assert_eq!(fits, true, "something sticks out on a phone");
    browser.close().await;
    drop(wire);
    house.closes().await;
}

#[tokio::test]
async fn a_page_asks_nobody_else_and_logs_no_errors() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with_ann_live().await;
    house.plays_noticed("ann", 0).await;
    for (path, scheme) in [("/streamers/ann/tracks/today", Scheme::Dark), ("/", Scheme::Light)] {
        browser.scheme(scheme).await;
        browser.open(&house.url(path)).await;
        browser.wait_for("main").await;
        let foreign: Vec<String> = browser
            .requests()
            .await
            .into_iter()
            .filter(|url| !url.starts_with(&house.url("/")) && !url.contains("/covers/"))
            .collect();
        assert!(foreign.is_empty(), "{path} asks {foreign:?}");
    }
    let errors = browser.console_errors().await;
    assert!(errors.is_empty(), "{errors:?}");
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn an_overlay_shows_what_plays_and_hides_when_nothing_does() {
    let Some(browser) = Browser::start().await else { return };
    let mut house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    browser.size(600, 200).await;
    browser.open(&house.url("/overlay/ann/now-playing")).await;
    let shows = |title: &str| format!("document.body.innerText.includes({})", serde_json::json!(title));
    browser.wait_until(&shows(&first)).await;
    let background = browser.eval("getComputedStyle(document.body).backgroundColor").await;
    assert_eq!(background, "rgba(0, 0, 0, 0)", "OBS shows the game through it");

    house.stops().await;
    house.opens().await;
    let second = house.plays_noticed("ann", 1).await;
    browser.wait_until(&shows(&second)).await;

    house.act("ann", airlog::twins::Deed::StopPlayer);
    browser.wait_until("document.getElementById('overlay').hidden").await;
    browser.close().await;
    house.closes().await;
}
