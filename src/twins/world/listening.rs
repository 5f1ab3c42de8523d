//! What people do with their player. Every verb first lets happen what happened until `now`.

use super::catalogue::{Cue, TrackRef};
use super::history::{self, Page, Window};
use super::item::{Device, Heard, Item, ItemKind, Sight};
use super::person::Person;
use super::{Scene, World};
use crate::base::clock::Instant;
use std::sync::Arc;
use std::time::Duration;

/// A day, so that no sum of an instant and a length overflows.
const LONGEST: Duration = Duration::from_hours(24);

impl World {
    /// Plays a track at once, from its beginning. What waits in the queue stays.
    pub fn play(&mut self, login: &str, cue: impl Into<Cue>, now: Instant) {
        let item = self.item(cue.into());
        self.play_item(login, item, now);
    }

    /// Plays any track at once.
    pub fn play_any(&mut self, login: &str, now: Instant) {
        let track = self.any_track();
        self.play(login, track, now);
    }

    /// Puts any track behind all that waits.
    pub fn queue_any(&mut self, login: &str, now: Instant) {
        let track = self.any_track();
        self.queue(login, track, now);
    }

    /// Plays a list of tracks from the first, instead of what is on and what waits.
    pub fn play_all(&mut self, login: &str, cues: &[Cue], now: Instant) {
        self.stop_player(login, now);
        self.listener(login, now).player.playlist = Some(format!("{:0<22}", "pLnightshift"));
        for cue in cues {
            self.queue(login, *cue, now);
        }
    }

    /// Puts a track behind all that waits; begins it when nothing is on.
    pub fn queue(&mut self, login: &str, cue: impl Into<Cue>, now: Instant) {
        let item = self.item(cue.into());
        self.listener(login, now).player.queue(item, now);
    }

    /// Goes to the next in the queue, or to silence.
    pub fn skip(&mut self, login: &str, now: Instant) {
        let person = self.listener(login, now);
        let over = person.player.skip(now);
        person.remember(over);
    }

    /// Pauses.
    pub fn pause(&mut self, login: &str, now: Instant) {
        self.listener(login, now).player.set_playing(false, now);
    }

    /// Goes on after a pause.
    pub fn resume(&mut self, login: &str, now: Instant) {
        self.listener(login, now).player.set_playing(true, now);
    }

    /// Jumps within what is on.
    pub fn seek(&mut self, login: &str, to: Duration, now: Instant) {
        self.listener(login, now).player.seek(to, now);
    }

    /// Interrupts what is on by an advertisement; it goes on where it was afterwards.
    pub fn start_ad(&mut self, login: &str, length: Duration, now: Instant) {
        let ad = Item { kind: ItemKind::Ad, length: length.min(LONGEST) };
        self.listener(login, now).player.interrupt(ad, now);
    }

    /// Plays an episode of a podcast.
    pub fn start_episode(&mut self, login: &str, title: &str, length: Duration, now: Instant) {
        self.play_item(login, Item { kind: ItemKind::Episode { title: title.to_owned() }, length }, now);
    }

    /// Plays a file from the listener's disk.
    pub fn play_local(&mut self, login: &str, title: &str, artist: &str, length: Duration, now: Instant) {
        let (title, artist, album) = (title.to_owned(), artist.to_owned(), "My Tape".to_owned());
        self.play_item(login, Item { kind: ItemKind::Local { title, artist, album }, length }, now);
    }

    /// Shows the state that Spotify calls `unknown`, until something else is played.
    pub fn play_unknown(&mut self, login: &str, now: Instant) {
        self.play_item(login, Item { kind: ItemKind::Unknown, length: LONGEST }, now);
    }

    /// Begins or ends a private session: while it lasts, looks see nothing.
    pub fn set_private(&mut self, login: &str, private: bool, now: Instant) {
        self.listener(login, now).player.private = private;
    }

