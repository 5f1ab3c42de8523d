//! The first start without credentials: the code, the apps, what is wrong with them, and what comes before them.

mod page;

use crate::house::House;
use crate::house::bare::Bare;
use crate::house::database::on_both;
use crate::house::person::{Page, Person};
use crate::house::program::Program;
use crate::house::secrets::{Eavesdropper, betrayed};
use airlog::base::seal::SealingKey;
use airlog::config::Allow;
use airlog::eventsub::Standing;
use airlog::setup::Company;
use airlog::setup::store::{self, SealedApp};
use airlog::twins::{
    Endpoint, Fault, FaultKind, SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET, TWITCH_CLIENT_ID,
    TWITCH_CLIENT_SECRET, TWITCH_PUBLIC_CLIENT_ID,
};
use reqwest::Method;
use tempfile::TempDir;

/// A client id of Spotify's that belongs to nobody.
const NOBODYS: &str = "00000000000000000000000000000000";

/// A page of the setup that says this, with that status.
fn assert_says(page: &Page, status: u16, words: &str) {
    assert_eq!((page.status, page.path.as_str()), (status, "/setup"), "{}", page.body);
    assert!(page.body.contains(words), "{words:?} is not in {}", page.body);
}

/// A house without credentials, and somebody at its setup who has typed the code.
async fn before_the_apps(allow: Allow) -> (House, Person) {
    let house = House::without_credentials(allow).await;
    let ann = house.person("ann");
    assert_says(&ann.types(&house.code()).await, 200, "dev.twitch.tv/console");
    (house, ann)
}

/// The same, with both apps entered.
async fn with_apps(allow: Allow) -> (House, Person) {
    let (house, ann) = before_the_apps(allow).await;
    let page = ann.enters("twitch", TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET).await;
    assert_says(&page, 200, "Twitch knows this app");
    assert_says(&ann.enters("spotify", SPOTIFY_CLIENT_ID, "").await, 200, "Spotify knows this app");
    (house, ann)
}

async fn a_fresh_house_is_set_up_by_whoever_holds_the_code_and_follows_without_a_restart() {
    let house = House::without_credentials(Allow::Owner).await;
    let (ann, eve) = (house.person("ann"), house.person("eve"));
    for path in ["/", "/auth/twitch", "/dashboard"] {
        assert_says(&ann.opens(path).await, 200, "Setup code");
    }
    let page = eve.enters("twitch", TWITCH_CLIENT_ID, TWITCH_CLIENT_SECRET).await;
    assert_says(&page, 403, "Setup code");
    assert_says(&ann.types("AAAAA-AAAAA-AAAAA").await, 403, "That is not the code");
    assert_says(&ann.types(&house.code().to_lowercase()).await, 200, "dev.twitch.tv/console");
    assert_eq!(house.sql("SELECT provider FROM instance_apps").await, Vec::<String>::new());

    let page = ann.enters("twitch", "nobody", TWITCH_CLIENT_SECRET).await;
    assert_says(&page, 422, "Twitch knows no app with this client ID");
    let page = ann.enters("twitch", TWITCH_CLIENT_ID, "guessed-secret").await;
    assert_says(&page, 422, "Twitch knows the app, but the secret is wrong");
    assert!(page.body.contains(TWITCH_CLIENT_ID) && !page.body.contains("guessed-secret"), "{}", page.body);
    assert_says(&ann.logs_in().await, 200, "not set up yet");
    let page = ann.enters("twitch", TWITCH_CLIENT_ID, &format!(" {TWITCH_CLIENT_SECRET}\t")).await;
    assert_says(&page, 200, "Twitch knows this app");
    assert!(page.body.contains("Log in now, and this Airlog is yours"), "{}", page.body);

    assert_says(&ann.enters("spotify", "ann@example.org", "").await, 422, "32 characters");
    assert_says(&ann.enters("spotify", NOBODYS, "").await, 422, "Spotify knows no app");
    assert_says(&ann.enters("spotify", SPOTIFY_CLIENT_ID, "guessed").await, 422, "the secret is wrong");
    assert_says(&ann.enters("spotify", SPOTIFY_CLIENT_ID, "").await, 200, "Spotify knows this app");
    is_followed(&house, &ann).await;
    nobody_else_gets_in(&house, &eve).await;
    house.closes().await;
}

