//! Messages when tracking stands still: once for each trouble, with the reason and what to do, wherever a streamer wants
//! them, and nowhere else.

use crate::house::House;
use crate::house::browser::Browser;
use crate::house::database::on_both;
use crate::house::person::Person;
use crate::house::receiver::Receiver;
use airlog::alerts::Names;
use airlog::app::Rig;
use airlog::config::{Allow, Config};
use airlog::twins::{Deed, FaultKind};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Messages may go to this machine.
fn at_home(config: &mut Config) {
    config.accounts.allow = Allow::Anyone;
    config.alerts.allow_private = true;
}

async fn is_told(person: &Person, kind: &str, url: &str) {
    let page = person.fills_in("/dashboard/alerts", &[("kind", kind), ("url", url)]).await;
    assert!(page.status == 200 && page.body.contains("Added."), "{}", page.body);
}

/// The only target's id.
async fn target(house: &House) -> String {
    house.sql("SELECT id FROM alert_targets").await.remove(0)
}

async fn a_link_lost_in_mid_stream_is_told_once_and_so_is_that_it_goes_on() {
    let (mut house, receiver) = (House::with(at_home).await, Receiver::start().await);
    let ann = house.set_up("ann").await;
    is_told(&ann, "webhook", &receiver.url("/hook")).await;
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    house.act("ann", Deed::RevokeLink);
    let still = receiver.takes(1).await.json();
    assert_eq!(still["type"], "tracking_stands_still");
    assert_eq!(
        (still["streamer"].as_str(), still["reason"].as_str()),
        (Some("ann"), Some("reconnect_needed"))
    );
    assert!(still["what_to_do"].as_str().expect("a remedy").contains("link Spotify again"), "{still}");
    assert!(still["dashboard"].as_str().expect("a URL").ends_with("/dashboard"));
    let banner = ann.opens("/dashboard/banner").await.body;
    assert!(banner.contains("Tracking stands still: Spotify no longer accepts the link."), "{banner}");

    // It is the same trouble after a restart.
    house.stops().await;
    house.opens().await;
    ann.links_spotify().await;
    let goes = receiver.takes(2).await.json();
    assert_eq!(
        (goes["type"].as_str(), goes["reason"].as_str()),
        (Some("tracking_goes_on"), Some("reconnect_needed"))
    );
    assert_eq!(receiver.taken().len(), 2);
    house
        .eventually("the banner is gone", async || {
            ann.opens("/dashboard/banner").await.body.is_empty().then_some(())
        })
        .await;
    house.closes().await;
}

async fn a_receiver_that_is_down_is_tried_again_also_after_a_restart_and_its_error_is_shown() {
    let (mut house, receiver) = (House::with(at_home).await, Receiver::start().await);
    let ann = house.set_up("ann").await;
    is_told(&ann, "ntfy", &receiver.url("/topic")).await;
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    receiver.refuses(503, "x-why", "down");
    house.act("ann", Deed::RevokeLink);
    house.eventually("it was tried twice", async || (receiver.refusals() >= 2).then_some(())).await;
    let page = ann.opens("/dashboard/alerts").await.body;
    assert!(page.contains("did not get there: it answered with status 503."), "{page}");
    house.stops().await;
    receiver.mends();
    house.opens().await;
    let letter = receiver.takes(1).await;
    assert_eq!((letter.path.as_str(), letter.header("title")), ("/topic", "Tracking stands still: Ann"));
    assert_eq!((letter.header("priority"), letter.header("tags")), ("high", "warning"));
    assert!(letter.body.contains("What to do: link Spotify again"), "{}", letter.body);
    house
        .eventually("the page says so", async || {
            let page = ann.opens("/dashboard/alerts").await.body;
            (page.contains("got there on 20 November 2026") && !page.contains("status 503")).then_some(())
        })
        .await;
    house.closes().await;
}

async fn spotify_down_is_told_once_it_lasts() {
    let (house, receiver) = (House::with(at_home).await, Receiver::start().await);
    let ann = house.set_up("ann").await;
    is_told(&ann, "discord", &receiver.url("/api/webhooks/1/s3cret")).await;
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    house.breaks("ann", FaultKind::Status(503));
    let told = receiver.takes(1).await.json();
    assert!(told["content"].as_str().expect("text").contains("Spotify does not answer"), "{told}");
    assert_eq!(told["allowed_mentions"]["parse"].as_array().map(Vec::len), Some(0));
    house.mends("ann");
    let told = receiver.takes(2).await.json();
    assert!(told["content"].as_str().expect("text").contains("Tracking goes on: Ann"), "{told}");
    let sealed = house.sql("SELECT url FROM alert_targets").await.remove(0);
    assert!(sealed.starts_with("v1.") && !sealed.contains("s3cret"), "{sealed}");
    house.closes().await;
}

