//! What our pages may run and load, and who may frame them.

use super::house_for_anyone;
use crate::house::House;
use airlog::config::{Allow, EventSub};
use airlog::twins::TWITCH_PUBLIC_CLIENT_ID;
use reqwest::Response;
use std::collections::BTreeMap;

/// What an answer's policy says, by directive.
fn policy(answer: &Response) -> BTreeMap<String, Vec<String>> {
    let text = answer.headers()["content-security-policy"].to_str().expect("text");
    let directives = text.split(';').map(str::split_whitespace);
    directives
        .filter_map(|mut words| Some((words.next()?.to_owned(), words.map(str::to_owned).collect())))
        .collect()
}

/// Nothing but our own scripts and styles runs, and nobody frames it but where that is what it is for.
fn assert_strict(answer: &Response, ancestors: &str) {
    let (policy, path) = (policy(answer), answer.url().path());
    for (directive, sources) in [
        ("default-src", "'none'"),
        ("script-src", "'self'"),
        ("style-src", "'self'"),
        ("connect-src", "'self'"),
        ("base-uri", "'none'"),
        ("form-action", "'self'"),
        ("frame-ancestors", ancestors),
    ] {
        assert_eq!(policy.get(directive), Some(&vec![sources.to_owned()]), "{directive} of {path}");
    }
    for (directive, sources) in policy.iter().filter(|(directive, _)| *directive != "frame-ancestors") {
        let is_loose =
            |source: &String| source.contains("unsafe") || ["*", "http:", "https:"].contains(&&**source);
        assert!(!sources.iter().any(is_loose), "{directive} of {path}: {sources:?}");
    }
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{path}");
}

/// The tags of a page, each as its name and the names of its attributes.
fn tags(html: &str) -> impl Iterator<Item = Vec<String>> {
    let tags = html.split('<').skip(1).filter_map(|rest| rest.split('>').next());
    tags.map(|tag| {
        let unquoted: String = tag.split('"').step_by(2).collect();
        let words = unquoted.split_whitespace().filter_map(|word| word.split('=').next());
        words.map(str::to_lowercase).collect()
    })
}

/// What a page would run or paint by itself: all that the policy forbids.
fn inline(html: &str) -> Vec<String> {
    let is_inline = |tag: &Vec<String>| match &**tag {
        [name, attributes @ ..] => {
            name == "style"
                || name == "script" && !attributes.iter().any(|name| name == "src")
                || attributes.iter().any(|name| name == "style" || name.starts_with("on"))
        }
        [] => false,
    };
    let links = html.contains("javascript:").then(|| "javascript:".to_owned());
    tags(html).filter(is_inline).map(|tag| tag.join(" ")).chain(links).collect()
}

/// A page with this status is strict, and would run nothing of its own.
async fn assert_safe(answer: Response, status: u16, ancestors: &str) {
    let path = answer.url().path().to_owned();
    assert_eq!(answer.status().as_u16(), status, "{path}");
    assert_strict(&answer, ancestors);
    let html = answer.text().await.expect("a body");
    assert!(html.contains('<'), "{path} is a page");
    assert_eq!(inline(&html), Vec::<String>::new(), "{path}");
}

#[tokio::test]
async fn no_page_runs_anything_but_our_scripts_or_may_be_framed() {
    let house = house_for_anyone().await;
    let (ann, stranger) = (house.set_up("ann").await, house.person("stranger"));
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    let hostile = "\"><script>x</script><i onx=";
    let page = ann.fills_in("/dashboard/ignore", &[("kind", "artist"), ("value", hostile)]).await;
    assert!(page.body.contains("onx="), "{}", page.body);
    let stream = format!("/streamers/ann/streams/{}", house.sql("SELECT id FROM streams").await.remove(0));
    for (path, status) in [("/dashboard", 200), ("/dashboard?saved=x", 200), ("/dashboard/status", 200)] {
        assert_safe(ann.answer(path).await, status, "'none'").await;
    }
    for (path, status) in [
        ("/", 200),
        ("/docs", 200),
        ("/streamers/ann/tracks/today", 200),
        (&*stream, 200),
        ("/streamers/nobody/tracks/today", 404),
        ("/nothing", 404),
        ("/streamers/ann/tracks/nonsense", 404),
        ("/dashboard", 401),
        ("/auth/twitch/callback", 400),
        ("/auth/twitch/paste", 200),
    ] {
        assert_safe(stranger.answer(path).await, status, "'none'").await;
    }
    house.closes().await;
}

#[tokio::test]
async fn the_page_that_asks_for_the_setup_code_is_as_strict() {
    let house = House::with(|config| config.accounts.allow = Allow::Owner).await;
    for path in ["/auth/twitch", "/setup"] {
        assert_safe(house.answer(path).await, 200, "'none'").await;
    }
    let ann = house.person("ann");
    assert_eq!(ann.types(&house.code()).await.status, 200);
    assert_safe(ann.answer("/setup").await, 200, "'none'").await;
    house.closes().await;
}

#[tokio::test]
async fn the_page_with_a_device_code_is_as_strict() {
    let house = House::with(|config| {
        config.twitch.client_id = Some(TWITCH_PUBLIC_CLIENT_ID.into());
        config.twitch.client_secret = None;
        config.twitch.eventsub = EventSub::Websocket;
    })
    .await;
    let ann = house.person("ann");
    let code = house.setup_code().await.expect("a house without an owner");
    assert_eq!(ann.posts("/auth/twitch", &[("code", &code)]).await.status, 200);
    let page = ann.answer("/auth/twitch/device").await;
    assert!(page.headers().contains_key("set-cookie"), "it is this browser's");
    assert_safe(page, 200, "'none'").await;
    house.closes().await;
}

#[tokio::test]
async fn an_overlay_may_be_framed_and_is_strict_otherwise() {
    let house = house_for_anyone().await;
    house.has_streamer("ann").await;
    assert_safe(house.answer("/overlay/ann/now-playing").await, 200, "*").await;
    for near in ["/overlay", "/overlays/ann/now-playing"] {
        assert_safe(house.answer(near).await, 404, "'none'").await;
    }
    house.closes().await;
}

#[test]
fn what_a_page_would_run_by_itself_is_found() {
    for bad in [
        "<script>x()</script>",
        "<script type=\"module\">x()</script>",
        "<style>p {}</style>",
        "<p style=\"x\">",
        "<p class=\"a b\" onclick=\"x()\">",
        "<button name=a ONCLICK=x>",
        "<a href=\"javascript:x()\">",
    ] {
        assert_eq!(inline(bad).len(), 1, "{bad}");
    }
    assert!(
        inline("<script type=\"module\" src=\"/x.js\"></script><p title=\"on style=\">on=</p>").is_empty()
    );
}
