//! What the bench is told.

use crate::servers::{Kind, Rig, Role};
use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// How fast frames reach viewers and what that costs, beside a bare loop and beside others.
#[derive(Debug, Parser)]
pub struct Options {
    /// How many viewers there are; fewer where the system does not allow so many.
    #[arg(long, default_value_t = 2_000, value_parser = at_least_ten)]
    pub subscribers: usize,
    /// Over how many frames Airlog is measured; others over half of them.
    #[arg(long, default_value_t = 200, value_parser = at_least_ten)]
    pub frames: usize,
    /// How often Airlog is measured, with a floor before and after each time. Medians of the ratios count.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    pub rounds: u8,
    /// Over how many streams viewers are spread; a ninth of the viewers, at most 2,000, if not given.
    #[arg(long)]
    streams: Option<usize>,
    /// How many viewers do not read; a twentieth if not given.
    #[arg(long)]
    slow: Option<usize>,
    /// What is measured.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "fanout,burst,memory,spread,slow")]
    pub only: Vec<Part>,
    /// Which others are measured too; nchan and ws, where they are installed, if not given.
    #[arg(long, value_enum, value_delimiter = ',')]
    peers: Option<Vec<Kind>>,
    /// The folder `node_modules` that has Node's `ws`, if Node does not find it by itself.
    #[arg(long, value_name = "FOLDER")]
    pub node_modules: Option<PathBuf>,
    /// Draw the plots in `docs/` instead.
    #[arg(long)]
    pub plot: bool,
    /// On which core this process runs.
    #[arg(long, hide = true)]
    pub core: Option<usize>,
    /// What cargo tells every bench.
    #[arg(long, hide = true)]
    bench: bool,
    /// Which server this process is.
    #[command(subcommand)]
    pub role: Option<Role>,
}

/// A part of what is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// One frame to everybody, again and again.
    Fanout,
    /// A hundred frames at once.
    Burst,
    /// What a viewer who waits costs.
    Memory,
    /// Viewers of many streams.
    Spread,
    /// Viewers who do not read.
    Slow,
}

impl Options {
    pub fn wants(&self, part: Part) -> bool {
        self.only.contains(&part)
    }

    pub fn streams(&self, subscribers: usize) -> usize {
        self.streams.unwrap_or((subscribers / 9).min(2_000)).clamp(1, subscribers)
    }

    pub fn slow(&self, subscribers: usize) -> usize {
        self.slow.unwrap_or(subscribers / 20).clamp(1, subscribers / 2)
    }

    /// Who is measured beside Airlog; says who is missing.
    pub fn peers(&self, rig: &Rig) -> Vec<Kind> {
        let mut peers = self.peers.clone().unwrap_or_else(|| vec![Kind::Nchan, Kind::Ws]);
        peers.retain(|peer| {
            let missing = peer.missing(rig);
            if let Some(missing) = &missing {
                eprintln!("{} is not measured: {missing}", peer.name());
            }
            missing.is_none()
        });
        peers
    }
}

fn at_least_ten(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number >= 10).ok_or_else(|| "use a whole number from 10".to_owned())
}
