//! Each thing that can be wrong with a link, at the door: what the page says, and what to do about it.

use super::{APP, SECRET, house, linked_through_own, makes_app};
use crate::house::House;
use crate::house::person::Person;
use airlog::config::Allow;
use airlog::live::Doing;
use airlog::twins::{Deed, FaultKind, World};
use chrono::TimeDelta;
use std::time::Duration;

/// What Spotify's page says that never sends anybody back.
const WRONG_REDIRECT: &str = "INVALID_CLIENT: Invalid redirect URI";

/// What a test says of the app once something is wrong with it.
async fn told(wrong: impl FnOnce(&mut World), expected: &[&str]) {
    let house = house().await;
    let ann = linked_through_own(&house).await;
    house.twins.with(|world, _| wrong(world));
    let page = ann.tests().await;
    for text in expected {
        page.says(text);
    }
    house.closes().await;
}

#[tokio::test]
async fn who_is_not_on_the_apps_list_is_told_where_it_is() {
    let add = "add yourself under User Management (step 3)";
    told(|world| world.list_users(APP, &["bob"]), &["Your account is not on the app’s list", add]).await;
}

#[tokio::test]
async fn an_owner_without_premium_is_told() {
    let needs = "needs an active Premium subscription";
    told(|world| world.set_lapsed(APP, true), &["The app has no Premium owner", needs]).await;
}

#[tokio::test]
async fn each_fault_of_the_player_has_its_words() {
    let house = house().await;
    let ann = linked_through_own(&house).await;
    for (kind, title) in [
        (FaultKind::PremiumRequired, "Spotify wants Premium"),
        (FaultKind::ScopeMissing, "A permission is missing"),
        (FaultKind::PermissionsMissing, "A permission is missing"),
        (FaultKind::Forbidden, "Spotify does not let us look"),
        (FaultKind::Nonsense, "Spotify answers nonsense"),
        (FaultKind::NoActiveDevice, "It works, and nothing is playing"),
    ] {
        house.breaks("ann", kind);
        ann.tests().await.says(title);
        house.mends("ann");
    }
    let before = house.looks("ann");
    house.breaks("ann", FaultKind::Status(503));
    ann.tests().await.says("Spotify did not answer");
    assert_eq!(house.looks("ann"), before + 1, "one look, whatever comes of it");
    house.mends("ann");
    house.closes().await;
}

#[tokio::test]
async fn what_is_no_track_is_called_by_its_name() {
    let house = house().await;
    let ann = linked_through_own(&house).await;
    house.act("ann", Deed::Episode { millis: 60_000 });
    ann.tests().await.says("It works: a podcast is playing");
    let title = house.plays("ann", 0);
    house.act("ann", Deed::Pause);
    let paused = ann.tests().await;
    paused.says("It works: this is paused");
    paused.says(&title);
    house.act("ann", Deed::Resume);
    house.act("ann", Deed::Ad { millis: 30_000 });
    ann.tests().await.says("It works: an advert is playing");
    house.closes().await;
}

#[tokio::test]
async fn a_refusal_to_renew_asks_to_link_again() {
    let house = house().await;
    let ann = linked_through_own(&house).await;
    house.act("ann", Deed::RevokeLink);
    let page = ann.tests().await;
    page.says("Spotify has to be linked again");
    page.says("href=\"/auth/spotify\">Renew the link");
    assert_eq!(house.sql("SELECT status FROM spotify_links").await, ["reconnect_needed"]);
    let refreshes = house.refreshes("ann");
    let again = ann.tests().await;
    again.says("Spotify has to be linked again");
    again.says("Spotify was not asked.");
    assert_eq!(house.refreshes("ann"), refreshes);
    ann.links_through_own().await.says("It works, and nothing is playing");
    house.closes().await;
}

