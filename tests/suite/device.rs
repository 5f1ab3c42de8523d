//! A house whose app at Twitch has no secret: people log in by device code, nobody is phished into another's browser, and
//! everything else works with the tokens of people.

use crate::house::database::on_both;
use crate::house::person::{Page, Person};
use crate::house::{House, text};
use airlog::config::{Allow, Config, EventSub};
use airlog::twins::{Endpoint, TWITCH_PUBLIC_CLIENT_ID};
use chrono::TimeDelta;
use reqwest::Method;
use secrecy::ExposeSecret as _;

mod grants;
mod moderators;
mod page;

fn public(config: &mut Config) {
    config.twitch.client_id = Some(TWITCH_PUBLIC_CLIENT_ID.into());
    config.twitch.client_secret = None;
    config.twitch.eventsub = EventSub::Websocket;
}

async fn public_house() -> House {
    House::with(public).await
}

async fn public_house_of(logins: &[&str]) -> House {
    let logins = logins.iter().map(|login| (*login).to_owned()).collect();
    House::with(|config| {
        public(config);
        config.accounts.allow = Allow::Logins(logins);
    })
    .await
}

/// The code that a page shows; none when it shows none.
fn code_on(page: &Page) -> Option<String> {
    let (_, rest) = page.body.split_once("class=\"code\"")?;
    let (_, rest) = rest.split_once('>')?;
    rest.split('<').next().map(str::to_owned)
}

impl House {
    fn login_code(&self, login: &str) -> String {
        self.accounts().login_code(login).expose_secret().to_owned()
    }

    /// Somebody types a code of ours and is shown one of Twitch's.
    async fn is_shown_a_code(&self, person: &Person, pass: &str) -> String {
        let typed = person.posts("/auth/twitch", &[("code", pass)]).await;
        assert!(typed.status == 200 && typed.body.contains("That is the code"), "{}", typed.body);
        let page = person.opens("/auth/twitch?timezone=Europe/Paris").await;
        assert_eq!((page.status, page.path.as_str()), (200, "/auth/twitch/device"));
        code_on(&page).unwrap_or_else(|| panic!("no code on {}", page.body))
    }

    /// Somebody says yes at Twitch, or no; the next question is due.
    fn answers_at_twitch(&self, code: &str, login: Option<&str>) {
        assert!(self.twins.with(|world, now| world.answer_device(code, login, now)), "{code} waits");
        self.clock.shift(TimeDelta::seconds(5));
    }

    /// Somebody logs in with a code of theirs.
    async fn logged_in_by_code(&self, login: &str, pass: &str) -> Person {
        let person = self.person(login);
        let code = self.is_shown_a_code(&person, pass).await;
        self.answers_at_twitch(&code, Some(login));
        let page = person.opens("/auth/twitch/device").await;
        assert_eq!((page.status, page.path.as_str()), (200, "/dashboard"), "{}", page.body);
        person
    }

    async fn owner_by_code(&self, login: &str) -> Person {
        let setup = self.setup_code().await.expect("a house without an owner");
        self.logged_in_by_code(login, &setup).await
    }

    fn asked(&self, endpoint: Endpoint) -> u64 {
        self.twins.with(|world, _| world.calls(endpoint))
    }
}

async fn stands(person: &Person) -> String {
    text(&person.asks(Method::GET, "/auth/twitch/device/status", "").await.1["state"])
}

