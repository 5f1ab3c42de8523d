//! A night: overlays that are left open for twelve hours weigh in the end what they weighed at the beginning.
//!
//! The clocks of the house and of the pages are moved by as much as a track takes, each time that one is played.

use super::page::TIME;
use crate::house::House;
use crate::house::browser::Browser;
use crate::house::browser::weight::Weight;
use crate::house::wire::Wire;
use airlog::twins::Deed;
use chrono::TimeDelta;
use serde_json::json;
use std::time::Duration;

/// After so many all that is ever needed is there.
const WARM: usize = 40;
const NIGHT: usize = 300;
/// Twelve hours of them.
const EACH: TimeDelta = TimeDelta::seconds(144);

/// Opens overlays side by side in one page: those of a browser that nobody looks at would sleep.
const OPENS: &str = r#"((paths) => Promise.all(paths.map((path) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.onload = () => done(true);
    frame.width = 600;
    frame.height = 150;
    frame.src = path;
    document.body.append(frame);
}))))"#;
/// The title in the frame with this number.
const TITLE: &str = "((at) => document.querySelectorAll('iframe')[at].contentDocument.querySelector('.words .title').textContent.trim())";
const ELEMENTS: &str = "[...document.querySelectorAll('iframe')].reduce((sum, { contentDocument }) => sum + contentDocument.querySelectorAll('*').length, 0)";
/// Time passes in all frames; what they were told is not theirs to keep.
const PASS: &str = "document.querySelectorAll('iframe').forEach(({ contentWindow: frame }) => {
    frame.passes(SECONDS);
    frame.performance.clearResourceTimings();
    frame.heard.length = frame.moves.length = 0;
})";
/// What comes and goes does so at once.
const SWIFT: &str = "{
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (frames, timing) {
        return animate.call(this, frames, this.matches('.overlay, .track') ? { ...timing, duration: 1 } : timing);
    };
}";
const PATHS: [&str; 6] = [
    "now-playing?anim=fade",
    "now-playing?style=bar&anim=slide",
    "now-playing?style=minimal&anim=none",
    "now-playing?style=vinyl&anim=pop",
    "tracks?count=8",
    "now-playing?style=ticker",
];
/// Of these, those whose first title is what plays.
const WORDS: std::ops::Range<usize> = 0..5;

#[tokio::test]
async fn twelve_hours_weigh_nothing() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with(|config| {
        config.tracking.poll_interval = Duration::from_millis(60);
        config.tracking.min_gap = Duration::from_millis(10);
    })
    .await;
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    let wire = Wire::to(house.addr()).await;
    browser.learns_first(TIME).await;
    browser.learns_first(SWIFT).await;
    browser.size(700, 1000).await;
    browser.frames_anything().await;
    browser.open(&format!("http://{}/nowhere", wire.addr())).await;
    let paths = PATHS.map(|path| format!("/overlay/ann/{path}"));
    browser.eval(&format!("{OPENS}({})", json!(paths))).await;
    plays(&browser, &house, &wire, 0..WARM).await;
    let before = weighs(&browser).await;
    plays(&browser, &house, &wire, WARM..WARM + NIGHT).await;
    let after = weighs(&browser).await;
    let told = format!("before {NIGHT} tracks {before:?}, after them {after:?}");
    println!("{told}");
    assert!(after.0.heap < before.0.heap * 1.25 + 500_000.0, "{told}");
    for (is, was, band) in [
        (after.0.nodes, before.0.nodes, 200.0),
        // What a connection listened to that was just given up may still be counted.
        (after.0.listeners, before.0.listeners, 60.0),
        // A pass of the line that runs, a cover that is under way.
        (after.1, before.1, 30.0),
    ] {
        assert!(is - was < band, "{told}");
    }
    browser.open("about:blank").await;
    browser.close().await;
    drop(wire);
    house.closes().await;
}

/// What everything weighs when nothing moves any more, and how many elements the overlays have.
async fn weighs(browser: &Browser) -> (Weight, f64) {
    browser.eval("new Promise((done) => setTimeout(done, 1500, true))").await;
    let elements = browser.eval(ELEMENTS).await.as_f64().expect("a number");
    (browser.weighs().await, elements)
}

/// One track after another; now and then a pause, and a connection that is lost.
async fn plays(browser: &Browser, house: &House, wire: &Wire, numbers: std::ops::Range<usize>) {
    let pass = PASS.replace("SECONDS", &EACH.num_seconds().to_string());
    let mut title = String::new();
    for number in numbers {
        house.clock.shift(EACH);
        browser.eval(&pass).await;
        title = house.plays_noticed("ann", number % 40).await;
        if number % 50 == 10 {
            house.act("ann", Deed::Pause);
            house.looks_again("ann", 2).await;
            house.act("ann", Deed::Resume);
        }
        if number % 100 == 30 {
            wire.cut().await;
            wire.mend();
        }
    }
    for frame in WORDS {
        browser.wait_until(&format!("{TITLE}({frame}) === {}", json!(title))).await;
    }
}
