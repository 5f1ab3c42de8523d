//! Whatever follows a streamer's player, and the loop that lets a day pass over it.

use crate::sky::Sky;
use airlog::base::clock::Instant;
use chrono::TimeDelta;

/// How long after everything is over reports may still come.
const AFTERMATH: TimeDelta = TimeDelta::hours(13);
/// No day has more events.
const MOST_EVENTS: u32 = 200_000;

/// A row of the list that a tracker has made.
#[derive(Debug, Clone)]
pub struct Row {
    pub uri: String,
    pub started_at: Instant,
    /// When viewers could first see it.
    pub noticed_at: Instant,
    /// Whether a look saw it, or it was reported afterwards.
    pub by_look: bool,
}

/// Follows a player.
pub trait Tracker {
    /// When it wants to be woken.
    fn due(&self) -> Option<Instant>;
    /// Its time has come.
    fn wake(&mut self, sky: &mut Sky, now: Instant);
    /// The process dies.
    fn dies(&mut self, _now: Instant) {}
    /// The process is started again.
    fn returns(&mut self, _now: Instant) {}
    /// The list at the end, in its order.
    fn rows(&self) -> Vec<Row>;
    /// Where it says that it does not know.
    fn gaps(&self) -> Vec<(Instant, Instant)> {
        Vec::new()
    }
}

/// Lets a day pass.
pub fn live(tracker: &mut dyn Tracker, sky: &mut Sky) {
    let end = sky.day().ends_at() + AFTERMATH;
    let mut now = sky.day().streams[0].0 - TimeDelta::minutes(1);
    for _ in 0..MOST_EVENTS {
        let death = sky.dies_at(now);
        let Some(next) = [tracker.due(), death].into_iter().flatten().min().filter(|at| *at <= end) else {
            return;
        };
        now = next.max(now);
        if Some(next) == death {
            tracker.dies(now);
            while let Some(until) = sky.dead_until(now) {
                now = until;
            }
            tracker.returns(now);
        } else {
            tracker.wake(sky, now);
        }
    }
    eprintln!("a day had more than {MOST_EVENTS} events");
}
