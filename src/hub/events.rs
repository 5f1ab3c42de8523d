//! The same frames as Server-Sent Events, for whoever cannot speak WebSocket. The event's id is the cursor.

use super::topic::{Listener, Subscription};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::interval;

/// How often a comment keeps the connection open.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How often we look whether the day is over.
const TICK: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Head {
    cursor: String,
}

/// Answers with a stream of events that ends at the `farewell` or when the topic closes; the client then comes back with
/// `Last-Event-ID`, and is let in or not. The `seat` is given up when the stream ends.
pub fn serve<T: Send + 'static>(
    subscription: Subscription,
    farewell: impl Future<Output = ()> + Send + 'static,
    seat: T,
) -> Response {
    let events = frames(Listener::new(subscription), seat, TICK)
        .map(|frame| Ok::<_, Infallible>(event(&frame)))
        .take_until(farewell);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

/// The frames until the topic closes; the day turns also while nobody streams.
fn frames<T: Send + 'static>(
    listener: Listener,
    seat: T,
    tick: Duration,
) -> impl Stream<Item = Bytes> + Send {
    let state = (listener, interval(tick), seat);
    let batches = stream::unfold(state, |(mut listener, mut ticks, seat)| async move {
        loop {
            tokio::select! {
                frames = listener.next() => {
                    return Some((stream::iter(frames?), (listener, ticks, seat)));
                }
                _ = ticks.tick() => listener.tick(),
            }
        }
    });
    batches.flatten()
}

fn event(frame: &Bytes) -> Event {
    let event = Event::default().data(String::from_utf8_lossy(frame));
    match serde_json::from_slice::<Head>(frame) {
        Ok(Head { cursor }) => event.id(cursor),
        Err(_) => event,
    }
}

#[cfg(test)]
mod tests {
    use super::super::day::tests::day;
    use super::super::load::Loaded;
    use super::super::topic::tests::{evening, topic_with};
    use super::*;
    use crate::base::clock::SharedClock;
    use crate::hub::Shape;
    use chrono::TimeDelta;
    use std::pin::pin;
    use std::sync::Arc;

    #[tokio::test]
    async fn the_day_turns_while_nobody_streams() {
        let clock = Arc::new(evening());
        let loaded = Loaded::open(day());
        let (topic, often) =
            (topic_with(loaded, Arc::clone(&clock) as SharedClock), Duration::from_millis(5));
        let mut frames = pin!(frames(Listener::new(topic.subscribe(None, Shape::default())), (), often));
        let kind = |frame: Option<Bytes>| String::from_utf8_lossy(&frame.expect("a frame")).into_owned();
        assert!(kind(frames.next().await).contains("\"snapshot\""));
        clock.shift(TimeDelta::hours(3));
        let turned = tokio::time::timeout(Duration::from_secs(5), frames.next()).await.expect("a tick");
        assert!(kind(turned).contains("\"day_changed\",\"date\":\"2026-11-21\""));
        topic.air.close(topic.audience);
        assert!(frames.next().await.is_none());
    }
}
