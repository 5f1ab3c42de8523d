//! A day is a day: the music goes on as the listener thinks it does.

use super::*;
use crate::twins::{Act, World, apply, truth};
use std::collections::HashSet;

fn lived(seed: u64, mix: &Mix) -> (StreamDay, World) {
    let (day, mut world) = (StreamDay::seeded(seed, mix), World::new(1));
    world.set_crossfade("ann", day.crossfade, day.acts[0].0);
    for (at, deed) in &day.acts {
        apply(&mut world, &Act::of("ann", deed.clone()), *at);
    }
    (day, world)
}

#[test]
fn the_same_seed_is_the_same_day() {
    let acts = |seed| StreamDay::seeded(seed, &Mix::eventful()).acts;
    assert_eq!(acts(3), acts(3));
    assert_ne!(acts(3), acts(4));
}

#[test]
fn the_music_never_stops_in_a_standard_day_and_a_third_is_skipped() {
    for seed in 0..20 {
        let (day, mut world) = lived(seed, &Mix::faded());
        let heard = world.heard("ann", day.ends_at()).to_vec();
        assert!(heard.windows(2).all(|pair| pair[0].ended_at == pair[1].started_at), "day {seed}");
        let skipped = heard.iter().filter(|play| play.skipped).count();
        assert!((heard.len() / 6..heard.len() / 2).contains(&skipped), "{skipped} of {}", heard.len());
    }
}

#[test]
fn an_eventful_day_has_all_sorts_of_things_in_it() {
    let kinds: HashSet<_> = (0..10)
        .flat_map(|seed| StreamDay::seeded(seed, &Mix::eventful()).acts)
        .map(|(_, deed)| std::mem::discriminant(&deed))
        .collect();
    assert!(kinds.len() >= 14, "{}", kinds.len());
}

#[test]
fn the_truth_is_what_was_heard_on_air_with_equal_neighbours_as_one() {
    let (day, mut world) = lived(5, &Mix::eventful());
    let plays = truth(world.heard("ann", day.ends_at()), &day);
    let on_air: Vec<_> = plays.iter().filter(|play| play.on_air > Duration::ZERO).collect();
    assert!(on_air.len() > 20);
    assert!(
        on_air.windows(2).all(|pair| pair[0].uri != pair[1].uri && pair[0].started_at <= pair[1].started_at)
    );
}

#[test]
fn a_stream_that_comes_back_within_ten_minutes_is_one_and_what_was_heard_off_air_does_not_count() {
    for seed in 0..20 {
        let (day, mut world) = lived(seed, &Mix::broken());
        let spells = day.spells();
        assert_eq!(day.streams.len(), 2 * spells.len(), "day {seed}");
        let plays = truth(world.heard("ann", day.ends_at()), &day);
        let in_a_spell = |at: Instant| spells.iter().any(|(from, to)| (*from..*to).contains(&at));
        assert!(plays.iter().all(|play| play.on_air.is_zero() || in_a_spell(play.started_at)));
        let heard: Duration = plays.iter().map(|play| play.on_air).sum();
        let on_air = day.on_air().to_std().expect("some time");
        assert!(heard <= on_air && on_air < heard + Duration::from_secs(2), "day {seed}: {heard:?}");
    }
}
