//! What goes wrong in an evening, and when: made from a seed, so that an evening that went wrong can be had again.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use std::time::Duration;

/// Something that goes wrong, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// `kill -9`, and a start after that time.
    Killed,
    /// SIGTERM, and a start at once.
    Restarted,
    /// SIGSTOP, and SIGCONT after that time.
    Frozen,
    /// Spotify asks everybody to wait.
    RateLimit,
    /// Spotify answers with this status.
    Status(u16),
    /// Spotify answers with something else than JSON.
    Nonsense,
    /// Spotify takes calls and says nothing.
    Hang,
    /// Something is wrong with a wire.
    Wire(Line, Weather),
    /// The database cannot be written.
    Database,
    /// A file from the streamer's disk is put on: nothing is wrong, but Spotify will never tell of it.
    LocalFile,
}

/// Between whom a wire is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Spotify,
    Twitch,
    Viewers,
}

/// How a wire misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    Cut,
    Stalled,
    HalfOpen,
    Late,
    Lossy,
}

/// One entry of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// When, from the beginning of the stream.
    pub at: Duration,
    /// What.
    pub trouble: Trouble,
    /// For how long.
    pub lasts: Duration,
}

/// How much goes wrong.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// How long the stream is.
    pub length: Duration,
    /// How often the program is killed.
    pub kills: u32,
    /// All of them within this first part of the stream, so that the last life of the program is long.
    pub killed_for: Duration,
}

/// Troubles come so far apart.
const APART: Duration = Duration::from_millis(2_500);

impl Measure {
    /// What goes wrong in an evening of this seed, in order.
    pub fn plan(self, seed: u64) -> Vec<Entry> {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut plan = self.ends(&mut dice);
        let others = u32::try_from(self.length.as_millis() / APART.as_millis()).unwrap_or(u32::MAX);
        plan.extend((0..others).map(|number| {
            let at = APART * number + APART.mul_f64(dice.random());
            Entry { at, trouble: trouble(&mut dice), lasts: millis(&mut dice, 200, 3_000) }
        }));
        plan.sort_by_key(|entry| entry.at);
        plan
    }

    /// When the program's lives end: spread evenly, with some chance.
    fn ends(self, dice: &mut StdRng) -> Vec<Entry> {
        let span = self.killed_for / (self.kills + 1);
        let mut ends: Vec<Entry> = (0..=self.kills)
            .map(|number| Entry {
                at: span * number + span.mul_f64(dice.random_range(0.2..0.8)),
                trouble: Trouble::Killed,
                lasts: millis(dice, 50, 2_000),
            })
            .collect();
        let graceful = dice.random_range(0..ends.len());
        ends[graceful].trouble = Trouble::Restarted;
        ends
    }
}

fn millis(dice: &mut StdRng, least: u64, most: u64) -> Duration {
    Duration::from_millis(dice.random_range(least..=most))
}

fn trouble(dice: &mut StdRng) -> Trouble {
    match dice.random_range(0..100) {
        0..8 => Trouble::Frozen,
        8..14 => Trouble::RateLimit,
        14..22 => Trouble::Status(*[500, 502, 503].choose(dice).unwrap_or(&500)),
        22..26 => Trouble::Nonsense,
        26..32 => Trouble::Hang,
        32..46 => Trouble::Database,
        46..58 => Trouble::LocalFile,
        _ => Trouble::Wire(line(dice), weather(dice)),
    }
}

fn line(dice: &mut StdRng) -> Line {
    *[Line::Spotify, Line::Twitch, Line::Viewers, Line::Viewers].choose(dice).unwrap_or(&Line::Viewers)
}

fn weather(dice: &mut StdRng) -> Weather {
    let all = [Weather::Cut, Weather::Stalled, Weather::HalfOpen, Weather::Late, Weather::Lossy];
    *all.choose(dice).unwrap_or(&Weather::Cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENING: Measure =
        Measure { length: Duration::from_mins(2), kills: 20, killed_for: Duration::from_secs(110) };

    #[test]
    fn a_seed_is_an_evening_and_another_is_another() {
        assert_eq!(EVENING.plan(1), EVENING.plan(1));
        assert_ne!(EVENING.plan(1), EVENING.plan(2));
    }

    #[test]
    fn an_evening_has_all_its_kills_in_order_and_a_quiet_end() {
        let plan = EVENING.plan(7);
        assert!(plan.is_sorted_by_key(|entry| entry.at));
        let ends: Vec<&Entry> = plan
            .iter()
            .filter(|entry| matches!(entry.trouble, Trouble::Killed | Trouble::Restarted))
            .collect();
        assert_eq!(ends.len(), 21);
        assert!(ends.iter().all(|end| end.at < Duration::from_secs(110)), "{ends:?}");
    }
}
