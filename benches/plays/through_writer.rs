//! Plays on their way through the writer of the house, offered as fast as it has room for them.

use crate::evenings::stored;
use crate::stopwatch::{Run, Stopwatch};
use airlog::base::clock::SystemClock;
use airlog::db::Db;
use airlog::live::model::Play;
use airlog::live::{CAPACITY, Writer};
use airlog::telemetry::Metrics;
use std::time::Duration;
use tokio_util::task::AbortOnDropHandle;

/// How often whoever was told that there is no room asks again.
const GLANCE: Duration = Duration::from_millis(1);

/// Stores all plays, and looks whether each is there once.
pub async fn run(db: &Db, plays: &[Play]) -> anyhow::Result<Run> {
    let writer = Writer::new(db.clone(), SystemClock::shared(), Metrics::default(), CAPACITY);
    let _running = AbortOnDropHandle::new(tokio::spawn(writer.clone().run()));
    let watch = Stopwatch::start();
    offer(&writer, plays).await;
    let run = watch.stop(plays.len());
    let some = &plays[..plays.len().min(CAPACITY)];
    offer(&writer, some).await;
    let stored = stored(db).await?;
    anyhow::ensure!(stored == plays.len(), "{stored} of {} plays are stored", plays.len());
    Ok(run)
}

async fn offer(writer: &Writer, plays: &[Play]) {
    for play in plays {
        while !writer.has_room() {
            tokio::time::sleep(GLANCE).await;
        }
        writer.push(play.clone());
    }
    writer.flushed().await;
}