async fn the_owner_confirms_a_code_and_the_browser_that_shows_it_goes_on() {
    let house = public_house().await;
    let ann = house.person("ann");
    assert!(ann.logs_in().await.body.contains("Whose house is this?"), "nothing begins without the code");
    let setup = house.setup_code().await.expect("a house without an owner");
    let code = house.is_shown_a_code(&ann, &setup).await;
    let page = ann.opens("/auth/twitch/device").await;
    let link = house.twins.control_url() + "twitch/activate?public=true&#38;device-code=" + &code;
    for part in [link.as_str(), "<svg class=\"qr\"", "http-equiv=\"refresh\" content=\"5;"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert_eq!(stands(&ann).await, "waiting");
    house.answers_at_twitch(&code, Some("ann"));
    assert_eq!(stands(&ann).await, "over");
    assert_eq!(ann.opens("/auth/twitch/device").await.path, "/dashboard");
    let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    let zone = text(&me["settings"]["timezone"]);
    assert_eq!(
        (text(&me["login"]), text(&me["twitch"]), zone),
        ("ann".into(), "valid".into(), "Europe/Paris".into())
    );
    assert_eq!(house.setup_code().await, None, "the house is hers");
    house.closes().await;
}

async fn a_code_outlives_a_reload_and_a_restart() {
    let mut house = public_house().await;
    let ann = house.person("ann");
    let setup = house.setup_code().await.expect("a house without an owner");
    let code = house.is_shown_a_code(&ann, &setup).await;
    let again = async || code_on(&ann.opens("/auth/twitch/device").await);
    assert_eq!(again().await.as_ref(), Some(&code));
    house.stops().await;
    house.opens().await;
    assert_eq!(again().await.as_ref(), Some(&code));
    assert_eq!(house.asked(Endpoint::DeviceCode), 1);
    house.answers_at_twitch(&code, Some("ann"));
    assert_eq!(ann.opens("/auth/twitch/device").await.path, "/dashboard");
    house.closes().await;
}

async fn a_streamer_without_any_secret_is_followed_from_login_to_list() {
    let house = public_house().await;
    let ann = house.owner_by_code("ann").await;
    // Nobody has told us that she is live already: Twitch is asked, with her own token.
    house.twins.with(|world, now| world.go_live("ann", now));
    assert_eq!(ann.links_spotify().await.path, "/dashboard");
    let (status, _) = ann.asks(Method::PATCH, "/api/v1/me/settings", r#"{"enabled":true}"#).await;
    assert_eq!(status, 200);
    let title = house.plays_noticed("ann", 0).await;
    house.lists("ann", &[&title]).await;
    assert!(house.twins.with(|world, _| world.calls_of("ann", Endpoint::Streams)) > 0);
    let refused = house.twins.with(|world, _| {
        world
            .recent_calls()
            .filter(|call| call.status >= 400 && call.endpoint != Endpoint::TwitchToken)
            .count()
    });
    assert_eq!(refused, 0);
    house.closes().await;
}

on_both! {
    the_owner_confirms_a_code_and_the_browser_that_shows_it_goes_on,
    a_code_outlives_a_reload_and_a_restart,
    a_streamer_without_any_secret_is_followed_from_login_to_list,
}

#[tokio::test]
async fn a_stranger_gets_no_code_to_send_to_anybody() {
    let house = public_house().await;
    house.owner_by_code("ann").await;
    let asked = house.asked(Endpoint::DeviceCode);
    let eve = house.person("eve");
    for path in ["/auth/twitch", "/auth/twitch/device"] {
        let page = eve.opens(path).await;
        assert!(page.body.contains("First, your login code"), "{}", page.body);
        assert_eq!(code_on(&page), None);
    }
    for guess in ["AAAAA-BBBBB-CCCCC", "ann-AAAAA-BBBBB-CCCCC", "ann", ""] {
        let page = eve.posts("/auth/twitch", &[("code", guess)]).await;
        assert!(page.status == 403 && page.body.contains("That is not the code"), "{guess}: {}", page.body);
    }
    assert_eq!(code_on(&eve.posts("/auth/twitch/device", &[]).await), None);
    assert_eq!((house.asked(Endpoint::DeviceCode), stands(&eve).await), (asked, "over".into()));
    house.closes().await;
}

#[tokio::test]
async fn whoever_is_phished_into_confirming_anothers_code_lets_nobody_in() {
    let house = public_house_of(&["ann", "eve"]).await;
    let ann = house.logged_in_by_code("ann", &house.login_code("ann")).await;
    // Eve may log in here as herself. She begins, and sends the code to ann, who confirms it.
    let eve = house.person("eve");
    let code = house.is_shown_a_code(&eve, &house.login_code("eve")).await;
    house.answers_at_twitch(&code, Some("ann"));
    let page = eve.opens("/auth/twitch/device").await;
    assert!(page.status == 200 && page.body.contains("Confirmed by somebody else"), "{}", page.body);
    assert_eq!(eve.opens("/dashboard").await.status, 401, "eve's browser is nobody's");
    assert_eq!(house.asked(Endpoint::Revoke), 1, "ann's token is given back");
    assert_eq!(ann.opens("/dashboard").await.status, 200);
    // She gets no further by asking for another.
    assert!(code_on(&eve.posts("/auth/twitch/device", &[]).await).is_some_and(|another| another != code));
    house.closes().await;
}

#[tokio::test]
async fn a_browser_that_knows_somebody_needs_no_code_for_them_and_for_nobody_else() {
    let house = public_house().await;
    let ann = house.owner_by_code("ann").await;
    for (who, is_let_in) in [("bob", false), ("ann", true)] {
        if ann.opens("/dashboard").await.status == 200 {
            ann.fills_in("/auth/logout", &[]).await;
        }
        let page = match ann.opens("/auth/twitch").await {
            page if code_on(&page).is_some() => page,
            _ => ann.posts("/auth/twitch/device", &[]).await,
        };
        house.answers_at_twitch(&code_on(&page).expect("a code"), Some(who));
        let page = ann.opens("/auth/twitch/device").await;
        assert_eq!(page.path == "/dashboard", is_let_in, "{who}: {}", page.body);
    }
    house.twins.with(|world, now| world.rename("ann", "annie", now));
    ann.fills_in("/auth/logout", &[]).await;
    let code = code_on(&ann.opens("/auth/twitch").await).expect("a code");
    house.clock.shift(TimeDelta::minutes(61));
    house
        .eventually("her new login", async || house.accounts().by_login("annie").await.expect("an answer"))
        .await;
    assert!(ann.opens("/auth/twitch/device").await.body.contains("too old"), "{code}");
    let code = code_on(&ann.posts("/auth/twitch/device", &[]).await).expect("a code");
    house.answers_at_twitch(&code, Some("annie"));
    assert_eq!(ann.opens("/auth/twitch/device").await.path, "/dashboard", "whatever she is called now");
    house.closes().await;
}

#[tokio::test]
async fn a_code_that_is_too_old_or_refused_says_so_and_there_is_a_new_one() {
    let house = public_house().await;
    let ann = house.person("ann");
    let setup = house.setup_code().await.expect("a house without an owner");
    let first = house.is_shown_a_code(&ann, &setup).await;
    house.answers_at_twitch(&first, None);
    let refused = ann.opens("/auth/twitch/device").await;
    assert!(refused.body.contains("That code is used up"), "{}", refused.body);
    assert!(
        ann.opens("/auth/twitch/device").await.body.contains("That code is used up"),
        "also after a reload"
    );

    let second = code_on(&ann.posts("/auth/twitch/device", &[]).await).expect("a new code");
    assert_ne!(first, second);
    house.clock.shift(TimeDelta::minutes(31));
    assert_eq!(stands(&ann).await, "over");
    let old = ann.opens("/auth/twitch/device").await;
    assert!(old.body.contains("The code is too old"), "{}", old.body);

    let third = code_on(&ann.posts("/auth/twitch/device", &[]).await).expect("a new code");
    house.answers_at_twitch(&third, Some("ann"));
    assert_eq!(ann.opens("/auth/twitch/device").await.path, "/dashboard");
    house.closes().await;
}

#[tokio::test]
async fn twitch_is_asked_no_faster_than_it_likes_however_often_the_page_asks() {
    let house = public_house().await;
    let ann = house.person("ann");
    let setup = house.setup_code().await.expect("a house without an owner");
    house.is_shown_a_code(&ann, &setup).await;
    let before = house.asked(Endpoint::TwitchToken);
    for _ in 0..3 {
        house.clock.shift(TimeDelta::seconds(5));
        let asks = (0..8).map(|_| stands(&ann));
        assert!(futures_util::future::join_all(asks).await.iter().all(|state| state == "waiting"));
    }
    assert_eq!(house.asked(Endpoint::TwitchToken) - before, 3);
    assert_eq!(house.twins.with(|world, _| world.hasty_polls()), 0);
    house.closes().await;
}

#[tokio::test]
async fn an_answer_that_got_lost_is_given_again_in_that_browser_only() {
    let house = public_house().await;
    let ann = house.person("ann");
    let setup = house.setup_code().await.expect("a house without an owner");
    let code = house.is_shown_a_code(&ann, &setup).await;
    house.answers_at_twitch(&code, Some("ann"));
    assert_eq!(stands(&ann).await, "over", "nobody hears this");
    assert_eq!(house.person("eve").opens("/auth/twitch/device").await.path, "/auth/twitch/device");
    assert_eq!(ann.opens("/auth/twitch/device").await.path, "/dashboard");
    house.closes().await;
}

#[tokio::test]
async fn other_sites_begin_nothing_and_where_there_is_a_secret_there_is_no_code() {
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let page = house.person("ann").opens("/auth/twitch/device").await;
    assert_eq!(page.path, "/dashboard", "by Twitch's own page");
    assert_eq!(house.asked(Endpoint::DeviceCode), 0);
    house.closes().await;
    let house = public_house().await;
    let ann = house.owner_by_code("ann").await;
    let (status, _) =
        ann.asks_from(Some("https://evil.example"), Method::POST, "/auth/twitch/device", "").await;
    assert_eq!(status, 403);
    house.closes().await;
}
