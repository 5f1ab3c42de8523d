//! Where people come by and where they are sent back to: by `localhost`, by an address, by the name of a machine in the
//! network, by the public URL. Spotify takes HTTPS and loopback addresses only, cookies are kept for one host.

use crate::house::House;
use crate::house::database::on_both;
use crate::house::person::{Page, Person};
use crate::house::text;
use airlog::config::{Allow, EventSub};
use reqwest::header::LOCATION;
use reqwest::{Method, Url};

async fn house_for_anyone() -> House {
    House::with(|config| config.accounts.allow = Allow::Anyone).await
}

/// Where a page leads on that is shown before somebody is sent away to a company.
fn company_page(page: &Page) -> Url {
    let links = page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let link = links.map(|link| link.replace("&#38;", "&")).find(|link| link.contains("/authorize?"));
    link.unwrap_or_else(|| panic!("nothing leads on in {}", page.body)).parse().expect("a URL")
}

/// Somebody who cannot come back by themselves says yes; the address they land on.
async fn lands(person: &Person, start: &str) -> Url {
    let page = person.opens(start).await;
    assert!(page.status == 200 && page.body.contains("Come back by hand"), "{}", page.body);
    person.says_yes(&company_page(&page)).await
}

async fn is_linked(person: &Person) -> bool {
    let (status, me) = person.asks(Method::GET, "/api/v1/me", "").await;
    status == 200 && me["spotify"]["status"] == "connected"
}

async fn by_localhost_one_logs_in_and_links_and_stays_there() {
    let house = house_for_anyone().await;
    let ann = house.person_by("ann", "localhost");
    let page = ann.opens("/auth/twitch").await;
    assert_eq!((page.status, page.path.as_str()), (200, "/dashboard"), "{}", page.body);
    let consent = ann.sent_to("/auth/spotify").await;
    let back = ann.says_yes(&consent).await;
    assert_eq!(back.host_str(), Some("127.0.0.1"), "Spotify does not take localhost");
    assert_eq!(ann.links_spotify().await.path, "/dashboard");
    assert!(is_linked(&ann).await);
    let saved = ann.fills_in("/dashboard/settings", &[("key", "enabled"), ("value", "on")]).await;
    assert_eq!((saved.status, saved.path.as_str()), (200, "/dashboard"));
    house.closes().await;
}

async fn by_a_name_in_the_network_one_brings_the_address_back_by_hand() {
    let house = house_for_anyone().await;
    let ann = house.person_by("ann", "nas");
    let landed = lands(&ann, "/auth/twitch").await;
    assert_eq!(landed.host_str(), Some("127.0.0.1"), "which leads nowhere from there");
    let page = ann.posts("/auth/twitch/paste", &[("address", landed.as_str())]).await;
    assert_eq!((page.status, page.path.as_str()), (200, "/dashboard"), "{}", page.body);
    let landed = lands(&ann, "/auth/spotify").await;
    let page = ann.fills_in("/auth/spotify/paste", &[("address", landed.query().expect("a query"))]).await;
    assert_eq!((page.status, page.path.as_str()), (200, "/dashboard"), "{}", page.body);
    assert!(is_linked(&ann).await);
    house.closes().await;
}

on_both! {
    by_localhost_one_logs_in_and_links_and_stays_there,
    by_a_name_in_the_network_one_brings_the_address_back_by_hand,
}

#[tokio::test]
async fn nobody_is_sent_on_to_a_name_that_a_request_made_up() {
    let house = house_for_anyone().await;
    for host in ["nas.local", "eve"] {
        let eve = house.person_by("eve", host);
        let landed = lands(&eve, "/auth/twitch").await;
        // The browser that lands with the code is another one's.
        let answer = house.answer(&format!("{}?{}", landed.path(), landed.query().expect("a query"))).await;
        assert!(answer.status() == 400 && !answer.headers().contains_key(LOCATION), "{host}: {answer:?}");
    }
    house.closes().await;
}

