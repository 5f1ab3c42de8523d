//! Everybody looked at once a minute: what that takes of a core, how late looks come and how evenly.

use crate::stage::Stage;
use crate::tally::Told;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What looking costs.
#[derive(Debug)]
pub struct Looks {
    /// Of a core: over all the time, and in the middle one of all seconds, in which no pass of reconciling runs.
    pub share: f64,
    pub usual_share: f64,
    /// Of the share over all the time: what the threads of the database took.
    pub database_share: f64,
    pub resident: u64,
    pub told: Told,
}

/// Measures for so many seconds.
pub async fn measure(stage: &Stage, seconds: u64) -> anyhow::Result<Looks> {
    let process = stage.process();
    stage.told().await?;
    let (began, before) = (Instant::now(), process.worked()?);
    let database = process.worked_as("sqlx-")?;
    let (mut shares, mut last) = (Vec::new(), (began, before));
    for _ in 0..seconds {
        sleep(Duration::from_secs(1)).await;
        let next = (Instant::now(), process.worked()?);
        shares.push((next.1 - last.1) / (next.0 - last.0).as_secs_f64());
        last = next;
    }
    let took = began.elapsed().as_secs_f64();
    shares.sort_by(f64::total_cmp);
    Ok(Looks {
        share: (last.1 - before) / took,
        usual_share: shares[shares.len() / 2],
        database_share: (process.worked_as("sqlx-")? - database) / took,
        resident: process.resident()?,
        told: stage.told().await?,
    })
}
