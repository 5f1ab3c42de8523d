//! Two people with browsers: a streamer on a phone who hides and undoes by keyboard, and a viewer who watches the list.

use crate::house::House;
use crate::house::browser::Browser;
use airlog::config::Allow;

/// The rows that are not hidden, on the streamer's page and on the viewer's.
const ROWS: &str = "li.play:not([data-hidden])";

async fn fits(browser: &Browser) {
    let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
    assert_eq!(fits, true, "something sticks out on a phone");
}

async fn logs_in(browser: &Browser, house: &House) {
    browser.open(&house.url("/dashboard")).await;
    browser.enters("a.do").await;
    browser.wait_for("button[value=ann]").await;
    browser.enters("button[value=ann]").await;
    browser.wait_for("#panic").await;
}

/// Nobody reloads a page from now on.
async fn stays(browser: &Browser) {
    browser.eval("void (window.never_reloaded = true)").await;
}

async fn has_stayed(browser: &Browser) {
    assert_eq!(browser.eval("window.never_reloaded").await, true, "the page was reloaded");
    let errors = browser.console_errors().await;
    let unexpected: Vec<_> = errors.iter().filter(|error| !error.contains("401")).collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
}

#[tokio::test]
async fn a_streamer_hides_and_the_viewers_page_loses_the_row_until_it_is_undone() {
    let (Some(browser), Some(viewer)) = (Browser::start().await, Browser::start().await) else { return };
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    let second = house.plays_noticed("ann", 1).await;
    browser.size(320, 900).await;
    logs_in(&browser, &house).await;
    fits(&browser).await;
    browser.open(&house.url("/dashboard/list")).await;
    viewer.open(&house.url("/streamers/ann/tracks/today")).await;
    for page in [&browser, &viewer] {
        page.wait_count(ROWS, 2).await;
        stays(page).await;
    }
    fits(&browser).await;

    browser.enters("#panic button[value=hide_last]").await;
    viewer.wait_count(ROWS, 1).await;
    viewer.wait_until("document.getElementById('now').hidden").await;
    assert_eq!(viewer.texts(&format!("{ROWS} b")).await, [first.as_str()]);
    browser.wait_count("li[data-hidden] s", 1).await;
    assert_eq!(browser.texts("li[data-hidden] b").await, [second.as_str()]);
    browser.wait_count(".acts button", 1).await;
    fits(&browser).await;
    browser.enters(".acts button").await;
    viewer.wait_count(ROWS, 2).await;
    viewer.wait_until("!document.getElementById('now').hidden").await;
    browser.wait_count(".acts button", 0).await;

    browser.wait_count("li[data-hidden]", 0).await;
    browser.enters("li.play:last-child button[value=hide]").await;
    viewer.wait_count(ROWS, 1).await;
    assert_eq!(viewer.texts(&format!("{ROWS} b")).await, [second.as_str()]);
    browser.wait_for("button[value=restore]").await;
    browser.enters("button[value=restore]").await;
    viewer.wait_count(ROWS, 2).await;

    browser.enters("#panic button[value=ghost_on]").await;
    browser.wait_for("#panic .ghost").await;
    viewer.wait_until("document.getElementById('now').hidden").await;
    house.plays_noticed("ann", 2).await;
    browser.wait_count("li[data-hidden]", 1).await;
    browser.enters("#panic button[value=ghost_off]").await;
    browser.wait_gone("#panic .ghost").await;
    let fourth = house.plays_noticed("ann", 3).await;
    viewer.wait_count(ROWS, 3).await;
    assert_eq!(viewer.texts(&format!("{ROWS} b")).await, [fourth, second, first]);
    for page in [&browser, &viewer] {
        has_stayed(page).await;
    }
    browser.eval("document.querySelector('li.play details').open = true").await;
    fits(&browser).await;
    browser.size(1440, 1000).await;
    browser.open(&house.url("/dashboard/list?lang=fr")).await;
    browser.wait_count("li.play", 4).await;
    browser.close().await;
    viewer.close().await;
    house.closes().await;
}

#[tokio::test]
async fn forms_work_without_scripts_and_say_what_was_done() {
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let ann = house.logged_in("ann").await;
    let missed = [("action", "add"), ("name", "Missed"), ("artist", "Somebody"), ("time", "")];
    let page = ann.fills_in("/dashboard/list", &missed).await;
    assert!(
        page.status == 200 && page.body.contains("Added.") && page.body.contains("Missed"),
        "{}",
        page.body
    );
    let id = house.sql("SELECT id FROM stream_tracks").await.remove(0);
    for (action, said) in [("hide", "Hidden. Nobody sees it any more."), ("restore", "It is back.")] {
        let page = ann.fills_in("/dashboard/list", &[("action", action), ("track", &id)]).await;
        assert!(page.status == 200 && page.body.contains(said), "{action}: {}", page.body);
    }
    let right =
        [("action", "correct"), ("track", &*id), ("name", "Right"), ("artist", "Somebody"), ("album", "")];
    let page = ann.fills_in("/dashboard/list", &right).await;
    assert!(page.body.contains("Was: Missed – Somebody"), "{}", page.body);
    let page = ann.fills_in("/dashboard/panic", &[("action", "hide_last"), ("back", "home")]).await;
    assert!(page.path == "/dashboard" && page.body.contains("last track hidden"), "{}", page.body);
    let page = ann.fills_in("/dashboard/panic", &[("action", "hide_last")]).await;
    assert!(page.status == 400 && page.body.contains("There is no track to hide."), "{}", page.body);
    for (fields, said) in [
        ([("name", " "), ("artist", "A"), ("time", "")], "The title must not be empty."),
        ([("name", "A"), ("artist", "A"), ("time", "noon")], "Say when it was played"),
    ] {
        let fields: Vec<_> = fields.into_iter().chain([("action", "add")]).collect();
        let page = ann.fills_in("/dashboard/list", &fields).await;
        assert!(page.status == 400 && page.body.contains(said), "{}", page.body);
    }
    assert_eq!(ann.opens("/dashboard/list?date=2026-02-30").await.status, 404);
    assert_eq!(ann.opens("/dashboard/list?date=2026-11-19").await.status, 200);
    house.closes().await;
}