    /// Whatever is played by itself from now on comes from this playlist, out of the device of this name.
    pub fn set_whence(
        &mut self,
        login: &str,
        playlist: Option<String>,
        device: Option<String>,
        now: Instant,
    ) {
        let player = &mut self.listener(login, now).player;
        (player.chosen, player.device_name) = (playlist, device);
    }

    /// Begins each track so much before the end of the one before it.
    pub fn set_crossfade(&mut self, login: &str, crossfade: Duration, now: Instant) {
        self.listener(login, now).player.crossfade = crossfade;
    }

    /// Closes the player: nothing is active, nothing waits, looks answer 204.
    pub fn stop_player(&mut self, login: &str, now: Instant) {
        self.halt(login, Device::Idle, now);
    }

    /// The device vanishes: looks answer 404 until something is played.
    pub fn lose_device(&mut self, login: &str, now: Instant) {
        self.halt(login, Device::Lost, now);
    }

    /// What a look at the player shows.
    pub fn look(&mut self, login: &str, now: Instant) -> Sight {
        self.listener(login, now).player.look(now)
    }

    /// What is on, if anything is seen.
    pub fn now_playing(&mut self, login: &str, now: Instant) -> Option<Scene> {
        match self.look(login, now) {
            Sight::On(scene) => Some(scene),
            Sight::Nothing | Sight::NoDevice => None,
        }
    }

    /// What waits in the queue.
    pub fn waiting(&mut self, login: &str, now: Instant) -> Vec<Item> {
        self.listener(login, now).player.waiting().cloned().collect()
    }

    /// Where the music comes out.
    #[must_use]
    pub fn device(&self, login: &str) -> Device {
        self.person(login).map_or(Device::Idle, |person| person.player.device())
    }

    /// Whether the session is private.
    #[must_use]
    pub fn is_private(&self, login: &str) -> bool {
        self.person(login).is_some_and(|person| person.player.private)
    }

    /// One page of recently-played.
    pub fn history(&mut self, login: &str, window: Window, limit: usize, now: Instant) -> Page {
        let rules = self.history_rules;
        history::page(&self.listener(login, now).heard, &rules, window, limit, now)
    }

    /// The plays that are over, oldest first; a thousand are kept.
    pub fn heard(&mut self, login: &str, now: Instant) -> &[Heard] {
        &self.listener(login, now).heard
    }

    /// Another one each time, hopping through the catalogue.
    fn any_track(&mut self) -> TrackRef {
        TrackRef(usize::try_from(self.ids.count() * 37 % 1_000).unwrap_or_default())
    }

    fn item(&self, cue: Cue) -> Item {
        let track = Arc::clone(self.catalogue.track(cue.track));
        let length = cue.millis.map_or(track.length, Duration::from_millis).min(LONGEST);
        Item { kind: ItemKind::Track(track), length }
    }

    fn play_item(&mut self, login: &str, item: Item, now: Instant) {
        let person = self.listener(login, now);
        person.player.playlist.clone_from(&person.player.chosen);
        let over = person.player.play(Item { length: item.length.min(LONGEST), ..item }, now);
        person.remember(over);
    }

    fn halt(&mut self, login: &str, device: Device, now: Instant) {
        let person = self.listener(login, now);
        let over = person.player.stop(device, now);
        person.remember(over);
    }

