//! The handshake: who is let in, who is not, and what is said in the same breath.

use super::LIVE;
use crate::house::House;
use crate::house::raw::{Answer, FIN, HANDSHAKE, Heard, PING, Raw, frame, goodbye, request};
use std::num::NonZeroU32;

/// The handshake with other lines in place of those that begin like this.
fn with(changes: &[(&str, &str)]) -> String {
    let lines: Vec<&str> = HANDSHAKE
        .into_iter()
        .map(|line| changes.iter().find(|(name, _)| line.starts_with(name)).map_or(line, |(_, other)| other))
        .filter(|line| !line.is_empty())
        .collect();
    request("GET", LIVE, "HTTP/1.1", &lines)
}

fn is_taken_over(what: &str, answer: &Answer) {
    assert_eq!(answer.status, 101, "{what}: {answer:?}");
    let is = |name, value: &str| answer.header(name).is_some_and(|found| found.eq_ignore_ascii_case(value));
    assert!(is("upgrade", "websocket") && is("connection", "upgrade"), "{what}: {answer:?}");
    // The example of RFC 6455.
    assert_eq!(answer.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{what}");
    for offered in ["sec-websocket-extensions", "sec-websocket-protocol"] {
        assert_eq!(answer.header(offered), None, "{what}: nothing is chosen that was offered");
    }
}

fn is_refused(what: &str, answer: &Answer) {
    assert!((400..=426).contains(&answer.status), "{what}: {answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
    let problem: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(problem["status"], answer.status, "{what}: {problem}");
    // Who wants another version may be told which there is, and nothing else.
    let version = answer.header("sec-websocket-version");
    assert!(version.is_none_or(|version| version == "13"), "{what}: {version:?}");
}

#[tokio::test]
async fn whoever_asks_as_one_should_is_let_in_however_they_write_it() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    let (connection, upgrade, key) = ("Connection", "Upgrade", "Sec-WebSocket-Key");
    for (what, asked) in [
        ("as in the RFC", with(&[])),
        ("as Firefox writes it", with(&[(connection, "Connection: keep-alive, Upgrade")])),
        ("in other cases", with(&[(connection, "CONNECTION: uPGRADE"), (upgrade, "upgrade: WebSocket")])),
        (
            "without spaces",
            with(&[(connection, "Connection:keep-alive,upgrade"), (upgrade, "Upgrade:websocket")]),
        ),
        (
            "with extensions",
            with(&[(
                key,
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            )]),
        ),
        (
            "with protocols",
            with(&[(
                key,
                "Sec-WebSocket-Protocol: chat, superchat\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            )]),
        ),
        (
            "from another site, with a body of nothing",
            with(&[(
                key,
                "Origin: https://example.com\r\nContent-Length: 0\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            )]),
        ),
    ] {
        let mut raw = Raw::connects(house.addr()).await;
        raw.says(asked.as_bytes()).await;
        is_taken_over(what, &raw.answer().await);
        assert!(raw.text().await.starts_with(r#"{"type":"snapshot""#), "{what}");
        raw.is_heard().await;
        raw.leaves().await;
    }
    house.closes().await;
}

#[tokio::test]
async fn whoever_asks_for_something_else_is_told_so_and_may_ask_again() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    let [connection, upgrade, version, key] =
        ["Connection", "Upgrade", "Sec-WebSocket-Version", "Sec-WebSocket-Key"];
    for (what, asked) in [
        ("no key", with(&[(key, "")])),
        ("no version", with(&[(version, "")])),
        ("an old version", with(&[(version, "Sec-WebSocket-Version: 8")])),
        ("a version to come", with(&[(version, "Sec-WebSocket-Version: 14")])),
        ("no upgrade", with(&[(upgrade, "")])),
        ("another upgrade", with(&[(upgrade, "Upgrade: h2c")])),
        ("no connection", with(&[(connection, "")])),
        ("another connection", with(&[(connection, "Connection: keep-alive")])),
        ("a page", request("GET", LIVE, "HTTP/1.1", &["Host: airlog"])),
        ("a post", request("POST", LIVE, "HTTP/1.1", &[&HANDSHAKE[..], &["Content-Length: 0"]].concat())),
        ("nobody", request("GET", "/api/v1/streamers/nobody/live", "HTTP/1.1", &HANDSHAKE)),
    ] {
        let mut raw = Raw::connects(house.addr()).await;
        raw.says(asked.as_bytes()).await;
        is_refused(what, &raw.answer().await);
        raw.is_let_in(LIVE).await;
        raw.leaves().await;
    }
    let mut old = Raw::connects(house.addr()).await;
    old.says(request("GET", LIVE, "HTTP/1.0", &HANDSHAKE).as_bytes()).await;
    is_refused("an old HTTP", &old.answer().await);
    house.closes().await;
}

#[tokio::test]
async fn what_is_said_in_the_same_breath_as_the_handshake_is_heard() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    let asked = with(&[]).into_bytes();
    let ping = frame(FIN | PING, b"first of all");
    for cut in [ping.len(), 1, 2, 5, 9, 0] {
        let (early, late) = ping.split_at(cut);
        let mut raw = Raw::connects(house.addr()).await;
        raw.says(&[&asked, early].concat()).await;
        is_taken_over("in one breath", &raw.answer().await);
        raw.says(late).await;
        let mut heard = [raw.hears().await, raw.hears().await];
        heard.sort_by_key(|heard| matches!(heard, Heard::Text(_)));
        assert_eq!(heard[0], Heard::Pong(b"first of all".to_vec()), "after {cut} bytes");
        assert!(matches!(heard[1], Heard::Text(_)), "after {cut} bytes");
        raw.leaves().await;
    }
    // Somebody who asks for something else first, on the same connection, and is in a hurry to leave.
    let mut raw = Raw::connects(house.addr()).await;
    raw.says(request("GET", "/health/live", "HTTP/1.1", &["Host: airlog"]).as_bytes()).await;
    assert_eq!(raw.answer().await.status, 200);
    raw.says(&[asked, goodbye(1000, b"")].concat()).await;
    is_taken_over("in a hurry", &raw.answer().await);
    let heard = raw.hears_out().await;
    assert!(heard.len() <= 2, "a snapshot and a goodbye at most: {heard:?}");
    house.closes().await;
}

#[tokio::test]
async fn whoever_never_finishes_the_handshake_takes_nobodys_seat() {
    let house = House::with(|config| config.limits.sockets_per_address = NonZeroU32::new(1)).await;
    house.has_streamer("ann").await;
    let asked = with(&[]);
    let mut undecided = Vec::new();
    for cut in [0, 1, asked.len() / 2, asked.len() - 1] {
        let mut raw = Raw::connects(house.addr()).await;
        raw.says(&asked.as_bytes()[..cut]).await;
        undecided.push(raw);
    }
    let mut seated = house.raw("ann").await;
    assert_eq!(house.guests(), 1);

    // The last of them decides, and there is no seat any more.
    let mut late = undecided.pop().expect("somebody");
    late.says(&asked.as_bytes()[asked.len() - 1..]).await;
    is_taken_over("late", &late.answer().await);
    let heard = late.hears_out().await;
    assert!(matches!(&heard[..], [Heard::Close(Some((1013, _)))]), "{heard:?}");
    assert!(late.has_heard_whole_frames());

    seated.is_heard().await;
    seated.leaves().await;
    drop(undecided);
    house.closes().await;
}
