//! A source that nobody sees: its scene is off, or it was shut down, and comes back with what is so now.

use super::page::{HIDDEN, browser, lists, moves, on_air, shows, shows_nothing, time_passes};
use crate::curation::presses;
use airlog::twins::Deed;
use serde_json::json;

/// How far the track is, as the page says it, in seconds.
const ELAPSED: &str = "document.querySelector('.elapsed').textContent.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)";

#[tokio::test]
async fn what_comes_while_nobody_looks_is_so_at_first_sight() {
    let Some(browser) = browser().await else { return };
    let (house, ann) = on_air().await;
    let mut titles = vec![house.plays_noticed("ann", 0).await];
    browser.open(&house.url("/overlay/ann/now-playing")).await;
    shows(&browser, &titles[0]).await;
    assert_eq!(moves(&browser).await, "comes");
    browser.eval("isSeen(false)").await;
    for number in [1, 2] {
        titles.push(house.plays_noticed("ann", number).await);
        shows(&browser, &titles[number]).await;
    }
    house.act("ann", Deed::Pause);
    browser.wait_until("heard.some((frame) => frame.includes('\"is_playing\":false'))").await;
    let at_first_sight = browser.eval(&format!("(isSeen(true), {HIDDEN})")).await;
    assert_eq!(at_first_sight, true);
    shows_nothing(&browser).await;
    assert_eq!(moves(&browser).await, "", "nobody was there to see it");
    house.act("ann", Deed::Resume);
    shows(&browser, &titles[2]).await;
    assert_eq!(moves(&browser).await, "comes");

    browser.open(&house.url("/overlay/ann/tracks?count=2")).await;
    lists(&browser, &[&titles[2], &titles[1]]).await;
    browser.eval("isSeen(false)").await;
    titles.push(house.plays_noticed("ann", 3).await);
    lists(&browser, &[&titles[3], &titles[2]]).await;
    presses(&ann, "hide_last").await;
    lists(&browser, &[&titles[2], &titles[1]]).await;
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn a_source_that_was_shut_down_or_refreshed_goes_on_in_mid_track() {
    let Some(browser) = browser().await else { return };
    let (house, _ann) = on_air().await;
    let title = house.plays_noticed("ann", 0).await;
    browser.open(&house.url("/overlay/ann/now-playing?hide_after=30&show=title,time")).await;
    shows(&browser, &title).await;
    time_passes(&browser, &house, 40).await;
    shows_nothing(&browser).await;

    for (query, is_over) in [("hide_after=30", true), ("hide_after=600", false), ("", false)] {
        browser.open("about:blank").await;
        browser.open(&house.url(&format!("/overlay/ann/now-playing?show=title,time&{query}"))).await;
        let told = format!("heard.some((frame) => frame.includes({}))", json!(title));
        browser.wait_until(&told).await;
        if is_over {
            assert_eq!(browser.eval(super::page::A_LOOK_LATER).await, true);
            shows_nothing(&browser).await;
            assert_eq!(moves(&browser).await, "", "it was new once");
        } else {
            shows(&browser, &title).await;
            browser.wait_until(&format!("{ELAPSED} >= 40")).await;
        }
    }
    browser.close().await;
    house.closes().await;
}
