//! When to look, and how long to wait: what no config says, because only tests change it.

use crate::base::backoff::Backoff;
use std::time::Duration;

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often the webhook subscriptions are compared with what Twitch has (1 h). A streamer whose grant was lost is
    /// tried as often again.
    pub check: Duration,
    /// How long to wait after a failure (1 s, up to 2 min).
    pub retry: Backoff,
    /// How long a connection and its welcome may take (10 s).
    pub hello: Duration,
    /// How much longer than it says a socket may be silent (2 s).
    pub slack: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            check: Duration::from_hours(1),
            retry: Backoff { first: Duration::from_secs(1), most: Duration::from_mins(2) },
            hello: Duration::from_secs(10),
            slack: Duration::from_secs(2),
        }
    }
}
