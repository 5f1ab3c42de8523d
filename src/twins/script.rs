//! The demo evening: an endless list of tracks, now and then a skip or a short pause. Pure: each turn does what is due
//! and says when the next one is; somebody else waits. The listener shares the player with a person, who comes first:
//! what a person has paused, closed or put on is left alone.

use super::demo::sensible;
use super::world::{Device, ItemKind, Scene, TrackRef, World};
use crate::base::clock::Instant;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::time::Duration;

/// So many tracks at the front of the catalogue are written by hand; the evening likes them.
const FAVOURITES: usize = 20;
/// So many tracks wait after each turn: together they last longer than the longest wait for the next turn.
const AHEAD: usize = 4;
const PAUSE: Duration = Duration::from_secs(4);

/// An endless evening of music for one listener.
#[derive(Debug)]
pub struct Evening {
    dice: StdRng,
    speed: f64,
    last: TrackRef,
    /// When the listener has the next whim; none before the music began.
    due: Option<Instant>,
    /// Whether the listener has paused, and not a person.
    resting: bool,
}

impl Evening {
    /// The evening of this seed; give each listener another. Whims come `faster` times as often as in life, from 1 on.
    #[must_use]
    pub fn new(seed: u64, faster: f64) -> Self {
        let dice = StdRng::seed_from_u64(seed);
        Self { dice, speed: sensible(faster), last: TrackRef(0), due: None, resting: false }
    }

    /// Does what is due now, fills the queue up, and answers how long nothing else is due. A turn that comes early
    /// fills the queue up, that is all.
    pub fn turn(&mut self, world: &mut World, login: &str, now: Instant) -> Duration {
        let due = match self.due {
            Some(due) if due > now => due,
            Some(_) => now + self.follow_whim(world, login, now),
            None => now + self.begin(world, login, now),
        };
        self.due = Some(due);
        self.fill_up(world, login, now);
        (due - now).to_std().unwrap_or_default()
    }

    fn begin(&mut self, world: &mut World, login: &str, now: Instant) -> Duration {
        let first = self.another();
        world.play_all(login, &[first.into()], now);
        self.while_listening()
    }

    /// One time in five the listener does something: skips, or pauses for a moment.
    fn follow_whim(&mut self, world: &mut World, login: &str, now: Instant) -> Duration {
        if self.resting {
            return self.end_rest(world, login, now);
        }
        let free = world.now_playing(login, now).is_some_and(|scene| is_of_the_evening(&scene));
        match self.dice.random_range(0..10) {
            0 if free => world.skip(login, now),
            1 if free => {
                world.pause(login, now);
                self.resting = true;
                return PAUSE.div_f64(self.speed);
            }
            _ => {}
        }
        self.while_listening()
    }

    /// Ends the own pause. What a person has put on meanwhile may have the paused track beneath it: then later.
    fn end_rest(&mut self, world: &mut World, login: &str, now: Instant) -> Duration {
        let scene = world.now_playing(login, now);
        if !scene.is_some_and(|scene| matches!(scene.item.kind, ItemKind::Track(_))) {
            return PAUSE.div_f64(self.speed);
        }
        world.resume(login, now);
        self.resting = false;
        self.while_listening()
    }

    /// A closed player and a lost device stay so until a person plays something.
    fn fill_up(&mut self, world: &mut World, login: &str, now: Instant) {
        if world.device(login) != Device::There {
            return;
        }
        for _ in world.waiting(login, now).len()..AHEAD {
            world.queue(login, self.another(), now);
        }
    }

    /// A track that is not the one before it.
    fn another(&mut self) -> TrackRef {
        let favourite = self.dice.random_ratio(1, 3);
        let track = TrackRef(self.dice.random_range(0..if favourite { FAVOURITES } else { 300 }));
        if track == self.last {
            return self.another();
        }
        self.last = track;
        track
    }

    fn while_listening(&mut self) -> Duration {
        Duration::from_millis(self.dice.random_range(20_000..=40_000)).div_f64(self.speed)
    }
}

