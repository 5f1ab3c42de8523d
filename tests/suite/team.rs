//! Who helps a streamer: what they may do and what not, how they come in, and that they are out the moment they are removed.

use crate::house::House;
use crate::house::browser::{Browser, Scheme};
use crate::house::database::on_both;
use crate::house::person::Person;
use crate::house::text;
use airlog::config::Allow;
use airlog::twins::{Endpoint, Fault, FaultKind};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

/// The house of ann, who is on air, and of whoever she named: they have logged in.
async fn with_moderator() -> (House, Person, Person) {
    let (house, ann) = House::of_ann().await;
    house.person("mod");
    let named = ann.names(" @Mod ").await;
    assert_eq!((named.status, named.path.as_str()), (200, "/dashboard/team"), "{}", named.body);
    let moderator = house.logged_in("mod").await;
    (house, ann, moderator)
}

async fn state(person: &Person, query: &str) -> String {
    let (status, me) = person.asks(Method::GET, &format!("/api/v1/me{query}"), "").await;
    assert_eq!(status, 200, "{me}");
    text(&me["tracking"]["state"])
}

async fn whoever_is_named_comes_in_and_runs_tracking_and_nothing_else() {
    let (house, ann, moderator) = with_moderator().await;
    let page = moderator.opens("/dashboard").await;
    assert!(
        page.body.contains("/dashboard?streamer=ann") && !page.body.contains("/auth/spotify"),
        "{}",
        page.body
    );
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    let stop = r#"{"action":"stop"}"#;
    assert_eq!(moderator.asks(Method::POST, "/api/v1/me/tracking?streamer=Ann", stop).await.0, 200);
    assert_eq!(
        (state(&ann, "").await, state(&moderator, "?streamer=ann").await),
        ("stopped".into(), "stopped".into())
    );
    let page = moderator.fills_in("/dashboard/tracking?streamer=ann", &[("action", "auto")]).await;
    assert!(page.status == 200 && page.body.contains("You are helping here"), "{}", page.body);
    assert!(
        !page.body.contains("/dashboard/settings") && !page.body.contains("/auth/spotify"),
        "{}",
        page.body
    );
    assert_eq!(state(&ann, "").await, "following");

    for (path, status) in [("/api/v1/me/settings?streamer=ann", 403), ("/api/v1/me/settings", 403)] {
        assert_eq!(moderator.asks(Method::PATCH, path, r#"{"enabled":true}"#).await.0, status, "{path}");
    }
    for path in ["/auth/spotify", "/dashboard/team", "/dashboard/team?streamer=ann"] {
        assert_eq!(moderator.opens(path).await.status, 403, "{path}");
    }
    let saved =
        moderator.fills_in("/dashboard/settings?streamer=ann", &[("key", "enabled"), ("value", "")]).await;
    assert_eq!(saved.status, 403);
    let log = ann.reads_log().await;
    let expected = [
        "streamer linked",
        "streamer setting_changed enabled: false → true",
        "streamer moderator_named mod",
        "mod logged_in",
        "mod tracked stop",
        "mod tracked auto",
    ];
    assert_eq!(log, expected);
    house.closes().await;
}

async fn whoever_only_helps_takes_what_is_theirs_along_and_leaves() {
    let (house, ann, moderator) = with_moderator().await;
    assert!(moderator.opens("/dashboard").await.body.contains("/dashboard/account"));
    let page = moderator.opens("/dashboard/account").await;
    assert!(page.status == 200 && !page.body.contains("/dashboard/team"), "{}", page.body);
    let (status, told) = moderator.asks(Method::GET, "/api/v1/me/export", "").await;
    assert_eq!((status, &told["profile"]["login"]), (200, &"mod".into()));
    for path in ["/api/v1/me/export?streamer=ann", "/dashboard/account?streamer=ann"] {
        assert_eq!(moderator.opens(path).await.status, 403, "{path}");
    }
    assert_eq!(moderator.asks(Method::DELETE, "/api/v1/me?streamer=ann", "").await.0, 403);
    let gone = moderator.fills_in("/dashboard/account/delete", &[("login", "mod")]).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    assert_eq!(moderator.opens("/dashboard").await.status, 401);
    assert!(!ann.opens("/dashboard/team").await.body.contains("<bdi>mod</bdi>"));
    assert!(ann.reads_log().await.iter().all(|line| !line.contains("mod ")));
    house.closes().await;
}

async fn a_moderator_reads_what_is_private_and_is_no_streamer_themselves() {
    let (house, ann, moderator) = with_moderator().await;
    house.goes_live("ann").await;
    ann.chooses(&json!({"visibility": "private", "delay_seconds": 600})).await;
    let mut host = moderator.listens("/api/v1/me/live?streamer=ann").await;
    host.sees("snapshot").await;
    let title = house.plays_before("ann", 0, &mut host).await;
    let page = moderator.opens("/streamers/ann/tracks/today").await;
    assert!(page.status == 200 && page.body.contains(&title), "{}", page.body);
    assert_eq!(house.get("/streamers/ann/tracks/today").await.0, 404);
    let mut reader = moderator.listens("/api/v1/streamers/ann/live").await;
    assert_eq!(text(&reader.sees("snapshot").await["tracks"][0]["name"]), title);

    assert_eq!(moderator.opens("/streamers/mod/tracks/today").await.status, 404);
    assert!(!house.get("/").await.1.contains("/streamers/mod"), "nobody streams by this name");
    let unknown = moderator.asks(Method::GET, "/api/v1/me?streamer=nobody", "").await;
    house.has_streamer("bob").await;
    assert_eq!(moderator.asks(Method::GET, "/api/v1/me?streamer=bob", "").await, unknown);
    assert_eq!(unknown.0, 404);
    assert_eq!(moderator.asks(Method::GET, "/api/v1/me?streamer=a%00b", "").await, unknown);

    assert_eq!(ann.removes("mod").await.status, 200);
    assert_eq!((host.closed_with().await, reader.closed_with().await), (1008, 1008));
    assert_eq!(moderator.opens("/streamers/ann/tracks/today").await.status, 404);
    house.closes().await;
}

async fn whoever_is_removed_is_out_at_once_and_the_streamer_stays() {
    let (mut house, ann, moderator) = with_moderator().await;
    house.stops().await;
    house.opens().await;
    assert_eq!(moderator.opens("/dashboard").await.status, 200, "a restart turns no moderator out");
    let mut own = ann.listens("/api/v1/me/live").await;
    let mut host = moderator.listens("/api/v1/me/live?streamer=ann").await;
    for listener in [&mut own, &mut host] {
        listener.sees("snapshot").await;
    }
    assert_eq!(ann.removes("mod").await.status, 200);
    assert_eq!(host.closed_with().await, 1008);
    assert_eq!(moderator.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.0, 401);
    let refused = moderator.logs_in().await;
    assert!(refused.status == 403 && refused.body.contains("Mod may not log in here"), "{}", refused.body);
    assert!(house.accounts().by_login("mod").await.expect("an answer").is_none(), "no trace is left");
    house.goes_live("ann").await;
    own.sees("stream_started").await;
    own.leaves().await;
    house.closes().await;
}

on_both! {
    whoever_is_named_comes_in_and_runs_tracking_and_nothing_else,
    whoever_only_helps_takes_what_is_theirs_along_and_leaves,
    a_moderator_reads_what_is_private_and_is_no_streamer_themselves,
    whoever_is_removed_is_out_at_once_and_the_streamer_stays,
}

#[tokio::test]
async fn whoever_streams_here_themselves_stays_when_the_role_is_gone() {
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let (ann, bob) = (house.set_up("ann").await, house.set_up("bob").await);
    assert_eq!(ann.names("bob").await.status, 200);
    let page = bob.opens("/dashboard").await;
    assert!(
        page.body.contains("You help ") && page.body.contains("/dashboard?streamer=ann"),
        "{}",
        page.body
    );
    assert_eq!(bob.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.1["login"], "ann");
    assert_eq!(bob.asks(Method::GET, "/api/v1/me?streamer=bob", "").await.1["login"], "bob");
    assert_eq!(ann.removes("bob").await.status, 200);
    assert_eq!(bob.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.0, 404);
    assert_eq!(bob.asks(Method::GET, "/api/v1/me", "").await.0, 200, "still a streamer");
    house.closes().await;
}

#[tokio::test]
async fn whoever_helps_a_streamer_who_may_not_stream_here_any_more_is_out_too() {
    let allowed = |logins: &[&str]| Allow::Logins(logins.iter().map(|login| (*login).to_owned()).collect());
    let mut house = House::with(|config| config.accounts.allow = allowed(&["ann", "bob"])).await;
    let (ann, bob) = (house.set_up("ann").await, house.set_up("bob").await);
    for streamer in [&ann, &bob] {
        house.person("mod");
        assert_eq!(streamer.names("mod").await.status, 200);
    }
    let cookies = house.logged_in("mod").await.cookies();
    house.stops().await;
    house.is_configured(|config| config.accounts.allow = allowed(&["bob"]));
    house.opens().await;
    let moderator = house.person("mod").saying("cookie", &cookies);
    assert_eq!(moderator.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.0, 404);
    assert_eq!(moderator.asks(Method::GET, "/api/v1/me?streamer=bob", "").await.0, 200);
    house.closes().await;
}

#[tokio::test]
async fn a_login_that_somebody_else_has_by_now_inherits_nothing() {
    let (house, ann, moderator) = with_moderator().await;
    house.twins.with(|world, now| world.rename("mod", "mod_two", now));
    let other = house.person("mod");
    assert_eq!(other.logs_in().await.status, 403, "the name alone opens nothing");
    let again = house.person("mod_two");
    assert_eq!(again.logs_in().await.status, 200, "whoever was meant comes by another name");
    assert_eq!(again.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.0, 200);
    let page = ann.opens("/dashboard/team").await.body;
    assert!(page.contains("<bdi>mod_two</bdi>"), "{page}");
    // Now the other one is meant as well.
    assert_eq!(ann.names("mod").await.status, 200);
    assert_eq!(other.logs_in().await.status, 200);
    assert_eq!(ann.removes("mod").await.status, 200);
    assert_eq!(other.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.0, 401);
    assert_eq!(moderator.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.0, 200);
    house.closes().await;
}

#[tokio::test]
async fn while_twitch_does_not_answer_a_name_is_good_for_its_first_holder() {
    let (house, ann) = House::of_ann().await;
    house.person("mod");
    let fault = Fault::new(FaultKind::Status(503)).at(Endpoint::Users);
    house.twins.with(|world, now| world.fault_for_all(fault, now));
    assert!(ann.names("mod").await.body.contains("has not logged in yet"));
    house.twins.with(|world, _| world.clear_all_faults());
    let moderator = house.logged_in("mod").await;
    assert_eq!(moderator.asks(Method::GET, "/api/v1/me?streamer=ann", "").await.0, 200);
    house.twins.with(|world, now| world.rename("mod", "mod_two", now));
    assert_eq!(house.person("mod").logs_in().await.status, 403, "it was given once");
    house.closes().await;
}

#[tokio::test]
async fn nobody_is_named_whom_there_is_not() {
    let (house, ann) = House::of_ann().await;
    for (login, told) in [
        ("an n", "That is not a Twitch login"),
        ("nobody_at_all", "Twitch knows nobody by this login"),
        ("ANN", "That is you."),
    ] {
        let page = ann.names(login).await;
        assert!(page.status == 400 && page.body.contains(told), "{login}: {}", page.body);
    }
    let page = ann.opens("/dashboard/team?lang=fr").await.body;
    assert!(page.contains("Modération") && page.contains("Clés d’API"), "{page}");
    house.closes().await;
}

#[tokio::test]
async fn the_log_is_read_page_by_page_and_swept_after_ninety_days() {
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let ann = house.logged_in("ann").await;
    for seconds in 1..=60 {
        ann.chooses(&json!({ "delay_seconds": seconds })).await;
    }
    let (_, first) = ann.asks(Method::GET, "/api/v1/me/audit?limit=40", "").await;
    assert_eq!(first["entries"].as_array().map(Vec::len), Some(40));
    let older = format!("/api/v1/me/audit?limit=40&before={}", text(&first["next"]));
    let (_, second) = ann.asks(Method::GET, &older, "").await;
    assert_eq!((second["entries"].as_array().map(Vec::len), second["next"].is_null()), (Some(20), true));
    assert_eq!(ann.asks(Method::GET, "/api/v1/me/audit?limit=0", "").await.0, 400);
    let page = ann.opens("/dashboard/team").await.body;
    assert!(
        page.contains("Setting changed: Delay in seconds: 59 → 60") && page.contains("?before="),
        "{page}"
    );
    house.clock.shift(TimeDelta::days(91));
    let gone = async || house.sql("SELECT id FROM audit").await.is_empty().then_some(());
    house.eventually("the log is swept", gone).await;
    house.closes().await;
}

#[tokio::test]
async fn a_streamer_names_a_moderator_who_stops_tracking_by_keyboard_on_a_phone() {
    let Some(browser) = Browser::start().await else { return };
    let (house, ann) = House::of_ann().await;
    house.person("mod");
    house.goes_live("ann").await;
    browser.size(320, 900).await;
    browser.scheme(Scheme::Dark).await;
    browser.open(&house.url("/dashboard/team")).await;
    browser.enters("a.do").await;
    browser.wait_for("button[value=ann]").await;
    browser.enters("button[value=ann]").await;
    browser.wait_for(".ways-nav").await;
    browser.enters(".ways-nav a[href='/dashboard/team']").await;
    browser.wait_for("#login").await;
    browser.eval("void (document.getElementById('login').value = 'mod')").await;
    browser.enters("#moderators .do").await;
    browser.wait_for("button[name=login][value=mod]").await;
    let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
    assert_eq!(fits, true, "something sticks out on a phone");
    browser.enters("form[action='/auth/logout'] button").await;
    browser.wait_until("location.pathname === '/'").await;

    browser.open(&house.url("/dashboard")).await;
    browser.enters("a.do").await;
    browser.wait_for("button[value=mod]").await;
    browser.enters("button[value=mod]").await;
    browser.wait_for("a.pill[href='/dashboard?streamer=ann']").await;
    browser.enters("a.pill[href='/dashboard?streamer=ann']").await;
    browser.wait_for("button[value=stop]").await;
    browser.enters("button[value=stop]").await;
    browser.wait_for("button[value=auto]").await;
    assert_eq!(state(&ann, "").await, "stopped");
    assert_eq!(ann.removes("mod").await.status, 200);
    browser.wait_until("document.body.innerText.includes('Log in with Twitch')").await;
    browser.close().await;
    house.closes().await;
}
