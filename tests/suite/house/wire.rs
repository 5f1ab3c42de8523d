//! A wire in front of a server that a test can cut, stall and mend.
//!
//! Clients connect to the wire instead of the server. It carries bytes both ways and understands none of them, so
//! it loses a page load and a live socket alike.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the wire does at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    Stalled,
    Cut,
}

/// A TCP proxy on a free port of 127.0.0.1. Dropping it closes the port and every connection.
pub struct Wire {
    addr: SocketAddr,
    state: watch::Sender<State>,
    open: Arc<watch::Sender<usize>>,
}

impl Wire {
    /// Lays a wire to the server at `server`, which need not listen yet: a connection that cannot reach it is closed.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("a bound listener has an address");
        let state = watch::Sender::new(State::Whole);
        let open = Arc::new(watch::Sender::new(0));
        tokio::spawn(accept(listener, server, state.subscribe(), open.clone()));
        Self { addr, state, open }
    }

    /// Where clients connect.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Closes all connections, and new ones as soon as they come. Returns when the last one is closed.
    pub async fn cut(&self) {
        self.state.send_replace(State::Cut);
        self.until(|open| open == 0).await;
    }

    /// Keeps all connections open, takes new ones, and moves no bytes: they wait for `mend`, nobody is told.
    pub fn stall(&self) {
        self.state.send_replace(State::Stalled);
    }

    /// Carries again. Stalled connections go on where they were, cut ones are gone for good.
    pub fn mend(&self) {
        self.state.send_replace(State::Whole);
    }

    /// How many clients are connected.
    pub fn connections(&self) -> usize {
        *self.open.borrow()
    }

    /// Waits until the number of connections is as wanted. The test brings the time limit.
    pub async fn until(&self, wanted: impl Fn(usize) -> bool) {
        let _ = self.open.subscribe().wait_for(|open| wanted(*open)).await;
    }
}

/// Takes connections until the wire is dropped.
async fn accept(
    listener: TcpListener,
    server: SocketAddr,
    state: watch::Receiver<State>,
    open: Arc<watch::Sender<usize>>,
) {
    let mut dropped = state.clone();
    loop {
        let client = tokio::select! {
            accepted = listener.accept() => accepted.expect("the wire to accept").0,
            () = closed(&mut dropped) => return,
        };
        // Counted before the state is looked at: a `cut` either waits for this connection or is seen by it.
        let counted = Counted::new(open.clone());
        if *state.borrow() != State::Cut {
            tokio::spawn(carry(client, server, state.clone(), counted));
        }
    }
}

/// One connection, counted for as long as it lives.
struct Counted(Arc<watch::Sender<usize>>);

impl Counted {
    fn new(open: Arc<watch::Sender<usize>>) -> Self {
        open.send_modify(|open| *open += 1);
        Self(open)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

/// Carries one connection until one of its ends closes, or the wire is cut or dropped.
async fn carry(client: TcpStream, server: SocketAddr, mut state: watch::Receiver<State>, counted: Counted) {
    let (mut up, mut down) = (state.clone(), state.clone());
    let carried = async {
        let server = TcpStream::connect(server).await?;
        tokio::select! {
            done = pump(&client, &server, &mut up) => done,
            done = pump(&server, &client, &mut down) => done,
        }
    };
    tokio::select! {
        // However it ended, both ends see a closed connection: that is all a wire can say.
        _ = carried => {}
        _ = state.wait_for(|state| *state == State::Cut) => {}
    }
    drop(client);
    drop(counted);
}

/// Moves bytes one way, none while stalled. Ends when the sender does.
async fn pump(from: &TcpStream, to: &TcpStream, state: &mut watch::Receiver<State>) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        from.readable().await?;
        if state.wait_for(|state| *state != State::Stalled).await.is_err() {
            return Ok(());
        }
        match from.try_read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => write_all(to, &buffer[..read]).await?,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

async fn write_all(to: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        to.writable().await?;
        match to.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Returns when the wire is dropped.
async fn closed(state: &mut watch::Receiver<State>) {
    while state.changed().await.is_ok() {}
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::time::Duration;

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
    async fn a_dropped_wire_takes_its_connections_along() {
        let wire = wire_to_a_page("airlog".into()).await;
        let caller = TcpStream::connect(wire.addr()).await.expect("a connection");
        timeout(LIMIT, wire.until(|open| open == 1)).await.expect("the caller to be counted");

        drop(wire);
        timeout(LIMIT, caller.readable()).await.expect("the end to come").expect("a socket");
        assert_eq!(caller.try_read(&mut [0]).expect("a closed connection"), 0);
    }
}
