//! The way of one frame: from Spotify's answer to the one viewer of a stream, while the others are looked at; seen from
//! outside, and by the server itself.

use crate::options::Options;
use crate::report::{self, Way};
use crate::roles::SERVER_CORE;
use crate::sky::STAR;
use crate::stage::Stage;
use crate::telling::Telling;
use crate::{handing, machine, seed};
use tokio::time::Instant;

/// Measures for a minute, with the floor before and after, and prints the table.
pub async fn measure(options: &Options) -> anyhow::Result<()> {
    let before = handing::measure(options).await?;
    let stage = Stage::begin(options, 60).await?;
    let way = watch(&stage).await?;
    stage.end().await?;
    // The floor once more: the machine may be another by now.
    let floor = [before, handing::measure(options).await?];
    println!("{}", report::way(options.streams, &floor, &way));
    Ok(())
}

async fn watch(stage: &Stage) -> anyhow::Result<Way> {
    stage.told().await?;
    let telling = Telling::read(&stage.metrics().await?);
    let (began, stolen) = (Instant::now(), machine::stolen(SERVER_CORE)?);
    let seen = stage.ways(&seed::login(STAR)).await?;
    let stolen = (machine::stolen(SERVER_CORE)? - stolen) / began.elapsed().as_secs_f64();
    let telling = Telling::read(&stage.metrics().await?).since(&telling);
    Ok(Way { telling, seen, stolen, told: stage.told().await? })
}
