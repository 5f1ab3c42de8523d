//! A viewer's own task. While they keep up, their row writes what there is to tell; this task hears the client, asks now
//! and then whether it is still there, and looks after a viewer who is new or behind until they sit in a row.
//!
//! Close codes: 1001 the server goes away, come back; 1008 no longer allowed; 1013 too many, try later; and those of the
//! protocol for a client that breaks it. Whoever is given up comes back by themselves and resumes or gets a snapshot.

use super::ear::{Ear, Silence};
use super::pulse::{Beat, Pulse};
use super::row::{Rows, Seat};
use super::topic::Subscription;
use super::upgrade::Connection;
use super::viewer::{Pace, Viewer};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

/// How long a goodbye may take to be said.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long the client gets to say goodbye as well.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How long it is let talk on whom the server hangs up on: long enough to read why.
const HANG_UP: Duration = Duration::from_millis(100);

/// Why the server ends a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goodbye {
    /// It goes away: come back (1001).
    GoingAway,
    /// The list is not for this viewer any more (1008).
    NotAllowed,
}

/// One conversation.
struct Talk {
    viewer: Arc<Viewer>,
    ear: Ear,
    pulse: Pulse,
    /// Where others may write for this viewer.
    rows: Arc<Rows>,
    /// Where they do.
    seat: Option<Seat>,
    /// The connection did not take all that there is.
    is_behind: bool,
}

/// How a conversation ends.
enum End {
    /// With these words.
    Said(CloseFrame),
    /// With the client's goodbye, given back.
    Answered,
    /// There is nobody to say goodbye to.
    Silent,
}

/// Ends when it is time to say goodbye. In a box, like the conversation: a task has room twice for what it is handed.
pub type Farewell = Pin<Box<dyn Future<Output = Goodbye> + Send>>;

/// Sends what the subscription gives until the client leaves or falls silent, the topic closes, or it is time for the `farewell`.
pub fn serve(
    connection: Connection,
    subscription: Subscription,
    farewell: Farewell,
) -> impl Future<Output = ()> + Send {
    Box::new(Talk::new(connection, subscription)).goes_on(farewell)
}

/// Tells somebody for whom there is no room to come later.
pub fn turn_away(connection: Connection, subscription: Subscription) -> impl Future<Output = ()> + Send {
    let mut talk = Box::new(Talk::new(connection, subscription));
    async move { talk.ends(End::Said(goodbye(CloseCode::Again, "too many connections, try later"))).await }
}

impl Talk {
    fn new(connection: Connection, Subscription { place, rows }: Subscription) -> Self {
        let Connection { stream, early } = connection;
        let viewer = Viewer::new(stream, place);
        let ear = Ear::new(Arc::clone(&viewer), &early);
        let pulse = Pulse::new(Instant::now(), rand::random_range(0.5..1.0));
        Self { viewer, ear, pulse, rows, seat: None, is_behind: false }
    }

    async fn goes_on(mut self: Box<Self>, mut farewell: Farewell) {
        let mut alarm = pin!(sleep_until(self.pulse.due()));
        // What was said together with the request is heard at once.
        let mut step = tokio::select! {
            goodbye = &mut farewell => Err(goodbye.into()),
            () = &mut alarm => Err(End::Silent),
            heard = self.ear.hear() => heard.map_err(End::from),
        };
        loop {
            if let Err(end) = step {
                return self.ends(end).await;
            }
            if alarm.deadline() != self.pulse.due() {
                alarm.as_mut().reset(self.pulse.due());
            }
            step = tokio::select! {
                goodbye = &mut farewell => Err(goodbye.into()),
                () = self.viewer.nudged() => self.looks_after(),
                _ = self.viewer.stream().writable(), if self.is_behind => self.looks_after(),
                heard = self.ear.hears() => self.hears(heard),
                () = &mut alarm => self.beats(),
            };
        }
    }

