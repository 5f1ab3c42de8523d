//! What overlays look like: transparent around what they show, as large as their source, dressed as their address says.

use crate::house::House;
use crate::house::browser::Browser;
use serde::Deserialize;
use serde_json::json;
use tiny_skia::Pixmap;

/// How lines move, as a story of the page's own.
const LINES: &str = include_str!("lines.js");
/// The demo stays with its first track, however long a story takes.
const STAYS: &str = "{ const every = setInterval; window.setInterval = (does, wait) => (wait > 10_000 ? 0 : every(does, wait)); }";
const STANDS: &str = "!document.querySelector('.overlay').hidden && document.querySelector('.overlay').getAnimations().length === 0";
/// Where the box is, in CSS pixels.
const BOX: &str = "document.querySelector('.overlay').getBoundingClientRect()";

/// What is opened, and a source that leaves some room around it.
const SOURCES: &[(&str, (u32, u32))] = &[
    ("now-playing?style=card", (650, 170)),
    ("now-playing?style=bar&theme=light", (640, 160)),
    ("now-playing?style=minimal", (650, 120)),
    ("now-playing?style=ticker&theme=glass", (640, 160)),
    ("now-playing?style=vinyl&theme=glass", (760, 200)),
    ("tracks?count=3", (480, 300)),
];

/// What is asked, and what is true then.
const SETTINGS: &[(&str, &str)] = &[
    ("accent=00ff88", "getComputedStyle($('.progress'), '::before').backgroundColor === 'rgb(0, 255, 136)'"),
    ("font=Noto+Serif", "getComputedStyle($('.title')).fontFamily.startsWith('\"Noto Serif\"')"),
    (
        "align=bottom-right",
        "box.right > innerWidth / 2 && box.x > 24 && innerHeight - box.bottom < 40 && box.y > 100",
    ),
    ("align=top", "Math.abs(box.x + box.right - innerWidth) < 2 && box.y < 40"),
    ("scale=0.5", "rem === 8"),
    ("scale=3", "rem > 16 && box.bottom <= innerHeight && box.right <= innerWidth"),
    ("show=title", "shown === 'title'"),
    ("show=cover", "shown === 'cover' && Math.abs(box.width - box.height) < 1"),
    ("show=label,album,time", "shown === 'album time label' && $('.label').innerText === 'Now playing'"),
    ("show=progress&lang=fr", "shown === 'progress' && $('.on').textContent === 'En ce moment'"),
    ("style=minimal", "shown === 'title artist'"),
    (
        "style=vinyl&show=cover,title,artist,album,progress,time,label",
        "shown === 'cover title artist album progress time label'",
    ),
    ("marquee=always", "$('.title span').getAnimations().length === 1"),
    ("marquee=off", "$('.title span').getAnimations().length === 0"),
];
const JUDGES: &str = "(() => {
    const $ = (css) => document.querySelector(css);
    const box = $('.overlay').getBoundingClientRect();
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const parts = ['cover', 'title', 'artist', 'album', 'progress', 'time', 'label'];
    const shown = parts.filter((part) => $(`.overlay .${part}`).checkVisibility()).join(' ');
    return JUDGED;
})()";

#[derive(Debug, Deserialize)]
struct Rect {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    right: f64,
    bottom: f64,
}

#[tokio::test]
async fn an_overlay_is_as_large_as_its_source_and_the_game_shows_around_it() {
    let Some(browser) = Browser::start().await else { return };
    browser.learns_first(STAYS).await;
    let house = House::start().await;
    for (path, (width, height)) in SOURCES {
        browser.size(*width, *height).await;
        browser.open(&house.url(&format!("/overlay/ann/{path}&anim=none&demo=1"))).await;
        browser.wait_until(STANDS).await;
        let usual = painted(&browser, path, (*width, *height)).await;
        for (times, (width, height)) in [(0.5, (width / 2, height / 2)), (2.0, (width * 2, height * 2))] {
            browser.size(width, height).await;
            let scaled = painted(&browser, path, (width, height)).await;
            for (is, was) in [(scaled.width, usual.width), (scaled.height, usual.height)] {
                assert!((is - was * times).abs() < was * 0.02 + 1.0, "{path} {times}: {scaled:?}, {usual:?}");
            }
        }
    }
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    let asked = browser.requests().await;
    assert!(asked.iter().all(|url| url.starts_with(&house.url("/"))), "demo asks others: {asked:?}");
    browser.close().await;
    house.closes().await;
}

/// Where the box is, once nothing is wrong with what is painted in a source of this size.
async fn painted(browser: &Browser, path: &str, (width, height): (u32, u32)) -> Rect {
    browser.wait_until(&format!("innerWidth === {width} && innerHeight === {height}")).await;
    let rect: Rect = serde_json::from_value(browser.eval(BOX).await).expect("a box");
    let (right, bottom) = (f64::from(width), f64::from(height));
    let is_inside = rect.x >= 0.0 && rect.y >= 0.0 && rect.right <= right && rect.bottom <= bottom;
    assert!(is_inside && rect.width > right / 4.0, "{path} at {width} px: {rect:?}");
    let picture = browser.paints().await;
    assert_eq!((picture.width(), picture.height()), (width, height), "{path}");
    for x in 0..width {
        let edges = [alpha(&picture, x, 0), alpha(&picture, x, height - 1)];
        assert!(edges.iter().all(|alpha| *alpha < 8), "{path} at {width} px paints {edges:?} at {x}");
    }
    let all = picture.pixels().len();
    let solid = picture.pixels().iter().filter(|pixel| pixel.alpha() > 140).count();
    assert!(solid > all / 100 && solid < all * 9 / 10, "{path} at {width} px: {solid} of {all}");
    rect
}

fn alpha(picture: &Pixmap, x: u32, y: u32) -> u8 {
    picture.pixel(x, y).expect("a pixel inside").alpha()
}

#[tokio::test]
async fn what_an_address_says_is_what_is_seen() {
    let Some(browser) = Browser::start().await else { return };
    browser.learns_first(STAYS).await;
    let house = House::start().await;
    browser.size(650, 300).await;
    for (query, truth) in SETTINGS {
        browser.open(&house.url(&format!("/overlay/ann/now-playing?{query}&anim=none&demo=1"))).await;
        browser.wait_until(STANDS).await;
        let judged = browser
            .eval(
                &JUDGES
                    .replace("JUDGED", &format!("{truth} || `${{shown}} ${{rem}} ${{JSON.stringify(box)}}`")),
            )
            .await;
        assert_eq!(judged, true, "{query}: {truth}");
    }
    browser.size(1920, 1080).await;
    browser.wait_until("document.querySelector('.overlay').getBoundingClientRect().width < 700").await;
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn lines_wander_to_their_end_and_none_jumps_when_the_next_track_comes() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::start().await;
    browser.size(650, 170).await;
    for path in ["now-playing?style=card&anim=fade", "now-playing?style=ticker", "tracks"] {
        browser.open(&house.url(&format!("/overlay/nobody/{path}"))).await;
        assert_eq!(browser.eval(LINES).await, json!([]), "{path}");
    }
    browser.close().await;
    house.closes().await;
}