/// A track that plays, in its own length: whoever has asked for another length wants to hear it.
fn is_of_the_evening(scene: &Scene) -> bool {
    let in_its_length =
        matches!(&scene.item.kind, ItemKind::Track(track) if track.length == scene.item.length);
    in_its_length && scene.is_playing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twins::{Act, Cue, Deed, Window, apply};
    use chrono::{DateTime, TimeDelta};
    use std::collections::HashSet;

    /// A listener, the world they are in, and the time there.
    struct Night {
        world: World,
        evening: Evening,
        now: Instant,
    }

    impl Night {
        /// Ann's music has just begun.
        fn begun(seed: u64) -> Self {
            let now = DateTime::from_timestamp_millis(1_795_204_800_000).expect("an instant");
            let mut night = Self { world: World::demo(seed, 1.0), evening: Evening::new(seed, 1.0), now };
            night.turn();
            night
        }

        fn turn(&mut self) -> Duration {
            self.evening.turn(&mut self.world, "ann", self.now)
        }

        /// A turn, and then the time until the next.
        fn pass(&mut self) {
            let wait = self.turn();
            self.now += wait;
        }

        /// A person presses a button, and the listener takes notice.
        fn press(&mut self, deed: Deed) {
            apply(&mut self.world, &Act::of("ann", deed), self.now);
            self.turn();
        }

        /// Lives on until so many seconds have passed; calls `see` with what is on at each turn.
        fn live(&mut self, seconds: i64, mut see: impl FnMut(Option<Scene>)) {
            let end = self.now + TimeDelta::seconds(seconds);
            while self.now < end {
                self.pass();
                see(self.world.now_playing("ann", self.now));
            }
        }

        fn scene(&mut self) -> Option<Scene> {
            self.world.now_playing("ann", self.now)
        }
    }

    fn is_track(scene: &Scene) -> bool {
        matches!(scene.item.kind, ItemKind::Track(_))
    }

    #[test]
    fn the_same_seed_is_the_same_evening_and_its_tracks_are_short() {
        let heard = |seed| {
            let (mut night, mut heard) = (Night::begun(seed), Vec::new());
            night.live(3_600, |scene| heard.push(scene.expect("music")));
            heard
        };
        assert_eq!(heard(3), heard(3));
        assert_ne!(heard(3), heard(4));
        let short = Duration::from_secs(20)..=Duration::from_secs(40);
        assert!(heard(3).iter().all(|scene| short.contains(&scene.item.length)));
    }

    #[test]
    fn music_never_stops_in_a_long_night_and_there_are_skips_and_short_pauses() {
        let (mut night, mut heard, mut pauses) = (Night::begun(1), HashSet::new(), 0);
        for _ in 0..200 {
            night.live(30, |scene| {
                let scene = scene.expect("something is on");
                pauses += usize::from(!scene.is_playing);
                heard.insert(scene.item.kind.name().to_owned());
            });
        }
        assert!(heard.len() > 80, "{} tracks", heard.len());
        assert!(pauses > 5, "{pauses} pauses");
        night.world.history_rules.keeps_skipped = true;
        let page = night.world.history("ann", Window::Newest, 50, night.now);
        assert!(page.plays.iter().any(|(_, play)| play.skipped), "a skip among the last fifty");
    }

    #[test]
    fn whoever_skips_again_and_again_hears_another_track_each_time() {
        let (mut night, mut heard) = (Night::begun(1), Vec::new());
        for _ in 0..30 {
            night.press(Deed::Skip);
            heard.push(night.scene().expect("music").item.kind.name().to_owned());
            night.now += TimeDelta::milliseconds(600);
        }
        assert!(heard.windows(2).all(|two| two[0] != two[1]), "{heard:?}");
    }

    #[test]
    fn even_skips_that_outrun_the_listener_are_followed_by_music_at_once() {
        let mut night = Night::begun(1);
        for _ in 0..=AHEAD {
            night.world.skip("ann", night.now);
        }
        assert_eq!(night.scene(), None);
        night.turn();
        assert!(night.scene().is_some());
    }

    #[test]
    fn a_person_who_pauses_or_closes_the_player_or_loses_the_device_is_respected() {
        for deed in [Deed::Pause, Deed::StopPlayer, Deed::LoseDevice] {
            let mut night = Night::begun(1);
            night.press(deed.clone());
            let left = night.scene().map(|scene| (scene.item, scene.progress));
            night.live(3_600, |scene| {
                assert_eq!(scene.map(|scene| (scene.item, scene.progress)), left, "after {deed:?}");
            });
            night.press(Deed::PlayAny);
            night.live(600, |scene| assert!(scene.is_some(), "music again after {deed:?}"));
        }
    }

    #[test]
    fn what_a_person_has_put_on_is_heard_to_its_end_and_then_the_music_goes_on() {
        let chosen = Deed::Play(Cue::lasting(TrackRef(5), Duration::from_mins(30)));
        let long = 1_800_000;
        for deed in
            [chosen, Deed::Episode { millis: long }, Deed::Local { millis: long }, Deed::Ad { millis: long }]
        {
            let mut night = Night::begun(1);
            night.press(deed.clone());
            let put_on = night.scene().expect("it").item;
            night.live(1_700, |scene| assert_eq!(scene.expect("it").item, put_on));
            night.now += TimeDelta::seconds(100);
            night.live(600, |scene| assert!(is_track(&scene.expect("music")), "after {deed:?}"));
        }
    }

    #[test]
    fn an_ad_into_the_listeners_own_pause_does_not_make_it_last() {
        let mut night = Night::begun(1);
        while !night.evening.resting {
            night.pass();
        }
        night.press(Deed::Ad { millis: 30_000 });
        night.live(40, drop);
        assert!(!night.evening.resting);
        assert!(night.scene().is_some_and(|scene| is_track(&scene)));
    }
}
