//! What the bench is told.

use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// How many live streams one process follows, and what each costs.
#[derive(Debug, Clone, Parser)]
pub struct Options {
    /// How many streamers are live.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub streams: u32,
    /// How many seconds looks are measured for, and twice tasks that only ask; idle timers for a third of that.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(3..=600))]
    pub seconds: u64,
    /// Measure how soon a viewer has what a look found, while the others are looked at; with its floor, seven minutes.
    #[arg(long)]
    pub latency: bool,
    /// Leave out the second server, whose timers only wait.
    #[arg(long)]
    pub without_idle: bool,
    /// What this process is; the bench starts the others itself.
    #[arg(long, hide = true)]
    pub role: Option<Role>,
    /// Where the database of the server is.
    #[arg(long, hide = true, default_value = "airlog.db")]
    pub database: PathBuf,
    /// On which port Spotify is played.
    #[arg(long, hide = true, default_value_t = 0)]
    pub sky: u16,
    /// Seconds between two looks, and between two passes of reconciling.
    #[arg(long, hide = true, default_value_t = 60)]
    pub interval: u64,
    /// What cargo tells every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What a process of the bench is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Plays Spotify.
    Sky,
    /// The server that is measured.
    Server,
    /// Actors that do nothing.
    Bare,
    /// Tasks that only ask.
    Asking,
    /// The same, and one that hands over what it heard.
    Handing,
}
