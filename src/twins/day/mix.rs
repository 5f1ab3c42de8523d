//! What a day is mixed of.

use rand::RngExt as _;
use rand::rngs::StdRng;
use std::ops::RangeInclusive;
use std::time::Duration;

/// Shares and lengths. Lengths are in milliseconds, shares in per mille of all tracks.
#[derive(Debug, Clone)]
pub struct Mix {
    /// How long tracks are.
    pub length: RangeInclusive<u64>,
    /// How many are skipped.
    pub skipped: u32,
    /// After how long.
    pub skipped_after: RangeInclusive<u64>,
    /// How many are followed or interrupted by something else: a pause, a seek, an advert, a podcast, a file, a private
    /// session, another device, silence, a repeat, a look into another track.
    pub incidents: u32,
    /// Whether players fade, each by its own constant.
    pub fades: bool,
    /// Whether each stream breaks off once and comes back within ten minutes.
    pub breaks: bool,
}

impl Mix {
    /// 70 % natural ends of 90 to 420 s, 30 % skipped after 2 to 120 s.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            length: 90_000..=420_000,
            skipped: 300,
            skipped_after: 2_000..=120_000,
            incidents: 0,
            fades: false,
            breaks: false,
        }
    }

    /// The same with a crossfade of 0 to 12 s, constant for each streamer.
    #[must_use]
    pub fn faded() -> Self {
        Self { fades: true, ..Self::standard() }
    }

    /// The same with everything else that happens in an evening.
    #[must_use]
    pub fn eventful() -> Self {
        Self { incidents: 150, fades: true, ..Self::standard() }
    }

    /// The same on streams that break off and come back soon enough to be the same stream.
    #[must_use]
    pub fn broken() -> Self {
        Self { breaks: true, ..Self::standard() }
    }

    /// Nothing but tracks of four minutes, heard to their end.
    #[must_use]
    pub fn four_minutes() -> Self {
        Self { length: 240_000..=240_000, skipped: 0, ..Self::standard() }
    }

    /// The same with all lengths so many times shorter, without incidents.
    pub(super) fn scaled(&self, times: i32) -> Self {
        let by = u64::from(times.unsigned_abs().max(1));
        let shorter = |range: &RangeInclusive<u64>| *range.start() / by..=*range.end() / by;
        let (length, skipped_after) = (shorter(&self.length), shorter(&self.skipped_after));
        Self { length, skipped_after, incidents: 0, fades: false, ..self.clone() }
    }

    pub(super) fn crossfade(&self, dice: &mut StdRng) -> Duration {
        let fades = self.fades && dice.random_ratio(2, 3);
        Duration::from_millis(if fades { dice.random_range(0..=12_000) } else { 0 })
    }
}
