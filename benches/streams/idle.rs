//! Timers that only wait: a server whose sessions are an hour from their next look.

use crate::machine::Process;
use crate::options::Options;
use crate::stage::Stage;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How many seconds lie between two looks.
const HOUR: u64 = 3_600;

/// What share of a core a server takes while nobody is due.
pub async fn measure(options: &Options) -> anyhow::Result<f64> {
    let stage = Stage::begin(options, HOUR).await?;
    let share = share(stage.process(), Duration::from_secs(options.seconds / 3)).await?;
    stage.end().await;
    Ok(share)
}

async fn share(process: Process, over: Duration) -> anyhow::Result<f64> {
    let (began, before) = (Instant::now(), process.worked()?);
    sleep(over).await;
    Ok((process.worked()? - before) / began.elapsed().as_secs_f64())
}
