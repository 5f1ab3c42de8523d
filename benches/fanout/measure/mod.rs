//! What is measured, and in which order: a floor before and after each candidate, because machines drift.

mod apart;
mod run;
mod session;

pub use apart::{Slowness, Spread};
pub use run::{Latency, Run};
pub use session::Session;

use crate::crowd::Crowd;
use crate::options::{Options, Part};
use crate::servers::{Kind, Order, Rig};

/// What the length of a frame's head is, for all lengths that occur.
const HEAD: usize = 4;
/// So many frames, and the numbers in them are as long as they mostly are.
const FEW: usize = 100;

/// Everything that is needed to measure.
pub struct Bench {
    pub options: Options,
    pub rig: Rig,
    pub subscribers: usize,
    /// Who is measured beside Airlog.
    pub peers: Vec<Kind>,
}

/// All that was measured.
pub struct Measured {
    /// Floors and candidates by turns; empty when nobody asked.
    pub runs: Vec<Run>,
    /// Of the floor, and of Airlog.
    pub spread: Option<[Spread; 2]>,
    pub slow: Option<Slowness>,
}

impl Measured {
    pub fn by(bench: &Bench) -> anyhow::Result<Self> {
        let Bench { options, .. } = bench;
        let of_one = [Part::Fanout, Part::Burst, Part::Memory].into_iter().any(|part| options.wants(part));
        Ok(Self {
            runs: if of_one { runs(bench)? } else { Vec::new() },
            spread: options.wants(Part::Spread).then(|| spreads(bench)).transpose()?,
            slow: options.wants(Part::Slow).then(|| Slowness::of(bench)).transpose()?,
        })
    }

    /// What a candidate has shown each time it was measured.
    pub fn of(&self, kind: Kind, read: impl Fn(&Run) -> Option<f64>) -> Vec<f64> {
        self.runs.iter().filter(|run| run.kind == kind).filter_map(read).collect()
    }

    /// How many times the floors before and after it the run at this place is; none for a floor.
    pub fn ratio_at(&self, place: usize, read: impl Fn(&Run) -> Option<f64>) -> Option<f64> {
        let run = self.runs.get(place).filter(|run| run.kind != Kind::Floor)?;
        let (before, after) = (self.runs.get(place.checked_sub(1)?)?, self.runs.get(place + 1)?);
        Some(read(run)? / f64::midpoint(read(before)?, read(after)?))
    }

    /// How many times the floor a candidate is, each time it was measured.
    pub fn ratios(&self, kind: Kind, read: impl Fn(&Run) -> Option<f64>) -> Vec<f64> {
        let places = (0..self.runs.len()).filter(|place| self.runs[*place].kind == kind);
        places.filter_map(|place| self.ratio_at(place, &read)).collect()
    }
}

fn spreads(bench: &Bench) -> anyhow::Result<[Spread; 2]> {
    Ok([Spread::of(Kind::Floor, bench)?, Spread::of(Kind::Airlog, bench)?])
}

fn runs(bench: &Bench) -> anyhow::Result<Vec<Run>> {
    let again = std::iter::repeat_n(Kind::Airlog, bench.options.rounds.into());
    let mut runs = vec![Run::of(Kind::Floor, bench)?];
    for kind in again.chain(bench.peers.iter().copied()) {
        runs.push(Run::of(kind, bench)?);
        runs.push(Run::of(Kind::Floor, bench)?);
    }
    Ok(runs)
}

/// How long the text of one of Airlog's frames is.
pub fn payload(rig: &Rig) -> anyhow::Result<usize> {
    let (mut server, mut crowd) = (Kind::Airlog.start(rig, 1)?, Crowd::new()?);
    crowd.grow_to(1, Kind::Airlog, &server)?;
    for _ in 0..FEW {
        crowd.are_told(&mut server, Order::Now(1), 1)?;
    }
    crowd.read();
    crowd.are_told(&mut server, Order::Now(1), 1)?;
    Ok(crowd.read().bytes - HEAD)
}
