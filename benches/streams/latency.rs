//! The way of one frame: from Spotify's answer to the one viewer of a stream, while the others are looked at.

use crate::lives::Stage;
use crate::options::Options;
use crate::sky::STAR;
use crate::{report, seed};

/// Measures for a minute, and prints the table.
pub async fn measure(options: &Options) -> anyhow::Result<()> {
    let stage = Stage::begin(options, 60).await?;
    stage.told().await?;
    let way = stage.ways(&seed::login(STAR)).await?;
    let told = stage.told().await?;
    stage.end().await;
    println!("{}", report::way(options.streams, way, &told));
    Ok(())
}