    /// The person, with everything over that is over by now.
    fn listener(&mut self, login: &str, now: Instant) -> &mut Person {
        let person = self.person_mut(login);
        let over = person.player.advance(now);
        person.remember(over);
        person
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twins::world::Scene;
    use chrono::{DateTime, TimeDelta};

    fn at(seconds: i64) -> Instant {
        DateTime::from_timestamp(1_795_204_800 + seconds, 0).expect("an instant")
    }

    fn secs(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    /// Ann plays three tracks of a minute each from second 0.
    fn evening() -> World {
        let mut world = World::new(1);
        let cues: Vec<Cue> = (0..3).map(|n| Cue::lasting(TrackRef(n), secs(60))).collect();
        world.play_all("ann", &cues, at(0));
        world
    }

    fn scene(world: &mut World, second: i64) -> (String, u64, bool) {
        let Scene { item, progress, is_playing, .. } = world.now_playing("ann", at(second)).expect("music");
        (item.kind.name().to_owned(), progress.as_secs(), is_playing)
    }

    #[test]
    fn each_track_begins_exactly_when_the_one_before_ends_and_then_there_is_silence() {
        let mut world = evening();
        let names: Vec<String> = (0..3).map(|n| world.catalogue.track(TrackRef(n)).name.clone()).collect();
        assert_eq!(scene(&mut world, 59), (names[0].clone(), 59, true));
        assert_eq!(scene(&mut world, 60), (names[1].clone(), 0, true));
        assert_eq!(scene(&mut world, 130), (names[2].clone(), 10, true));
        assert_eq!(world.look("ann", at(180)), Sight::Nothing);
    }

    #[test]
    fn a_late_look_sees_the_same_as_many_looks() {
        let (mut patient, mut eager) = (evening(), evening());
        (0..130).for_each(|second| drop(eager.look("ann", at(second))));
        assert_eq!(patient.look("ann", at(130)), eager.look("ann", at(130)));
    }

    #[test]
    fn a_pause_stops_the_time_and_the_state_tells_when_it_changed() {
        let mut world = evening();
        world.pause("ann", at(20));
        world.pause("ann", at(25));
        let paused = world.now_playing("ann", at(300)).expect("music");
        assert_eq!((paused.progress, paused.is_playing, paused.changed_at), (secs(20), false, at(20)));
        world.resume("ann", at(300));
        assert_eq!(scene(&mut world, 310).1, 30);
        world.seek("ann", secs(5), at(310));
        assert_eq!(scene(&mut world, 312).1, 7);
    }

    #[test]
    fn an_ad_interrupts_and_the_track_goes_on_where_it_was() {
        let mut world = evening();
        world.start_ad("ann", secs(30), at(10));
        assert_eq!(world.now_playing("ann", at(20)).expect("an ad").item.kind, ItemKind::Ad);
        world.start_ad("ann", secs(30), at(20));
        assert_eq!(scene(&mut world, 50), ("Slow Harbour".into(), 10, true));
        assert_eq!(scene(&mut world, 100).1, 0, "the next one begins when the rest is over");
    }

    #[test]
    fn with_crossfade_the_next_track_begins_early_but_the_last_one_plays_out() {
        let mut world = evening();
        world.set_crossfade("ann", secs(5), at(0));
        assert_eq!(scene(&mut world, 55).1, 0);
        assert_eq!(scene(&mut world, 169).1, 59);
    }

    #[test]
    fn a_private_session_a_closed_player_and_a_lost_device_show_nothing() {
        let mut world = evening();
        world.set_private("ann", true, at(1));
        assert_eq!(world.look("ann", at(2)), Sight::Nothing);
        world.set_private("ann", false, at(3));
        assert_eq!(scene(&mut world, 4).1, 4);
        world.lose_device("ann", at(5));
        assert_eq!(world.look("ann", at(6)), Sight::NoDevice);
        world.play("ann", TrackRef(4), at(7));
        world.stop_player("ann", at(8));
        assert_eq!(world.look("ann", at(9)), Sight::Nothing);
    }

    #[test]
    fn a_clock_that_goes_backwards_does_no_harm() {
        let mut world = evening();
        assert_eq!(
            world.now_playing("ann", at(0) - TimeDelta::hours(1)).expect("music").progress,
            Duration::ZERO
        );
    }

    #[test]
    fn whoever_is_named_is_there_and_impossible_lengths_are_cut() {
        let mut world = World::new(1);
        world.play("Nobody Yet!", Cue { track: TrackRef(usize::MAX), millis: Some(u64::MAX) }, at(0));
        world.seek("nobodyyet", Duration::MAX, at(1));
        assert_eq!(world.persons().len(), 1);
        assert!(world.now_playing("nobodyyet", at(1)).is_none());
    }
}
