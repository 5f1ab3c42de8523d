//! A person with a browser: the page shows a new track without a reload, and heals after a lost connection.

use crate::house::House;
use crate::house::browser::{Browser, Scheme};
use crate::house::text;
use crate::house::wire::Wire;
use airlog::twins::FaultKind;
use chrono::TimeDelta;
use chrono_tz::Tz;

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
    browser.wait_until("document.querySelector('.overlay').hidden").await;
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn times_are_the_viewers_and_the_streamers_are_one_key_away() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::start().await;
    house.has_streamer_in("ann", Tz::Asia__Tokyo).await;
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    browser.lives_in("America/New_York").await;
    let (toggle, row) = (".days button", "li[data-track-id] > time:first-child");
    let path = "/streamers/ann/tracks/today";
    browser.open(&house.url(path)).await;
    browser.wait_for(toggle).await;
    let [yours, theirs] = [
        ("13:0", "times in New York", "show the streamer’s (Tokyo)"),
        ("03:0", "times in Tokyo", "show yours (New York)"),
    ];
    shows_times(&browser, row, yours).await;

    browser.enters(toggle).await;
    shows_times(&browser, row, theirs).await;
    house.plays_noticed("ann", 1).await;
    browser.wait_count("li[data-track-id]", 2).await;
    shows_times(&browser, row, theirs).await;
    browser.open(&house.url(path)).await;
    browser.wait_for(toggle).await;
    shows_times(&browser, row, theirs).await;
    browser.enters(toggle).await;
    shows_times(&browser, row, yours).await;

    browser.lives_in("Asia/Tokyo").await;
    browser.open(&house.url(path)).await;
    browser.wait_until("document.querySelector('#zone').textContent === 'times in Tokyo'").await;
    browser.wait_gone(toggle).await;
    browser.close().await;
    house.closes().await;
}

async fn shows_times(browser: &Browser, row: &str, (clock, zone, toggle): (&str, &str, &str)) {
    let times = browser.texts(row).await;
    assert!(!times.is_empty() && times.iter().all(|time| time.starts_with(clock)), "{times:?} in {zone}");
    assert_eq!(browser.texts("#zone, .days button").await, [zone, toggle]);
}

