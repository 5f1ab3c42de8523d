//! A streamer at a browser brings an app of their own, meets what can be wrong with it, and mends it. On a phone.

use super::{APP, house};
use crate::house::browser::{Browser, Scheme};

async fn fits(browser: &Browser) {
    let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
    assert_eq!(fits, true, "something sticks out on a phone");
}

async fn verdict(browser: &Browser, title: &str) {
    browser.wait_until(&format!("document.querySelector('#test h2')?.textContent === '{title}'")).await;
    fits(browser).await;
}

async fn says_yes(browser: &Browser) {
    browser.wait_for("button[value=ann]").await;
    browser.enters("button[value=ann]").await;
}

#[tokio::test]
async fn an_own_app_is_brought_by_keyboard_with_each_failure_on_the_way() {
    let Some(browser) = Browser::start().await else { return };
    let house = house().await;
    house.person("ann");
    let page = house.url("/dashboard/spotify");
    browser.size(320, 900).await;
    browser.scheme(Scheme::Dark).await;
    browser.open(&page).await;
    browser.enters("a.do").await;
    says_yes(&browser).await;
    browser.wait_for("#status").await;
    browser.open(&page).await;
    fits(&browser).await;
    let uri = browser.eval("document.querySelector('.paste').textContent").await;
    assert_eq!(uri, house.url("/auth/spotify/callback"));

    // What is no client id does not leave the page; what Spotify does not know comes back with a word.
    let types = |id: &str| format!("void (document.getElementById('client-id').value = '{id}')");
    browser.eval(&types("rubbish")).await;
    browser.enters("#client-id").await;
    assert_eq!(browser.eval("document.querySelector('#client-id').validity.valid").await, false);
    browser.eval(&types("ffffffffffffffffffffffffffffffff")).await;
    browser.enters("#client-id").await;
    browser.wait_for(".said[role=alert]").await;
    fits(&browser).await;
    browser.eval(&types(APP)).await;
    browser.enters("#client-id").await;
    browser.wait_for(".said[role=status]").await;

    // The address was not pasted: Spotify keeps the person, and the page says what that means.
    house.twins.with(|world, _| world.register_redirects(APP, &["http://127.0.0.1:1/elsewhere"]));
    browser.enters(".steps a.do").await;
    browser.wait_until("document.body.innerText.includes('INVALID_CLIENT: Invalid redirect URI')").await;
    house.twins.with(|world, _| world.register_redirects(APP, &[uri.as_str().expect("an address")]));
    browser.open(&page).await;
    browser.wait_until("document.querySelector('.meanings dt').textContent.includes('redirect')").await;

    // Nobody was added under User Management.
    house.twins.with(|world, _| world.list_users(APP, &[]));
    browser.enters(".steps a.do").await;
    says_yes(&browser).await;
    verdict(&browser, "Your account is not on the app’s list").await;
    house.twins.with(|world, _| world.list_users(APP, &["ann"]));
    house.twins.with(|world, _| world.set_lapsed(APP, true));
    browser.scheme(Scheme::Light).await;
    browser.enters("form[action='/dashboard/spotify/test'] button").await;
    verdict(&browser, "The app has no Premium owner").await;
    house.twins.with(|world, _| world.set_lapsed(APP, false));
    let title = house.plays("ann", 0);
    browser.enters("form[action='/dashboard/spotify/test'] button").await;
    verdict(&browser, "It works: this is playing").await;
    let seen = browser.texts("#test p").await;
    assert!(seen[0].contains(&title), "{seen:?}");

    let errors = browser.console_errors().await;
    // Of the page on which nobody is logged in, of the app that is not known, and of Spotify's own pages.
    let known = |error: &&String| ["401", "400", "/favicon.ico"].iter().any(|known| error.contains(known));
    let unexpected: Vec<_> = errors.iter().filter(|error| !known(error)).collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
    browser.close().await;
    house.closes().await;
}
