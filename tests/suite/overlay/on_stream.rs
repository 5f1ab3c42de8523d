//! Nothing embarrassing ever shows: what an overlay does while one pauses, hides, closes and loses things.

use super::page::{
    A_LOOK_LATER, asks_anew, browser, lists, moves, on_air, shows, shows_nothing, time_passes,
};
use crate::curation::{presses, undoes};
use crate::house::wire::Wire;
use crate::house::{House, text};
use airlog::base::clock::{Clock as _, Instant};
use airlog::twins::Deed;
use chrono::{DateTime, TimeDelta};
use serde_json::json;

/// The rules, as stories.
const MOMENTS: &str = include_str!("moments.js");
/// Writes down which titles come.
const WATCHES: &str = r#"void (window.seen = new Set(), new MutationObserver(() => seen.add(document.querySelector(".title").textContent.trim()))
    .observe(document.body, { subtree: true, childList: true, characterData: true }))"#;

#[tokio::test]
async fn what_is_to_be_seen_follows_from_frames_and_time_and_of_a_stranger_nothing_is() {
    let Some(browser) = browser().await else { return };
    let house = House::start().await;
    for source in ["tracks", "now-playing"] {
        browser.open(&house.url(&format!("/overlay/ann/{source}"))).await;
        assert_eq!(browser.eval(A_LOOK_LATER).await, true);
        shows_nothing(&browser).await;
        let seen =
            browser.eval("document.querySelector('main').innerText.replace('Airlog', '').trim()").await;
        assert_eq!(text(&seen), "", "{source}");
    }
    assert_eq!(browser.eval(MOMENTS).await, json!([]));

    // She comes, and the page has kept trying.
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    let title = house.plays_noticed("ann", 0).await;
    for _ in 0..2 {
        time_passes(&browser, &house, 9).await;
        assert_eq!(browser.eval(A_LOOK_LATER).await, true);
    }
    shows(&browser, &title).await;
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn it_hides_what_is_paused_and_at_once_what_nobody_may_see() {
    let Some(browser) = browser().await else { return };
    let (house, ann) = on_air().await;
    let title = house.plays_noticed("ann", 0).await;
    browser.open(&house.url("/overlay/ann/now-playing")).await;
    shows(&browser, &title).await;
    house.act("ann", Deed::Pause);
    shows_nothing(&browser).await;
    assert_eq!(moves(&browser).await, "comes goes");
    browser.open(&house.url("/overlay/ann/now-playing?hide=never")).await;
    browser.wait_for("[data-state=paused]").await;
    shows(&browser, &title).await;
    house.act("ann", Deed::Resume);
    browser.wait_for("[data-state=playing]").await;
    assert_eq!(moves(&browser).await, "comes");

    let act = presses(&ann, "hide_last").await;
    shows_nothing(&browser).await;
    assert_eq!(moves(&browser).await, "", "a fade would show it for longer");
    undoes(&ann, &act).await;
    shows(&browser, &title).await;
    presses(&ann, "ghost_on").await;
    shows_nothing(&browser).await;
    assert_eq!(moves(&browser).await, "comes");
    presses(&ann, "ghost_off").await;
    shows(&browser, &title).await;
    ann.chooses(&json!({"visibility": "private"})).await;
    shows_nothing(&browser).await;
    assert_eq!(moves(&browser).await, "comes");
    ann.chooses(&json!({"visibility": "public"})).await;
    time_passes(&browser, &house, 31).await;
    shows(&browser, &title).await;

    browser.open(&house.url("/overlay/ann/tracks?count=2")).await;
    let titles = [title, house.plays_noticed("ann", 1).await, house.plays_noticed("ann", 2).await];
    lists(&browser, &[&titles[2], &titles[1]]).await;
    presses(&ann, "hide_last").await;
    lists(&browser, &[&titles[1], &titles[0]]).await;
    ann.chooses(&json!({"visibility": "private"})).await;
    shows_nothing(&browser).await;
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn without_a_server_the_last_track_stays_for_half_a_minute_and_comes_back_with_it() {
    let Some(browser) = browser().await else { return };
    let mut house = House::with_ann_live().await;
    let wire = Wire::to(house.addr()).await;
    let first = house.plays_noticed("ann", 0).await;
    browser.open(&format!("http://{}/overlay/ann/now-playing", wire.addr())).await;
    shows(&browser, &first).await;
    browser.eval("void (window.never_reloaded = true)").await;
    moves(&browser).await;

    wire.cut().await;
    time_passes(&browser, &house, 12).await;
    assert_eq!(browser.eval(A_LOOK_LATER).await, true);
    browser.eval("void (heard = [])").await;
    wire.mend();
    browser.wait_until("heard.length > 0").await;
    time_passes(&browser, &house, 19).await;
    assert_eq!(browser.eval(A_LOOK_LATER).await, true);
    shows(&browser, &first).await;
    assert_eq!(moves(&browser).await, "", "nothing has happened");

    // The machine sleeps, and its clock is set: nobody sees it.
    for seconds in [30_000, -60_000] {
        browser.eval(&format!("sleeps({seconds})")).await;
        assert_eq!(browser.eval(A_LOOK_LATER).await, true);
    }
    let second = house.plays_noticed("ann", 1).await;
    shows(&browser, &second).await;
    assert_eq!(moves(&browser).await, "goes comes");

    house.stops().await;
    time_passes(&browser, &house, 15).await;
    assert_eq!(browser.eval(A_LOOK_LATER).await, true);
    shows(&browser, &second).await;
    time_passes(&browser, &house, 16).await;
    shows_nothing(&browser).await;
    house.opens().await;
    shows(&browser, &second).await;
    assert_eq!(moves(&browser).await, "goes comes");

    // A connection that is dead and does not say so.
    wire.half_open();
    time_passes(&browser, &house, 31).await;
    assert_eq!(browser.eval(A_LOOK_LATER).await, true);
    time_passes(&browser, &house, 11).await;
    shows_nothing(&browser).await;
    wire.mend();
    time_passes(&browser, &house, 16).await;
    shows(&browser, &second).await;
    assert_eq!(browser.eval("window.never_reloaded").await, true, "the page was reloaded");

    // The link to Spotify is lost, which tells less of her than of us.
    moves(&browser).await;
    house.act("ann", Deed::RevokeLink);
    browser.wait_until("heard.some((frame) => frame.includes('link_lost'))").await;
    assert_eq!(browser.eval(A_LOOK_LATER).await, true);
    shows(&browser, &second).await;
    time_passes(&browser, &house, 31).await;
    shows_nothing(&browser).await;
    assert_eq!(moves(&browser).await, "goes");
    browser.close().await;
    drop(wire);
    house.closes().await;
}

#[tokio::test]
async fn its_delay_adds_to_the_streamers_and_spoils_nothing() {
    let Some(browser) = browser().await else { return };
    let (house, ann) = on_air().await;
    ann.chooses(&json!({"delay_seconds": 1})).await;
    let mut host = house.staff(&ann).await;
    let overlay = house.url("/overlay/ann/now-playing?delay=2");
    browser.open(&overlay).await;
    let mut titles = Vec::new();
    for number in [0, 1] {
        titles.push(house.plays_before("ann", number, &mut host).await);
        let told = told_at(&host.sees("now_playing").await["at"]);
        shows(&browser, &titles[number]).await;
        let late = house.clock.now() - told;
        assert!(late >= TimeDelta::seconds(3), "after {late}");
    }
    // Whoever comes in between sees what the others see, and what is hidden meanwhile is never seen.
    house.clock.shift(TimeDelta::seconds(100));
    let third = house.plays_before("ann", 2, &mut host).await;
    browser.open(&house.url("/overlay/ann/now-playing?delay=60")).await;
    shows(&browser, &titles[1]).await;
    browser.eval(WATCHES).await;
    presses(&ann, "hide_last").await;
    let fourth = house.plays_before("ann", 3, &mut host).await;
    let told =
        format!("heard.some((frame) => frame.includes('now_playing') && frame.includes({}))", json!(fourth));
    browser.wait_until(&told).await;
    time_passes(&browser, &house, 61).await;
    shows(&browser, &fourth).await;
    let spoiled = browser.eval(&format!("seen.has({})", json!(third))).await;
    assert_eq!(spoiled, false, "{third} was hidden before its time");
    host.leaves().await;
    browser.close().await;
    house.closes().await;
}

fn told_at(at: &serde_json::Value) -> Instant {
    DateTime::parse_from_rfc3339(&text(at)).expect("an instant").to_utc()
}

#[tokio::test]
async fn another_version_of_it_takes_its_place_when_nobody_sees_that_and_seldom() {
    let Some(browser) = browser().await else { return };
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    browser.speaks("en").await;
    browser.open(&house.url("/overlay/ann/now-playing")).await;
    shows(&browser, &first).await;
    browser.wait_until("document.documentElement.lang === 'en'").await;

    // Each language is another version.
    browser.speaks("fr").await;
    browser.eval("void (window.is_old = true)").await;
    asks_anew(&browser, &house).await;
    assert_eq!(browser.eval("window.is_old").await, true, "while a track is seen it waits");
    let second = house.plays_noticed("ann", 1).await;
    browser.wait_until("document.documentElement.lang === 'fr'").await;
    shows(&browser, &second).await;
    assert_eq!(moves(&browser).await, "", "it was there already");

    browser.speaks("en").await;
    browser.eval("void (window.is_old = true)").await;
    house.act("ann", Deed::Pause);
    shows_nothing(&browser).await;
    asks_anew(&browser, &house).await;
    assert_eq!(browser.eval("window.is_old").await, true, "once in a while is enough");
    time_passes(&browser, &house, 300).await;
    browser.wait_until("document.documentElement.lang === 'en'").await;
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn a_page_that_came_undressed_is_dressed_when_the_database_is_back() {
    let Some(browser) = browser().await else { return };
    let mut house = House::start().await;
    house.has_streamer("ann").await;
    let preset = house.saves("ann", "mine", "theme=light", ".title { color: red }").await;
    house.loses_database().await;
    browser.open(&house.url(&format!("/overlay/ann/now-playing?preset={}", preset.id))).await;
    browser.wait_for("[data-theme=dark]").await;
    browser.wait_for("[data-version='']").await;

    house.stops().await;
    house.opens().await;
    time_passes(&browser, &house, 21).await;
    browser.wait_for("[data-theme=light]").await;
    browser.wait_for("link[href^='/overlay/css/']").await;
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn a_page_that_came_without_its_parts_begins_anew_when_they_are_there() {
    let Some(browser) = browser().await else { return };
    let house = House::with_ann_live().await;
    let title = house.plays_noticed("ann", 0).await;
    for part in ["*/stage.js*", "*/steadfast.js*", "*/overlay.css*"] {
        browser.is_refused(&[part]).await;
        browser.open(&house.url("/overlay/ann/now-playing")).await;
        assert_eq!(browser.eval(A_LOOK_LATER).await, true);
        shows_nothing(&browser).await;
        browser.is_refused(&[]).await;
        time_passes(&browser, &house, 16).await;
        shows(&browser, &title).await;
    }
    browser.close().await;
    house.closes().await;
}
