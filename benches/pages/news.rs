//! What happens to a page that many read when a new track comes: it has to be on it at once, and the page is to be made
//! once for all of them.

use crate::airlog::Airlog;
use crate::asking::Crowd;
use crate::client::{self, Wish};
use crate::options::Options;
use crate::stopwatch::now;
use std::net::TcpStream;
use std::time::Duration;

/// How it went.
#[derive(Debug)]
pub struct Told {
    /// How many tracks came.
    pub tracks: u32,
    /// How often the page was made for the one who looked first, and the crowd that came then.
    pub made: u64,
    /// How long the first one waited for the page, from the moment the track was told: half of the times, 99 of 100, at
    /// most.
    pub within: [Duration; 3],
}

/// Tells of one track after the other, and has the page asked for at once: by one, who has to find it, then by many.
pub fn after_each_track(airlog: &mut Airlog, path: &'static str, options: &Options) -> anyhow::Result<Told> {
    let wish = Wish { path, takes_gzip: false };
    let mut first = TcpStream::connect(airlog.addr())?;
    first.set_nodelay(true)?;
    let mut crowd = Crowd::of(options.connections, airlog.addr(), wish)?;
    let (mut took, before) = (Vec::new(), airlog.pages_made()?);
    for _ in 0..options.news {
        let name = airlog.plays_another()?;
        let asked_at = now();
        let page = client::ask(&mut first, wish)?;
        took.push(asked_at.elapsed());
        anyhow::ensure!(String::from_utf8_lossy(&page.body).contains(&name), "{name} is not on the page");
        crowd.ask_once()?;
    }
    let made = airlog.pages_made()? - before;
    took.sort_unstable();
    let at =
        |percent: usize| took.get(took.len() * percent / 100).or(took.last()).copied().unwrap_or_default();
    Ok(Told { tracks: options.news, made, within: [at(50), at(99), at(100)] })
}
