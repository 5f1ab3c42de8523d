//! A wire in front of a server that a test can cut, stall and mend.
//!
//! Clients connect to the wire instead of the server. It carries bytes both ways and understands none of them, so
//! it loses a page load and a live socket alike.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the wire does at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    Stalled,
    HalfOpen,
    Cut,
}

/// What a wire does to what it carries.
#[derive(Default)]
struct Quality {
    /// How late each piece comes, in milliseconds.
    late: AtomicU64,
    /// After how many pieces in a thousand the connection breaks.
    breaks: AtomicU32,
    /// How many pieces it has carried, both ways.
    carried: AtomicUsize,
}

/// A TCP proxy on a free port of 127.0.0.1. Dropping it closes the port and every connection.
pub struct Wire {
    addr: SocketAddr,
    server: SocketAddr,
    state: watch::Sender<State>,
    quality: Arc<Quality>,
    open: Arc<watch::Sender<usize>>,
}

impl Wire {
    /// Lays a wire to the server at `server`, which need not listen yet: a connection that cannot reach it is closed.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("a bound listener has an address");
        let state = watch::Sender::new(State::Whole);
        let open = Arc::new(watch::Sender::new(0));
        let quality = Arc::new(Quality::default());
        let line = Line { server, state: state.subscribe(), quality: quality.clone() };
        tokio::spawn(accept(listener, line, open.clone()));
        Self { addr, server, state, quality, open }
    }

    /// Where clients connect.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where the wire leads.
    pub fn server(&self) -> SocketAddr {
        self.server
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

    /// Lets go of the server's ends without telling the clients, whose connections stay open and silent until they
    /// give up, whatever the wire does next. New connections are no better.
    pub fn half_open(&self) {
        self.state.send_replace(State::HalfOpen);
    }

    /// From now on each piece comes so late.
    pub fn slows(&self, by: Duration) {
        self.quality.late.store(u64::try_from(by.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// From now on a connection breaks after so many pieces in a thousand.
    pub fn breaks(&self, per_mille: u32) {
        self.quality.breaks.store(per_mille, Ordering::Relaxed);
    }

    /// How many pieces it has carried so far, both ways.
    pub fn carried(&self) -> usize {
        self.quality.carried.load(Ordering::Relaxed)
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
async fn accept(listener: TcpListener, line: Line, open: Arc<watch::Sender<usize>>) {
    let mut dropped = line.state.clone();
    loop {
        let client = tokio::select! {
            accepted = listener.accept() => accepted.expect("the wire to accept").0,
            () = closed(&mut dropped) => return,
        };
        // Counted before the state is looked at: a `cut` either waits for this connection or is seen by it.
        let counted = Counted::new(open.clone());
        if *line.state.borrow() != State::Cut {
            tokio::spawn(carry(client, line.clone(), counted));
        }
    }
}

/// What a connection has to know of its wire.
#[derive(Clone)]
struct Line {
    server: SocketAddr,
    state: watch::Receiver<State>,
    quality: Arc<Quality>,
}

impl Line {
    /// Waits until the wire lets go of its connections; whether it leaves the clients' ends open.
    async fn lets_go(&mut self) -> bool {
        let lets_go = |state: &State| matches!(state, State::Cut | State::HalfOpen);
        self.state.wait_for(lets_go).await.is_ok_and(|state| *state == State::HalfOpen)
    }

    /// Lets a piece pass, late, or not at all.
    async fn holds_up(&self) -> io::Result<()> {
        let late = self.quality.late.load(Ordering::Relaxed);
        if late > 0 {
            tokio::time::sleep(Duration::from_millis(late)).await;
        }
        let breaks = self.quality.breaks.load(Ordering::Relaxed);
        if rand::random_range(0..1_000) < breaks { Err(ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

/// Waits until the client closes its end.
async fn hangs_up(client: &TcpStream) {
    let mut buffer = [0; 1024];
    while client.readable().await.is_ok() {
        match client.try_read(&mut buffer) {
            Ok(0) => return,
            Err(error) if error.kind() != ErrorKind::WouldBlock => return,
            _ => {}
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
async fn carry(client: TcpStream, line: Line, counted: Counted) {
    let (mut up, mut down, mut ends) = (line.clone(), line.clone(), line.clone());
    let carried = async {
        let server = TcpStream::connect(line.server).await?;
        tokio::select! {
            done = pump(&client, &server, &mut up) => done,
            done = pump(&server, &client, &mut down) => done,
        }
    };
    let loose = tokio::select! {
        // However it ended, both ends see a closed connection: that is all a wire can say.
        _ = carried => false,
        loose = ends.lets_go() => loose,
    };
    if loose {
        // The client is left alone with its end, until it gives up or the wire is cut.
        tokio::select! {
            () = hangs_up(&client) => {}
            _ = ends.state.wait_for(|state| *state == State::Cut) => {}
        }
    }
    drop(client);
    drop(counted);
}

/// Moves bytes one way, none while stalled. Ends when the sender does.
async fn pump(from: &TcpStream, to: &TcpStream, line: &mut Line) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        from.readable().await?;
        if line.state.wait_for(|state| *state != State::Stalled).await.is_err() {
            return Ok(());
        }
        match from.try_read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => {
                line.quality.carried.fetch_add(1, Ordering::Relaxed);
                line.holds_up().await?;
                write_all(to, &buffer[..read]).await?;
            }
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
mod tests;
