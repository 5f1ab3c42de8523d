//! Where the server listens: on a socket that the service manager passes, else on the address of the config.
//!
//! A passed socket (systemd socket activation: `LISTEN_FDS`) outlives the program, so that whoever connects during a
//! restart waits a moment instead of being refused.

use anyhow::Context as _;
use listenfd::ListenFd;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// The passed socket if there is one, else a new one on `address`.
///
/// # Errors
/// When the address is taken, or the passed socket is none to listen on.
pub(super) async fn passed_or(address: SocketAddr) -> anyhow::Result<TcpListener> {
    match ListenFd::from_env()
        .take_tcp_listener(0)
        .context("what was passed as LISTEN_FDS is no TCP socket")?
    {
        Some(passed) => adopt(passed, address),
        None => on(address).await,
    }
}

/// A new socket on `address`.
///
/// # Errors
/// When the address is taken.
pub(super) async fn on(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address} (server.listen); if another program has the port, choose another or 0"
        )
    })
}

fn adopt(passed: std::net::TcpListener, address: SocketAddr) -> anyhow::Result<TcpListener> {
    passed.set_nonblocking(true).context("preparing the passed socket")?;
    let listener = TcpListener::from_std(passed).context("taking over the passed socket")?;
    let addr = listener.local_addr().context("reading the address of the passed socket")?;
    if addr == address {
        tracing::info!(%addr, "listening on the socket that was passed (LISTEN_FDS)");
    } else {
        tracing::warn!(%addr, configured = %address, "listening on the socket that was passed (LISTEN_FDS), not on server.listen");
    }
    Ok(listener)
}