#[tokio::test]
async fn an_app_that_spotify_does_not_know_is_not_taken() {
    let house = house().await;
    let ann = house.logged_in("ann").await;
    for (id, secret, why) in [
        ("not an id", "", "That is not a client ID."),
        ("ffffffffffffffffffffffffffffffff", "", "Spotify knows no app with this client ID."),
        (APP, "another secret", "Spotify knows the app, but the secret is wrong."),
    ] {
        let page = ann.brings(id, secret).await;
        assert_eq!(page.status, 400);
        page.says(why);
        page.does_not_say("another secret");
    }
    assert!(house.sql("SELECT client_id FROM spotify_apps").await.is_empty());
    house.closes().await;
}

#[tokio::test]
async fn a_secret_that_is_wrong_by_the_time_of_linking_says_where_to_mend_it() {
    let house = house().await;
    let ann = house.set_up("ann").await;
    ann.brings(APP, SECRET).await;
    house.twins.with(|world, _| world.change_secret(APP, "a newer secret"));
    let page = ann.links_spotify().await;
    assert_eq!(page.status, 400);
    page.says("Spotify refuses the client ID or the secret of your own app.");
    page.says("href=\"/dashboard/spotify\"");
    ann.tests().await.says("It works, and nothing is playing");
    house.closes().await;
}

#[tokio::test]
async fn a_wrong_redirect_stays_at_spotify_and_is_explained_here() {
    let house = house().await;
    let ann = house.set_up("ann").await;
    ann.brings(APP, "").await;
    house.twins.with(|world, _| world.register_redirects(APP, &["http://127.0.0.1:1/elsewhere"]));
    let page = ann.opens("/auth/spotify").await;
    assert_eq!((page.status, page.body.as_str()), (400, WRONG_REDIRECT));
    let explained = ann.opens("/dashboard/spotify").await;
    explained.says(WRONG_REDIRECT);
    explained.says("Paste it there exactly, save, and link again.");
    let uri = house.url("/auth/spotify/callback");
    house.twins.with(|world, _| world.register_redirects(APP, &[&uri]));
    ann.links_through_own().await.says("It works, and nothing is playing");
    house.closes().await;
}

#[tokio::test]
async fn whatever_spotify_sends_a_person_back_with_is_said() {
    let house = house().await;
    let ann = house.logged_in("ann").await;
    ann.brings(APP, "").await;
    for (error, says) in [
        ("access_denied", "You said no to Spotify."),
        ("invalid_scope", "Spotify says “invalid_scope”."),
        ("%3Cb%3Eserver_error", "Spotify says “bserver_error”."),
    ] {
        let consent = ann.sent_to("/auth/spotify").await;
        let (_, state) = consent.query_pairs().find(|(name, _)| name == "state").expect("a state");
        let page = ann.opens(&format!("/auth/spotify/callback?error={error}&state={state}")).await;
        assert_eq!(page.status, 400);
        page.says(says);
    }
    house.closes().await;
}

/// Somebody who tracks through this app.
async fn tracks_through(house: &House, login: &str, app: Option<&str>) -> Person {
    let person = house.set_up(login).await;
    if let Some(app) = app {
        person.brings(app, "").await;
        person.links_through_own().await;
    }
    house.goes_live(login).await;
    house.looks_again(login, 2).await;
    person
}

#[tokio::test]
async fn a_quota_belongs_to_the_client_id_and_a_test_respects_its_rest() {
    let house = house().await;
    let ann = tracks_through(&house, "ann", Some(APP)).await;
    let cleo = tracks_through(&house, "cleo", Some(APP)).await;
    let bob = tracks_through(&house, "bob", None).await;
    house.twins.with(|world, now| world.refuse_app(APP, now + TimeDelta::hours(10), true));
    let rests = |doing: &Doing| matches!(doing, Doing::Resting { .. });
    house.status_is("ann", "ann's app rests", |status| rests(&status.doing)).await;
    house.status_is("cleo", "cleo's is the same", |status| rests(&status.doing)).await;
    house.looks_again("bob", 3).await;
    let looks = house.looks("ann") + house.looks("cleo");
    for person in [&ann, &cleo] {
        let page = person.tests().await;
        page.says("The app’s quota is used up");
        page.says("Spotify was not asked.");
        page.says("because its quota is used up.");
    }
    assert_eq!(house.looks("ann") + house.looks("cleo"), looks, "nobody asked");
    bob.tests().await.says("It works, and nothing is playing");
    house.closes().await;
}

