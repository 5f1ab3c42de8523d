//! The time that is measured.

use std::time::Instant;

/// Now.
#[expect(clippy::disallowed_methods, reason = "time itself is what is measured")]
pub fn now() -> Instant {
    Instant::now()
}
