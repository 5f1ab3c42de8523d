//! The setup's page in a browser.

use crate::house::House;
use crate::house::browser::{Browser, Scheme};
use airlog::config::Allow;
use airlog::twins::{TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET};

#[tokio::test]
async fn the_page_fits_a_phone_copies_addresses_and_works_by_keyboard() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::without_credentials(Allow::Owner).await;
    for (width, scheme, language) in
        [(320, Scheme::Dark, "fr"), (1440, Scheme::Light, "en"), (320, Scheme::Light, "en")]
    {
        browser.size(width, 900).await;
        browser.scheme(scheme).await;
        browser.open(&house.url(&format!("/setup?lang={language}"))).await;
        if browser.eval("document.querySelector('#code') !== null").await == true {
            types_in(&browser, "#code", &house.code()).await;
            browser.enters("#code").await;
        }
        browser.wait_for("#twitch-address").await;
        let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
        assert_eq!(fits, true, "something sticks out at {width} in {language}");
    }
    let addresses = browser.texts(".address code").await;
    assert_eq!(addresses, [house.url("/auth/twitch/callback"), house.url("/auth/spotify/callback")]);
    browser.wait_until("!document.querySelector('[data-copy]').hidden").await;
    types_in(&browser, "#twitch-id", TWITCH_CLIENT_ID).await;
    types_in(&browser, "#twitch-secret", "wrong").await;
    browser.enters("#twitch-secret").await;
    browser.wait_for("#twitch-problem").await;
    assert_eq!(browser.attributes("#twitch-id", "value").await, [TWITCH_CLIENT_ID]);
    types_in(&browser, "#twitch-secret", TWITCH_CLIENT_SECRET).await;
    browser.enters("#twitch-secret").await;
    browser.wait_for(".next .do[href*='/auth/twitch']").await;
    browser.close().await;
    house.closes().await;
}

async fn types_in(browser: &Browser, css: &str, text: &str) {
    let (css, text) = (serde_json::json!(css), serde_json::json!(text));
    browser.eval(&format!("void (document.querySelector({css}).value = {text})")).await;
}
