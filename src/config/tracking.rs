//! `[tracking]`: how players are followed.

use super::duration::Span;
use super::fields::Visit;
use super::kind::{Optional, Whole};
use std::time::Duration;

/// How players are followed. All durations are from 10 ms to 7 days.
#[derive(Debug, Clone)]
pub struct Tracking {
    /// The longest time between two looks at a player.
    pub poll_interval: Duration,
    /// How long after the expected end of a track the next one is looked for.
    pub probe_delay: Duration,
    /// The shortest time between two looks at a player, at most `poll_interval`.
    pub min_gap: Duration,
    /// How long one request to Spotify or Twitch may take.
    pub request_timeout: Duration,
    /// How long to keep away after a 429 that names no time.
    pub default_cooldown: Duration,
    /// How often the plays of a stream are compared with Spotify's recently-played.
    pub heal_interval: Duration,
    /// Within this time a stream that went offline and returns is the same stream.
    pub stream_grace: Duration,
    /// How often Twitch is asked who is live.
    pub reconcile_interval: Duration,
    /// Requests an hour for each Spotify client id, six at least. None: no budget.
    pub budget: Option<u32>,
}

impl Default for Tracking {
    fn default() -> Self {
        Self {
            poll_interval: Duration::from_mins(1),
            probe_delay: Duration::from_millis(1_500),
            min_gap: Duration::from_secs(5),
            request_timeout: Duration::from_secs(10),
            default_cooldown: Duration::from_mins(5),
            heal_interval: Duration::from_mins(10),
            stream_grace: Duration::from_mins(10),
            reconcile_interval: Duration::from_mins(1),
            budget: None,
        }
    }
}

impl Tracking {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        let budget = Optional::or("none", Whole { least: 6_u32, most: 100_000 });
        visit.field("tracking.poll_interval", &Span, &mut self.poll_interval);
        visit.field("tracking.probe_delay", &Span, &mut self.probe_delay);
        visit.field("tracking.min_gap", &Span, &mut self.min_gap);
        visit.field("tracking.request_timeout", &Span, &mut self.request_timeout);
        visit.field("tracking.default_cooldown", &Span, &mut self.default_cooldown);
        visit.field("tracking.heal_interval", &Span, &mut self.heal_interval);
        visit.field("tracking.stream_grace", &Span, &mut self.stream_grace);
        visit.field("tracking.reconcile_interval", &Span, &mut self.reconcile_interval);
        visit.field("tracking.budget", &budget, &mut self.budget);
    }
}
