//! Stopping: in order, in time, whoever hangs; and starting again without turning anybody away.

use crate::house::station::Station;
use crate::house::viewer::Viewer;
use crate::house::{PATIENCE, eventually};
use airlog::twins::{Act, Deed, Endpoint, Fault, FaultKind};
use futures_util::future::join_all;
use std::net::TcpListener;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

const LIVE: &str = "/api/v1/streamers/ann/live";
/// Within this a stop has to be over.
const IN_TIME: Duration = Duration::from_secs(10);

/// A station where ann is live and one song is listed.
async fn on_air() -> (Station, crate::house::program::Program, String) {
    let mut station = Station::built().await;
    station.set("LIMITS__SOCKETS_PER_ADDRESS", 0);
    station.has_streamer("ann").await;
    let song = station.plays("ann", 0);
    station.goes_live("ann");
    let program = station.serves();
    station.lists("ann", &[&song]).await;
    (station, program, song)
}

#[tokio::test]
async fn everybody_is_told_to_come_back_and_not_all_at_once() {
    let (station, program, _) = on_air().await;
    let coming = (0..400).map(async |_| Viewer::comes(station.addr, LIVE).await.expect("an upgrade"));
    let viewers = join_all(coming).await;
    let leaving = viewers.into_iter().map(async |mut viewer| {
        assert_eq!(viewer.closed_with().await, 1001);
        Instant::now()
    });
    let (code, mut left) = tokio::join!(program.ends_on("TERM"), join_all(leaving));
    assert_eq!(code, Some(0));
    left.sort_unstable();
    assert!(left[300] > left[100] + Duration::from_millis(50), "they are spread");
    station.twins.stop().await;
}

#[tokio::test]
async fn a_stop_is_over_in_time_whoever_hangs() {
    let (station, program, song) = on_air().await;
    // Spotify hangs, a viewer does not read, and somebody has connected and says nothing.
    station.twins.perform(&Act::of("ann", Deed::Fault(Fault::new(FaultKind::Hang))));
    let _deaf = Viewer::comes(station.addr, LIVE).await.expect("an upgrade");
    let _mute = TcpStream::connect(station.addr).await.expect("a connection");
    let before = station.looks("ann");
    eventually("a look hangs", async || (station.looks("ann") > before).then_some(())).await;
    let started = Instant::now();
    assert_eq!(program.ends_on("TERM").await, Some(0));
    assert!(started.elapsed() < IN_TIME, "{:?}", started.elapsed());
    let _again = station.serves();
    station.lists("ann", &[&song]).await;
    station.twins.stop().await;
}

#[tokio::test]
async fn a_refresh_that_hangs_makes_no_stop_a_failure() {
    let (station, program, _) = on_air().await;
    let hang = Fault::new(FaultKind::Hang).at(Endpoint::RefreshGrant);
    station.twins.perform(&Act::of("ann", Deed::Fault(hang)));
    station.twins.perform(&Act::of("ann", Deed::ExpireToken));
    let refreshes = || station.twins.with(|world, _| world.calls_of("ann", Endpoint::RefreshGrant));
    eventually("a refresh hangs", async || (refreshes() > 0).then_some(())).await;
    let started = Instant::now();
    assert_eq!(program.ends_on("TERM").await, Some(0), "every play is stored");
    assert!(started.elapsed() < IN_TIME, "{:?}", started.elapsed());
    station.twins.stop().await;
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let (station, program, _) = on_air().await;
    let lock = station.locks_database().await.expect("a lock");
    let mut viewer = Viewer::comes(station.addr, LIVE).await.expect("an upgrade");
    station.plays("ann", 1);
    viewer.sees("track_added").await;
    program.hears("TERM").await;
    assert_eq!(viewer.closed_with().await, 1001, "it waits for the database only");
    let started = Instant::now();
    assert_eq!(program.ends_on("INT").await, Some(130));
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    drop(lock);
    station.twins.stop().await;
}

#[tokio::test]
async fn plays_that_cannot_be_stored_in_time_are_told_and_found_again() {
    let (station, program, first) = on_air().await;
    let lock = station.locks_database().await.expect("a lock");
    let mut viewer = Viewer::comes(station.addr, LIVE).await.expect("an upgrade");
    let second = station.plays("ann", 1);
    viewer.sees("track_added").await;
    let started = Instant::now();
    assert_eq!(program.ends_on("TERM").await, Some(1), "something was left undone");
    assert!(started.elapsed() < IN_TIME, "{:?}", started.elapsed());
    drop(lock);
    let program = station.serves();
    station.lists("ann", &[&first, &second]).await;
    assert_eq!(program.ends_on("TERM").await, Some(0));
    station.twins.stop().await;
}

/// Connects and asks once. Whoever is refused, reset or not answered panics.
async fn is_answered(socket: &TcpListener) {
    let addr = socket.local_addr().expect("an address");
    let asking = async {
        let mut stream = TcpStream::connect(addr).await.expect("a connection");
        let request = b"GET /health/live HTTP/1.1\r\nHost: airlog\r\nConnection: close\r\n\r\n";
        stream.write_all(request).await.expect("somebody who listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
    };
    timeout(PATIENCE, asking).await.expect("an answer in time");
}

#[tokio::test]
async fn with_a_passed_socket_a_restart_turns_nobody_away() {
    let station = Station::built().await;
    let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
    let passed = || socket.try_clone().expect("a copy");
    let mut program = station.serves_on(passed());
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let crowd = (0..4).map(async |_| {
        let mut answered = 0;
        while !*stopped.borrow() && answered < 100_000 {
            is_answered(&socket).await;
            answered += 1;
        }
        answered
    });
    let restarts = async {
        for _ in 0..4 {
            is_answered(&socket).await;
            assert_eq!(program.ends_on("TERM").await, Some(0));
            program = station.serves_on(passed());
        }
        is_answered(&socket).await;
        stop.send_replace(true);
        program
    };
    let (answered, program) = tokio::join!(join_all(crowd), restarts);
    assert!(answered.iter().all(|answered| *answered > 4), "{answered:?}");
    assert_eq!(program.ends_on("TERM").await, Some(0));
    station.twins.stop().await;
}
