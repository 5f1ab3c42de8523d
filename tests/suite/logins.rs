//! Logging in with Twitch and linking Spotify: who is let in, what an answer is good for, and what ends it.

use crate::house::House;
use crate::house::database::on_both;
use crate::house::text;
use airlog::config::Allow;
use airlog::twins::Company;
use chrono::TimeDelta;
use reqwest::Method;

async fn house_for_anyone() -> House {
    House::with(|config| config.accounts.allow = Allow::Anyone).await
}

async fn a_person_logs_in_and_is_known_from_then_on() {
    let mut house = house_for_anyone().await;
    let ann = house.logged_in("ann").await;
    let (status, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!((status, text(&me["login"]), text(&me["twitch"])), (200, "ann".into(), "valid".into()));
    let settings = &me["settings"];
    assert_eq!(
        (settings["enabled"].as_bool(), text(&settings["timezone"])),
        (Some(false), "Europe/Paris".into())
    );
    assert_eq!(
        (settings["retention_days"].as_i64(), text(&settings["visibility"])),
        (Some(7), "public".into())
    );
    house.stops().await;
    house.opens().await;
    let (status, _) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!(status, 200, "a restart logs nobody out");
    house.closes().await;
}

async fn a_streamer_links_spotify_and_is_followed() {
    let house = house_for_anyone().await;
    let ann = house.set_up("ann").await;
    let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!(text(&me["spotify"]["status"]), "connected");
    house.goes_live("ann").await;
    let title = house.plays_noticed("ann", 0).await;
    house.lists("ann", &[&title]).await;
    house.closes().await;
}

on_both! {
    a_person_logs_in_and_is_known_from_then_on,
    a_streamer_links_spotify_and_is_followed,
}

#[tokio::test]
async fn an_answer_works_once() {
    let house = house_for_anyone().await;
    let ann = house.person("ann");
    let consent = ann.sent_to("/auth/twitch").await;
    let back = ann.says_yes(&consent).await;
    let path = format!("{}?{}", back.path(), back.query().expect("a query"));
    assert_eq!(ann.opens(&path).await.path, "/dashboard");
    let again = ann.opens(&path).await;
    assert_eq!(again.status, 400, "{}", again.body);
    assert!(again.body.contains("Nothing was changed"), "{}", again.body);
    assert_eq!(ann.opens("/dashboard").await.status, 200, "who is logged in stays so");
    house.closes().await;
}

#[tokio::test]
async fn an_answer_is_good_in_the_browser_that_asked_and_in_time() {
    let house = house_for_anyone().await;
    let (ann, eve) = (house.person("ann"), house.person("eve"));
    for late in [false, true] {
        let back = eve.says_yes(&eve.sent_to("/auth/twitch").await).await;
        let path = format!("{}?{}", back.path(), back.query().expect("a query"));
        let reader = if late { &eve } else { &ann };
        if late {
            house.clock.shift(TimeDelta::minutes(11));
        }
        assert_eq!(reader.opens(&path).await.status, 400, "eve's account in another's browser, or too late");
        assert_eq!(reader.opens("/dashboard").await.status, 401);
    }
    house.closes().await;
}

#[tokio::test]
async fn one_providers_answer_is_not_taken_for_the_others() {
    let house = house_for_anyone().await;
    let ann = house.logged_in("ann").await;
    let back = ann.says_yes(&ann.sent_to("/auth/spotify").await).await;
    let path = format!("/auth/twitch/callback?{}", back.query().expect("a query"));
    assert_eq!(ann.opens(&path).await.status, 400);
    let path = format!("{}?{}", back.path(), back.query().expect("a query"));
    assert_eq!(ann.opens(&path).await.status, 400, "it is used up");
    let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert!(me["spotify"].is_null());
    house.closes().await;
}

#[tokio::test]
async fn an_account_is_linked_to_whoever_asked_for_it_only() {
    let house = house_for_anyone().await;
    let ann = house.logged_in("ann").await;
    let back = ann.says_yes(&ann.sent_to("/auth/spotify").await).await;
    // Somebody else logs in at the same browser meanwhile.
    let consent = ann.sent_to("/auth/twitch").await;
    house.twins.with(|world, _| drop(world.add_person("bob").clone()));
    let bobs = ann.says_yes_as(&consent, "bob").await;
    let query = |url: &reqwest::Url| format!("{}?{}", url.path(), url.query().expect("a query"));
    assert_eq!(ann.opens(&query(&bobs)).await.path, "/dashboard");
    assert_eq!(ann.opens(&query(&back)).await.status, 400);
    let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!((text(&me["login"]), me["spotify"].is_null()), ("bob".into(), true));
    house.closes().await;
}

#[tokio::test]
async fn whoever_says_no_is_told_that_nothing_was_changed() {
    let house = house_for_anyone().await;
    let ann = house.person("ann");
    let page = ann.opens_saying_no("/auth/twitch").await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("You said no to Twitch"), "{}", page.body);
    let ann = house.logged_in("ann").await;
    let page = ann.opens_saying_no("/auth/spotify").await;
    assert!(page.body.contains("You said no to Spotify"), "{}", page.body);
    house.closes().await;
}

