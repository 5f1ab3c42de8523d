//! How fast frames reach viewers and what that costs, beside a bare loop and beside others.
//!
//! `cargo bench --bench fanout -- --subscribers 10000` starts one server after the other, each a process of its own on a
//! core of its own. One thread on another core is all the viewers. It prints tables; `--plot` draws the plots in `docs/`.

#[path = "../shared/cores.rs"]
mod cores;
mod crowd;
mod measure;
mod options;
#[path = "../shared/plot.rs"]
mod plot;
mod plots;
mod room;
mod servers;
#[path = "../shared/stopwatch.rs"]
mod stopwatch;
mod table;
mod targets;
mod usage;

use clap::Parser as _;
use measure::{Bench, Measured};
use options::Options;
use servers::Rig;

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    if let Some(role) = options.role {
        options.core.map(cores::pin).transpose()?;
        return role.play();
    }
    let cores = cores::shared_out()?;
    let (server, viewers) = cores.unzip();
    viewers.map(cores::pin).transpose()?;
    let subscribers = room::made_for(options.subscribers)?;
    let mut rig = Rig::new(server, options.node_modules.clone());
    rig.payload = measure::payload(&rig)?;
    let bench = Bench { subscribers, peers: options.peers(&rig), rig, options };
    if bench.options.plot {
        return plots::draw(&bench);
    }
    let measured = Measured::by(&bench)?;
    print!("{}", table::text(&bench, &measured, cores));
    Ok(())
}
