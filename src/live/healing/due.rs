//! When a stream is healed next. Reports come late, so a stream is healed for hours after its end.

use crate::base::clock::Instant;
use crate::live::model::Stream;
use chrono::TimeDelta;

/// How many heal intervals after its end a stream is healed again: 10 minutes, an hour, 4 hours, 12 hours.
const AFTER_THE_END: [i32; 4] = [1, 6, 24, 72];

/// The next time after `now`; none when everything that can be known of a stream is known.
#[must_use]
pub fn next_at(stream: &Stream, heal_interval: TimeDelta, now: Instant) -> Option<Instant> {
    let Some(ended_at) = stream.ended_at else { return Some(now + heal_interval) };
    AFTER_THE_END.into_iter().map(|intervals| ended_at + heal_interval * intervals).find(|at| *at > now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::healing::tests::{at, stream};

    #[test]
    fn a_stream_is_healed_each_interval_and_four_times_after_its_end() {
        let interval = TimeDelta::minutes(10);
        let ended = Stream { ended_at: Some(at(0)), ..stream() };
        let next = |seconds| next_at(&ended, interval, at(seconds));
        assert_eq!(next_at(&stream(), interval, at(0)), Some(at(600)));
        assert_eq!(next(0), Some(at(600)));
        assert_eq!(next(600), Some(at(3_600)));
        assert_eq!(next(3_600), Some(at(4 * 3_600)));
        assert_eq!(next(4 * 3_600), Some(at(12 * 3_600)));
        assert_eq!(next(12 * 3_600), None);
    }
}
