//! The overlays of a private list: one key opens them, whatever the list is, and it opens nothing else.

use crate::curation::presses;
use crate::house::browser::Browser;
use crate::house::database::on_both;
use crate::house::person::Person;
use crate::house::viewer::Viewer;
use crate::house::{House, text};
use chrono::TimeDelta;
use chrono_tz::Tz;
use reqwest::Method;
use serde_json::{Value, json};

/// A house in which ann keeps her list to herself, and her staff listens.
async fn house() -> (House, Person, Viewer) {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    ann.chooses(&json!({"visibility": "private"})).await;
    let host = house.staff(&ann).await;
    (house, ann, host)
}

fn door(key: &str) -> String {
    format!("/api/v1/overlay/{key}/live")
}

/// An overlay at the door of this key.
async fn overlay_of(house: &House, key: &str) -> Viewer {
    let mut overlay = Viewer::comes(house.addr(), &door(key)).await.expect("an upgrade");
    assert_eq!(overlay.frame().await["type"], "snapshot");
    overlay
}

async fn a_key_shows_what_the_public_would_see_when_they_would_see_it() {
    let (house, ann, mut host) = house().await;
    ann.chooses(&json!({"delay_seconds": 600})).await;
    house.goes_live_before("ann", &mut host).await;
    let key = house.rolls_key("ann").await;
    let mut overlay = overlay_of(&house, &key).await;
    let title = house.plays_before("ann", 0, &mut host).await;
    house.clock.shift(TimeDelta::minutes(9));
    assert_eq!(Viewer::comes(house.addr(), "/api/v1/streamers/ann/live").await.err(), Some(404));
    house.clock.shift(TimeDelta::minutes(1));
    let told = [overlay.frame().await, overlay.frame().await, overlay.frame().await];
    let kinds: Vec<String> = told.iter().map(|frame| text(&frame["type"])).collect();
    assert_eq!(kinds, ["stream_started", "track_added", "now_playing"]);
    assert_eq!(told[1]["track"]["name"], title);

    // Whoever is let in by name does not come and go with the public.
    ann.chooses(&json!({"visibility": "public"})).await;
    overlay_of(&house, &key).await.leaves().await;
    ann.chooses(&json!({"visibility": "private"})).await;
    presses(&ann, "ghost_on").await;
    assert_eq!(overlay.sees("now_playing").await["now_playing"], Value::Null, "at once");
    for viewer in [overlay, host] {
        viewer.leaves().await;
    }
    house.closes().await;
}

async fn a_new_key_takes_the_place_of_the_old_one_at_once() {
    let (house, _ann, host) = house().await;
    let old = house.rolls_key("ann").await;
    let mut open = overlay_of(&house, &old).await;
    let new = house.rolls_key("ann").await;
    assert_eq!(open.closed_with().await, 1008);
    assert_eq!(Viewer::comes(house.addr(), &door(&old)).await.err(), Some(404));
    let mut open = overlay_of(&house, &new).await;

    host.leaves().await;
    house.accounts().remove("ann").await.expect("a database");
    house.accounts().changed();
    assert_eq!(open.closed_with().await, 1008);
    assert_eq!(Viewer::comes(house.addr(), &door(&new)).await.err(), Some(404));
    house.closes().await;
}

async fn a_key_opens_nothing_else() {
    let (house, _ann, host) = house().await;
    let key = house.rolls_key("ann").await;
    let program = house.person("program").saying("authorization", &format!("Bearer {key}"));
    assert_eq!(program.asks(Method::GET, "/api/v1/me", "").await.0, 401);
    let program = house.person("stranger");
    for path in ["", "/tracks", "/events", "/now.txt"].map(|rest| format!("/api/v1/overlay/{key}{rest}")) {
        assert_eq!(program.status_of("GET", &path, "").await, 404, "{path}");
    }
    for path in [format!("/streamers/{key}"), format!("/api/v1/streamers/{key}")] {
        assert_eq!(program.status_of("GET", &path, "").await, 404, "{path}");
    }
    let (status, page) = house.get(&format!("/overlay/k/{key}/now-playing")).await;
    // What stood in it could be drawn by somebody's stylesheet.
    assert!(status == 200 && !page.contains("ann") && !page.contains(&key), "{page}");
    for wrong in [&key[1..], "k", "", &format!("{key}a"), &key.to_uppercase()] {
        assert_eq!(Viewer::comes(house.addr(), &door(wrong)).await.err(), Some(404), "{wrong}");
    }
    host.leaves().await;
    house.closes().await;
}

async fn an_overlay_comes_back_while_the_database_is_away() {
    let (house, _ann, mut host) = house().await;
    house.goes_live_before("ann", &mut host).await;
    let title = house.plays_before("ann", 0, &mut host).await;
    let key = house.rolls_key("ann").await;
    overlay_of(&house, &key).await.leaves().await;
    house.loses_database().await;
    let mut back = Viewer::comes(house.addr(), &door(&key)).await.expect("an upgrade");
    assert_eq!(text(&back.sees("snapshot").await["tracks"][0]["name"]), title);
    for viewer in [back, host] {
        viewer.leaves().await;
    }
    house.closes().await;
}

#[tokio::test]
async fn on_stream_a_new_key_empties_the_overlay_of_the_old_one() {
    let Some(browser) = Browser::start().await else { return };
    let (house, _ann, mut host) = house().await;
    house.goes_live_before("ann", &mut host).await;
    let title = house.plays_before("ann", 0, &mut host).await;
    let address = |key: &str| house.url(&format!("/overlay/k/{key}/now-playing"));
    let is_there = format!("document.body.textContent.includes({})", json!(title));

    browser.open(&address(&house.rolls_key("ann").await)).await;
    browser.wait_until(&is_there).await;
    let new = house.rolls_key("ann").await;
    browser.wait_until(&format!("!{is_there}")).await;
    browser.open(&address(&new)).await;
    browser.wait_until(&is_there).await;

    browser.close().await;
    host.leaves().await;
    house.closes().await;
}

on_both! {
    a_key_shows_what_the_public_would_see_when_they_would_see_it,
    a_new_key_takes_the_place_of_the_old_one_at_once,
    a_key_opens_nothing_else,
    an_overlay_comes_back_while_the_database_is_away,
}
