//! A viewer's WebSocket. The server speaks, the client only answers pings.
//!
//! Close codes: 1001 the server goes away, come back. A reader that does not take a frame within [`PATIENCE`] is
//! dropped; it comes back by itself and resumes or gets a snapshot.

use super::topic::Subscription;
use crate::base::clock::SharedClock;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use std::time::Duration;
use tokio::time::{Instant, interval, timeout};
use tokio_util::sync::CancellationToken;

/// How often the server pings.
const PING: Duration = Duration::from_secs(30);
/// How long a silent client is believed to be there.
const SILENCE: Duration = Duration::from_secs(90);
/// How long one write may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// The server goes away: come back.
const GOING_AWAY: u16 = 1001;

/// Why a connection ends.
struct Over;

/// Sends what the subscription gives until the client leaves, falls silent, or `stop` is called.
pub async fn serve(
    mut socket: WebSocket,
    mut subscription: Subscription,
    clock: SharedClock,
    stop: CancellationToken,
) {
    let ended = talk(&mut socket, &mut subscription, &clock, &stop).await;
    if ended.is_ok() {
        let away = CloseFrame { code: GOING_AWAY, reason: Utf8Bytes::from_static("server going away") };
        let _ = timeout(PATIENCE, socket.send(Message::Close(Some(away)))).await;
    }
}

/// Ends with `Ok` when the server stops, with `Err` when the client is gone.
async fn talk(
    socket: &mut WebSocket,
    subscription: &mut Subscription,
    clock: &SharedClock,
    stop: &CancellationToken,
) -> Result<(), Over> {
    let mut pings = interval(PING);
    pings.tick().await;
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            frames = subscription.next(clock.as_ref()) => {
                for frame in frames {
                    send(socket, text(frame)?).await?;
                }
            }
            message = socket.recv() => {
                hear(message.as_ref())?;
                heard = Instant::now();
            }
            _ = pings.tick() => {
                if heard.elapsed() > SILENCE {
                    return Err(Over);
                }
                subscription.tick(clock.now());
                send(socket, Message::Ping(bytes::Bytes::new())).await?;
            }
        }
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Over> {
    timeout(PATIENCE, socket.send(message)).await.map_err(|_| Over)?.map_err(|_| Over)
}

fn text(frame: bytes::Bytes) -> Result<Message, Over> {
    Utf8Bytes::try_from(frame).map(Message::Text).map_err(|_| Over)
}

fn hear(message: Option<&Result<Message, axum::Error>>) -> Result<(), Over> {
    match message {
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(Over),
        Some(Ok(_)) => Ok(()),
    }
}
