//! Time that goes on steadily although the machine's wall clock jumps: who is right is judged by others. Pure.
//!
//! A wall clock jumps when it is set, and when the machine has slept: then it is right, and what runs on steadily has
//! stood still. Neither can be told from here. So after a jump time goes on as before, until an answer from outside
//! says what time it is there; when none comes for a while, the wall clock is believed.

use super::clock::Instant;
use chrono::TimeDelta;
use std::time::Duration;

/// Less is no jump: clocks are slewed, and tasks wait for a processor.
const JUMP: TimeDelta = TimeDelta::seconds(2);
/// Others say whole seconds, and their answers take time.
const AGREEMENT: TimeDelta = TimeDelta::seconds(5);
/// So many answers in a row have to contradict a clock that has not jumped.
const WITNESSES: u32 = 3;
/// After so long without an answer a wall clock that has jumped is believed.
const PATIENCE: Duration = Duration::from_mins(2);

/// What is known of the wall clock.
#[derive(Debug, Clone, Default)]
pub struct Steady {
    /// What has to be added to the wall clock.
    correction: TimeDelta,
    /// What the wall clock said at the last reading, less the time that had passed.
    origin: Option<Instant>,
    /// Since when the wall clock is not to be believed by itself.
    doubt: Option<Duration>,
    /// By how much answers in a row have contradicted, and how many.
    dissent: Option<(TimeDelta, u32)>,
}

/// Something worth a line in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// The wall clock jumped by this; time goes on as before for now.
    Jumped(TimeDelta),
    /// From now on this is added to the wall clock.
    Corrected(TimeDelta),
}

impl Steady {
    /// A program that has just started: nothing is known of the wall clock yet.
    #[must_use]
    pub fn starting() -> Self {
        Self { doubt: Some(Duration::ZERO), ..Self::default() }
    }

    /// The time, when the wall clock says `wall` and so much time has `passed` on a clock that never jumps.
    pub fn now(&mut self, wall: Instant, passed: Duration) -> (Instant, Option<Remark>) {
        let origin = wall - passed;
        let jump = self.origin.replace(origin).map_or(TimeDelta::zero(), |before| origin - before);
        if jump.abs() > JUMP {
            self.correction -= jump;
            (self.doubt, self.dissent) = (Some(passed), None);
            return (wall + self.correction, Some(Remark::Jumped(jump)));
        }
        let tired = self.doubt.is_some_and(|since| passed.saturating_sub(since) > PATIENCE);
        let remark = if tired { self.correct(TimeDelta::zero()) } else { None };
        (wall + self.correction, remark)
    }

    /// Somebody to be trusted says what time it is there, to the second; they were asked so long ago.
    pub fn hear(&mut self, said: Instant, took: Duration, wall: Instant, passed: Duration) -> Option<Remark> {
        let (now, jumped) = self.now(wall, passed);
        // On the average it is half a second later than a clock says that shows whole ones.
        let said = said + TimeDelta::milliseconds(500);
        let off = said - now;
        if off.abs() <= AGREEMENT {
            // What was on its way when the wall clock jumped may be of the time before.
            self.doubt = self.doubt.filter(|since| passed.saturating_sub(took) < *since);
            self.dissent = None;
            return jumped;
        }
        let before = self.dissent.filter(|(other, _)| (*other - off).abs() <= AGREEMENT);
        let witnesses = before.map_or(1, |(_, witnesses)| witnesses + 1);
        self.dissent = Some((off, witnesses));
        if self.doubt.is_none() && witnesses < WITNESSES {
            return jumped;
        }
        let right = (said - wall).abs() <= AGREEMENT;
        self.correct(if right { TimeDelta::zero() } else { said - wall })
    }

    fn correct(&mut self, correction: TimeDelta) -> Option<Remark> {
        (self.doubt, self.dissent) = (None, None);
        let changed = std::mem::replace(&mut self.correction, correction) != correction;
        changed.then_some(Remark::Corrected(correction))
    }
}

#[cfg(test)]
mod tests;
