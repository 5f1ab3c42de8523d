//! Floor 0: what every room stands on. Clocks, ids, sealing, backoff, guards against panics. No I/O beyond the
//! system's clock and randomness, no knowledge of streams or tracks.

pub mod backoff;
pub mod clock;
pub mod guard;
pub mod host;
pub mod id;
pub mod local_day;
pub mod mishap;
pub mod revisions;
pub mod seal;
pub mod steady;
pub mod steady_clock;
pub mod together;
pub mod token;
