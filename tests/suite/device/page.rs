//! The page with the code in a real browser: it goes on by itself, survives a reload and fits on a phone.

use super::{public, public_house};
use crate::house::House;
use crate::house::browser::{Browser, Scheme};
use std::time::Duration;

/// Types a text into the page's only field and presses its button.
async fn types(browser: &Browser, text: &str) {
    browser.eval(&format!("void (document.querySelector('input[type=text]').value = '{text}')")).await;
    browser.enters(".notice form button").await;
}

async fn fits(browser: &Browser) {
    let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
    assert_eq!(fits, true, "something sticks out on a phone");
}

#[tokio::test]
async fn the_code_page_goes_on_by_itself_also_after_a_reload() {
    let Some(browser) = Browser::start().await else { return };
    let house = public_house().await;
    house.twins.with(|world, _| world.pace.device_interval = Duration::from_secs(1));
    browser.size(320, 800).await;
    browser.open(&house.url("/auth/twitch")).await;
    fits(&browser).await;
    types(&browser, &house.setup_code().await.expect("a house without an owner")).await;
    browser.wait_for("a.do").await;
    browser.enters("a.do").await;
    browser.wait_for(".code").await;
    for scheme in [Scheme::Dark, Scheme::Light] {
        browser.scheme(scheme).await;
        fits(&browser).await;
        let paper = browser.eval("document.querySelector('.qr path').getAttribute('fill')").await;
        assert_eq!(paper, "#fff", "phones read dark on white");
    }
    let code = browser.texts(".code").await;
    browser.open(&house.url("/auth/twitch/device")).await;
    browser.wait_for(".code").await;
    assert_eq!(browser.texts(".code").await, code);
    let link = browser.attributes(".ticket a.do", "href").await.concat();
    assert!(link.ends_with(&format!("device-code={}", code[0])), "{link}");
    assert!(house.twins.with(|world, now| world.answer_device(&code[0], Some("ann"), now)));
    browser.wait_until("location.pathname === '/dashboard'").await;
    assert_eq!(browser.texts("h1").await, ["Ann"]);
    assert!(browser.console_errors().await.is_empty());
    browser.close().await;
    house.closes().await;
}

#[tokio::test]
async fn a_code_that_is_refused_says_so_by_itself_and_a_button_shows_a_new_one() {
    let Some(browser) = Browser::start().await else { return };
    let house = House::with(|config| {
        public(config);
        config.accounts.allow = airlog::config::Allow::Logins(vec!["ann".into()]);
    })
    .await;
    house.twins.with(|world, _| world.pace.device_interval = Duration::from_secs(1));
    browser.open(&house.url("/auth/twitch?lang=fr")).await;
    types(&browser, &house.login_code("ann")).await;
    browser.wait_for("a.do").await;
    browser.enters("a.do").await;
    browser.wait_for(".code").await;
    let code = browser.texts(".code").await;
    assert!(house.twins.with(|world, now| world.answer_device(&code[0], None, now)));
    browser.wait_until("document.querySelector('h1').textContent === 'Ce code ne sert plus'").await;
    browser.enters(".notice form button").await;
    browser.wait_for(".code").await;
    assert_ne!(browser.texts(".code").await, code);
    browser.close().await;
    house.closes().await;
}
