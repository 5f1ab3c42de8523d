//! The browser shown at work on a page of its own.

use std::net::{Ipv4Addr, SocketAddr};

use axum::response::Html;
use axum::{Router, http::header, routing::get};
use tokio::net::TcpListener;

use super::*;
use crate::house::wire::Wire;

const PAGE: &str = r#"<!doctype html><title>Tonight</title>
    <style>body { background: white } @media (prefers-color-scheme: dark) { body { background: black } }</style>
    <p id="empty">Nothing yet</p><ol><li data-track-id="a">Night Bus</li></ol>
    <script src="/page.js"></script>"#;
const SCRIPT: &str = r#"
    setTimeout(() => {
        document.querySelector('#empty').remove();
        document.querySelector("ol").insertAdjacentHTML("beforeend", "<li data-track-id=b> Slow Tide </li><li>Ad</li>");
        console.error("one thing went wrong");
    }, 200);
    const beat = async () => {
        document.body.dataset.line = await fetch("/beat").then(() => "here", () => "lost");
        setTimeout(beat, 30);
    };
    beat();"#;

async fn site() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let addr = listener.local_addr().expect("an address");
    let script = get(async || ([(header::CONTENT_TYPE, "text/javascript")], SCRIPT));
    let page = Router::new().route("/", get(async || Html(PAGE))).route("/page.js", script);
    let page = page.route("/beat", get(async || "beat"));
    tokio::spawn(async move { axum::serve(listener, page).await });
    addr
}

#[tokio::test]
async fn a_page_is_read_as_a_person_reads_it() {
    let Some(browser) = Browser::start().await else { return };
    let site = format!("http://{}/", site().await);
    browser.size(320, 640).await;
    browser.scheme(Scheme::Dark).await;
    browser.open(&site).await;
    browser.wait_count("ol > li", 3).await;
    browser.wait_gone("#empty").await;

    assert_eq!(browser.texts("li").await, ["Night Bus", "Slow Tide", "Ad"]);
    assert_eq!(browser.attributes("li", "data-track-id").await, ["a", "b"]);
    assert_eq!(browser.eval("[innerWidth, innerHeight]").await, json!([320, 640]));
    assert_eq!(browser.eval("getComputedStyle(document.body).backgroundColor").await, "rgb(0, 0, 0)");
    assert!(browser.requests().await.contains(&format!("{site}page.js")));
    let errors = browser.console_errors().await;
    assert!(errors.iter().any(|error| error.contains("one thing went wrong")), "{errors:?}");
    assert_eq!(browser.console_errors().await[..errors.len()], errors, "a second look forgets nothing");

    browser.scheme(Scheme::Light).await;
    browser.wait_until("getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'").await;
    let picture = browser.driver.folder().join("page.png");
    browser.screenshot(&picture).await;
    let png = fs::read(&picture).expect("a file");
    assert_eq!(png[16..24], [0, 0, 1, 64, 0, 0, 2, 128], "320 by 640 pixels");
    browser.close().await;
    assert!(!picture.exists(), "nothing is left behind");
}

#[tokio::test]
async fn a_lost_connection_is_felt_by_the_page_and_comes_back() {
    let Some(browser) = Browser::start().await else { return };
    let wire = Wire::to(site().await).await;
    browser.open(&format!("http://{}/", wire.addr())).await;
    browser.wait_for("[data-line=here]").await;
    wire.cut().await;
    browser.wait_for("[data-line=lost]").await;
    wire.mend();
    browser.wait_for("[data-line=here]").await;
}

#[tokio::test]
async fn a_wait_in_vain_says_what_for_and_what_was_there() {
    let Some(mut browser) = Browser::start().await else { return };
    browser.patience = Duration::from_millis(400);
    browser.open(&format!("http://{}/", site().await)).await;
    browser.wait_count("li", 3).await;
    let waited = tokio::spawn(async move { browser.wait_count("li", 4).await }).await;
    let panic = waited.expect_err("there is no fourth").into_panic();
    let message = panic.downcast_ref::<String>().expect("a message");
    for told in ["querySelectorAll(\"li\")", "to be 4", "last seen Ok(Number(3))", "Slow Tide", "went wrong"]
    {
        assert!(message.contains(told), "{told} is not in: {message}");
    }
}
