//! How many live streams one process follows, and what each costs: memory, idle timers, looks once a minute (beside tasks that
//! only ask), and how soon a viewer has what a look found.
//!
//! `cargo bench --bench streams -- --streams 100000` prints the table; `--latency` measures the way of one frame instead.
//! The server runs as in earnest, in a process of its own on one core; a process on the other core plays Spotify.

mod asking;
mod bare;
mod handing;
mod idle;
mod latency;
mod lives;
mod looks;
mod machine;
mod options;
mod report;
mod roles;
mod score;
mod seed;
mod server;
mod sky;
mod stage;
mod tally;
mod telling;
mod viewer;

use clap::Parser as _;
use options::{Options, Role};

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    match &options.role {
        None if options.latency => machine::block_on(latency::measure(&options)),
        None => machine::block_on(lives::measure(&options)),
        Some(Role::Bare) => roles::pinned(roles::SERVER_CORE, bare::run(&options)),
        Some(Role::Asking) => roles::pinned(roles::SERVER_CORE, asking::run(&options)),
        Some(Role::Handing) => roles::pinned(roles::SERVER_CORE, handing::run(&options)),
        Some(Role::Sky) => roles::pinned(roles::SKY_CORE, sky::run(&options)),
        Some(Role::Server) => roles::pinned(roles::SERVER_CORE, server::run(&options)),
    }
}