    /// Tells the viewer what is left to tell, until others can write for them.
    fn looks_after(&mut self) -> Result<(), End> {
        self.seat = None;
        while self.seat.is_none() {
            let pace = self.viewer.catch_up().map_err(|_| End::Silent)?;
            self.is_behind = pace == Pace::Behind;
            self.pulse.took(!self.is_behind, Instant::now());
            match pace {
                Pace::Behind => return Ok(()),
                Pace::SentAway => return Err(Goodbye::NotAllowed.into()),
                Pace::Even => {
                    self.ear.answer()?;
                    self.seat = self.rows.seat(&self.viewer);
                }
            }
        }
        Ok(())
    }

    fn hears(&mut self, heard: Result<(), Silence>) -> Result<(), End> {
        self.pulse.heard(Instant::now());
        Ok(heard?)
    }

    fn beats(&mut self) -> Result<(), End> {
        match self.pulse.beat(Instant::now()) {
            Beat::Wait => Ok(()),
            Beat::GiveUp => Err(End::Silent),
            Beat::Ping => {
                self.viewer.place().tick();
                Ok(self.ear.ping()?)
            }
        }
    }

    async fn ends(&mut self, end: End) {
        self.seat = None;
        match end {
            End::Silent => {}
            // Whether the client waited for it makes no difference any more.
            End::Answered => drop(timeout(FAREWELL, self.ear.says_all()).await),
            End::Said(words) => {
                let is_rude =
                    matches!(words.code, CloseCode::Protocol | CloseCode::Size | CloseCode::Invalid);
                if let Ok(Ok(())) = timeout(FAREWELL, self.ear.says_goodbye(words)).await {
                    // A connection that is closed with something unread may lose what was said last.
                    let patience = if is_rude { HANG_UP } else { LAST_WORDS };
                    let _ = timeout(patience, self.ear.hears_out(is_rude)).await;
                }
            }
        }
    }
}

impl From<Goodbye> for End {
    fn from(why: Goodbye) -> Self {
        Self::Said(match why {
            Goodbye::GoingAway => goodbye(CloseCode::Away, "server going away"),
            Goodbye::NotAllowed => goodbye(CloseCode::Policy, "no longer allowed"),
        })
    }
}

impl From<Silence> for End {
    fn from(silence: Silence) -> Self {
        match silence {
            Silence::Left => Self::Silent,
            Silence::Polite => Self::Answered,
            Silence::Rude(code) => Self::Said(goodbye(code, "")),
        }
    }
}

fn goodbye(code: CloseCode, reason: &'static str) -> CloseFrame {
    CloseFrame { code, reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::super::day::tests::{at, track};
    use super::super::topic::Topic;
    use super::super::topic::tests::topic;
    use super::*;
    use crate::base::id::StreamId;
    use crate::hub::{Event, NoUpgrade, NowPlaying, OnAir, Shape, Upgrade};
    use axum::Router;
    use axum::routing::get;
    use bytes::Bytes;
    use futures_util::StreamExt as _;
    use std::net::{Ipv4Addr, SocketAddr};
    use tokio::io::{AsyncRead, AsyncWrite};
    use tokio::net::{TcpListener, TcpSocket};
    use tokio_tungstenite::tungstenite::Message as Received;
    use tokio_tungstenite::{WebSocketStream, client_async, connect_async};

    async fn house_of(topic: &Topic) -> SocketAddr {
        let topic = topic.clone();
        let door = get(async move |upgrade: Result<Upgrade, NoUpgrade>| {
            let subscription = topic.subscribe(None, Shape::default());
            let upgrade = upgrade.expect("a sound request");
            upgrade.then(|connection| serve(connection, subscription, Box::pin(std::future::pending())))
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("an address");
        tokio::spawn(axum::serve(listener, Router::new().route("/", door)).into_future());
        addr
    }

    #[test]
    fn a_viewers_own_task_takes_little_room() {
        fn size_of<F: Future>(_: impl FnOnce(Connection, Subscription) -> F) -> usize {
            std::mem::size_of::<F>()
        }
        let size = size_of(|connection, subscription| {
            serve(connection, subscription, Box::pin(std::future::pending()))
        });
        let size = size + std::mem::size_of::<Talk>();
        assert!(size < 1_500, "{size} bytes");
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
        let mut message = Received::Ping(Bytes::new());
        while message.is_ping() {
            let next = timeout(FAREWELL, viewer.next()).await.expect("in time");
            message = next.expect("open").expect("sound");
        }
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
