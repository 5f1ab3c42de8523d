//! The demo's world: three people, and tracks so short that something happens while one looks.

use super::world::World;
use std::time::Duration;

/// Tracks of the catalogue last 150 to 290 s, those of the demo so many times less.
const BRIEFER: f64 = 7.5;

impl World {
    /// The world of the demo: a few people, and tracks of 20 to 40 s divided by `faster`, which is at least 1. Its
    /// history takes tracks as short as that.
    #[must_use]
    pub fn demo(seed: u64, faster: f64) -> Self {
        let mut world = Self::new(seed);
        for login in ["ann", "ben", "cleo"] {
            world.add_person(login);
        }
        world.catalogue = world.catalogue.briefer(BRIEFER * sensible(faster));
        world.history_rules.least_heard = Duration::from_secs(15).div_f64(sensible(faster));
        world
    }
}

/// From 1 to 1000 times as fast as life.
pub(super) fn sensible(faster: f64) -> f64 {
    if faster.is_finite() { faster.clamp(1.0, 1_000.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Instant;
    use crate::twins::{Act, Deed, Evening, apply};
    use chrono::{DateTime, TimeDelta};
    use std::collections::HashSet;

    fn start() -> Instant {
        DateTime::from_timestamp_millis(1_795_204_800_000).expect("an instant")
    }

    #[test]
    fn any_track_that_a_button_plays_lasts_as_long_as_the_evenings() {
        let mut world = World::demo(1, 2.0);
        let now = start();
        for _ in 0..100 {
            apply(&mut world, &Act::of("ann", Deed::PlayAny), now);
            apply(&mut world, &Act::of("ann", Deed::QueueAny), now);
            let playing = world.now_playing("ann", now).expect("music").item;
            let queued = world.waiting("ann", now).pop().expect("it waits");
            for item in [playing, queued] {
                assert!((10_000..=20_000).contains(&item.length.as_millis()), "{:?}", item.length);
            }
        }
    }

    #[test]
    fn ann_ben_and_cleo_have_an_evening_of_their_own_each() {
        let mut world = World::demo(1, 1.0);
        let names: Vec<&str> = world.persons().iter().map(|person| person.name.as_str()).collect();
        assert_eq!(names, ["Ann", "Ben", "Cleo"]);
        let mut evenings =
            [("ann", 1), ("ben", 2), ("cleo", 3)].map(|(login, seed)| (login, Evening::new(seed, 1.0)));
        let (mut now, mut together) = (start(), 0);
        for _ in 0..500 {
            now += TimeDelta::seconds(5);
            let titles: HashSet<String> = evenings
                .iter_mut()
                .map(|(login, evening)| {
                    evening.turn(&mut world, login, now);
                    world.now_playing(login, now).expect("music").item.kind.name().to_owned()
                })
                .collect();
            together += usize::from(titles.len() < 3);
        }
        assert!(together < 50, "the same music {together} times");
    }
}