#[tokio::test]
async fn an_address_is_taken_in_the_browser_that_was_sent_away_and_once() {
    let house = house_for_anyone().await;
    let (ann, eve) = (house.person_by("ann", "nas"), house.person_by("eve", "nas"));
    let landed = lands(&ann, "/auth/twitch").await;
    let address = [("address", landed.as_str())];
    assert_eq!(eve.posts("/auth/twitch/paste", &address).await.status, 400, "it uses up ann's");
    assert_eq!(ann.posts("/auth/twitch/paste", &address).await.status, 400);
    let landed = lands(&ann, "/auth/twitch").await;
    let address = [("address", landed.as_str())];
    assert_eq!(ann.posts("/auth/twitch/paste", &address).await.path, "/dashboard");
    assert_eq!(ann.posts("/auth/twitch/paste", &address).await.status, 400, "twice");

    // Eve would have ann's streams follow eve's player.
    lands(&eve, "/auth/twitch").await;
    let eves = lands(&eve, "/auth/twitch").await;
    assert_eq!(eve.posts("/auth/twitch/paste", &[("address", eves.as_str())]).await.path, "/dashboard");
    let eves = lands(&eve, "/auth/spotify").await;
    let page = ann.fills_in("/auth/spotify/paste", &[("address", eves.as_str())]).await;
    assert!(page.status == 400 && !is_linked(&ann).await, "{}", page.body);
    house.closes().await;
}

#[tokio::test]
async fn what_is_no_such_address_is_told_from_a_no() {
    let house = house_for_anyone().await;
    let ann = house.person_by("ann", "nas.home.arpa");
    for nonsense in ["", "http://127.0.0.1/", "code=x"] {
        let page = ann.posts("/auth/twitch/paste", &[("address", nonsense)]).await;
        assert!(page.status == 400 && page.body.contains("That is not the address"), "{}", page.body);
    }
    let page = ann.opens("/auth/twitch").await;
    let consent = company_page(&page);
    let state = consent.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned();
    let denied = format!("http://127.0.0.1/auth/twitch/callback?error=access_denied&state={state}");
    let page = ann.posts("/auth/twitch/paste", &[("address", &denied)]).await;
    assert!(page.status == 400 && page.body.contains("You said no to Twitch"), "{}", page.body);
    assert!(
        ann.opens("/auth/twitch/paste").await.body.contains("name=\"address\""),
        "whoever was sent away before"
    );
    house.closes().await;
}

#[tokio::test]
async fn under_a_name_that_anybody_can_lead_here_nothing_is_changed() {
    let house = house_for_anyone().await;
    let eve = house.person_by("eve", "evil.example");
    for (path, field) in
        [("/auth/twitch", "code"), ("/auth/twitch/paste", "address"), ("/auth/twitch/device", "x")]
    {
        assert_eq!(eve.posts(path, &[(field, "x")]).await.status, 403, "{path}");
    }
    for home in ["localhost", "nas", "nas.home.arpa"] {
        let ann = house.person_by("ann", home);
        let wrong = ann.posts("/auth/twitch", &[("code", "x")]).await;
        assert!(wrong.body.contains("That is not the code"), "{home}: {}", wrong.body);
    }
    house.closes().await;
}

#[tokio::test]
async fn where_people_come_by_https_whoever_comes_otherwise_is_sent_there_first_and_once() {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.server.public_url = Some("https://airlog.example".parse().expect("a URL"));
        config.twitch.eventsub = EventSub::Websocket;
    })
    .await;
    let ann = house.person_by("ann", "nas");
    let first = ann.sent_to("/auth/twitch?timezone=Europe/Paris").await;
    assert_eq!(first.as_str(), "https://airlog.example/auth/twitch?timezone=Europe/Paris&moved=true");
    let path = format!("{}?{}", first.path(), first.query().expect("a query"));
    let consent = ann.sent_to(&path).await;
    assert!(consent.path().ends_with("/authorize"), "a proxy that calls us by another name: {consent}");
    let back =
        consent.query_pairs().find(|(name, _)| name == "redirect_uri").expect("an address").1.into_owned();
    assert_eq!(text(&back.into()), "https://airlog.example/auth/twitch/callback");
    house.closes().await;
}
