//! The demo evening: an endless list of short tracks, now and then a skip or a short pause. Pure: it says what is
//! done and how long to wait then; somebody else does it.

use super::act::Deed;
use super::world::{Cue, TrackRef, World};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::VecDeque;
use std::time::Duration;

/// So many tracks at the front of the catalogue are written by hand; the evening likes them.
const FAVOURITES: usize = 20;

/// Something to do, and how long to wait before the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// To be done first.
    pub deed: Deed,
    /// To be waited then.
    pub wait: Duration,
}

/// An endless evening of music for one listener: an iterator that never ends.
#[derive(Debug)]
pub struct Evening {
    dice: StdRng,
    speed: f64,
    playing: Cue,
    next: Cue,
    steps: VecDeque<Step>,
}

impl Evening {
    /// The evening of this seed. Tracks last 20 to 40 s divided by `faster`, which is at least 1.
    #[must_use]
    pub fn new(seed: u64, faster: f64) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let faster = sensible(faster);
        let playing = lasting(TrackRef(0), &mut dice, faster);
        let next = draw(&mut dice, faster, playing);
        let opening = Step { deed: Deed::PlayAll { cues: vec![playing, next] }, wait: Duration::ZERO };
        Self { dice, speed: faster, playing, next, steps: VecDeque::from([opening]) }
    }

    /// Plans the time of one track: the one after the next is queued while it plays.
    fn plan(&mut self) {
        let after = draw(&mut self.dice, self.speed, self.next);
        let length = Duration::from_millis(self.playing.millis.unwrap_or_default());
        let part = length.mul_f64(self.dice.random_range(0.3..0.7));
        let queue = Deed::Queue(after);
        match self.dice.random_range(0..10) {
            0 => self.steps.extend([step(queue, part), step(Deed::Skip, Duration::ZERO)]),
            1 => self.steps.extend([
                step(queue, part),
                step(Deed::Pause, Duration::from_secs(4).div_f64(self.speed)),
                step(Deed::Resume, length.saturating_sub(part)),
            ]),
            _ => self.steps.push_back(step(queue, length)),
        }
        (self.playing, self.next) = (self.next, after);
    }
}

impl Iterator for Evening {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        if self.steps.is_empty() {
            self.plan();
        }
        self.steps.pop_front()
    }
}

impl World {
    /// The world of the demo: a few people, and a history that takes tracks as short as the evening's.
    #[must_use]
    pub fn demo(seed: u64, faster: f64) -> Self {
        let mut world = Self::new(seed);
        for login in ["ann", "ben", "cleo"] {
            world.add_person(login);
        }
        world.history_rules.least_heard = Duration::from_secs(15).div_f64(sensible(faster));
        world
    }
}

/// From 1 to 1000 times as fast as life.
fn sensible(faster: f64) -> f64 {
    if faster.is_finite() { faster.clamp(1.0, 1_000.0) } else { 1.0 }
}

fn step(deed: Deed, wait: Duration) -> Step {
    Step { deed, wait }
}

/// A track that is not the one before it.
fn draw(dice: &mut StdRng, speed: f64, before: Cue) -> Cue {
    let favourite = dice.random_ratio(1, 3);
    let track = TrackRef(dice.random_range(0..if favourite { FAVOURITES } else { 300 }));
    if track == before.track { draw(dice, speed, before) } else { lasting(track, dice, speed) }
}

fn lasting(track: TrackRef, dice: &mut StdRng, speed: f64) -> Cue {
    Cue::lasting(track, Duration::from_millis(dice.random_range(20_000..=40_000)).div_f64(speed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twins::{Act, apply};
    use chrono::DateTime;
    use std::collections::HashSet;

    #[test]
    fn the_same_seed_is_the_same_evening_and_its_tracks_are_short() {
        let evening = |seed| Evening::new(seed, 2.0).take(200).collect::<Vec<_>>();
        assert_eq!(evening(3), evening(3));
        assert_ne!(evening(3), evening(4));
        for step in evening(3) {
            if let Deed::Queue(cue) = step.deed {
                assert!((10_000..=20_000).contains(&cue.millis.expect("a length")));
            }
        }
    }

    #[test]
    fn music_never_stops_in_two_hundred_steps_and_there_are_skips_and_pauses() {
        let mut world = World::demo(1, 1.0);
        let mut now = DateTime::from_timestamp_millis(1_795_204_800_000).expect("an instant");
        let (mut heard, mut deeds) = (HashSet::new(), HashSet::new());
        for step in Evening::new(1, 1.0).take(200) {
            deeds.insert(std::mem::discriminant(&step.deed));
            apply(&mut world, &Act::of("ann", step.deed), now);
            let scene = world.now_playing("ann", now).expect("something is on");
            heard.insert(scene.item.kind.name().to_owned());
            now += step.wait;
        }
        assert!(heard.len() > 80, "{} tracks", heard.len());
        assert_eq!(deeds.len(), 5, "an opening, queueing, skips, pauses and resumes");
    }
}
