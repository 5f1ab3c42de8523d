//! A streamer with a browser: from the first visit to tracking, and what they decide on the way. By keyboard, on a phone.

use crate::house::House;
use crate::house::browser::{Browser, Scheme};
use airlog::config::Allow;
use airlog::twins::{Act, BroadcastKind, Deed, Endpoint, Fault, FaultKind};

const STATE: &str = "#status h2";

async fn says(browser: &Browser, title: &str) {
    browser.wait_until(&format!("document.querySelector('{STATE}')?.textContent === '{title}'")).await;
}

async fn fits(browser: &Browser) {
    let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
    assert_eq!(fits, true, "something sticks out on a phone");
}

#[tokio::test]
async fn a_streamer_logs_in_links_starts_pauses_and_stops() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    house.person("ann");
    browser.lives_in("Europe/Paris").await;
    browser.size(320, 900).await;
    browser.open(&house.url("/dashboard")).await;
    fits(&browser).await;
    browser.wait_until("document.querySelector('a.do').href.includes('timezone=Europe%2FParis')").await;
    browser.enters("a.do").await;
    browser.wait_for("button[value=ann]").await;
    browser.enters("button[value=ann]").await;
    says(&browser, "Tracking is off").await;
    assert_eq!(browser.eval("document.getElementById('timezone').value").await, "Europe/Paris");
    fits(&browser).await;

    browser.enters("#spotify a.do").await;
    browser.wait_for("button[value=ann]").await;
    browser.enters("button[value=ann]").await;
    browser.wait_for("#spotify details").await;
    browser.eval("document.getElementById('enabled').click()").await;
    says(&browser, "Waiting for your stream").await;

    // Live on Twitch: the open page learns of it by itself.
    browser.eval("void (window.never_reloaded = true)").await;
    house.twins.perform(&Act::of("ann", Deed::GoLive { kind: BroadcastKind::Live }));
    says(&browser, "Tracking").await;
    let title = house.plays_noticed("ann", 0).await;
    let shown = format!("document.querySelector('#now h2').textContent === {}", serde_json::json!(title));
    browser.wait_until(&shown).await;
    assert_eq!(browser.eval("window.never_reloaded").await, true, "the page was reloaded");
    fits(&browser).await;

    browser.enters("button[value=pause]").await;
    says(&browser, "Paused").await;
    browser.enters("button[value=auto]").await;
    says(&browser, "Tracking").await;
    browser.enters("button[value=stop]").await;
    says(&browser, "Stopped by hand").await;
    browser.enters("button[value=auto]").await;
    says(&browser, "Tracking").await;
    house.goes_offline("ann").await;
    says(&browser, "Waiting for your stream").await;
    browser.scheme(Scheme::Dark).await;
    browser.enters("button[value=start]").await;
    says(&browser, "Tracking").await;

    browser.enters("form[action='/auth/logout'] button").await;
    browser.wait_until("location.pathname === '/'").await;
    let errors = browser.console_errors().await;
    let unexpected: Vec<_> = errors.iter().filter(|error| !error.contains("401")).collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn a_form_works_without_scripts_and_says_what_was_done() {
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let ann = house.logged_in("ann").await;
    let saved = ann.fills_in("/dashboard/settings", &[("key", "delay_seconds"), ("value", "12")]).await;
    assert!(saved.status == 200 && saved.body.contains("Saved. It is in effect now."), "{}", saved.body);
    let refused = ann.fills_in("/dashboard/settings", &[("key", "delay_seconds"), ("value", "4000")]).await;
    assert!(refused.status == 400 && refused.body.contains("from 0 to 3600 seconds"), "{}", refused.body);
    let playlist = "https://open.spotify.com/playlist/37i9dQZF1DX0XUsuxWHRQd?si=1";
    let ignored = ann.fills_in("/dashboard/ignore", &[("kind", "playlist"), ("value", playlist)]).await;
    assert!(ignored.body.contains("spotify:playlist:37i9dQZF1DX0XUsuxWHRQd"), "{}", ignored.body);
    let refused = ann.fills_in("/dashboard/ignore", &[("kind", "playlist"), ("value", "rubbish")]).await;
    assert!(refused.status == 400 && refused.body.contains("That is not a playlist"), "{}", refused.body);
    let start = ann.fills_in("/dashboard/tracking", &[("action", "start"), ("hours", "2")]).await;
    assert!(start.status == 400 && start.body.contains("Switch it on first"), "{}", start.body);
    house.closes().await;
}

#[tokio::test]
async fn a_twitch_that_does_not_tell_us_is_shown() {
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let fault = Fault::new(FaultKind::Status(503)).at(Endpoint::Subscriptions);
    house.twins.with(|world, now| world.fault_for_all(fault, now));
    let ann = house.set_up("ann").await;
    let shows = async |text: &str| ann.opens("/dashboard/status").await.body.contains(text);
    let told = "Twitch does not tell Airlog at once when you go live: it does not answer.";
    house.eventually("it is shown", async || shows(told).await.then_some(())).await;
    house.twins.with(|world, _| world.clear_all_faults());
    house.eventually("it has passed", async || (!shows(told).await).then_some(())).await;
    house.closes().await;
}