#[tokio::test]
async fn the_house_belongs_to_whoever_comes_first_with_the_setup_code() {
    let house = House::with(|config| config.accounts.allow = Allow::Owner).await;
    let code = house.setup_code().await.expect("a house without an owner");
    let (ann, bob) = (house.person("ann"), house.person("bob"));
    assert!(ann.logs_in().await.body.contains("Setup code"), "nobody is sent to Twitch without it");
    let wrong = ann.posts("/auth/twitch", &[("code", "AAAAA-AAAAA")]).await;
    assert!(wrong.status == 403 && wrong.body.contains("That is not the code"), "{}", wrong.body);
    for person in [&ann, &bob] {
        let right = person.posts("/auth/twitch", &[("code", &code.to_lowercase())]).await;
        assert!(right.status == 200 && right.body.contains("That is the code"), "{}", right.body);
    }
    assert_eq!(ann.logs_in().await.path, "/dashboard");
    let refused = bob.logs_in().await;
    assert!(refused.status == 403 && refused.body.contains("Bob may not log in here"), "{}", refused.body);
    assert_eq!(house.setup_code().await, None, "it is not asked for any more");
    assert_eq!(house.person("ann").logs_in().await.path, "/dashboard", "the owner comes back without it");
    house.closes().await;
}

#[tokio::test]
async fn a_list_lets_in_who_is_on_it() {
    let house = House::with(|config| config.accounts.allow = Allow::Logins(vec!["ann".into()])).await;
    house.logged_in("ann").await;
    let refused = house.person("bob").logs_in().await;
    assert!(refused.status == 403 && refused.body.contains("Bob may not log in here"), "{}", refused.body);
    assert!(house.accounts().by_login("bob").await.expect("an answer").is_none(), "no trace of bob");
    house.closes().await;
}

#[tokio::test]
async fn a_login_changes_the_cookie_and_a_logout_ends_it() {
    let house = house_for_anyone().await;
    let ann = house.logged_in("ann").await;
    let first = ann.cookies();
    assert_eq!(ann.logs_in().await.path, "/dashboard");
    let second = ann.cookies();
    assert_ne!(first, second);
    let status =
        async |cookie: &str| house.answer_with("/api/v1/me", "cookie", cookie).await.status().as_u16();
    assert_eq!((status(&first).await, status(&second).await), (401, 200), "the old one is good no more");
    assert_eq!(ann.fills_in("/auth/logout", &[]).await.path, "/");
    assert_eq!(status(&second).await, 401);
    assert_eq!(ann.opens("/dashboard").await.status, 401);
    house.closes().await;
}

#[tokio::test]
async fn no_other_site_changes_anything() {
    let house = house_for_anyone().await;
    let ann = house.logged_in("ann").await;
    let enable = r#"{"enabled":true}"#;
    for origin in [None, Some("null"), Some("https://evil.example"), Some("http://127.0.0.1:1")] {
        let (status, _) = ann.asks_from(origin, Method::PATCH, "/api/v1/me/settings", enable).await;
        assert_eq!(status, 403, "{origin:?}");
    }
    let socket = ann.listens_from("https://evil.example", "/api/v1/me/live").await;
    assert_eq!(socket.err(), Some(403), "browsers open sockets for any site");
    ann.listens("/api/v1/me/live").await.leaves().await;
    let forged = ann.posts("/dashboard/settings", &[("key", "enabled"), ("value", "on")]).await;
    assert_eq!(forged.status, 403, "without the form's token");
    let forged = [("key", "enabled"), ("value", "on"), ("token", "guessed")];
    assert_eq!(ann.posts("/dashboard/settings", &forged).await.status, 403);
    let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!(me["settings"]["enabled"], false);
    let saved = ann.fills_in("/dashboard/settings", &[("key", "enabled"), ("value", "on")]).await;
    assert_eq!((saved.status, saved.path.as_str()), (200, "/dashboard"));
    let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!(me["settings"]["enabled"], true);
    house.closes().await;
}