#[tokio::test]
async fn the_page_of_a_stream_follows_it_across_midnight_to_its_end() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::start().await;
    // In Kolkata midnight is at half past six in the evening, UTC; the story begins at six.
    house.has_streamer_in("ann", Tz::Asia__Kolkata).await;
    house.goes_live("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    browser.size(320, 800).await;
    browser.open(&house.url("/streamers/ann/tracks/today")).await;
    browser.wait_count("#streams a", 1).await;
    browser.enters("#streams a").await;
    browser.wait_for("#stream").await;
    shows(&browser, &[&first]).await;

    house.clock.shift(TimeDelta::minutes(40));
    let second = house.plays_noticed("ann", 1).await;
    shows(&browser, &[&second, &first]).await;
    let into = browser.texts("li[data-track-id] > .into").await;
    assert!(into[0].starts_with("40:") && into[1].starts_with("0:0"), "{into:?}");
    browser.wait_until("document.querySelector('#length').textContent.startsWith('40:')").await;
    let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
    assert_eq!(fits, true, "something sticks out on a phone");

    house.goes_offline("ann").await;
    browser.wait_until("document.querySelector('#air').dataset.state === 'off'").await;
    assert_eq!(browser.texts("#air").await.concat().to_lowercase(), "ended");
    shows(&browser, &[&second, &first]).await;
    browser.wait_until("document.querySelector('#end').textContent.length === 5").await;
    let days = browser.attributes(".streams a", "href").await;
    assert_eq!(days, ["/streamers/ann/tracks/2026-11-20", "/streamers/ann/tracks/2026-11-21"]);
    assert!(browser.console_errors().await.is_empty());
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn a_play_found_out_later_takes_its_place_and_moves_nothing_that_one_reads() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with_ann_live().await;
    house.plays_noticed("ann", 0).await;
    browser.size(320, 640).await;
    browser.open(&house.url("/streamers/ann/tracks/today")).await;
    browser.wait_count("li[data-track-id]", 1).await;
    browser.eval(HEARS).await;
    // One play each ten minutes, the latest at the top.
    browser.eval("Array.from({ length: 40 }, (_, n) => hears(10 * (n + 1)))").await;
    browser.wait_count("li[data-track-id]", 41).await;
    browser.wait_until("document.getElementById('tape').getAnimations({ subtree: true }).length === 0").await;
    browser.eval("scrollTo(0, document.body.scrollHeight)").await;
    browser.wait_until("scrollY > 1000").await;
    browser.eval("void (window.reading = [...document.querySelectorAll('#tape > li')].find((row) => row.getBoundingClientRect().top > 0))").await;
    browser.eval("void (window.before = reading.getBoundingClientRect().top)").await;
    // Browsers scroll by whole pixels, rows are not as high as whole pixels.
    let still = "Math.abs(reading.getBoundingClientRect().top - before) <= 1";

    browser.eval("hears(395)").await;
    browser.wait_count("li[data-track-id]", 42).await;
    assert_eq!(browser.eval(still).await, true, "a row came above");
    let around = "['play-400', 'play-395', 'play-390'].map((id) => rowsBy(id)).join() === '0,1,2'";
    assert_eq!(browser.eval(around).await, true, "it stands between its neighbours");
    browser.eval("hears(391, 395)").await;
    assert_eq!(browser.eval(still).await, true, "a row above was corrected");
    browser.eval("goes(395)").await;
    browser.wait_count("li[data-track-id]", 41).await;
    assert_eq!(browser.eval(still).await, true, "a row above has gone");
    assert_eq!(text(&browser.eval("document.querySelector('#count').textContent").await), "41 tracks");
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn gaps_open_close_and_heal_in_an_open_page_and_say_why() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with_ann_live().await;
    house.plays_noticed("ann", 0).await;
    browser.open(&house.url("/streamers/ann/tracks/today?lang=fr")).await;
    browser.wait_count("li[data-track-id]", 1).await;
    browser.eval(HEARS).await;
    for (reason, words) in [
        ("rate_limited", "ralentir"),
        ("spotify_down", "Spotify n’a pas répondu"),
        ("link_lost", "lien"),
        ("server_down", "absent"),
        ("database", "enregistrer"),
        ("paused", "en pause"),
    ] {
        let gap = |minute: &str, healed: bool| format!("gap('{reason}', {minute}, {healed})");
        browser.eval(&gap("null", false)).await;
        let open = browser.texts("li.gap").await;
        assert!(open.len() == 1 && open[0].contains("– …") && open[0].contains(words), "{open:?}");
        browser.eval(&gap("30", false)).await;
        let closed = browser.texts("li.gap").await;
        assert!(closed.len() == 1 && !closed[0].contains('…') && closed[0].contains(words), "{closed:?}");
        browser.eval(&gap("30", true)).await;
        assert!(browser.texts("li.gap").await.is_empty(), "a healed gap leaves the page");
    }
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn a_gap_that_lasts_goes_on_in_the_new_day() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::start().await;
    // In Kolkata midnight is at half past six in the evening, UTC; the story begins at six.
    house.has_streamer_in("ann", Tz::Asia__Kolkata).await;
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    browser.open(&house.url("/streamers/ann/tracks/today")).await;
    house.breaks("ann", FaultKind::Status(503));
    browser.wait_count("li.gap", 1).await;

    house.clock.shift(TimeDelta::minutes(40));
    // The first to ask for today turns the day.
    house.get("/streamers/ann/tracks/today").await;
    browser.wait_gone("li[data-track-id]").await;
    browser.wait_count("li.gap", 1).await;
    browser.wait_count("#streams a", 1).await;
    house.mends("ann");
    let title = house.plays_noticed("ann", 1).await;
    shows(&browser, &[&title]).await;
    browser.wait_count("li.gap time", 2).await;
    browser.close().await;
    house.closes().await;
}

/// Lets a test say frames to the page: `hears(minute)` of a play that began then, `hears(minute, id)` of one that is
/// corrected to have begun then, `goes(id)` of one that is gone; `gap(reason, minute, healed)` of a gap from the first play to that minute, if it has ended.
pub const HEARS: &str = r#"(async () => {
    const scripts = performance.getEntriesByType("resource").map((entry) => entry.name);
    const tape = await import(scripts.find((name) => name.includes("/tape.js")));
    const live = Object.assign(new EventTarget(), { start() {}, settled: true });
    const frames = { track_added: (frame) => tape.put(frame), track_removed: ({ id }) => tape.find(id)?.remove() };
    frames.gap = ({ gap }) => tape.putGap(gap);
    tape.follow(live, { hear() {} }, frames, () => tape.count());
    const tell = (type, detail) => live.dispatchEvent(new CustomEvent(type, { detail }));
    const first = document.querySelector("li[data-track-id]");
    const [id, began] = [first.dataset.trackId, first.querySelector("time").dateTime];
    const bare = first.cloneNode(true);
    bare.querySelectorAll(".copy, .into").forEach((part) => part.remove());
    const html = bare.outerHTML;
    const then = (minute) => new Date(Date.parse(began) + minute * 60_000).toISOString();
    window.gap = (reason, minute, healed) => tell("gap", { gap: { id: reason, from: began, to: minute && then(minute), healed, reason } });
    window.hears = (minute, known = minute) => {
        const row = html.replaceAll(id, `play-${known}`).replace(began, then(minute));
        tell("track_added", { id: `play-${known}`, html: row, before: null });
    };
    window.goes = (minute) => tell("track_removed", { id: `play-${minute}` });
    window.rowsBy = (id) => [...document.querySelectorAll("ol li")].indexOf(tape.find(id));
    return true;
})()"#;
