//! Everybody live at once: how long that takes, what it weighs, and what looking once a minute costs.

use crate::options::Options;
use crate::report::{self, Figures};
use crate::stage::Stage;
use crate::{asking, bare, idle, looks};

/// Measures all but latency, and prints the table.
pub async fn measure(options: &Options) -> anyhow::Result<()> {
    let bare = bare::weigh(options).await?;
    let asking = asking::measure(options).await?;
    let idle = if options.without_idle { None } else { Some(idle::measure(options).await?) };
    let stage = Stage::begin(options, 60).await?;
    let resident = stage.process().resident()?;
    let looks = looks::measure(&stage, options.seconds).await?;
    let (seconds_to_live, before) = (stage.took.as_secs_f64(), stage.server.before);
    stage.end().await?;
    // The floor once more: the machine may be another by now.
    let asking = [asking, asking::measure(options).await?];
    let streams = options.streams;
    let figures = Figures { streams, seconds_to_live, before, resident, bare, asking, idle, looks };
    println!("{}", report::table(&figures));
    Ok(())
}
