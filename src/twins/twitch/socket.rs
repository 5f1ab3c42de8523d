//! The `EventSub` socket: welcome, keepalive, notifications, reconnect, and the reasons to hang up.

use super::frames::{self, Stamp};
use crate::base::clock::Instant;
use crate::twins::shared::{Order, Shared, lock};
use crate::twins::wire::Params;
use crate::twins::world::{Pace, Standing, World};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use serde_json::Value;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant as Tick, sleep_until};

/// How far a client may choose the time between keepalives, in seconds; the first is the default.
const KEEPALIVE: (u64, u64) = (10, 600);

/// A century: a timer that is not set.
const NEVER: Duration = Duration::from_hours(876_000);

/// Why a socket is closed, as Twitch numbers it.
type Farewell = (u16, &'static str);
const GOING_AWAY: Farewell = (1001, "server is going away");
const INBOUND: Farewell = (4001, "client sent inbound traffic");
const UNUSED: Farewell = (4003, "connection unused");
const GRACE_OVER: Farewell = (4004, "client failed to reconnect in time");
const BAD_RECONNECT: Farewell = (4007, "invalid reconnect");

/// `GET /ws`
pub(super) async fn connect(
    State(shared): State<Arc<Shared>>,
    Query(params): Query<Params>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let asked = params.get("keepalive_timeout_seconds").and_then(|text| text.parse().ok());
    let seconds = asked.unwrap_or(KEEPALIVE.0).clamp(KEEPALIVE.0, KEEPALIVE.1);
    let challenge = params.get("challenge").map(str::to_owned);
    let tasks = shared.tasks.clone();
    upgrade.on_upgrade(move |socket| tasks.track_future(attend(shared, socket, challenge, seconds)))
}

async fn attend(shared: Arc<Shared>, mut socket: WebSocket, challenge: Option<String>, seconds: u64) {
    let session = match challenge {
        None => Some(shared.with(World::open_socket)),
        Some(challenge) => lock(&shared.rejoining).remove(&challenge),
    };
    let since = session.as_deref().and_then(|session| shared.with(|world, _| world.socket(session)));
    match session.zip(since) {
        Some((id, since)) => Session::begin(shared, socket, id, since, seconds).run().await,
        None => close(&mut socket, BAD_RECONNECT).await,
    }
}

/// One connection of a session.
struct Session {
    shared: Arc<Shared>,
    socket: WebSocket,
    orders: UnboundedReceiver<Order>,
    id: String,
    since: Instant,
    seconds: u64,
    pace: Pace,
    /// Whether another connection has taken over.
    replaced: bool,
    keepalive_due: Tick,
    unused_due: Tick,
    grace_due: Tick,
}

impl Session {
    fn begin(shared: Arc<Shared>, socket: WebSocket, id: String, since: Instant, seconds: u64) -> Self {
        let (sender, orders) = unbounded_channel();
        if let Some(before) = lock(&shared.sockets).insert(id.clone(), sender) {
            // A connection that is gone already needs no word of it.
            let _ = before.send(Order::Replaced);
        }
        let pace = shared.with(|world, _| world.pace);
        let now = Tick::now();
        let unused_due = now + pace.socket_unused;
        let (keepalive_due, grace_due) = (now + NEVER, now + NEVER);
        let seconds = pace.keepalive.map_or(seconds, |pause| pause.as_secs().max(1));
        Self {
            shared,
            socket,
            orders,
            id,
            since,
            seconds,
            pace,
            replaced: false,
            keepalive_due,
            unused_due,
            grace_due,
        }
    }

    async fn run(mut self) {
        let welcome = frames::welcome(&self.stamp(), &self.id, self.since, self.seconds);
        let mut going = self.send(&welcome).await;
        while going.is_continue() {
            going = self.turn().await;
        }
        if let ControlFlow::Break((standing, farewell)) = going {
            self.end(standing);
            if let Some(farewell) = farewell {
                close(&mut self.socket, farewell).await;
            }
        }
    }

    /// Waits for whatever comes next, and does what it calls for.
    async fn turn(&mut self) -> ControlFlow<End> {
        let stop = self.shared.stop.clone();
        tokio::select! {
            () = stop.cancelled() => ControlFlow::Break((Standing::SocketClosed, Some(GOING_AWAY))),
            Some(order) = self.orders.recv() => self.obey(order).await,
            received = self.socket.recv() => heard(received.and_then(Result::ok).as_ref()),
            () = sleep_until(self.keepalive_due) => {
                let frame = frames::keepalive(&self.stamp());
                self.send(&frame).await
            }
            () = sleep_until(self.unused_due) => self.expect_use(),
            () = sleep_until(self.grace_due) => {
                ControlFlow::Break((Standing::ReconnectFailed, Some(GRACE_OVER)))
            }
        }
    }

    async fn obey(&mut self, order: Order) -> ControlFlow<End> {
        match order {
            Order::Send(delivery) => self.send(&frames::delivery(&delivery)).await,
            Order::Reconnect => self.ask_to_reconnect().await,
            Order::Replaced => {
                self.replaced = true;
                ControlFlow::Continue(())
            }
        }
    }

    async fn ask_to_reconnect(&mut self) -> ControlFlow<End> {
        let stamp = self.stamp();
        let challenge = stamp.message_id.clone();
        let url = format!("ws://{}/twitch/ws?challenge={challenge}&id={}", self.shared.host(), self.id);
        lock(&self.shared.rejoining).insert(challenge, self.id.clone());
        self.grace_due = Tick::now() + self.pace.reconnect_grace;
        self.send(&frames::reconnect(&stamp, &self.id, self.since, &url)).await
    }

    fn expect_use(&mut self) -> ControlFlow<End> {
        self.unused_due = Tick::now() + NEVER;
        if self.replaced || self.shared.with(|world, _| world.socket_is_used(&self.id)) {
            return ControlFlow::Continue(());
        }
        ControlFlow::Break((Standing::SocketClosed, Some(UNUSED)))
    }

    async fn send(&mut self, frame: &Value) -> ControlFlow<End> {
        let silence = self.pace.keepalive.unwrap_or(Duration::from_secs(self.seconds));
        self.keepalive_due = Tick::now() + silence;
        match self.socket.send(Message::text(frame.to_string())).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break((Standing::SocketClosed, None)),
        }
    }

    /// The session dies with this connection, unless another one has it.
    fn end(&self, standing: Standing) {
        if !self.replaced {
            lock(&self.shared.sockets).remove(&self.id);
            self.shared.with(|world, _| world.close_socket(&self.id, standing));
        }
    }

    fn stamp(&self) -> Stamp {
        self.shared.with(|world, now| Stamp { message_id: world.next_message_id(), at: now })
    }
}

