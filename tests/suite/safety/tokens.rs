//! What refreshes change and what they keep, and how many there are.

use crate::house::House;
use crate::house::database::on_both;
use airlog::accounts::Grants;
use airlog::base::id::UserId;
use airlog::base::seal::SealingKey;
use airlog::config::Allow;
use airlog::twins::{Company, Endpoint, Rotation};
use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use std::time::Duration;

const KEY: [u8; 32] = *b"a key that opens what is stored.";
const CALLERS: usize = 20;
const ROTATIONS: [Rotation; 2] = [Rotation::Never, Rotation::Always];

async fn stored(house: &House, query: &'static str) -> String {
    house.sql(query).await.pop().expect("a link")
}

/// Which link it is, and the refresh token it is renewed with.
async fn link(house: &House) -> (String, String) {
    let id = stored(house, "SELECT id FROM spotify_links").await;
    let sealed = stored(house, "SELECT refresh_token FROM spotify_links").await;
    let opened = SealingKey::new(KEY).open(&format!("spotify_links/{id}/refresh"), &sealed);
    (id, opened.expect("our seal").expose_secret().to_owned())
}

/// An hour later the tokens of whoever is followed have been renewed, and the new ones are stored.
async fn tokens_are_renewed(house: &House) {
    let updated = async || stored(house, "SELECT CAST(updated_at AS TEXT) FROM spotify_links").await;
    let (before, refreshes) = (updated().await, house.refreshes("ann"));
    house.clock.shift(TimeDelta::minutes(56));
    house.eventually("a new pair is stored", async || (updated().await != before).then_some(())).await;
    assert_eq!(house.refreshes("ann"), refreshes + 1);
}

async fn a_refresh_moves_neither_the_day_of_the_link_nor_a_token_that_is_not_replaced() {
    for rotation in ROTATIONS {
        let house = House::with(|config| {
            config.accounts.allow = Allow::Anyone;
            config.secrets.key = Some(Box::new(KEY).into());
        })
        .await;
        let ann = house.set_up("ann").await;
        house.twins.with(|world, _| world.set_rotation(Company::Spotify, rotation));
        let linked = async || ann.asks(Method::GET, "/api/v1/me", "").await.1["spotify"].clone();
        let (shown, first) = (linked().await, link(&house).await);
        assert!(shown["authorized_at"].is_string(), "{shown}");
        house.goes_live("ann").await;
        house.plays_noticed("ann", 0).await;
        let mut newest = first.clone();
        for _ in 0..3 {
            tokens_are_renewed(&house).await;
            let next = link(&house).await;
            assert_eq!(next.0, first.0, "it is the same link");
            assert_eq!(next.1 != newest.1, rotation == Rotation::Always, "{rotation:?}");
            newest = next;
        }
        assert_eq!(linked().await, shown, "its half year runs from the consent: {rotation:?}");
        house.closes().await;
    }
}

on_both! {
    a_refresh_moves_neither_the_day_of_the_link_nor_a_token_that_is_not_replaced,
}

/// How often ann's Twitch tokens were renewed.
fn renewals(house: &House) -> u64 {
    house.twins.with(|world, _| world.calls_of("ann", Endpoint::TwitchToken))
}

/// Twenty ask at the same time; the one token that all of them get.
async fn twenty_get<F: Future<Output = SecretString>>(ask: impl Fn() -> F) -> SecretString {
    let mut tokens = join_all((0..CALLERS).map(|_| ask())).await;
    let one = tokens.pop().expect("a token");
    assert!(tokens.iter().all(|token| token.expose_secret() == one.expose_secret()), "all get the same");
    one
}

async fn access_token(grants: &Grants, ann: UserId) -> SecretString {
    grants.access_token(ann).await.expect("a token")
}

async fn refresh(grants: &Grants, ann: UserId, refused: &SecretString) -> SecretString {
    grants.refresh(ann, refused.clone()).await.expect("a fresh token")
}

#[tokio::test]
async fn twenty_callers_with_an_expired_twitch_token_make_one_refresh() {
    for rotation in ROTATIONS {
        // Nobody but the callers looks after tokens meanwhile.
        let hourly = Duration::from_hours(1);
        let mut house = House::with(|config| config.tracking.reconcile_interval = hourly).await;
        let ann = house.has_streamer("ann").await.id;
        house.lets_us_in("ann").await;
        house.twins.with(|world, _| world.set_rotation(Company::Twitch, rotation));
        let first = access_token(house.grants(), ann).await;
        assert_eq!(renewals(&house), 0);

        house.clock.shift(TimeDelta::hours(5));
        let second = twenty_get(|| access_token(house.grants(), ann)).await;
        assert_eq!(renewals(&house), 1, "expired, {rotation:?}");
        assert_ne!(second.expose_secret(), first.expose_secret());

        house.twins.with(|world, now| world.expire_twitch_token("ann", now));
        let third = twenty_get(|| refresh(house.grants(), ann, &second)).await;
        assert_eq!(renewals(&house), 2, "refused before its time, {rotation:?}");
        assert_ne!(third.expose_secret(), second.expose_secret());

        house.stops().await;
        house.opens().await;
        assert_eq!(
            access_token(house.grants(), ann).await.expose_secret(),
            third.expose_secret(),
            "it was stored"
        );
        refresh(house.grants(), ann, &third).await;
        assert_eq!(renewals(&house), 3, "with the refresh token that belongs to it, {rotation:?}");
        house.closes().await;
    }
}
