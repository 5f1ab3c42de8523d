//! The streamer page: what is kept, counted for those who may read it; and the home page, which leads there and keeps up by
//! itself.

use crate::house::browser::Browser;
use crate::house::database::on_both;
use crate::house::{House, text};
use chrono::TimeDelta;
use chrono_tz::Tz;
use reqwest::Method;
use serde_json::json;

const PAGE: &str = "/streamers/ann";

/// What the page says.
async fn page(house: &House) -> String {
    let (status, page) = house.get(PAGE).await;
    assert_eq!(status, 200, "{page}");
    page
}

/// Whether these stand on the page in this order.
fn reads(page: &str, parts: &[&str]) -> bool {
    let mut rest = page;
    parts.iter().all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

async fn what_is_kept_is_counted_and_what_is_hidden_does_not_count() {
    let (house, ann) = House::with_ann_logged_in(Tz::Asia__Kolkata).await;
    assert!(page(&house).await.contains("No music here yet."));
    house.goes_live("ann").await;
    let (often, once) = (house.plays_noticed("ann", 0).await, house.plays_noticed("ann", 5).await);
    house.plays_noticed("ann", 0).await;
    // In Kolkata midnight is at half past six in the evening, UTC; the story begins at six.
    house.clock.shift(TimeDelta::minutes(40));
    let last = house.plays_noticed("ann", 3).await;
    let shown = page(&house).await;
    let day = |date: &str| format!("href=\"/streamers/ann/tracks/{date}\"");
    let stream = format!("href=\"/streamers/ann/streams/{}\"", house.sql("SELECT id FROM streams").await[0]);
    for parts in [
        &["On air", "4 tracks on 2 days since Friday 20 November", &last][..],
        &[&day("2026-11-20"), &day("2026-11-21"), "Last streams", &stream, "On air", "4 tracks"],
        &["Most played tracks", &often, "2 plays", &last, "1 play", &once, "1 play"],
        &["Most played artists", "Maren Vale", "2 plays"],
        &["<th scope=\"row\">23:00</th><td>3 tracks</td>", "<th scope=\"row\">00:00</th><td>1 track</td>"],
    ] {
        assert!(reads(&shown, parts), "{parts:?} in {shown}");
    }

    let path = "/api/v1/streamers/ann/tracks?date=2026-11-20";
    let id = text(&house.json(path).await["tracks"][1]["id"]);
    assert_eq!(ann.asks(Method::DELETE, &format!("/api/v1/me/tracks/{id}"), "").await.0, 204);
    let shown = page(&house).await;
    assert!(shown.contains("3 tracks on 2 days") && !shown.contains(&once), "{shown}");
    house.goes_offline("ann").await;
    let shown = page(&house).await;
    assert!(reads(&shown, &["Off air", "Last streams", &stream, " min", "3 tracks"]), "{shown}");
    house.closes().await;
}

async fn a_private_page_is_its_streamers_and_a_former_login_leads_to_the_new_one() {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    house.goes_live("ann").await;
    let title = house.plays_noticed("ann", 0).await;
    assert!(!ann.opens(PAGE).await.body.contains("This list is private"));
    ann.chooses(&json!({"visibility": "private", "delay_seconds": 600})).await;
    assert_eq!(house.get(PAGE).await, house.get("/streamers/nobody").await, "the same 404");
    assert_eq!(house.get(PAGE).await.0, 404);
    let own = ann.opens(PAGE).await;
    assert!(reads(&own.body, &["On air", "This list is private", &title, "Most played tracks", &title]));
    ann.chooses(&json!({"visibility": "public", "delay_seconds": 0})).await;

    house.twins.with(|world, now| world.rename("ann", "annie", now));
    house.clock.shift(TimeDelta::minutes(61));
    house
        .eventually("the former login leads on", async || {
            let answer = house.answer(PAGE).await;
            let to = answer.headers().get("location")?.to_str().ok()?.to_owned();
            (answer.status() == 307 && to == "/streamers/annie").then_some(())
        })
        .await;
    assert!(house.get("/streamers/annie").await.1.contains(&title));
    let search = house.answer(&format!("{PAGE}/tracks/today?q=night%20%C3%A9&lang=fr")).await;
    assert_eq!(search.headers()["location"], "/streamers/annie/tracks/today?q=night%20%C3%A9&lang=fr");
    house.closes().await;
}

async fn a_past_that_the_public_does_not_know_yet_is_not_counted() {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    ann.chooses(&json!({"delay_seconds": 600})).await;
    let mut host = house.staff(&ann).await;
    house.goes_live_before("ann", &mut host).await;
    let title = house.plays_before("ann", 0, &mut host).await;
    house.clock.shift(TimeDelta::minutes(9));
    let shown = page(&house).await;
    assert!(shown.contains("No music here yet.") && !shown.contains(&title), "{shown}");
    house.clock.shift(TimeDelta::minutes(1));
    house
        .eventually("the public knows", async || {
            let shown = page(&house).await;
            reads(&shown, &["1 track on 1 day", &title, "Last streams", "On air", "1 track", &title])
                .then_some(())
        })
        .await;
    host.leaves().await;
    house.closes().await;
}

on_both! {
    what_is_kept_is_counted_and_what_is_hidden_does_not_count,
    a_private_page_is_its_streamers_and_a_former_login_leads_to_the_new_one,
    a_past_that_the_public_does_not_know_yet_is_not_counted,
}

#[tokio::test]
async fn while_the_database_is_away_the_page_is_what_memory_knows() {
    let house = House::with_ann_live().await;
    let title = house.plays_noticed("ann", 0).await;
    house.loses_database().await;
    let shown = page(&house).await;
    assert!(
        reads(&shown, &["On air", "Older days cannot be read", &title, "Last streams", "1 track"]),
        "{shown}"
    );
    assert!(!shown.contains("Most played"));
    house.closes().await;
}

/// The home page asks again by itself; a test need not wait until it does.
const LOOKS: &str = "void document.dispatchEvent(new Event('visibilitychange'))";

#[tokio::test]
async fn the_home_page_keeps_up_and_leads_by_keyboard_to_a_day() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::start().await;
    for login in ["ann", "bob"] {
        house.has_streamer(login).await;
    }
    browser.size(320, 800).await;
    browser.open(&house.url("/")).await;
    browser.wait_for("#quiet:not([hidden])").await;
    assert_eq!(browser.texts("#others li").await, ["Ann", "Bob"]);
    browser.eval("void (window.never_reloaded = true)").await;

    let says =
        |title: &str| format!("document.querySelector('#onair .title')?.textContent === {}", json!(title));
    browser.eval("void document.querySelector('#others a').focus()").await;
    house.goes_live("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    browser.eval(LOOKS).await;
    browser.wait_until(&says(&first)).await;
    browser.wait_for("#quiet[hidden]").await;
    assert_eq!(browser.texts("#others li").await, ["Bob"]);
    let held = "document.activeElement.closest('#onair li')?.dataset.key === 'ann'";
    assert_eq!(browser.eval(held).await, true, "the focus goes where she went");

    let second = house.plays_noticed("ann", 1).await;
    browser.eval(LOOKS).await;
    browser.wait_until(&says(&second)).await;
    assert_eq!(browser.eval(held).await, true, "a new track leaves the focus alone");
    house.goes_live("bob").await;
    // Without being asked to.
    browser.wait_count("#onair li", 2).await;
    assert_eq!(browser.attributes("#onair li", "data-key").await, ["ann", "bob"]);
    assert_eq!(browser.eval("window.never_reloaded").await, true, "the page was reloaded");
    let fits = "document.documentElement.scrollWidth <= window.innerWidth";
    assert_eq!(browser.eval(fits).await, true, "something sticks out on a phone");

    house.goes_offline("bob").await;
    browser.eval(LOOKS).await;
    browser.wait_count("#others li", 1).await;
    browser.enters("#others a").await;
    browser.wait_until("location.pathname === '/streamers/bob'").await;
    browser.open(&house.url(PAGE)).await;
    browser.wait_for(".month [href]").await;
    assert_eq!(browser.eval(fits).await, true, "something sticks out on a phone");
    let small = "[...document.querySelectorAll('.month a')].filter((day) => Math.min(day.offsetWidth, day.offsetHeight) < 32).length";
    assert_eq!(browser.eval(small).await, 0, "a finger needs room");
    assert_eq!(browser.attributes(".month a", "aria-label").await, ["Friday 20 November, today"]);
    browser.enters(".month a").await;
    browser.wait_for("#day [data-track-id]").await;
    assert!(browser.console_errors().await.is_empty());
    browser.close().await;
    house.closes().await;
}
