//! How fast pages are answered from memory, beside nginx that serves the same bytes from disk.
//!
//! `cargo bench --bench pages` has nginx, Airlog and axum alone take turns on one core while as many clients ask from
//! another: a day page of 60 tracks while its streamer is live, then the home page while others are told something every
//! 100 ms. Then it is told of one track after another, each of which has to be on the page at once.

mod airlog;
mod asking;
mod bare;
mod client;
#[path = "../shared/cores.rs"]
mod cores;
mod measure;
mod news;
mod nginx;
mod options;
#[path = "../shared/stopwatch.rs"]
mod stopwatch;
mod table;

use airlog::Airlog;
use bare::Bare;
use clap::Parser as _;
use client::Wish;
use nginx::Nginx;
use options::{Options, Role};
use std::time::Duration;
use table::Row;

/// What is asked for, and whether frames arrive for others meanwhile.
const HOME: &str = "/";
const DAY: &str = "/streamers/ann/tracks/today";

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    match &options.role {
        Some(Role::Server { core, tracks }) => airlog::serve(*core, *tracks),
        Some(Role::Bare { core, path, folder }) => bare::serve(*core, path, folder),
        None => compare(&options),
    }
}

fn compare(options: &Options) -> anyhow::Result<()> {
    let cores = cores::shared_out()?;
    let mut airlog = Airlog::start(cores.map(|(server, _)| server), options.tracks)?;
    cores.map_or(Ok(()), |(_, client)| cores::pin(client))?;
    let mut rows = Vec::new();
    for (path, takes_gzip) in [(DAY, false), (DAY, true), (HOME, true)] {
        let wish = Wish { path, takes_gzip };
        eprintln!("{}", wish.name());
        let is_home = path == HOME;
        airlog.tells_others(is_home)?;
        rows.push(row(wish, options, &mut airlog, cores.map(|(server, _)| server))?);
        airlog.tells_others(false)?;
    }
    let told = news::after_each_track(&mut airlog, DAY, options)?;
    print!("{}", table::text(&rows, &told, options, cores.is_some()));
    Ok(())
}

/// nginx, Airlog, the library alone, nginx, and so on: what the machine does meanwhile happens to all.
fn row(wish: Wish, options: &Options, airlog: &mut Airlog, core: Option<usize>) -> anyhow::Result<Row> {
    let page = client::fetch(airlog.addr(), wish)?;
    let bytes = page.body.len();
    let made = airlog.pages_made()?;
    let (nginx, bare) = (Nginx::start(wish, &page, core)?, Bare::start(wish, &page, core)?);
    let ask = |addr, pid| measure::under_load(addr, pid, wish, options.connections, options.time());
    let floor = || nginx.as_ref().map(|nginx| ask(nginx.addr(), nginx.pid())).transpose();
    let floors = floor()?.into_iter().collect();
    let mut row = Row { wish, bytes, floors, airlog: Vec::new(), bare: Vec::new(), made: 0 };
    for _ in 0..options.rounds {
        row.airlog.push(ask(airlog.addr(), airlog.pid())?);
        row.bare.push(ask(bare.addr(), bare.pid())?);
        row.floors.extend(floor()?);
    }
    row.made = airlog.pages_made()? - made;
    Ok(row)
}

impl Options {
    fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }
}
