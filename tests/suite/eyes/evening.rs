//! An evening of ann's as everybody sees it: nobody there yet, on air, paused, a gap, over, the day after. And her dashboard.

use super::look::Eyes;
use crate::house::House;
use crate::house::person::Person;
use airlog::config::{Allow, Config};
use airlog::twins::{Deed, FaultKind};
use chrono::TimeDelta;

const TODAY: &str = "/streamers/ann/tracks/today";
const DAY: &str = "/streamers/{login}/tracks/{date}";
const STREAM: &str = "/streamers/{login}/streams/{id}";
const OVERLAY: &str = "/overlay/{login}/now-playing";

/// Anyone may log in, and alerts may go to this machine.
pub fn open_to_anyone(config: &mut Config) {
    config.accounts.allow = Allow::Anyone;
    config.alerts.allow_private = true;
}

pub async fn is_seen_by(eyes: &mut Eyes) {
    let house = House::with(open_to_anyone).await;
    before(eyes, &house).await;
    let ann = house.set_up("ann").await;
    let stream = goes_on_air(&house, &ann).await;
    on_air(eyes, &house, &stream).await;
    dashboard(eyes, &house, &ann).await;
    troubles(eyes, &house, &stream).await;
    eyes.asks_around(&ann, &stream).await;
    eyes.asks_around(&house.person("stranger"), &stream).await;
    afterwards(eyes, &house, &stream).await;
    leaves(eyes, &house, &ann).await;
    eyes.browser.open("about:blank").await;
    house.closes().await;
}

/// What a stranger finds in a house without a streamer.
async fn before(eyes: &mut Eyes, house: &House) {
    eyes.browser.is_nobody().await;
    for route in ["/", "/docs", "/privacy", "/dashboard", "/auth/twitch/paste", "/auth/twitch/callback"] {
        eyes.look(house, route, route).await;
    }
    eyes.look(house, DAY, TODAY).await;
}

/// Ann goes on air with some tracks, and bob, who streams here too, does not.
async fn goes_on_air(house: &House, ann: &Person) -> String {
    house.set_up("bob").await;
    house.goes_live("ann").await;
    for number in 0..4 {
        house.plays_noticed("ann", number).await;
        house.clock.shift(TimeDelta::minutes(3));
    }
    ann.fills_in("/dashboard/panic", &[("action", "hide_last")]).await;
    house.plays_noticed("ann", 5).await;
    house.sql("SELECT id FROM streams").await.remove(0)
}

/// What viewers see meanwhile.
async fn on_air(eyes: &mut Eyes, house: &House, stream: &str) {
    eyes.browser.is_nobody().await;
    eyes.look(house, "/", "/").await;
    eyes.look(house, DAY, TODAY).await;
    for path in ["/?lang=fr", "/streamers/ann/tracks/today?lang=fr", "/streamers/bob/tracks/today"] {
        eyes.glance(house, path).await;
    }
    eyes.look(house, "/streamers/{login}", "/streamers/ann").await;
    eyes.look(house, STREAM, &format!("/streamers/ann/streams/{stream}")).await;
    eyes.look(house, OVERLAY, "/overlay/ann/now-playing").await;
    eyes.look(house, OVERLAY, "/overlay/nobody/now-playing").await;
    eyes.look(house, "/overlay/{login}/tracks", "/overlay/ann/tracks").await;
    for look in
        ["bar&theme=light", "minimal", "minimal&theme=light", "ticker&theme=glass", "vinyl&theme=glass"]
    {
        let show = "cover,title,artist,album,progress,time,label";
        eyes.glance(house, &format!("/overlay/ann/now-playing?style={look}&show={show}&lang=fr")).await;
    }
    eyes.glance(house, "/overlay/ann/tracks?theme=light&show=title,album,time,label").await;
    for source in ["now-playing", "tracks"] {
        eyes.look(house, &format!("/overlay/k/{{key}}/{source}"), &format!("/overlay/k/nothing/{source}"))
            .await;
    }
}