#[tokio::test]
async fn a_link_warns_before_its_half_year_is_over_and_a_click_renews_it() {
    let house = house_for_anyone().await;
    let ann = house.set_up("ann").await;
    house.clock.shift(TimeDelta::days(169));
    let ann = {
        ann.logs_in().await;
        ann
    };
    let page = ann.opens("/dashboard").await;
    assert!(page.body.contains("ends in 12 days"), "{}", page.body);
    assert_eq!(ann.links_spotify().await.path, "/dashboard");
    let page = ann.opens("/dashboard").await;
    assert!(!page.body.contains("ends in"), "{}", page.body);
    house.closes().await;
}

#[tokio::test]
async fn a_dead_login_says_so_and_is_left_alone() {
    let house = house_for_anyone().await;
    let ann = house.logged_in("ann").await;
    // Somebody whom Get Streams is asked about, so that passes can be counted.
    house.has_streamer("bob").await;
    house.twins.with(|world, now| world.revoke_twitch("ann", now));
    house.clock.shift(TimeDelta::minutes(61));
    house
        .eventually("Twitch's no is noted", async || {
            let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
            (me["twitch"] == "refused" || me["twitch"] == "revoked").then_some(())
        })
        .await;
    let page = ann.opens("/dashboard").await;
    assert!(page.body.contains("Log in again"), "{}", page.body);
    let asked = house.twins.with(|world, _| world.calls_of("ann", airlog::twins::Endpoint::TwitchToken));
    let looked = house.twins.with(|world, _| world.calls(airlog::twins::Endpoint::Streams));
    house
        .eventually("three more passes", async || {
            (house.twins.with(|world, _| world.calls(airlog::twins::Endpoint::Streams)) > looked + 3)
                .then_some(())
        })
        .await;
    let again = house.twins.with(|world, _| world.calls_of("ann", airlog::twins::Endpoint::TwitchToken));
    assert_eq!(asked, again, "nobody asks again");
    assert_eq!(ann.logs_in().await.path, "/dashboard");
    let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!(me["twitch"], "valid");
    house.closes().await;
}

#[tokio::test]
async fn logins_are_validated_at_the_start_and_hourly_and_renamed_ones_follow() {
    let mut house = house_for_anyone().await;
    let ann = house.logged_in("ann").await;
    let validated =
        |house: &House| house.twins.with(|world, _| world.calls_of("ann", airlog::twins::Endpoint::Validate));
    let noted = async |house: &House| house.sql("SELECT CAST(validated_at AS TEXT) FROM twitch_grants").await;
    let last = noted(&house).await;
    house.stops().await;
    let before = validated(&house);
    house.opens().await;
    house.eventually("validated at the start", async || (validated(&house) > before).then_some(())).await;
    // Noted after the answer: by the clock as it is then.
    house.eventually("that is noted", async || (noted(&house).await != last).then_some(())).await;
    house.twins.with(|world, now| world.rename("ann", "annie", now));
    house.clock.shift(TimeDelta::minutes(61));
    house
        .eventually("the new login", async || {
            let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
            (me["login"] == "annie").then_some(())
        })
        .await;
    house.closes().await;
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_whether_or_not_it_rotates() {
    use airlog::twins::{Endpoint, Rotation};
    for rotation in [Rotation::Never, Rotation::Always] {
        let house = house_for_anyone().await;
        let ann = house.set_up("ann").await;
        house.twins.with(|world, _| world.set_rotation(Company::Spotify, rotation));
        house.twins.with(|world, _| world.set_rotation(Company::Twitch, rotation));
        house.goes_live("ann").await;
        house.plays_noticed("ann", 0).await;
        for round in 1..=4 {
            let renewed = |endpoint| house.twins.with(|world, _| world.calls_of("ann", endpoint));
            let before = renewed(Endpoint::RefreshGrant);
            house.clock.shift(TimeDelta::minutes(56));
            house.plays_noticed("ann", round).await;
            assert_eq!(renewed(Endpoint::RefreshGrant), before + 1, "once, {rotation:?}");
        }
        house.clock.shift(TimeDelta::minutes(7));
        let renewed = async || house.twins.with(|world, _| world.calls_of("ann", Endpoint::TwitchToken) >= 1);
        house.eventually("Twitch's is renewed too", async || renewed().await.then_some(())).await;
        let refused =
            house.twins.with(|world, _| world.recent_calls().filter(|call| call.status == 401).count());
        assert_eq!(refused, 0, "no door was closed, {rotation:?}");
        let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
        assert_eq!(
            (text(&me["spotify"]["status"]), text(&me["twitch"])),
            ("connected".into(), "valid".into())
        );
        house.closes().await;
    }
}
