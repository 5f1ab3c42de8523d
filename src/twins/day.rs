//! Seeded stream-days: what a streamer does from before the first stream of a day until after the last, as acts with
//! their instants. The same seed is the same day, so that trackers can be compared on it.

mod listener;
mod mix;

pub use mix::Mix;

use super::act::Deed;
use super::world::BroadcastKind;
use crate::base::clock::Instant;
use chrono::{DateTime, TimeDelta};
use listener::Listener;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::time::Duration;

/// How long music plays before the first stream and after the last.
const AROUND: TimeDelta = TimeDelta::minutes(5);
/// Who comes back sooner goes on with the same stream.
const GRACE: TimeDelta = TimeDelta::minutes(10);
/// New year's morning; days are spread over the year from here, through both changes of the clocks.
const NEW_YEAR: i64 = 1_767_225_600;

/// From when to when.
pub(super) type Span = (Instant, Instant);

/// What happens on one day.
#[derive(Debug, Clone)]
pub struct StreamDay {
    /// From when to when each stream is on air.
    pub streams: Vec<Span>,
    /// Who does what when, in order; going live and offline too.
    pub acts: Vec<(Instant, Deed)>,
    /// How long before its end a track gives way to the next.
    pub crossfade: Duration,
    /// From when to when the session was private.
    pub private: Vec<Span>,
}

impl StreamDay {
    /// The day of this seed.
    #[must_use]
    pub fn seeded(seed: u64, mix: &Mix) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut streams = streams(&mut dice);
        if mix.breaks {
            streams = streams.into_iter().flat_map(|stream| broken(stream, &mut dice)).collect();
        }
        Self::around(streams, AROUND, dice, mix)
    }

    /// A single stream from `start` on, of this length, with time scaled down so many times.
    #[must_use]
    pub fn slice(seed: u64, mix: &Mix, start: Instant, length: TimeDelta, times: i32) -> Self {
        let dice = StdRng::seed_from_u64(seed);
        Self::around(vec![(start, start + length)], AROUND / times, dice, &mix.scaled(times))
    }

    fn around(streams: Vec<(Instant, Instant)>, around: TimeDelta, mut dice: StdRng, mix: &Mix) -> Self {
        let crossfade = mix.crossfade(&mut dice);
        let (first, last) = (streams[0].0 - around, streams[streams.len() - 1].1 + around);
        let mut listener = Listener::new(dice, mix.clone(), crossfade, first);
        listener.listen_until(last);
        let (mut acts, private) = listener.day();
        for (from, to) in &streams {
            acts.push((*from, Deed::GoLive { kind: BroadcastKind::Live }));
            acts.push((*to, Deed::GoOffline));
        }
        acts.sort_by_key(|(at, _)| *at);
        Self { streams, acts, crossfade, private }
    }

    /// The streams, those that came back within ten minutes as one.
    #[must_use]
    pub fn spells(&self) -> Vec<Span> {
        let mut spells: Vec<Span> = Vec::new();
        for (from, to) in &self.streams {
            match spells.last_mut().filter(|last| *from - last.1 < GRACE) {
                Some(last) => last.1 = *to,
                None => spells.push((*from, *to)),
            }
        }
        spells
    }

    /// When everything is over.
    #[must_use]
    pub fn ends_at(&self) -> Instant {
        self.acts.last().map_or(DateTime::UNIX_EPOCH, |(at, _)| *at)
    }

    /// For how long the day is on air.
    #[must_use]
    pub fn on_air(&self) -> TimeDelta {
        self.streams.iter().map(|(from, to)| *to - *from).sum()
    }
}

/// Two to twelve hours on air; one day in five in two streams.
fn streams(dice: &mut StdRng) -> Vec<Span> {
    let start = NEW_YEAR + dice.random_range(0..365 * 86_400);
    let start = DateTime::from_timestamp(start, 0).unwrap_or(DateTime::UNIX_EPOCH);
    let length = TimeDelta::minutes(dice.random_range(120..=720));
    if !dice.random_ratio(1, 5) {
        return vec![(start, start + length)];
    }
    let (middle, pause) = (start + length / 2, TimeDelta::minutes(dice.random_range(15..=120)));
    vec![(start, middle), (middle + pause, middle + pause + length / 2)]
}

/// Off air for one to nine minutes, somewhere between the first quarter and the last.
fn broken((from, to): Span, dice: &mut StdRng) -> [Span; 2] {
    let length = (to - from).num_seconds();
    let off = from + TimeDelta::seconds(dice.random_range(length / 4..length * 3 / 4));
    let on = off + TimeDelta::seconds(dice.random_range(60..=540));
    [(from, off), (on, to)]
}

#[cfg(test)]
mod tests;
