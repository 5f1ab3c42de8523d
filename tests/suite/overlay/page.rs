//! An overlay's page in a story: it has a clock that the story moves, so that nobody waits for half a minute, and tells what is
//! seen and how it came and went.

use crate::house::browser::Browser;
use crate::house::person::Person;
use crate::house::{House, text};
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde_json::json;

/// The clock of the page, and what it remembers of how its overlay came and went.
pub const TIME: &str = include_str!("time.js");
/// Nothing is shown.
pub const HIDDEN: &str = "document.querySelector('.overlay').hidden";
/// The page has looked at the time once more and drawn what follows.
pub const A_LOOK_LATER: &str = "new Promise((done) => setTimeout(done, 1500, true))";
/// The page has asked the server for itself since [`asks_anew`].
const HAS_ASKED: &str = "performance.getEntriesByName(location.href).some(({ initiatorType, startTime }) =>
    initiatorType === 'fetch' && startTime > performance.getEntriesByName('since').at(-1).startTime)";

/// A browser whose pages have such a clock.
pub async fn browser() -> Option<Browser> {
    let browser = Browser::start().await?;
    browser.learns_first(TIME).await;
    browser.size(700, 200).await;
    Some(browser)
}

/// A house in which ann, who is logged in, is live.
pub async fn on_air() -> (House, Person) {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    house.goes_live("ann").await;
    (house, ann)
}

/// Waits until this is what plays.
pub async fn shows(browser: &Browser, title: &str) {
    let title = json!(title);
    browser
        .wait_until(&format!("!{HIDDEN} && document.querySelector('.title').textContent.trim() === {title}"))
        .await;
}

/// Waits until nothing is shown, and nothing of it is left in the page.
pub async fn shows_nothing(browser: &Browser) {
    browser.wait_until(HIDDEN).await;
    let words = "[...document.querySelectorAll('.title, .artist, .album, .track')].map((part) => part.textContent.trim()).join('')";
    browser.wait_until(&format!("{words} === ''")).await;
}

/// Waits until these are the last tracks.
pub async fn lists(browser: &Browser, titles: &[&str]) {
    let shown = "[...document.querySelectorAll('.track .title')].map((title) => title.textContent.trim())";
    browser.wait_until(&format!("JSON.stringify({shown}) === {}", json!(json!(titles).to_string()))).await;
}

/// How the overlay came and went since this was last asked.
pub async fn moves(browser: &Browser) -> String {
    text(&browser.eval("moves.splice(0).join(' ')").await)
}

/// Time passes for the page and for everybody else.
pub async fn time_passes(browser: &Browser, house: &House, seconds: i64) {
    house.clock.shift(TimeDelta::seconds(seconds));
    browser.eval(&format!("passes({seconds})")).await;
}

/// As much time passes as it takes the page to ask the server for itself, and it has made up its mind about the answer.
pub async fn asks_anew(browser: &Browser, house: &House) {
    browser.eval("void performance.mark('since')").await;
    time_passes(browser, house, 21).await;
    browser.wait_until(HAS_ASKED).await;
    assert_eq!(browser.eval(A_LOOK_LATER).await, true);
}
