//! Hands on a keyboard: Tab alone leads to everything, in the order of the eye, and always shows where one is.

use super::evening::open_to_anyone;
use crate::house::House;
use crate::house::browser::Browser;
use serde::Deserialize;

/// Remembers where Tab has led, as `hands`; see there.
const HANDS: &str = include_str!("steps.js");
/// Nobody presses Tab more often on one page.
const PRESSES: usize = 200;

/// What has the focus, in CSS pixels from the top left of the page.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    name: String,
    /// Whether it is seen, with a ring around it.
    ring: bool,
    /// Whether it had the focus before.
    is_again: bool,
    left: f64,
    top: f64,
    bottom: f64,
}

impl Step {
    /// Whether whoever reads from the left to the right, line by line, comes from `last` to this.
    fn follows(&self, last: &Self) -> bool {
        let shared = self.bottom.min(last.bottom) - self.top.max(last.top);
        let lower = (self.bottom - self.top).min(last.bottom - last.top);
        let is_beside = shared > lower / 2.0;
        if is_beside { self.left >= last.left } else { self.top >= last.top }
    }
}

#[tokio::test]
async fn tab_alone_leads_everywhere_in_the_order_of_the_eye() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with(open_to_anyone).await;
    let ann = house.set_up("ann").await;
    house.set_up("bob").await;
    house.goes_live("ann").await;
    for number in 0..3 {
        house.plays_noticed("ann", number).await;
    }
    browser.is(&ann, &house.url("/")).await;
    for (width, path) in [
        (320, "/"),
        (1440, "/"),
        (320, "/streamers/ann/tracks/today"),
        (1440, "/streamers/ann/tracks/today"),
        (320, "/dashboard"),
        (1440, "/dashboard"),
        (1440, "/dashboard/list"),
    ] {
        browser.size(width, 900).await;
        browser.open(&house.url(path)).await;
        walks(&browser, &format!("{path} at {width} px")).await;
    }
    browser.open(&house.url("/streamers/ann/tracks/today")).await;
    skips(&browser).await;
    browser.open("about:blank").await;
    browser.close().await;
    house.closes().await;
}

/// Goes from the top of the page to its end by Tab.
async fn walks(browser: &Browser, at: &str) {
    browser.learns(HANDS).await;
    let mut way: Vec<Step> = Vec::new();
    while let Some(step) = step(browser).await.filter(|step| !step.is_again) {
        assert!(step.ring, "{at}: the focus is not seen on {}: {step:?}", step.name);
        if let Some(last) = way.last() {
            assert!(step.follows(last), "{at}: {step:?} comes after {last:?}");
        }
        assert!(way.len() < PRESSES, "{at}: no end");
        way.push(step);
    }
    let missed: Vec<String> = serde_json::from_value(browser.eval("hands.missed()").await).expect("texts");
    assert!(missed.is_empty() && way.len() > 5, "{at}: {missed:#?} are not reached by {way:#?}");
}

/// Presses Tab; none when that leads out of the page.
async fn step(browser: &Browser) -> Option<Step> {
    browser.presses_tab().await;
    serde_json::from_value(browser.eval("hands.step()").await).expect("a step")
}

/// The first that Tab leads to is a way past what is the same on every page.
async fn skips(browser: &Browser) {
    browser.presses_tab().await;
    browser.wait_until("document.activeElement.matches('.skip')").await;
    browser.enters(".skip").await;
    browser.wait_until("document.activeElement.id === 'content'").await;
    browser.presses_tab().await;
    browser.wait_until("document.activeElement.closest('#content') !== null").await;
}
