//! When we learned of something: how soon others are told of it is measured from then, by a clock that nobody sets.

use std::time::Duration;
use tokio::time::Instant;

/// The moment in which something was learned.
#[derive(Debug, Clone, Copy)]
pub struct Learned(Instant);

impl Learned {
    /// Just now.
    #[must_use]
    pub fn now() -> Self {
        Self(Instant::now())
    }

    /// How long ago that was.
    #[must_use]
    pub fn ago(self) -> Duration {
        self.0.elapsed()
    }
}
