//! What the bench is told.

use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// How fast pages are answered from memory, beside nginx that serves the same bytes from disk.
#[derive(Debug, Parser)]
pub struct Options {
    /// How long each server is asked each time, in seconds.
    #[arg(long, default_value_t = 1.0, value_parser = seconds)]
    pub seconds: f64,
    /// How often Airlog is asked, with nginx before and after each time. Medians of the ratios count.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..))]
    pub rounds: u8,
    /// How many connections ask, each one thing after the other.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub connections: u16,
    /// How many tracks are on the day page.
    #[arg(long, default_value_t = 60)]
    pub tracks: u32,
    /// How many tracks come after that, one at a time.
    #[arg(long, default_value_t = 100)]
    pub news: u32,
    /// What cargo tells every bench.
    #[arg(long, hide = true)]
    bench: bool,
    /// Which server this process is.
    #[command(subcommand)]
    pub role: Option<Role>,
}

/// What a process of the bench is when it does not compare.
#[derive(Debug, Clone, Subcommand)]
pub enum Role {
    /// Airlog, told on standard input what happens.
    #[command(hide = true)]
    Server {
        /// On which core.
        #[arg(long)]
        core: Option<usize>,
        /// How many tracks there are at first.
        #[arg(long)]
        tracks: u32,
    },
    /// The library alone.
    #[command(hide = true)]
    Bare {
        /// On which core.
        #[arg(long)]
        core: Option<usize>,
        /// Under which path it gives out its answer.
        #[arg(long)]
        path: String,
        /// Where that lies.
        #[arg(long)]
        folder: PathBuf,
    },
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.1..=60.0).contains(&seconds) => Ok(seconds),
        _ => Err("use a number from 0.1 to 60".to_owned()),
    }
}
