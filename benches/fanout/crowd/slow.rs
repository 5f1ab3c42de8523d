//! Viewers who ask for a WebSocket and then read no more, with as little room for what they are sent as they can have.

use super::viewer::request;
use crate::servers::Server;
use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// The room a viewer has for what it does not read.
const BUFFER: u32 = 4096;

/// They leave when this is dropped.
pub struct Slow {
    _viewers: Vec<TcpStream>,
    _runtime: Runtime,
}

impl Slow {
    /// So many come in at the first door and fall asleep.
    pub fn come_in(count: usize, server: &Server) -> anyhow::Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let come = async {
            let mut viewers = Vec::new();
            for _ in 0..count {
                viewers.push(sleeper(server).await.context("connecting a slow viewer")?);
            }
            anyhow::Ok(viewers)
        };
        let viewers = runtime.block_on(come)?;
        Ok(Self { _viewers: viewers, _runtime: runtime })
    }
}

async fn sleeper(server: &Server) -> anyhow::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(BUFFER)?;
    let mut wire = socket.connect(server.addr).await?;
    wire.write_all(request(server.addr, &server.doors[0]).as_bytes()).await?;
    let mut head = [0; 12];
    wire.read_exact(&mut head).await?;
    anyhow::ensure!(head.ends_with(b"101"), "a slow viewer is refused");
    Ok(wire)
}
