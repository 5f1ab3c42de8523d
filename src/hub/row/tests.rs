//! Stories of rows: who is told, with how many writes, and who is left to themselves.

use super::super::day::tests::{at, track};
use super::super::model::Event;
use super::super::topic::Topic;
use super::super::topic::tests::topic;
use super::*;
use crate::base::clock::Instant;
use crate::hub::Shape;
use chrono::TimeDelta;
use std::net::Ipv4Addr;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};

/// A viewer who has caught up, and their end of the connection.
async fn viewer(topic: &Topic) -> (Arc<Viewer>, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (client, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
    let (mut client, stream) = (client.expect("a connection"), accepted.expect("a connection").0);
    let viewer = Viewer::new(stream, topic.subscribe(None, Shape::default()).place);
    assert_eq!(viewer.catch_up().expect("an open connection"), Pace::Even);
    assert!(hears(&mut client).await.contains("snapshot"));
    (viewer, client)
}

/// Does what a viewer's own task does.
async fn looks_after(viewer: Arc<Viewer>) {
    loop {
        viewer.nudged().await;
        while viewer.catch_up().expect("an open connection") == Pace::Behind {
            viewer.stream().writable().await.expect("an open connection");
        }
    }
}

/// What one `read` gives.
async fn hears(client: &mut TcpStream) -> String {
    let mut buffer = vec![0; 1 << 20];
    let length = client.read(&mut buffer).await.expect("an open connection");
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

fn minute(minute: i64) -> Instant {
    at("2026-11-20T20:00:00Z") + TimeDelta::minutes(minute)
}

fn add(topic: &Topic, minutes: std::ops::Range<i64>) {
    let events = minutes.map(|at| Event::TrackAdded { track: track(&format!("track {at}."), minute(at)) });
    topic.publish(&events.collect::<Vec<_>>(), minute(59));
}

/// Adds tracks with very long names.
fn add_long(topic: &Topic, minutes: std::ops::Range<i64>) {
    let name = |at| format!("{}track {at}.", "x".repeat(100_000));
    let events = minutes.map(|at| Event::TrackAdded { track: track(&name(at), minute(at)) });
    topic.publish(&events.collect::<Vec<_>>(), minute(59));
}

fn counted(topic: &Topic, name: &str) -> u64 {
    let text = topic.air.metrics().text(0, 0);
    let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("a counter");
    line.trim().parse().expect("a number")
}

#[tokio::test]
async fn all_that_is_pending_is_one_write_for_each_viewer() {
    let topic = topic();
    let (anna, mut at_annas) = viewer(&topic).await;
    let (bob, mut at_bobs) = viewer(&topic).await;
    let _seats = [&anna, &bob].map(|viewer| topic.rows.seat(viewer).expect("a seat"));
    let (told, writes) =
        ["airlog_hub_deliveries_total", "airlog_hub_writes_total"].map(|name| counted(&topic, name)).into();
    add(&topic, 0..50);
    for client in [&mut at_annas, &mut at_bobs] {
        let heard = hears(client).await;
        assert!((0..50).all(|at| heard.contains(&format!("track {at}."))), "in one piece: {heard}");
    }
    assert_eq!(counted(&topic, "airlog_hub_deliveries_total") - told, 100);
    assert_eq!(counted(&topic, "airlog_hub_writes_total") - writes, 2);
}

#[tokio::test]
async fn whoever_missed_something_has_no_seat_until_they_have_caught_up() {
    let topic = topic();
    let (anna, mut at_annas) = viewer(&topic).await;
    add(&topic, 0..1);
    assert!(topic.rows.seat(&anna).is_none());
    assert_eq!(anna.catch_up().expect("an open connection"), Pace::Even);
    assert!(hears(&mut at_annas).await.contains("track 0."));
    let _seat = topic.rows.seat(&anna).expect("a seat");
    add(&topic, 1..2);
    let heard = hears(&mut at_annas).await;
    assert!(heard.contains("track 1.") && !heard.contains("track 0."), "nothing twice: {heard}");
}

#[tokio::test]
async fn whoever_does_not_take_all_of_it_leaves_the_row_and_loses_nothing() {
    let topic = topic();
    let (sleeper, mut at_sleepers) = viewer(&topic).await;
    let _seat = topic.rows.seat(&sleeper).expect("a seat");
    // The kernel takes some megabytes before it refuses.
    let mut added = 0;
    while counted(&topic, "airlog_hub_laggards_total") == 0 {
        add_long(&topic, added..added + 10);
        added += 10;
        tokio::task::yield_now().await;
    }
    tokio::spawn(looks_after(sleeper));
    add(&topic, added..added + 1);
    let mut heard = String::new();
    while !heard.contains(&format!("track {added}.")) {
        heard += &hears(&mut at_sleepers).await;
    }
}

#[tokio::test]
async fn a_row_ends_with_its_last_viewer() {
    let topic = topic();
    let (anna, _client) = viewer(&topic).await;
    let seat = topic.rows.seat(&anna).expect("a seat");
    assert_eq!(topic.rows.rows().len(), 1);
    drop(seat);
    while !topic.rows.rows().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(topic.rows.seat(&anna).is_some(), "and another begins with the next one");
}
