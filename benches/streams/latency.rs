//! The way of one frame: from Spotify's answer to the one viewer of a stream, while the others are looked at; seen from
//! outside, and by the server itself.

use crate::options::Options;
use crate::sky::STAR;
use crate::stage::Stage;
use crate::telling::Telling;
use crate::{report, seed};

/// Measures for a minute, and prints the table.
pub async fn measure(options: &Options) -> anyhow::Result<()> {
    let stage = Stage::begin(options, 60).await?;
    stage.told().await?;
    let before = Telling::read(&stage.metrics().await?);
    let way = stage.ways(&seed::login(STAR)).await?;
    let telling = Telling::read(&stage.metrics().await?).since(&before);
    let told = stage.told().await?;
    stage.end().await?;
    println!("{}", report::way(options.streams, way, &telling, &told));
    Ok(())
}
