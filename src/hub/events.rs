//! The same frames as Server-Sent Events, for whoever cannot speak WebSocket. The event's id is the cursor.

use super::topic::Subscription;
use crate::base::clock::SharedClock;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often a comment keeps the connection open.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Head {
    cursor: String,
}

/// Answers with a stream of events that ends when `stop` is called or the topic closes; the client then comes back with
/// `Last-Event-ID`, and is let in or not. The `seat` is given up when the stream ends.
pub fn serve<T: Send + 'static>(
    subscription: Subscription,
    clock: SharedClock,
    stop: CancellationToken,
    seat: T,
) -> Response {
    let batches = stream::unfold((subscription, clock, seat), |(mut subscription, clock, seat)| async move {
        let frames = subscription.next(clock.as_ref()).await?;
        Some((stream::iter(frames), (subscription, clock, seat)))
    });
    let events =
        batches.flatten().map(|frame| Ok::<_, Infallible>(event(&frame))).take_until(stop.cancelled_owned());
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

fn event(frame: &Bytes) -> Event {
    let event = Event::default().data(String::from_utf8_lossy(frame));
    match serde_json::from_slice::<Head>(frame) {
        Ok(Head { cursor }) => event.id(cursor),
        Err(_) => event,
    }
}
