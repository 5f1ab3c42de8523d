//! What goes wrong when: a pure function of a seed, so that a bad evening can be lived once more.

use airlog::twins::{FaultKind, RetryAfter};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::time::Duration;

/// How long the program is left in peace when it begins, and before the end.
const PEACE: u64 = 3_000;
/// Of ten kills, the one after which the program stays away for long, and the one in whose shadow a stream ends.
const LONG: usize = 4;
const ENDING: usize = 9;

/// An evening of this length knows one outage that outlasts whatever waits for a database.
const LONG_EVENING: Duration = Duration::from_mins(5);
const LONG_OUTAGE: Duration = Duration::from_secs(65);

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The program is killed and stays away for a while, in which a stream may end.
    Kill { away: Duration, a_stream_ends: bool },
    /// The program stands still.
    Freeze { lasts: Duration },
    /// The program is asked to stop, and started again.
    Restart,
    /// Spotify's Web API answers so.
    Spotify { kind: FaultKind, lasts: Duration },
    /// Twitch's Get Streams answers so.
    Twitch { kind: FaultKind, lasts: Duration },
    /// A wire does its work badly.
    Wire { place: Place, how: How, lasts: Duration },
    /// The file is locked by somebody else, or the server cannot be reached.
    Database { lasts: Duration },
}

/// Between whom a wire lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Spotify,
    Twitch,
    Viewers,
}

/// What is wrong with a wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Slow(Duration),
    /// Breaks connections after so many pieces in a thousand.
    Loses(u32),
    Cut,
    Stalled,
    HalfOpen,
}

impl Fault {
    /// Whether it befalls the program itself, rather than what is around it.
    pub fn is_blow(self) -> bool {
        matches!(self, Self::Kill { .. } | Self::Freeze { .. } | Self::Restart)
    }
}

/// When what goes wrong, counted from the beginning. All kills fall into the time until `storm`; the rest has no end.
pub fn schedule(seed: u64, length: Duration, storm: Duration, kills: usize) -> Vec<(Duration, Fault)> {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut faults = blows(&mut dice, storm, kills);
    faults.extend(weather(&mut dice, length));
    faults.sort_by_key(|(at, _)| *at);
    faults
}

fn blows(dice: &mut StdRng, storm: Duration, kills: usize) -> Vec<(Duration, Fault)> {
    let slot = (whole(storm) - 2 * PEACE) / kills as u64;
    let mut faults = Vec::new();
    for number in 0..kills {
        let begins = PEACE + slot * number as u64;
        faults.push((between(dice, begins..begins + slot / 3), kill(dice, number)));
        if number % 10 == 6 {
            let lasts = between(dice, 1_000..2_500);
            faults.push((Duration::from_millis(begins + slot / 2), Fault::Freeze { lasts }));
        }
        if number % 10 == 2 {
            faults.push((Duration::from_millis(begins + slot * 3 / 4), Fault::Restart));
        }
    }
    faults
}

fn kill(dice: &mut StdRng, number: usize) -> Fault {
    let away = match number % 10 {
        LONG => 6_500..8_000,
        ENDING => 1_200..2_000,
        _ => 100..1_200,
    };
    Fault::Kill { away: between(dice, away), a_stream_ends: number % 10 == ENDING }
}

/// Every few seconds something around the program is not as it should be for a moment.
fn weather(dice: &mut StdRng, length: Duration) -> Vec<(Duration, Fault)> {
    let (mut at, end) = (PEACE, whole(length) - 2 * PEACE);
    let mut faults = Vec::new();
    while at < end {
        faults.push((Duration::from_millis(at), trouble(dice)));
        at += dice.random_range(3_000..8_000);
    }
    if length >= LONG_EVENING {
        faults.push((length.mul_f64(0.6), Fault::Database { lasts: LONG_OUTAGE }));
    }
    faults
}

fn trouble(dice: &mut StdRng) -> Fault {
    let lasts = between(dice, 400..2_500);
    match dice.random_range(0..10) {
        0..3 => spotify(dice, lasts),
        3 => Fault::Twitch { kind: pick(dice, &[FaultKind::Status(503), FaultKind::Empty]), lasts },
        4..6 => Fault::Database { lasts },
        _ => Fault::Wire {
            place: pick(dice, &[Place::Spotify, Place::Twitch, Place::Viewers]),
            how: how(dice),
            lasts,
        },
    }
}

/// A rate limit lasts as long as it says, in whole seconds.
fn spotify(dice: &mut StdRng, lasts: Duration) -> Fault {
    let kind = pick(
        dice,
        &[
            FaultKind::RateLimited(RetryAfter::Seconds(1)),
            FaultKind::RateLimited(RetryAfter::Seconds(2)),
            FaultKind::Status(500),
            FaultKind::Status(503),
            FaultKind::Hang,
            FaultKind::Nonsense,
            FaultKind::Torn,
            FaultKind::Html,
        ],
    );
    match kind {
        FaultKind::RateLimited(RetryAfter::Seconds(seconds)) => {
            Fault::Spotify { kind, lasts: Duration::from_secs(seconds) }
        }
        kind => Fault::Spotify { kind, lasts },
    }
}

fn how(dice: &mut StdRng) -> How {
    let late = between(dice, 20..150);
    pick(dice, &[How::Slow(late), How::Loses(200), How::Cut, How::Stalled, How::HalfOpen])
}

fn pick<T: Copy>(dice: &mut StdRng, from: &[T]) -> T {
    from[dice.random_range(0..from.len())]
}

fn between(dice: &mut StdRng, millis: std::ops::Range<u64>) -> Duration {
    Duration::from_millis(dice.random_range(millis))
}

fn whole(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).expect("no evening is that long")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENING: Duration = Duration::from_mins(2);

    #[test]
    fn the_same_seed_is_the_same_evening_and_another_seed_another() {
        let told = |seed| schedule(seed, EVENING, EVENING, 20);
        assert_eq!(told(7), told(7));
        assert_ne!(told(7), told(8));
    }

    #[test]
    fn an_evening_has_its_kills_in_order_and_leaves_the_end_in_peace() {
        for seed in 0..200 {
            let faults = schedule(seed, EVENING, EVENING, 20);
            let kills = faults.iter().filter(|(_, fault)| matches!(fault, Fault::Kill { .. })).count();
            assert_eq!(kills, 20);
            assert!(faults.is_sorted_by_key(|(at, _)| *at));
            assert!(faults.iter().all(|(at, _)| *at + Duration::from_millis(PEACE) < EVENING));
        }
    }
}
