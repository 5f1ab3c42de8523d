//! When to look: the part of the configuration that the heart follows.

use super::ask::TRIES;
use super::rules::Timing;
use chrono::TimeDelta;
use std::time::Duration;

/// What Spotify forbids is tried again after so many intervals: hourly, when a player is looked at each minute.
const STANDSTILL_POLLS: u32 = 60;
/// So many of the shortest times between two looks lie between two tests of a link: half a minute, by default.
const TEST_GAPS: u32 = 6;

/// When to look at players and at Twitch.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The longest time between two looks.
    pub poll_interval: Duration,
    /// How long after the expected end of a track the probe comes.
    pub probe_delay: Duration,
    /// The shortest time between two looks.
    pub min_gap: Duration,
    /// How long one call may take.
    pub request_timeout: Duration,
    /// How long to wait after a 429 that names no time.
    pub default_cooldown: Duration,
    /// How often what Spotify reports is compared with the list.
    pub heal_interval: Duration,
    /// Requests an hour for each client id.
    pub budget: Option<u32>,
    /// How long a break may last within one stream.
    pub stream_grace: Duration,
    /// How often reconciling runs when nothing happens.
    pub reconcile_interval: Duration,
}

impl Pace {
    /// The shortest time between two tests of a link.
    pub(super) fn test_gap(&self) -> TimeDelta {
        delta(self.min_gap.saturating_mul(TEST_GAPS))
    }

    /// The same for the rules.
    pub(super) fn timing(&self) -> Timing {
        Timing {
            poll_interval: delta(self.poll_interval),
            probe_delay: delta(self.probe_delay),
            min_gap: delta(self.min_gap),
            default_cooldown: delta(self.default_cooldown),
            standstill: delta(self.poll_interval * STANDSTILL_POLLS),
            // Two rounds of tries (before and after a refresh), the refresh, and the waits between.
            lost_after: delta(self.request_timeout * (2 * TRIES + 1) + Duration::from_secs(20)),
        }
    }
}

/// A duration for the arithmetic of instants.
pub(super) fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
