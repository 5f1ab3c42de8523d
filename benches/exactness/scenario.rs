//! What is measured: days, weather, and how the tracker is set.

use crate::airlog::Airlog;
use crate::baselines::{Simple, Timer};
use crate::explain::explain;
use crate::score::Score;
use crate::sky::Sky;
use crate::tracker::{Tracker, live};
use crate::weather::{Reports, fair, foul};
use airlog::base::clock::Instant;
use airlog::twins::{Mix, StreamDay};

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// With a budget of requests an hour, or the default.
    Airlog(Option<u32>),
    /// A baseline.
    Other(Timer),
}

/// How the days are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// The standard mix in fair weather.
    Standard(Reports),
    /// The same, faded.
    Faded,
    /// Everything that happens in an evening, in fair weather.
    Eventful,
    /// The same in foul weather.
    Foul,
    /// The standard mix in fair weather, on streams that break off and come back.
    Broken,
    /// Tracks of four minutes.
    FourMinutes,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scenario {
    pub days: Days,
    pub who: Who,
}

impl Scenario {
    /// How one day is scored.
    pub fn day(&self, seed: u64) -> Score {
        let (tracker, mut sky) = self.live(seed);
        Score::of(tracker.as_ref(), &mut sky)
    }

    /// What goes wrong on one day, in words; empty when nothing does.
    pub fn explain(&self, seed: u64) -> String {
        let (tracker, mut sky) = self.live(seed);
        explain(tracker.as_ref(), &mut sky)
    }

    /// Lives through one day.
    fn live(&self, seed: u64) -> (Box<dyn Tracker>, Sky) {
        let day = StreamDay::seeded(seed, &self.mix());
        let weather = match self.days {
            Days::Standard(reports) => fair(&day, reports, seed),
            Days::Foul => foul(&day, seed),
            Days::Faded | Days::Broken | Days::Eventful | Days::FourMinutes => fair(&day, Reports::All, seed),
        };
        let start = day.streams[0].0;
        let mut sky = Sky::over(day, weather, seed);
        let mut tracker = self.tracker(start);
        live(tracker.as_mut(), &mut sky);
        (tracker, sky)
    }

    fn mix(&self) -> Mix {
        match self.days {
            Days::Standard(_) => Mix::standard(),
            Days::Faded => Mix::faded(),
            Days::Broken => Mix::broken(),
            Days::Eventful | Days::Foul => Mix::eventful(),
            Days::FourMinutes => Mix::four_minutes(),
        }
    }

    fn tracker(&self, start: Instant) -> Box<dyn Tracker> {
        match self.who {
            Who::Airlog(limit) => Box::new(Airlog::new(limit, start)),
            Who::Other(timer) => Box::new(Simple::new(timer, start)),
        }
    }

    pub fn name(self) -> String {
        format!("{}: {}", self.days.name(), self.who.name())
    }
}

impl Days {
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard(Reports::All) => "fair, all reported",
            Self::Standard(Reports::NoSkips) => "fair, skips omitted",
            Self::Faded => "fair, crossfades",
            Self::Broken => "fair, broken streams",
            Self::Eventful => "fair, eventful",
            Self::Foul => "foul, eventful",
            Self::FourMinutes => "four-minute tracks",
        }
    }
}

impl Who {
    pub fn name(self) -> String {
        match self {
            Self::Airlog(None) => "Airlog".to_owned(),
            Self::Airlog(Some(limit)) => format!("Airlog, budget {limit}"),
            Self::Other(Timer::Fixed) => "fixed 60 s".to_owned(),
            Self::Other(Timer::AfterTheEnd) => "end + 30 s".to_owned(),
        }
    }
}
