//! What a wire does to those at its ends.

use std::pin::pin;

use airlog::clients::http_client;
use axum::{Router, routing::get};
use tokio::time::timeout;

use super::*;

const LIMIT: Duration = Duration::from_secs(5);

async fn wire_to_a_page(body: String) -> Wire {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let addr = listener.local_addr().expect("an address");
    let page = Router::new().route("/", get(move || std::future::ready(body.clone())));
    tokio::spawn(async move { axum::serve(listener, page).await });
    Wire::to(addr).await
}

async fn load(client: &reqwest::Client, wire: &Wire) -> reqwest::Result<String> {
    client.get(format!("http://{}/", wire.addr())).send().await?.error_for_status()?.text().await
}

#[tokio::test]
async fn a_cut_wire_loses_everybody_until_it_is_mended() {
    let body = "airlog ".repeat(100_000);
    let wire = wire_to_a_page(body.clone()).await;
    let client = http_client(LIMIT).expect("a client");
    assert_eq!(load(&client, &wire).await.expect("a whole wire"), body);
    assert_eq!(wire.connections(), 1, "the client keeps its connection");

    timeout(LIMIT, wire.cut()).await.expect("the connection to be closed");
    assert!(load(&client, &wire).await.is_err());
    assert_eq!(wire.connections(), 0);

    wire.mend();
    assert_eq!(load(&client, &wire).await.expect("a mended wire"), body);
}

#[tokio::test]
async fn a_stalled_wire_keeps_its_connections_silent() {
    let wire = wire_to_a_page("airlog".into()).await;
    let client = http_client(LIMIT).expect("a client");
    wire.stall();
    let mut answer = pin!(load(&client, &wire));
    let seen = timeout(Duration::from_millis(100), &mut answer).await;
    assert!(seen.is_err(), "the page waits, it does not fail: {seen:?}");
    assert_eq!(wire.connections(), 1);

    wire.mend();
    assert_eq!(answer.await.expect("a mended wire"), "airlog");
}

#[tokio::test]
async fn a_half_open_wire_leaves_its_clients_waiting_even_when_it_is_mended() {
    let wire = wire_to_a_page("airlog".into()).await;
    let client = http_client(Duration::from_millis(300)).expect("a client");
    load(&client, &wire).await.expect("a whole wire");
    wire.half_open();
    assert!(load(&client, &wire).await.expect_err("silence").is_timeout());
    wire.mend();
    assert_eq!(load(&client, &wire).await.expect("a new connection"), "airlog");
}

#[tokio::test]
async fn a_bad_wire_is_late_or_breaks() {
    let wire = wire_to_a_page("airlog".into()).await;
    let client = http_client(LIMIT).expect("a client");
    wire.slows(Duration::from_millis(30));
    let asked = tokio::time::Instant::now();
    load(&client, &wire).await.expect("a page, late");
    assert!(asked.elapsed() >= Duration::from_millis(60), "there and back");
    wire.breaks(1_000);
    assert!(load(&client, &wire).await.is_err());
}

#[tokio::test]
async fn a_dropped_wire_takes_its_connections_along() {
    let wire = wire_to_a_page("airlog".into()).await;
    let caller = TcpStream::connect(wire.addr()).await.expect("a connection");
    timeout(LIMIT, wire.until(|open| open == 1)).await.expect("the caller to be counted");

    drop(wire);
    timeout(LIMIT, caller.readable()).await.expect("the end to come").expect("a socket");
    assert_eq!(caller.try_read(&mut [0]).expect("a closed connection"), 0);
}
