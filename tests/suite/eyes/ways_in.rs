//! The pages on the way in: a house that nobody has set up, one that nobody owns, a code instead of a secret, and what
//! somebody finds who only helps.

use super::evening::open_to_anyone;
use super::look::Eyes;
use crate::house::House;
use crate::house::person::Person;
use airlog::config::{Allow, EventSub};
use airlog::twins::{SPOTIFY_CLIENT_ID, TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET, TWITCH_PUBLIC_CLIENT_ID};

pub async fn are_seen_by(eyes: &mut Eyes) {
    setting_up(eyes).await;
    by_code(eyes).await;
    helping(eyes).await;
}

/// The code, the wrong one, the steps with nothing entered and with everything.
async fn setting_up(eyes: &mut Eyes) {
    let house = House::with(|config| {
        open_to_anyone(config);
        config.accounts.allow = Allow::Owner;
        config.twitch.eventsub = EventSub::Websocket;
        (config.twitch.client_id, config.twitch.client_secret) = (None, None);
        (config.spotify.client_id, config.spotify.client_secret) = (None, None);
    })
    .await;
    eyes.browser.is_nobody().await;
    eyes.look(&house, "/setup", "/setup").await;
    types(eyes, "#code", "AAAAA-AAAAA-AAAAA").await;
    eyes.browser.wait_for("#wrong").await;
    eyes.look_here(&house, "/setup with a wrong code").await;
    let ann = house.person("ann");
    ann.types(&house.code()).await;
    eyes.browser.is(&ann, &house.url("/")).await;
    eyes.look(&house, "/setup", "/setup").await;
    types(eyes, "#twitch-id", "nobody").await;
    eyes.browser.wait_for("#twitch-problem").await;
    eyes.look_here(&house, "/setup with a wrong app").await;
    ann.enters("twitch", TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET).await;
    ann.enters("spotify", SPOTIFY_CLIENT_ID, "").await;
    eyes.look(&house, "/setup", "/setup?lang=fr").await;
    closes(eyes, house).await;
}

/// Twitch's app has no secret: whoever holds the setup code logs in by a code of Twitch's.
async fn by_code(eyes: &mut Eyes) {
    let house = House::with(|config| {
        open_to_anyone(config);
        config.accounts.allow = Allow::Owner;
        config.twitch.client_id = Some(TWITCH_PUBLIC_CLIENT_ID.into());
        config.twitch.client_secret = None;
        config.twitch.eventsub = EventSub::Websocket;
    })
    .await;
    let ann = house.person("ann");
    eyes.browser.is_nobody().await;
    eyes.look(&house, "/auth/twitch", "/auth/twitch").await;
    eyes.look(&house, "/setup", "/setup").await;
    eyes.asks_around(&ann, "x").await;
    let code = house.setup_code().await.expect("a house without an owner");
    ann.posts("/auth/twitch", &[("code", &code)]).await;
    ann.opens("/auth/twitch").await;
    eyes.browser.is(&ann, &house.url("/")).await;
    eyes.look(&house, "/auth/twitch/device", "/auth/twitch/device").await;
    eyes.asks_around(&ann, "x").await;
    closes(eyes, house).await;
}

/// Mod may log in here only because ann has named them.
async fn helping(eyes: &mut Eyes) {
    let (house, ann) = House::of_ann().await;
    let moderator = names(&house, &ann).await;
    eyes.browser.is(&moderator, &house.url("/")).await;
    eyes.look(&house, "/dashboard", "/dashboard").await;
    eyes.look(&house, "/dashboard/account", "/dashboard/account").await;
    eyes.asks_around(&moderator, "x").await;
    closes(eyes, house).await;
}

async fn names(house: &House, ann: &Person) -> Person {
    house.person("mod");
    ann.names("mod").await;
    house.logged_in("mod").await
}

/// No page may hold a socket of a house that closes.
async fn closes(eyes: &Eyes, house: House) {
    eyes.browser.open("about:blank").await;
    house.closes().await;
}

async fn types(eyes: &Eyes, css: &str, text: &str) {
    eyes.browser.eval(&format!("void (document.querySelector('{css}').value = '{text}')")).await;
    eyes.browser.enters(css).await;
}
