//! Timers that only wait: a server whose sessions are an hour from their next look.

use crate::options::Options;
use crate::stage::Stage;
use std::time::Duration;

/// How many seconds lie between two looks.
const HOUR: u64 = 3_600;

/// What share of a core a server takes while nobody is due.
pub async fn measure(options: &Options) -> anyhow::Result<f64> {
    let stage = Stage::begin(options, HOUR).await?;
    let share = stage.process().share(Duration::from_secs(options.seconds / 3)).await?;
    stage.end().await?;
    Ok(share)
}
