//! How long it takes from the start of the program to its first answers, with a million plays in its database, and whether
//! it matters that Spotify does not answer.
//!
//! `cargo bench --bench start -- --plays 1000000` fills an SQLite file, starts the program on it again and again, and
//! prints a table. The program reaches nobody: Spotify is a twin, or a listener that never says anything.

#[path = "../shared/evenings.rs"]
mod evenings;
mod filled;
mod options;
mod program;
mod table;

use airlog::base::clock::SystemClock;
use airlog::twins::{Twins, World};
use clap::Parser as _;
use filled::Filled;
use options::Options;
use program::{Answers, Start};
use std::net::{Ipv4Addr, SocketAddr};
use table::Line;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let twins = Twins::start(any, World::new(7), SystemClock::shared()).await?;
    // It is connected to, and that is all.
    let silent = TcpListener::bind(any).await?;
    let (speaks, keeps_silent) = (twins.spotify_api_url(), format!("http://{}", silent.local_addr()?));
    let few = Filled::with(1, 1).await?;
    let many = Filled::with(options.plays as usize, options.streamers as usize).await?;
    let mut lines = Vec::new();
    for (database, spotify, url) in
        [(&few, "answers", &speaks), (&many, "answers", &speaks), (&many, "is silent", &keeps_silent)]
    {
        let starts = repeated(database, url, options.starts).await?;
        lines.push(Line { plays: database.plays, spotify, starts });
    }
    print!("{}", table::text(&lines));
    Ok(())
}

async fn repeated(database: &Filled, spotify: &str, starts: u32) -> anyhow::Result<Vec<Answers>> {
    let mut all = Vec::new();
    for _ in 0..starts {
        let start = Start { folder: database.folder(), day: filled::day(), spotify: spotify.to_owned() };
        all.push(tokio::task::spawn_blocking(move || start.measured()).await??);
    }
    Ok(all)
}
