//! What the bench is told.

use clap::Parser;

/// How many plays a second are stored.
#[derive(Debug, Parser)]
pub struct Options {
    /// How many plays go through the writer.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    pub plays: u32,
    /// How many streamers play them.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub streamers: u32,
    /// How many plays each naive way stores at most.
    #[arg(long, default_value_t = 2_000)]
    pub naive: u32,
    /// Measure SQLite alone, although PostgreSQL is installed.
    #[arg(long)]
    pub sqlite_only: bool,
    /// What cargo tells every bench.
    #[arg(long, hide = true)]
    bench: bool,
}
