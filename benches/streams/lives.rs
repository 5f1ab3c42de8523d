//! Everybody live at once: how long that takes, what it weighs, and what looking once a minute costs.

use crate::options::Options;
use crate::report::{self, Figures};
use crate::stage::Stage;
use crate::{bare, idle, looks};

/// Measures all but latency, and prints the table.
pub async fn measure(options: &Options) -> anyhow::Result<()> {
    let bare = bare::weigh(options).await?;
    let idle = if options.without_idle { None } else { Some(idle::measure(options).await?) };
    let stage = Stage::begin(options, 60).await?;
    let resident = stage.process().resident()?;
    let looks = looks::measure(&stage, options.seconds).await?;
    let figures = Figures {
        streams: options.streams,
        seconds_to_live: stage.took.as_secs_f64(),
        before: stage.server.before,
        resident,
        bare,
        idle,
        looks,
    };
    stage.end().await;
    println!("{}", report::table(&figures));
    Ok(())
}