/// What ann decides on, with something in every list.
async fn dashboard(eyes: &mut Eyes, house: &House, ann: &Person) {
    eyes.browser.is(ann, &house.url("/")).await;
    for path in ["/dashboard", "/dashboard/team", "/dashboard/alerts"] {
        eyes.glance(house, path).await;
    }
    let moderator = house.logged_in("mod").await;
    has_something_of_everything(ann).await;
    for path in [
        "/dashboard",
        "/dashboard/list",
        "/dashboard/overlay",
        "/dashboard/spotify",
        "/dashboard/alerts",
        "/dashboard/team",
        "/dashboard/account",
        "/auth/spotify/paste",
        "/auth/spotify/callback",
    ] {
        eyes.look(house, path, path).await;
    }
    eyes.browser.is(&moderator, &house.url("/")).await;
    eyes.glance(house, "/dashboard?streamer=ann").await;
    eyes.glance(house, "/dashboard").await;
}

/// Somebody who helps, a key, a rule, a place for alerts.
async fn has_something_of_everything(ann: &Person) {
    assert_eq!(ann.names("mod").await.status, 200);
    ann.makes_key("stream deck", &["read", "curate"]).await;
    for (path, fields) in [
        ("/dashboard/ignore", [("kind", "artist"), ("value", "Somebody")]),
        ("/dashboard/alerts", [("kind", "webhook"), ("url", "http://127.0.0.1:9/airlog")]),
        ("/dashboard/overlay/presets", [("name", "Somewhere"), ("css", ".title { color: red }")]),
    ] {
        let page = ann.fills_in(path, &fields).await;
        assert_eq!(page.status, 200, "{}", page.body);
    }
}

/// Waits until this stands on today's page.
async fn shows(house: &House, part: &str) {
    let has = async || house.get(TODAY).await.1.contains(part).then_some(());
    house.eventually(&format!("today's page has {part}"), has).await;
}

/// Spotify fails for a while, then goes on; then ann pauses.
async fn troubles(eyes: &mut Eyes, house: &House, stream: &str) {
    eyes.browser.is_nobody().await;
    house.breaks("ann", FaultKind::Status(503));
    house
        .eventually("the list has its gap", async || {
            let day = house.json("/api/v1/streamers/ann/tracks").await;
            day["gaps"].as_array().expect("gaps").iter().any(|gap| gap["to"].is_null()).then_some(())
        })
        .await;
    eyes.look(house, DAY, TODAY).await;
    house.clock.shift(TimeDelta::minutes(5));
    house.mends("ann");
    house.plays_noticed("ann", 6).await;
    house.act("ann", Deed::Pause);
    shows(house, "data-playing=\"false\"").await;
    eyes.glance(house, TODAY).await;
    eyes.glance(house, &format!("/streamers/ann/streams/{stream}")).await;
    house.act("ann", Deed::StopPlayer);
    shows(house, "id=\"silence\">").await;
    eyes.glance(house, TODAY).await;
    eyes.glance(house, "/").await;
}

/// The stream is over, and the next day comes.
async fn afterwards(eyes: &mut Eyes, house: &House, stream: &str) {
    house.goes_offline("ann").await;
    eyes.glance(house, "/").await;
    eyes.look(house, STREAM, &format!("/streamers/ann/streams/{stream}")).await;
    house.clock.shift(TimeDelta::days(1));
    eyes.glance(house, TODAY).await;
    eyes.look(house, DAY, "/streamers/ann/tracks/2026-11-20").await;
}

/// Ann mistypes, then deletes her account.
async fn leaves(eyes: &mut Eyes, house: &House, ann: &Person) {
    eyes.browser.is(ann, &house.url("/")).await;
    for (login, then) in [("anne", "#wrong"), ("ann", ".notice")] {
        eyes.browser.size(320, 900).await;
        eyes.browser.open(&house.url("/dashboard/account")).await;
        eyes.browser.eval(&format!("void (document.getElementById('login').value = '{login}')")).await;
        eyes.browser.enters("#delete button").await;
        eyes.browser.wait_for(then).await;
        eyes.look_here(house, &format!("the account, deleted by {login}")).await;
    }
}
