//! What else is done: a fixed timer, and "next poll at track end + 30 s". Both know exactly when the stream is on.

use crate::sky::Sky;
use crate::tracker::{Row, Tracker};
use airlog::base::clock::Instant;
use airlog::live::model::Sight;
use chrono::TimeDelta;

const MINUTE: TimeDelta = TimeDelta::seconds(60);

/// When such a tracker looks next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// Each minute.
    Fixed,
    /// Half a minute after the track should have ended.
    AfterTheEnd,
}

/// Records what it sees when it differs from the last row.
pub struct Simple {
    timer: Timer,
    due: Instant,
    rows: Vec<Row>,
    /// Whether the last row is of a stream that is over.
    fresh: bool,
}

impl Simple {
    pub fn new(timer: Timer, start: Instant) -> Self {
        Self { timer, due: start + phase(start), rows: Vec::new(), fresh: true }
    }

    fn record(&mut self, sight: &Sight, at: Instant) {
        let same = self.rows.last().is_some_and(|row| row.uri == sight.track.uri) && !self.fresh;
        if sight.is_playing && !same {
            self.fresh = false;
            let uri = sight.track.uri.clone();
            self.rows.push(Row { uri, started_at: at, noticed_at: at, by_look: true });
        }
    }
}

/// Timers do not begin with the stream: else they would keep step with tracks of whole minutes.
fn phase(start: Instant) -> TimeDelta {
    const SPREAD: i64 = 7_919;
    TimeDelta::milliseconds((start.timestamp() % 86_400 * SPREAD) % MINUTE.num_milliseconds())
}

impl Tracker for Simple {
    fn due(&self) -> Option<Instant> {
        Some(self.due)
    }

    fn wake(&mut self, sky: &mut Sky, now: Instant) {
        self.due = now + MINUTE;
        if !sky.on_air(now) {
            self.fresh = true;
            return;
        }
        let answer = sky.look(now);
        let Ok(Some(sight)) = answer.says else { return };
        self.record(&sight, answer.at);
        if let (Timer::AfterTheEnd, true) = (self.timer, sight.is_playing) {
            let left = TimeDelta::milliseconds(sight.track.duration_ms - sight.progress_ms);
            self.due = answer.at + left + TimeDelta::seconds(30);
        }
    }

    fn returns(&mut self, now: Instant) {
        self.due = now;
    }

    fn rows(&self) -> Vec<Row> {
        self.rows.clone()
    }
}