/// Logs in, links, goes live and is followed, with the apps that were just entered.
async fn is_followed(house: &House, ann: &Person) {
    assert_eq!(ann.logs_in().await.path, "/dashboard");
    assert_eq!(ann.links_spotify().await.path, "/dashboard");
    assert_eq!(ann.asks(Method::PATCH, "/api/v1/me/settings", r#"{"enabled":true}"#).await.0, 200);
    let user = house.streamer("ann").await;
    let hears = async || (house.watch().of(user.id) == Some(Standing::Subscribed)).then_some(());
    house.eventually("Twitch tells of ann", hears).await;
    house.goes_live("ann").await;
    let title = house.plays_noticed("ann", 0).await;
    house.lists("ann", &[&title]).await;
}

/// The code has done its work.
async fn nobody_else_gets_in(house: &House, eve: &Person) {
    for page in [
        eve.opens("/setup").await,
        eve.types(&house.code()).await,
        eve.enters("twitch", TWITCH_PUBLIC_CLIENT_ID, "").await,
    ] {
        assert!(page.status == 401 && page.body.contains("Log in with Twitch"), "{}", page.body);
    }
    let typed = eve.posts("/auth/twitch", &[("code", &house.code())]).await;
    assert_eq!(typed.status, 403, "nor by the other door: {}", typed.body);
    assert_eq!(
        house.sql("SELECT client_id FROM instance_apps ORDER BY provider").await,
        [SPOTIFY_CLIENT_ID, TWITCH_CLIENT_ID]
    );
}

async fn what_was_entered_outlives_a_restart_and_is_found_nowhere() {
    let eavesdropper = Eavesdropper::listens();
    let (mut house, ann) = before_the_apps(Allow::Owner).await;
    let mut said = String::new();
    for secret in ["guessed-secret-guessed", TWITCH_CLIENT_SECRET] {
        said += &ann.enters("twitch", TWITCH_CLIENT_ID, secret).await.body;
    }
    said += &ann.enters("spotify", SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET).await.body;
    house.stops().await;
    house.opens().await;
    assert_eq!(ann.logs_in().await.path, "/dashboard");
    assert_eq!(ann.links_spotify().await.path, "/dashboard");
    let page = ann.opens("/setup").await;
    assert_says(&page, 200, "A secret is stored");
    said += &page.body;
    let sealed = house.sql("SELECT client_secret FROM instance_apps").await;
    assert!(sealed.len() == 2 && sealed.iter().all(|secret| secret.starts_with("v1.")), "{sealed:?}");
    let stored = house.everything_stored().await;
    house.closes().await;
    let secrets = [TWITCH_CLIENT_SECRET, SPOTIFY_CLIENT_SECRET, "guessed-secret-guessed"].map(str::to_owned);
    for (place, text) in [("said", &said), ("stored", &stored), ("logged", &eavesdropper.heard())] {
        assert_eq!(betrayed(&secrets, text), Vec::<&str>::new(), "{place}");
    }
}

async fn the_config_comes_before_what_was_entered() {
    let (mut house, ann) = with_apps(Allow::Owner).await;
    assert_eq!(ann.logs_in().await.path, "/dashboard");
    house.stops().await;
    house.is_configured(|config| config.twitch.client_id = Some(TWITCH_PUBLIC_CLIENT_ID.into()));
    house.opens().await;
    let page = ann.opens("/setup").await;
    assert_says(&page, 200, "twitch.client_id is set in config.toml or in the environment");
    assert!(page.body.contains(TWITCH_PUBLIC_CLIENT_ID), "{}", page.body);
    assert!(page.body.contains(SPOTIFY_CLIENT_ID), "what the config does not name is as it was entered");
    let token = ann.form_token().await;
    let fields = [("step", "twitch"), ("client_id", TWITCH_CLIENT_ID), ("token", &token)];
    assert_says(&ann.posts("/setup", &fields).await, 200, TWITCH_PUBLIC_CLIENT_ID);
    house.stops().await;
    house.is_configured(|config| config.twitch.client_id = None);
    house.opens().await;
    let page = ann.opens("/setup").await;
    assert!(page.body.contains(TWITCH_CLIENT_ID), "nothing was written over: {}", page.body);
    house.closes().await;
}

on_both! {
    a_fresh_house_is_set_up_by_whoever_holds_the_code_and_follows_without_a_restart,
    what_was_entered_outlives_a_restart_and_is_found_nowhere,
    the_config_comes_before_what_was_entered,
}

#[tokio::test]
async fn a_company_that_does_not_answer_is_told_from_an_app_that_is_wrong() {
    let (house, ann) = before_the_apps(Allow::Owner).await;
    let breaks = |endpoint| {
        let fault = Fault::new(FaultKind::Status(503)).at(endpoint);
        house.twins.with(|world, now| world.fault_for_all(fault, now));
    };
    breaks(Endpoint::TwitchToken);
    breaks(Endpoint::DeviceCode);
    for secret in [TWITCH_CLIENT_SECRET, ""] {
        let page = ann.enters("twitch", TWITCH_CLIENT_ID, secret).await;
        assert_says(&page, 503, "Twitch could not be asked just now");
        assert!(page.body.contains(&format!("value=\"{TWITCH_CLIENT_ID}\"")), "{}", page.body);
    }
    breaks(Endpoint::RefreshGrant);
    let page = ann.enters("spotify", SPOTIFY_CLIENT_ID, "").await;
    assert_says(&page, 503, "Spotify could not be asked just now");
    assert!(house.sql("SELECT provider FROM instance_apps").await.is_empty(), "nothing was changed");
    house.closes().await;
}

#[tokio::test]
async fn an_app_without_a_secret_leads_to_a_login_by_code() {
    let (house, ann) = before_the_apps(Allow::Owner).await;
    assert_says(&ann.enters("twitch", "nobody", "").await, 422, "Twitch knows no app");
    assert_says(&ann.enters("twitch", TWITCH_CLIENT_ID, "").await, 422, "this app has a secret");
    let page = ann.enters("twitch", TWITCH_PUBLIC_CLIENT_ID, "").await;
    assert_says(&page, 200, "href=\"/auth/twitch/device\"");
    house.closes().await;
}

#[tokio::test]
async fn the_code_guards_a_house_for_others_too_until_its_holder_has_logged_in() {
    let people = Allow::Logins(vec!["ann".into(), "bob".into()]);
    let (house, ann) = with_apps(people).await;
    let bob = house.logged_in("bob").await;
    assert_says(&bob.opens("/setup").await, 200, "Setup code");
    assert_eq!(ann.logs_in().await.path, "/dashboard", "ann holds the code, so the house is hers");
    assert_eq!(bob.opens("/setup").await.status, 404);
    assert_eq!(bob.types(&house.code()).await.status, 404);
    assert_says(&ann.opens("/setup").await, 200, "in use");
    house.closes().await;
}

#[tokio::test]
async fn the_owner_alone_changes_apps_later_and_is_told_what_it_costs() {
    let (house, ann) = with_apps(Allow::Owner).await;
    let page = ann.enters("spotify", SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET).await;
    assert_says(&page, 200, "Spotify knows this app");
    assert_eq!(ann.logs_in().await.path, "/dashboard");
    assert!(ann.opens("/setup").await.body.contains("everybody has to log in again"));
    let forged = ann.enters("twitch", TWITCH_PUBLIC_CLIENT_ID, "").await;
    assert_eq!(forged.status, 403, "without the form's token: {}", forged.body);
    let token = ann.form_token().await;
    let sends = async |fields: &[(&str, &str)]| {
        let always = [("step", "spotify"), ("token", &*token), ("client_id", SPOTIFY_CLIENT_ID)];
        ann.posts("/setup", &[&always[..], fields].concat()).await
    };
    assert_says(&sends(&[("client_secret", "wrong")]).await, 422, "the secret is wrong");
    assert_says(&sends(&[("client_secret", "")]).await, 200, "Spotify knows this app");
    let kept = "SELECT provider FROM instance_apps WHERE client_secret IS NOT NULL ORDER BY provider";
    assert_eq!(house.sql(kept).await, ["spotify", "twitch"], "left out is kept");
    assert_says(&sends(&[("forget", "on")]).await, 200, "Spotify knows this app");
    assert_eq!(house.sql(kept).await, ["twitch"]);
    house.closes().await;
}

#[tokio::test]
async fn with_another_app_at_twitch_everybody_has_to_log_in_again() {
    let (house, ann) = with_apps(Allow::Owner).await;
    is_followed(&house, &ann).await;
    let token = ann.form_token().await;
    let fields = [("step", "twitch"), ("token", &*token), ("client_id", TWITCH_PUBLIC_CLIENT_ID)];
    assert_says(&ann.posts("/setup", &fields).await, 200, "Twitch knows this app");
    let lost =
        async || (ann.asks(Method::GET, "/api/v1/me", "").await.1["twitch"] == "refused").then_some(());
    house.eventually("the former app's login is over", lost).await;
    house.closes().await;
}

#[tokio::test]
async fn the_code_cannot_be_guessed() {
    let house = House::without_credentials(Allow::Anyone).await;
    let eve = house.person("eve");
    let mut answers = Vec::new();
    for _ in 0..25 {
        answers.push(eve.types("AAAAA-AAAAA-AAAAA").await.status);
    }
    assert!(answers.starts_with(&[403]) && answers.ends_with(&[429]), "{answers:?}");
    let (status, _) = eve.asks_from(Some("https://evil.example"), Method::POST, "/setup", "").await;
    assert_ne!(status, 200);
    house.closes().await;
}

#[tokio::test]
async fn the_first_start_prints_the_code_and_where_to_enter_it() {
    let folder = TempDir::with_prefix("airlog-setup-").expect("a folder");
    let nowhere = "http://127.0.0.1:9";
    let environment = [("LISTEN", "SERVER__LISTEN", "127.0.0.1:0"), ("", "SPOTIFY__API_URL", nowhere)]
        .map(|(_, key, value)| (format!("AIRLOG_{key}"), value.to_owned()));
    let mut airlog = Program::start_with(folder.path(), &["serve"], &environment);
    let line = airlog.says("/setup and enter the setup code ").await;
    let code = line.rsplit(' ').next().expect("a code");
    assert!(code.len() == 17 && code.matches('-').count() == 2, "{line}");
    let url = line.split_whitespace().find(|word| word.ends_with("/setup")).expect("an address");
    let page = reqwest::get(url).await.expect("an answer").text().await.expect("a page");
    assert!(page.contains("Setup code") && !page.contains(code), "{page}");
    assert_eq!(airlog.ends_on("TERM").await, Some(0));
}

#[tokio::test]
async fn a_lost_key_is_told_before_an_app_is_needed() {
    let bare = Bare::fresh().await;
    let key = SealingKey::new([9; 32]);
    let sealed = key.seal(&store::seal_row(Company::Twitch), &"secret".into());
    let app = SealedApp { client_id: "app".into(), client_secret: Some(sealed) };
    let now = chrono::DateTime::from_timestamp(1_795_204_800, 0).expect("an instant");
    store::put_app(&bare.db, Company::Twitch, &app, now).await.expect("kept");
    let (code, said) = bare.runs(&["serve"]).await;
    assert!(code == Some(1) && said.contains(&format!("sealed under key {}", key.id())), "{said}");
    bare.closes().await;
}
