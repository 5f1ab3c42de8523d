//! A viewer of the star, and how long after Spotify told of a track each frame reached them: from just before the answer
//! is written until the frame has been read. That is more than from the parsed answer to the frame in the kernel's hands.

use crate::tally::Spread;
use anyhow::Context as _;
use futures_util::StreamExt as _;
use serde_json::Value;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// How long the way of a frame is watched.
const WATCHED: Duration = Duration::from_mins(1);

/// Watches for a minute; `place` is the server's port and the star's login, `told` says when Spotify told of a track. In
/// milliseconds.
pub async fn watch(place: &str, told: impl Fn(&str) -> Option<Instant>) -> anyhow::Result<Option<Spread>> {
    let (port, login) = place.split_once('/').context("an odd place")?;
    let url = format!("ws://127.0.0.1:{port}/api/v1/streamers/{login}/live");
    let (mut socket, _) = connect_async(url).await.context("the viewer is not let in")?;
    let (until, mut took) = (Instant::now() + WATCHED, Vec::new());
    while let Ok(Some(message)) = timeout_at(until, socket.next()).await {
        let read = Instant::now();
        if let Message::Text(text) = message? {
            took.extend(since_told(&told, &text, read));
        }
    }
    Ok(Spread::of(took))
}

fn since_told(told: impl Fn(&str) -> Option<Instant>, frame: &str, read: Instant) -> Option<f64> {
    let frame: Value = serde_json::from_str(frame).ok()?;
    let name = frame["track"]["name"].as_str()?;
    Some((read - told(name)?).as_secs_f64() * 1_000.0)
}
