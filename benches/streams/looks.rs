//! Everybody looked at once a minute: what that takes of a core, how late looks come and how evenly.

use crate::machine::Process;
use crate::stage::Stage;
use crate::tally::Told;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A database that has worked in a second for one tick of the processor's clock at most has as good as rested: no pass over
/// many streams ran, and hardly anybody was healed.
const RESTED: f64 = 0.015;

/// What looking costs.
#[derive(Debug)]
pub struct Looks {
    /// Of a core, over all the time.
    pub share: f64,
    /// Of that: what the threads of the database took.
    pub database_share: f64,
    /// Of a core, in the seconds in which the database rested; none without such a second.
    pub share_alone: Option<f64>,
    pub seconds_alone: usize,
    pub resident: u64,
    pub told: Told,
}

/// Measures for so many seconds.
pub async fn measure(stage: &Stage, seconds: u64) -> anyhow::Result<Looks> {
    let process = stage.process();
    stage.told().await?;
    let mut works = vec![Work::of(process)?];
    for _ in 0..seconds {
        sleep(Duration::from_secs(1)).await;
        works.push(Work::of(process)?);
    }
    let shares: Vec<Share> = works.windows(2).map(|pair| pair[1].since(&pair[0])).collect();
    let alone: Vec<f64> = shares.iter().filter(|share| share.is_alone()).map(|share| share.whole).collect();
    Ok(Looks {
        share: mean(shares.iter().map(|share| share.whole)).unwrap_or_default(),
        database_share: mean(shares.iter().map(|share| share.database)).unwrap_or_default(),
        share_alone: mean(alone.iter().copied()),
        seconds_alone: alone.len(),
        resident: process.resident()?,
        told: stage.told().await?,
    })
}

/// What the server has worked until now, in seconds: all of it, and the threads of the database.
struct Work {
    at: Instant,
    whole: f64,
    database: f64,
}

/// The same between two instants, of a core.
struct Share {
    whole: f64,
    database: f64,
}

impl Work {
    fn of(process: Process) -> anyhow::Result<Self> {
        let (whole, database) = (process.worked()?, process.worked_as("sqlx-")?);
        Ok(Self { at: Instant::now(), whole, database })
    }

    /// A thread of the database that has ended meanwhile takes with it what it had worked.
    fn since(&self, before: &Self) -> Share {
        let took = (self.at - before.at).as_secs_f64();
        let database = (self.database - before.database).max(0.0);
        Share { whole: (self.whole - before.whole) / took, database: database / took }
    }
}

impl Share {
    fn is_alone(&self) -> bool {
        self.database < RESTED
    }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let count = u32::try_from(values.len()).ok().filter(|count| *count > 0)?;
    Some(values.sum::<f64>() / f64::from(count))
}
