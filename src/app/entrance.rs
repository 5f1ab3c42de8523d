//! The entrance: takes connections until it is closed. Whoever has come in by then may still ask.

use axum::serve::Listener;
use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// Listens until it is closed; then the socket is let go of, and whoever has passed it in takes the next connections.
pub(super) struct Entrance {
    listener: Option<TcpListener>,
    addr: SocketAddr,
    closing: CancellationToken,
}

impl Entrance {
    /// An entrance that closes when `closing` is cancelled.
    pub(super) fn new(listener: TcpListener, addr: SocketAddr, closing: CancellationToken) -> Self {
        Self { listener: Some(listener), addr, closing }
    }
}

impl Listener for Entrance {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        if let Some(listener) = &mut self.listener {
            tokio::select! {
                biased;
                () = self.closing.cancelled() => {}
                accepted = Listener::accept(listener) => return accepted,
            }
        }
        self.listener = None;
        std::future::pending().await
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.addr)
    }
}
