//! The usual way: a task for each viewer, each with a tungstenite and a receiver of one broadcast channel.

use super::Order;
use futures_util::{SinkExt as _, StreamExt as _};
use std::net::Ipv4Addr;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};

/// How many frames a viewer may be behind.
const CHANNEL: usize = 1024;
const SMALL_BUFFER: usize = 1024;

/// Publishes frames with so long a text until standard input ends.
pub fn serve(payload: usize, wide: bool) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let (told, _) = broadcast::channel(CHANNEL);
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    println!("{}", listener.local_addr()?);
    runtime.spawn(let_in(listener, told.clone(), wide));
    let frame = Utf8Bytes::from("x".repeat(payload));
    for line in std::io::stdin().lines() {
        if let Order::Now(frames) = line?.parse()? {
            // Nobody need be there.
            (0..frames).for_each(|_| drop(told.send(frame.clone())));
        }
    }
    Ok(())
}

async fn let_in(listener: TcpListener, told: broadcast::Sender<Utf8Bytes>, wide: bool) {
    while let Ok((wire, _)) = listener.accept().await {
        tokio::spawn(talk(wire, told.subscribe(), wide));
    }
}

async fn talk(
    stream: TcpStream,
    mut frames: broadcast::Receiver<Utf8Bytes>,
    wide: bool,
) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let usual = WebSocketConfig::default();
    let small = usual.read_buffer_size(SMALL_BUFFER).write_buffer_size(0);
    let mut socket = accept_async_with_config(stream, Some(if wide { usual } else { small })).await?;
    loop {
        tokio::select! {
            frame = frames.recv() => socket.send(Message::Text(frame?)).await?,
            heard = socket.next() => match heard {
                Some(Ok(_)) => {}
                _ => return Ok(()),
            }
        }
    }
}
