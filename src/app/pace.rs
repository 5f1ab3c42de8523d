//! How fast the rooms work, as the config says.

use crate::config::{Config, Tracking};
use crate::{live, retention};

/// The heart's.
pub(super) fn of_live(tracking: &Tracking) -> live::Pace {
    live::Pace {
        poll_interval: tracking.poll_interval,
        probe_delay: tracking.probe_delay,
        min_gap: tracking.min_gap,
        request_timeout: tracking.request_timeout,
        default_cooldown: tracking.default_cooldown,
        stream_grace: tracking.stream_grace,
        reconcile_interval: tracking.reconcile_interval,
        heal_interval: tracking.heal_interval,
        budget: tracking.budget,
    }
}

/// The sweep's.
pub(super) fn of_retention(config: &Config) -> retention::Pace {
    retention::Pace::of(config.retention.sweep_at, config.tracking.reconcile_interval)
}