#[tokio::test]
async fn the_reason_of_a_rest_is_known_after_a_restart() {
    let mut house = house().await;
    let ann = linked_through_own(&house).await;
    house.twins.with(|world, now| world.refuse_app(APP, now + TimeDelta::hours(10), true));
    let page = ann.tests().await;
    page.says("The app’s quota is used up");
    page.does_not_say("Spotify was not asked.");
    house.stops().await;
    house.opens().await;
    let page = ann.tests().await;
    page.says("The app’s quota is used up");
    page.says("Spotify was not asked.");
    house.closes().await;
}

#[tokio::test]
async fn a_rate_limit_is_told_from_a_quota_and_a_test_rests_the_client_id() {
    let house = house().await;
    let ann = linked_through_own(&house).await;
    house.twins.with(|world, now| world.refuse_app(APP, now + TimeDelta::minutes(20), false));
    let page = ann.tests().await;
    page.says("Spotify asks for a rest");
    page.says("because Spotify asked for it.");
    page.does_not_say("quota is used up");
    let looks = house.looks("ann");
    ann.tests().await.says("Spotify was not asked.");
    assert_eq!(house.looks("ann"), looks);
    house.clock.shift(TimeDelta::minutes(21));
    ann.tests().await.says("It works, and nothing is playing");
    house.closes().await;
}

#[tokio::test]
async fn a_budget_that_is_spent_is_said_and_shown() {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.tracking.budget = Some(6);
        config.tracking.min_gap = Duration::from_micros(10);
    })
    .await;
    let ann = house.set_up("ann").await;
    for _ in 0..3 {
        ann.tests().await.says("It works, and nothing is playing");
        house.clock.shift(TimeDelta::seconds(1));
    }
    let page = ann.tests().await;
    page.says("This Airlog’s own budget is spent");
    page.says("Spotify was not asked.");
    page.says("At most 6 requests an hour are made through this app.");
    assert_eq!(house.looks("ann"), 3);
    house.closes().await;
}

#[tokio::test]
async fn whoever_asks_again_at_once_is_told_the_same() {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.tracking.min_gap = Duration::from_secs(5);
    })
    .await;
    let ann = house.set_up("ann").await;
    for _ in 0..3 {
        ann.tests().await.says("It works, and nothing is playing");
        house.clock.shift(TimeDelta::seconds(8));
    }
    assert_eq!(house.looks("ann"), 1);
    house.clock.shift(TimeDelta::seconds(8));
    ann.tests().await.says("It works, and nothing is playing");
    assert_eq!(house.looks("ann"), 2, "half a minute has passed");
    house.closes().await;
}

#[tokio::test]
async fn a_test_that_is_admitted_ends_a_standstill_at_once() {
    // A standstill lasts for sixty intervals: longer than any story.
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.tracking.poll_interval = Duration::from_secs(2);
        config.tracking.min_gap = Duration::from_micros(10);
    })
    .await;
    makes_app(&house, APP);
    let ann = house.set_up("ann").await;
    ann.brings(APP, "").await;
    house.twins.with(|world, _| world.list_users(APP, &["bob"]));
    ann.links_through_own().await.says("Your account is not on the app’s list");
    house.goes_live("ann").await;
    let stands = |doing: &Doing| matches!(doing, Doing::Standing(_));
    house.status_is("ann", "tracking stands still", |status| stands(&status.doing)).await;
    ann.tests().await.says("Your account is not on the app’s list");
    assert!(stands(&house.status("ann").await.doing), "a test that is refused changes nothing");
    house.twins.with(|world, _| world.list_users(APP, &["bob", "ann"]));
    let title = house.plays("ann", 0);
    ann.tests().await.says("It works: this is playing");
    house.lists("ann", &[&title]).await;
    house.closes().await;
}
