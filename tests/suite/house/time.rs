//! Clocks that disagree: the one on the server's wall, and everybody's.

use super::House;
use chrono::TimeDelta;

impl House {
    /// Somebody sets the clock on the server's wall; what time it is does not change.
    pub fn sets_wall(&self, by: TimeDelta) {
        self.wall.as_ref().expect("a wall of its own").shift(by);
    }

    /// Time passes for everybody, while the server's machine sleeps.
    pub fn oversleeps(&self, by: TimeDelta) {
        self.clock.shift(by);
        self.sets_wall(by);
    }
}