on_both! {
    a_link_lost_in_mid_stream_is_told_once_and_so_is_that_it_goes_on,
    a_receiver_that_is_down_is_tried_again_also_after_a_restart_and_its_error_is_shown,
    spotify_down_is_told_once_it_lasts,
}

#[tokio::test]
async fn a_test_says_whether_messages_get_there_and_redirects_are_not_followed() {
    let (house, receiver, inside) =
        (House::with(at_home).await, Receiver::start().await, Receiver::start().await);
    let ann = house.logged_in("ann").await;
    is_told(&ann, "webhook", &receiver.url("/hook")).await;
    let id = target(&house).await;
    let tested = ann.fills_in("/dashboard/alerts/test", &[("target", &id)]).await;
    assert!(tested.body.contains("The test got there."), "{}", tested.body);
    assert_eq!(receiver.takes(1).await.json()["type"], "test");

    receiver.refuses(307, "location", &inside.url("/secret"));
    let tested = ann.fills_in("/dashboard/alerts/test", &[("target", &id)]).await;
    assert!(tested.body.contains("it redirects to another address"), "{}", tested.body);
    assert!(inside.taken().is_empty(), "nobody is followed");

    let bob = house.logged_in("bob").await;
    assert_eq!(bob.fills_in("/dashboard/alerts/test", &[("target", &id)]).await.status, 404);
    bob.fills_in("/dashboard/alerts/remove", &[("target", &id)]).await;
    assert_eq!(target(&house).await, id, "nobody else's to remove");
    ann.fills_in("/dashboard/alerts/remove", &[("target", &id)]).await;
    assert!(house.sql("SELECT id FROM alert_targets").await.is_empty());
    house.closes().await;
}

#[tokio::test]
async fn nothing_is_sent_into_a_private_network_by_address_by_name_or_by_a_name_that_changes() {
    let (receiver, moved) = (Receiver::start().await, Arc::new(AtomicBool::new(false)));
    let is_inside = Arc::clone(&moved);
    let names = Names::by(move |host| match host {
        "inside.example" => vec![IpAddr::from([127, 0, 0, 1])],
        // In the open when it is looked at, and here when it is called.
        "moving.example" if is_inside.load(Ordering::Relaxed) => vec![IpAddr::from([127, 0, 0, 1])],
        "moving.example" => vec![IpAddr::from([93, 184, 216, 34])],
        _ => Vec::new(),
    });
    let rig = Rig { names, ..Rig::default() };
    let house = House::rigged(rig, |config| config.accounts.allow = Allow::Anyone).await;
    let ann = house.logged_in("ann").await;
    let port = receiver.port();
    for host in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "inside.example"] {
        let url = format!("http://{host}:{port}/hook");
        let refused = ann.fills_in("/dashboard/alerts", &[("kind", "webhook"), ("url", &url)]).await;
        assert!(refused.status == 400 && refused.body.contains("private network"), "{url}: {}", refused.body);
    }
    assert!(house.sql("SELECT id FROM alert_targets").await.is_empty());

    is_told(&ann, "webhook", &format!("http://moving.example:{port}/hook")).await;
    moved.store(true, Ordering::Relaxed);
    let id = target(&house).await;
    let tested = ann.fills_in("/dashboard/alerts/test", &[("target", &id)]).await;
    assert!(tested.body.contains("This address leads into a private network."), "{}", tested.body);
    assert!(receiver.taken().is_empty() && receiver.refusals() == 0, "it was not even called");
    house.closes().await;
}

#[tokio::test]
async fn on_a_phone_a_place_is_added_and_the_banner_comes_by_itself() {
    let Some(browser) = Browser::start().await else { return };
    let (house, receiver) = (House::with(at_home).await, Receiver::start().await);
    house.set_up("ann").await;
    browser.size(320, 900).await;
    browser.open(&house.url("/auth/twitch")).await;
    browser.wait_for("button[value=ann]").await;
    browser.enters("button[value=ann]").await;
    browser.wait_for("a[href='/dashboard/alerts']").await;
    browser.enters("a[href='/dashboard/alerts']").await;
    browser.wait_for("#url").await;
    let url = serde_json::json!(receiver.url("/topic"));
    browser.eval(&format!("void (document.getElementById('url').value = {url})")).await;
    browser.enters("#add button.do").await;
    browser.wait_for("#targets button[name=target]").await;
    browser.enters("#targets .buttons button:not(.plain)").await;
    browser.wait_until("document.getElementById('said')?.textContent === 'The test got there.'").await;
    assert_eq!(receiver.takes(1).await.path, "/topic");

    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    assert_eq!(browser.texts("#banner p").await, Vec::<String>::new());
    house.act("ann", Deed::RevokeLink);
    browser.wait_for("#banner a[href='/auth/spotify']").await;
    let said = browser.texts("#banner p").await.remove(0);
    assert!(said.starts_with("Tracking stands still: Spotify no longer accepts the link."), "{said}");
    let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
    assert_eq!(fits, true, "something sticks out on a phone");
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    house.closes().await;
}
