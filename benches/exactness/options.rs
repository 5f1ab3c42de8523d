//! What the bench is told.

use clap::Parser;

/// How exact the list is, measured over simulated stream-days.
#[derive(Debug, Parser)]
pub struct Options {
    /// How many days each line of the table is measured over.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    pub days: u64,
    /// The same seed gives the same days.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Say what goes wrong on which day of the lines whose name contains this, instead of measuring.
    #[arg(long, value_name = "NAME")]
    pub explain: Option<String>,
    /// What cargo tells every bench.
    #[arg(long, hide = true)]
    bench: bool,
}
