//! A viewer's WebSocket. The server speaks, the client only answers pings.
//!
//! Close codes: 1001 the server goes away, come back; 1008 no longer allowed. A reader that does not take a frame within [`PATIENCE`] is
//! dropped; it comes back by itself and resumes or gets a snapshot.

use super::topic::Subscription;
use crate::base::clock::SharedClock;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, interval, timeout};

/// How often the server pings.
const PING: Duration = Duration::from_secs(30);
/// How long a silent client is believed to be there.
const SILENCE: Duration = Duration::from_secs(90);
/// How long one write may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// The server goes away: come back.
const GOING_AWAY: CloseFrame = CloseFrame { code: 1001, reason: Utf8Bytes::from_static("server going away") };
/// The list is not for this viewer any more: do not come back.
const NO_LONGER_ALLOWED: CloseFrame =
    CloseFrame { code: 1008, reason: Utf8Bytes::from_static("no longer allowed") };

/// Why the server ends a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goodbye {
    /// It goes away: come back (1001).
    GoingAway,
    /// The list is not for this viewer any more (1008).
    NotAllowed,
}

/// The client is gone: there is nobody to say goodbye to.
struct Over;

/// Sends what the subscription gives until the client leaves or falls silent, the topic closes, or it is time for the `farewell`.
pub async fn serve(
    mut socket: WebSocket,
    mut subscription: Subscription,
    clock: SharedClock,
    farewell: impl Future<Output = Goodbye> + Send,
) {
    if let Ok(goodbye) = talk(&mut socket, &mut subscription, &clock, farewell).await {
        let _ = timeout(PATIENCE, socket.send(Message::Close(Some(goodbye)))).await;
    }
}

/// Ends with how to say goodbye.
async fn talk(
    socket: &mut WebSocket,
    subscription: &mut Subscription,
    clock: &SharedClock,
    farewell: impl Future<Output = Goodbye> + Send,
) -> Result<CloseFrame, Over> {
    let mut farewell = pin!(farewell);
    let mut pings = interval(PING);
    pings.tick().await;
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            goodbye = &mut farewell => return Ok(goodbye.frame()),
            frames = subscription.next(clock.as_ref()) => {
                let Some(frames) = frames else { return Ok(NO_LONGER_ALLOWED) };
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

impl Goodbye {
    fn frame(self) -> CloseFrame {
        match self {
            Self::GoingAway => GOING_AWAY,
            Self::NotAllowed => NO_LONGER_ALLOWED,
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

#[cfg(test)]
mod tests {
    use super::super::day::tests::{at, track};
    use super::super::topic::Topic;
    use super::super::topic::tests::topic;
    use super::*;
    use crate::base::clock::SystemClock;
    use crate::base::id::StreamId;
    use crate::hub::{Event, NowPlaying, OnAir, Shape};
    use axum::Router;
    use axum::extract::ws::WebSocketUpgrade;
    use axum::routing::get;
    use futures_util::StreamExt as _;
    use std::net::{Ipv4Addr, SocketAddr};
    use std::sync::Arc;
    use tokio::io::{AsyncRead, AsyncWrite};
    use tokio::net::{TcpListener, TcpSocket};
    use tokio_tungstenite::tungstenite::Message as Received;
    use tokio_tungstenite::{WebSocketStream, client_async, connect_async};

    async fn house_of(topic: &Topic) -> SocketAddr {
        let topic = topic.clone();
        let door = get(async move |upgrade: WebSocketUpgrade| {
            let subscription = topic.subscribe(None, Shape::default());
            upgrade.on_upgrade(async |socket| {
                serve(socket, subscription, Arc::new(SystemClock), std::future::pending()).await;
            })
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("an address");
        tokio::spawn(axum::serve(listener, Router::new().route("/", door)).into_future());
        addr
    }

    #[tokio::test]
    async fn whoever_may_no_longer_read_is_told_so() {
        let topic = topic();
        let (mut viewer, _) =
            connect_async(format!("ws://{}/", house_of(&topic).await)).await.expect("a socket");
        let snapshot = viewer.next().await.expect("a frame").expect("a sound one");
        assert!(matches!(snapshot, Received::Text(_)), "{snapshot}");
        topic.air.close(topic.audience);
        let goodbye = viewer.next().await.expect("a frame").expect("a sound one");
        let Received::Close(Some(goodbye)) = goodbye else { panic!("{goodbye} is no goodbye") };
        assert_eq!(u16::from(goodbye.code), 1008);
    }

    /// A topic on air, in which a very long title plays.
    fn concert() -> (Topic, NowPlaying) {
        let (topic, start) = (topic(), at("2026-11-20T20:00:00Z"));
        let stream = OnAir { id: StreamId::random(start), started_at: start };
        topic.publish(&[Event::StreamStarted { stream }], start);
        let track = track(&"x".repeat(50_000), start);
        (topic, NowPlaying { track, is_playing: true, progress_ms: 0 })
    }

    fn tell(topic: &Topic, playing: &NowPlaying, progress_ms: i64) {
        let now_playing = Some(NowPlaying { progress_ms, ..playing.clone() });
        topic.publish(&[Event::NowPlaying { now_playing }], at("2026-11-20T20:01:00Z"));
    }

    /// The type of the next frame, and the progress that it tells of.
    async fn hears(
        viewer: &mut WebSocketStream<impl AsyncRead + AsyncWrite + Unpin>,
    ) -> (String, Option<i64>) {
        let message = timeout(PATIENCE, viewer.next()).await.expect("in time").expect("open").expect("sound");
        let frame: serde_json::Value = serde_json::from_str(message.to_text().expect("text")).expect("JSON");
        let kind = frame["type"].as_str().expect("a type").to_owned();
        (kind, frame["now_playing"]["progress_ms"].as_i64())
    }

    #[tokio::test]
    async fn a_viewer_who_does_not_read_holds_up_nobody_and_goes_on_from_a_snapshot() {
        // Far more than the ring holds, and than the buffers on the way to a sleeper take in.
        const LAST: i64 = 500;
        let (topic, playing) = concert();
        let addr = house_of(&topic).await;
        let small = TcpSocket::new_v4().expect("a socket");
        small.set_recv_buffer_size(4096).expect("a small buffer");
        let stream = small.connect(addr).await.expect("a connection");
        let (mut sleeper, _) = client_async(format!("ws://{addr}/"), stream).await.expect("an upgrade");
        let (mut viewer, _) = connect_async(format!("ws://{addr}/")).await.expect("an upgrade");
        assert_eq!(hears(&mut viewer).await.0, "snapshot");
        for number in 1..=LAST {
            tell(&topic, &playing, number);
            assert_eq!(hears(&mut viewer).await, ("now_playing".to_owned(), Some(number)));
        }

        assert_eq!(hears(&mut sleeper).await.0, "snapshot", "what it was sent before it fell asleep");
        let mut seen = 0;
        let fresh = loop {
            match hears(&mut sleeper).await {
                (kind, Some(number)) if kind == "now_playing" && number == seen + 1 => seen = number,
                other => break other,
            }
        };
        assert_eq!(fresh.0, "snapshot", "after {seen} frames");
        assert!(seen < LAST, "it did stall");
        tell(&topic, &playing, LAST + 1);
        assert_eq!(hears(&mut sleeper).await, ("now_playing".to_owned(), Some(LAST + 1)));
    }
}
