//! One connection of an `EventSub` session: welcome, keepalive, notifications, reconnect, and the reasons to hang
//! up.

use super::frames::{self, Stamp};
use crate::base::clock::Instant;
use crate::twins::shared::{Order, Shared, lock};
use crate::twins::world::{Pace, Standing};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::Value;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{Instant as Tick, sleep_until};

/// A century: a timer that is not set.
const NEVER: Duration = Duration::from_hours(876_000);

/// Why a socket is closed, as Twitch numbers it.
pub(super) type Farewell = (u16, &'static str);
const GOING_AWAY: Farewell = (1001, "server is going away");
const INBOUND: Farewell = (4001, "client sent inbound traffic");
const UNUSED: Farewell = (4003, "connection unused");
const GRACE_OVER: Farewell = (4004, "client failed to reconnect in time");
/// No such challenge, or it was used.
pub(super) const BAD_RECONNECT: Farewell = (4007, "invalid reconnect");

/// One connection of a session.
pub(super) struct Session {
    shared: Arc<Shared>,
    socket: WebSocket,
    orders: UnboundedReceiver<Order>,
    id: String,
    since: Instant,
    seconds: u64,
    pace: Pace,
    /// Whether another connection has taken over.
    replaced: bool,
    /// Whether nothing is said any more.
    silent: bool,
    /// Comes when the connection before has sent everything that was to be sent there.
    turn: Option<oneshot::Receiver<()>>,
    keepalive_due: Tick,
    unused_due: Tick,
    grace_due: Tick,
}

impl Session {
    /// Takes the session over: a connection that has it already is told so.
    pub(super) fn begin(
        shared: Arc<Shared>,
        socket: WebSocket,
        id: String,
        since: Instant,
        seconds: u64,
    ) -> Self {
        let (sender, orders) = unbounded_channel();
        let turn = lock(&shared.sockets).insert(id.clone(), sender).map(|before| {
            let (told, turn) = oneshot::channel();
            // A connection that is gone already needs no word of it.
            let _ = before.send(Order::Replaced(told));
            turn
        });
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
            silent: false,
            turn,
            keepalive_due,
            unused_due,
            grace_due,
        }
    }

    /// Lives until somebody hangs up.
    pub(super) async fn run(mut self) {
        if let Some(turn) = self.turn.take() {
            // If it is gone, it is our turn too.
            let _ = turn.await;
        }
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
            Order::Replaced(told) => {
                self.replaced = true;
                // The connection that takes over may be gone already.
                let _ = told.send(());
                ControlFlow::Continue(())
            }
            Order::Close(code) => {
                ControlFlow::Break((Standing::after_close(code), Some((code, "closed by the twin"))))
            }
            Order::Silence => {
                self.silent = true;
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
        ControlFlow::Break((Standing::SocketUnused, Some(UNUSED)))
    }

    async fn send(&mut self, frame: &Value) -> ControlFlow<End> {
        let silence = self.pace.keepalive.unwrap_or(Duration::from_secs(self.seconds));
        self.keepalive_due = Tick::now() + silence;
        if self.silent {
            return ControlFlow::Continue(());
        }
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

/// Hangs up.
pub(super) async fn close(socket: &mut WebSocket, (code, reason): Farewell) {
    // Who does not hear it finds the line dead.
    let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
}
