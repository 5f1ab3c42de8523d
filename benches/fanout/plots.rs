//! The two plots in `docs/`: how soon the last viewer has a frame, and what all viewers cost, by how many there are.

use crate::measure::{Bench, Latency, Session};
use crate::plot::{Axis, Look, Plot, Point, Series, Shape};
use crate::servers::Kind;
use airlog::twins::score::real;
use std::path::Path;

/// How many viewers there are at each point; the last is as many as the bench is told.
const SIZES: [usize; 4] = [500, 2_000, 5_000, 10_000];
const FRAMES: usize = 40;

/// Who was measured, with how many viewers, what it took until the last had a frame, and what all cost.
struct Curve {
    kind: Kind,
    points: Vec<Measure>,
}

struct Measure {
    viewers: usize,
    millis: f64,
    megabytes: f64,
}

/// Measures at several numbers of viewers and draws.
pub fn draw(bench: &Bench) -> anyhow::Result<()> {
    let kinds = [Kind::Floor, Kind::Airlog].into_iter().chain(bench.peers.iter().copied());
    let curves = kinds.map(|kind| Curve::of(kind, bench)).collect::<anyhow::Result<Vec<Curve>>>()?;
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    std::fs::write(docs.join("fanout-latency.svg"), latency(&curves).svg())?;
    std::fs::write(docs.join("fanout-memory.svg"), memory(&curves).svg())?;
    Ok(())
}

impl Curve {
    fn of(kind: Kind, bench: &Bench) -> anyhow::Result<Self> {
        let most = bench.subscribers;
        let sizes = SIZES.into_iter().filter(|size| *size < most).chain([most]);
        let mut session = Session::start(kind, 1, bench)?;
        let points = sizes.map(|viewers| Measure::of(&mut session, viewers));
        Ok(Self { kind, points: points.collect::<anyhow::Result<_>>()? })
    }

    fn series(&self, read: fn(&Measure) -> f64, most: [f64; 2]) -> Series {
        let point = |measure: &Measure| (real(measure.viewers) / most[0], read(measure) / most[1]);
        let points: Vec<Point> = self.points.iter().map(point).collect();
        Series { name: self.kind.name().to_owned(), look: look(self.kind), points }
    }
}

impl Measure {
    fn of(session: &mut Session, viewers: usize) -> anyhow::Result<Self> {
        session.grow_to(viewers)?;
        let megabytes = session.memory()? / 1e6;
        let millis = Latency::of(session.latencies(FRAMES)?).p50;
        eprintln!("{}: {viewers} viewers, {millis:.1} ms, {megabytes:.1} MB", session.kind.name());
        Ok(Self { viewers, millis, megabytes })
    }
}

fn look(kind: Kind) -> Look {
    let (shape, full) = match kind {
        Kind::Floor => (Shape::Circle, false),
        Kind::Airlog => (Shape::Circle, true),
        Kind::Nchan => (Shape::Square, true),
        Kind::Ws => (Shape::Diamond, true),
        Kind::Tasks => (Shape::Square, false),
        Kind::WideTasks => (Shape::Diamond, false),
    };
    Look { ours: kind == Kind::Airlog, full, joined: true, shape }
}

fn latency(curves: &[Curve]) -> Plot {
    Plot {
        title: "How soon the last viewer has a frame",
        subtitle: "Medians; one core for the server, another for all viewers.".to_owned(),
        description: "The time until the last viewer has a frame, by how many viewers there are, for a bare loop that \
            writes to sockets, for Airlog, and for others.",
        ..plot(curves, "milliseconds", |measure| measure.millis)
    }
}

fn memory(curves: &[Curve]) -> Plot {
    Plot {
        title: "What viewers who wait cost",
        subtitle: "Memory of the server beyond what it holds with one viewer.".to_owned(),
        description: "The memory of the server by how many viewers there are, for a bare loop that writes to sockets, \
            for Airlog, and for others.",
        ..plot(curves, "megabytes", |measure| measure.megabytes)
    }
}

fn plot(curves: &[Curve], label: &'static str, read: fn(&Measure) -> f64) -> Plot {
    let largest = |read: fn(&Measure) -> f64| {
        curves.iter().flat_map(|curve| &curve.points).map(read).fold(1.0, f64::max)
    };
    let [x, y] = [largest(|measure| real(measure.viewers)), largest(read)].map(Scale::up_to);
    Plot {
        title: "",
        subtitle: String::new(),
        description: "",
        x: Axis { label: "viewers", ticks: x.ticks() },
        y: Axis { label, ticks: y.ticks() },
        series: curves.iter().map(|curve| curve.series(read, [x.end, y.end])).collect(),
        notes: Vec::new(),
        ring: None,
    }
}

/// From nothing to a round number.
struct Scale {
    step: f64,
    end: f64,
}

impl Scale {
    fn up_to(most: f64) -> Self {
        let ten = 10_f64.powf((most / 4.0).log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0].map(|step| step * ten).into_iter().find(|step| step * 5.0 >= most);
        let step = step.unwrap_or(10.0 * ten);
        Self { step, end: step * (most / step).ceil() }
    }

    fn ticks(&self) -> Vec<(f64, String)> {
        let values = (0_u8..=10).map(|count| f64::from(count) * self.step);
        let within = values.take_while(|value| *value <= self.end * 1.001);
        within.map(|value| (value / self.end, value.to_string())).collect()
    }
}
