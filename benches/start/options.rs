//! What the bench is told.

use clap::Parser;

/// How long it takes from the start of the program to the first answer.
#[derive(Debug, Parser)]
pub struct Options {
    /// How many plays are in the database.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    pub plays: u32,
    /// How many streamers played them, sixty each evening.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub streamers: u32,
    /// How often each start is repeated.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub starts: u32,
    /// What cargo tells every bench.
    #[arg(long, hide = true)]
    bench: bool,
}
