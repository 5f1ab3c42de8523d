//! The page at a browser: what is chosen is seen at once and follows one as an address, by keyboard too, and by a button where
//! nothing may run.

use super::{DESK, goes_private, open_house};
use crate::house::browser::Browser;

/// The document of the overlay that is seen.
const OVERLAY: &str = "document.querySelector('.screen iframe:not(.coming)').contentDocument";
const URL: &str = "document.getElementById('url').value";

/// Goes to the next choice of a field by keyboard.
async fn goes_on(browser: &Browser, field: &str) {
    browser.eval(&format!("void document.querySelector('[name={field}]:checked').focus()")).await;
    browser.presses_right().await;
}

/// Waits until the overlay that is seen has this value, and the page's own address says so.
async fn is_seen(browser: &Browser, key: &str, value: &str) {
    let word = format!("{OVERLAY}?.documentElement.dataset.{key} === '{value}'");
    browser.wait_until(&word).await;
    browser.wait_until(&format!("new URLSearchParams(location.search).get('{key}') === '{value}'")).await;
}

async fn fits(browser: &Browser) {
    let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
    assert_eq!(fits, true, "something sticks out");
}

/// What is copied stands in `copied` from now on, and no permission is given.
async fn watches_copies(browser: &Browser) {
    browser
        .eval(
            "void (Object.defineProperty(navigator, 'clipboard', { value: undefined }),
             document.addEventListener('copy', () => window.copied = document.activeElement.value))",
        )
        .await;
}

async fn copies(browser: &Browser, what: &str) {
    browser.enters(&format!("[data-copy={what}]")).await;
    browser
        .wait_until(&format!("document.querySelector('[data-copy={what}]').textContent === 'Copied'"))
        .await;
    browser.wait_until(&format!("copied === document.getElementById('{what}').value")).await;
}

#[tokio::test]
async fn an_overlay_is_made_by_keyboard_seen_at_once_and_taken_along() {
    let Some(browser) = Browser::start().await else { return };
    let house = open_house().await;
    let ann = house.set_up("ann").await;
    browser.is(&ann, &house.url("/")).await;
    browser.size(1440, 900).await;
    browser.open(&house.url(DESK)).await;
    browser.wait_until(&format!("{OVERLAY}?.documentElement.dataset.style === 'card'")).await;
    goes_on(&browser, "style").await;
    is_seen(&browser, "style", "bar").await;
    assert_eq!(browser.texts("#size").await, ["1920 × 72"]);
    goes_on(&browser, "accent").await;
    browser.wait_until(&format!("{OVERLAY}?.getElementById('overlay').dataset.accent === '#ffb000'")).await;
    assert_eq!(browser.eval(URL).await, house.url("/overlay/ann/now-playing?style=bar&accent=ffb000"));

    // Nothing plays, so tracks are invented: in what is seen, and only there.
    let invented = "document.querySelector('.screen iframe:not(.coming)').src.includes('demo=1')";
    assert_eq!(browser.eval(invented).await, true);
    browser.eval("void document.querySelector('[name=demo]').click()").await;
    browser.wait_until(&format!("!{invented}")).await;
    browser.eval("void document.querySelector('[name=rehearse]').click()").await;
    browser.wait_until(&format!("{URL}.endsWith('&demo=1')")).await;
    watches_copies(&browser).await;
    copies(&browser, "url").await;

    // The page is where one left it, on a phone too.
    let here = browser.eval("location.href").await.as_str().expect("an address").to_owned();
    browser.size(320, 800).await;
    browser.open(&here).await;
    browser.wait_until(&format!("{OVERLAY}?.documentElement.dataset.style === 'bar'")).await;
    assert_eq!(browser.eval("document.querySelector('[name=accent]:checked').value").await, "ffb000");
    fits(&browser).await;

    // A key is not seen by whoever looks on, even while it is copied.
    browser.open("about:blank").await;
    goes_private(&ann).await;
    let key = house.rolls_key("ann").await;
    browser.open(&house.url(DESK)).await;
    watches_copies(&browser).await;
    copies(&browser, "secret").await;
    let shown = format!(
        "document.body.innerText.includes('{key}') || document.getElementById('secret').checkVisibility()"
    );
    assert_eq!(browser.eval(&shown).await, false);
    browser.enters("details:has(#secret) summary").await;
    browser.wait_until("document.getElementById('secret').checkVisibility()").await;
    fits(&browser).await;

    browser.without_scripts().await;
    browser.open(&house.url(&format!("{DESK}?shown=1&style=vinyl&demo=1"))).await;
    browser.eval("void document.querySelector('[name=style][value=minimal]').click()").await;
    browser.enters(".showing button").await;
    browser.wait_for("iframe[src*='style=minimal']").await;
    let errors = browser.console_errors().await;
    assert!(errors.is_empty(), "{errors:?}");
    browser.open("about:blank").await;
    browser.close().await;
    house.closes().await;
}