/// What becomes of the subscriptions, and what the client is told.
type End = (Standing, Option<Farewell>);

/// A broken line is like a closed one.
fn heard(received: Option<&Message>) -> ControlFlow<End> {
    match received {
        Some(Message::Ping(_) | Message::Pong(_)) => ControlFlow::Continue(()),
        Some(Message::Text(_) | Message::Binary(_)) => {
            ControlFlow::Break((Standing::SocketInbound, Some(INBOUND)))
        }
        Some(Message::Close(_)) | None => ControlFlow::Break((Standing::SocketClosed, None)),
    }
}

async fn close(socket: &mut WebSocket, (code, reason): Farewell) {
    // Who does not hear it finds the line dead.
    let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::SystemClock;
    use crate::twins::{Act, Deed, TWITCH_CLIENT_ID, Twins, World};
    use futures_util::{SinkExt as _, StreamExt as _};
    use serde_json::json;
    use tokio::net::TcpStream;
    use tokio_tungstenite::tungstenite::Message as Frame;
    use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

    type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

    async fn twins(change: impl FnOnce(&mut World)) -> Twins {
        let any = "127.0.0.1:0".parse().expect("an address");
        let mut world = World::new(1);
        world.add_person("ann");
        change(&mut world);
        Twins::start(any, world, SystemClock::shared()).await.expect("a free port")
    }

    async fn open(url: &str) -> Socket {
        connect_async(url).await.expect("a socket").0
    }

    async fn next(socket: &mut Socket) -> Value {
        let frame = socket.next().await.expect("a frame").expect("a good line");
        serde_json::from_str(frame.to_text().expect("text")).expect("JSON")
    }

    async fn close_code(socket: &mut Socket) -> u16 {
        loop {
            match socket.next().await {
                Some(Ok(Frame::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("closed without a word: {other:?}"),
            }
        }
    }

    async fn subscribe(twins: &Twins, session: &Value) {
        let token = twins.grant_twitch("ann", &[]).access_token;
        let body = json!({
            "type": "stream.online", "version": "1", "condition": {"broadcaster_user_id": "1001"},
            "transport": {"method": "websocket", "session_id": session},
        });
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let call = http.post(format!("{}/eventsub/subscriptions", twins.twitch_api_url())).json(&body);
        let answer = call.bearer_auth(token).header("Client-Id", TWITCH_CLIENT_ID).send().await;
        assert_eq!(answer.expect("an answer").status(), 202);
    }

    fn go_live() -> Act {
        Act::of("ann", Deed::GoLive { kind: crate::twins::BroadcastKind::Live })
    }

    #[tokio::test]
    async fn a_client_is_welcomed_kept_alive_told_and_moved() {
        let twins = twins(|world| world.pace.keepalive = Some(Duration::from_millis(20))).await;
        let mut old = open(&twins.twitch_eventsub_url()).await;
        let welcome = next(&mut old).await;
        assert_eq!(welcome["metadata"]["message_type"], "session_welcome");
        let session = welcome["payload"]["session"]["id"].clone();
        assert_eq!(next(&mut old).await["metadata"]["message_type"], "session_keepalive");
        subscribe(&twins, &session).await;

        twins.reconnect_sockets();
        let url = loop {
            let message = next(&mut old).await;
            if let Some(url) = message["payload"]["session"]["reconnect_url"].as_str() {
                break url.to_owned();
            }
        };
        let mut new = open(&url).await;
        assert_eq!(next(&mut new).await["payload"]["session"]["id"], session);
        old.close(None).await.expect("closed");
        twins.perform(&go_live());
        let told = loop {
            let message = next(&mut new).await;
            if message["metadata"]["message_type"] == "notification" {
                break message;
            }
        };
        assert_eq!(told["metadata"]["subscription_type"], "stream.online");
        assert_eq!(told["payload"]["event"]["broadcaster_user_login"], "ann");
        assert_eq!(close_code(&mut open(&url).await).await, 4007, "a reconnect works once");
        twins.stop().await;
        assert_eq!(close_code(&mut new).await, 1001);
    }

    #[tokio::test]
    async fn who_speaks_is_hung_up_on() {
        let twins = twins(|_| {}).await;
        let mut socket = open(&twins.twitch_eventsub_url()).await;
        next(&mut socket).await;
        socket.send(Frame::text("hello")).await.expect("sent");
        assert_eq!(close_code(&mut socket).await, 4001);
        twins.stop().await;
    }

    #[tokio::test]
    async fn who_subscribes_to_nothing_or_does_not_move_is_hung_up_on() {
        let twins = twins(|world| {
            world.pace.socket_unused = Duration::from_millis(300);
            world.pace.reconnect_grace = Duration::from_millis(20);
        })
        .await;
        let mut unused = open(&twins.twitch_eventsub_url()).await;
        assert_eq!(close_code(&mut unused).await, 4003);
        let mut stubborn = open(&twins.twitch_eventsub_url()).await;
        let welcome = next(&mut stubborn).await;
        subscribe(&twins, &welcome["payload"]["session"]["id"]).await;
        twins.reconnect_sockets();
        assert_eq!(close_code(&mut stubborn).await, 4004);
        while !twins
            .with(|world, _| world.subscriptions()[0].standing.word() == "websocket_failed_to_reconnect")
        {
            tokio::task::yield_now().await;
        }
        twins.stop().await;
    }
}
