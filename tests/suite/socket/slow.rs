//! Slow readers: whoever cannot take it all is let fall behind, gets a snapshot, and ends up with the truth.

use super::follower::{Follower, part};
use crate::house::House;
use crate::house::show::Show;
use airlog::hub::{Event, Track, TrackFacts};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;
use std::collections::BTreeMap;
use tokio::sync::watch;

const FRAMES: u64 = 2_000;
/// Those who read as fast as they are told.
const QUICK: u64 = 2;
const SLOW: u64 = 20;
/// Bytes that a slow reader has room for.
const ROOM: u32 = 4_096;
/// A day holds about so many tracks at a time, so that snapshots stay small.
const TRACKS: usize = 30;

/// What somebody knows of a day: its tracks by id, and what plays.
#[derive(Debug, Default, PartialEq)]
struct Known {
    tracks: BTreeMap<String, Value>,
    playing: Value,
}

impl Known {
    /// Takes in a frame as a program would that keeps the list. Of what plays only the last is looked at.
    fn learns(&mut self, text: &str) {
        match part(text, "{\"type\":\"") {
            "snapshot" => {
                let frame = read(text);
                let tracks = frame["tracks"].as_array().expect("tracks").iter();
                self.tracks = tracks.map(|track| (track["id"].to_string(), track.clone())).collect();
                self.playing = frame["now_playing"].clone();
            }
            "track_added" | "track_updated" => {
                let track = read(text)["track"].clone();
                self.tracks.insert(track["id"].to_string(), track);
            }
            "track_removed" => drop(self.tracks.remove(&read(text)["id"].to_string())),
            "now_playing" => self.playing = Value::from(text),
            other => panic!("{other} is not told here"),
        }
    }

    fn settles(mut self) -> Self {
        if let Value::String(text) = &self.playing {
            self.playing = read(text)["now_playing"].clone();
        }
        self
    }
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Makes up what happens next.
struct Author {
    dice: StdRng,
    tracks: Vec<Track>,
    told: u32,
}

impl Author {
    fn event(&mut self, show: &Show) -> Event {
        self.told += 1;
        let name = format!("track {}", self.told);
        match self.dice.random_range(0..10) {
            0..7 => show.stands_at(&self.noise(), self.told.into()),
            7 if !self.tracks.is_empty() => {
                let at = self.dice.random_range(0..self.tracks.len());
                self.tracks[at] = TrackFacts { name, ..TrackFacts::clone(&self.tracks[at]) }.into();
                Event::TrackUpdated { track: self.tracks[at].clone() }
            }
            8.. if self.tracks.len() >= TRACKS => {
                let at = self.dice.random_range(0..self.tracks.len());
                Event::TrackRemoved { id: self.tracks.swap_remove(at).id }
            }
            _ => {
                self.tracks.push(show.track(&name));
                Event::TrackAdded { track: self.tracks[self.tracks.len() - 1].clone() }
            }
        }
    }

    /// Mostly short, sometimes more than any buffer of ours holds. Not all of its letters are one byte long.
    fn noise(&mut self) -> String {
        let is_long = self.dice.random_ratio(1, 8);
        let length = if is_long { 20_000..60_000 } else { 20..3_000 };
        "ñ".repeat(self.dice.random_range(length) / 2)
    }
}

/// Tells everything in bursts, no faster than the quick ones read.
async fn tells(show: &Show, mut author: Author, told: &watch::Sender<u64>, quick: &[watch::Receiver<u64>]) {
    let first = *told.borrow();
    while *told.borrow() < first + FRAMES {
        let most = first + FRAMES - *told.borrow();
        let burst = author.dice.random_range(1..=80).min(most);
        let events: Vec<Event> = (0..burst).map(|_| author.event(show)).collect();
        if author.dice.random() {
            show.tells(&events);
        } else {
            for event in &events {
                show.tells(std::slice::from_ref(event));
            }
        }
        told.send_modify(|told| *told += burst);
        let told = *told.borrow();
        let has_read =
            async |read: &watch::Receiver<u64>| drop(read.clone().wait_for(|read| *read >= told).await);
        join_all(quick.iter().map(has_read)).await;
    }
}

/// Reads as it comes.
async fn reads(mut follower: Follower, last: u64, read: watch::Sender<u64>) -> (Known, usize) {
    let mut known = Known::default();
    while follower.number() < last {
        known.learns(&follower.follows().await);
        read.send_replace(follower.number());
    }
    let snapshots = follower.snapshots;
    follower.leaves().await;
    (known.settles(), snapshots)
}

/// Reads a little, looks away until much more has been told, and so on.
async fn dawdles(
    mut follower: Follower,
    last: u64,
    mut told: watch::Receiver<u64>,
    mut dice: StdRng,
) -> (Known, usize) {
    let mut known = Known::default();
    let (attention, absence) = (dice.random_range(1..200), dice.random_range(10..FRAMES));
    while follower.number() < last {
        let until = (*told.borrow() + dice.random_range(0..=absence)).min(last);
        told.wait_for(|told| *told >= until).await.expect("a show");
        for _ in 0..dice.random_range(1..=attention) {
            if follower.number() < last {
                known.learns(&follower.follows().await);
            }
        }
        if dice.random() {
            follower.pings().await;
        }
    }
    let snapshots = follower.snapshots;
    follower.leaves().await;
    (known.settles(), snapshots)
}

/// What each of them knows in the end, and how many snapshots it took.
async fn all<F: Future<Output = (Known, usize)> + Send + 'static>(
    readers: impl Iterator<Item = F>,
) -> Vec<(Known, usize)> {
    let reading: Vec<_> = readers.map(tokio::spawn).collect();
    join_all(reading).await.into_iter().map(|read| read.expect("no panic")).collect()
}

/// What whoever comes now is told, and its number.
async fn what_holds(house: &House) -> (Known, u64) {
    let (mut follower, mut known) = (Follower::comes(house, "", None).await, Known::default());
    known.learns(&follower.follows().await);
    let number = follower.number();
    follower.leaves().await;
    (known, number)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_readers_miss_nothing_that_a_snapshot_does_not_tell_and_hold_up_nobody() {
    let house = House::start().await;
    let show = house.has_show("ann").await;
    let (_, first) = what_holds(&house).await;
    let quick = join_all((0..QUICK).map(|_| Follower::comes(&house, "", None))).await;
    let idle = join_all((0..SLOW).map(|_| Follower::comes(&house, "", Some(ROOM)))).await;

    let (told, last) = (watch::Sender::new(first), first + FRAMES);
    let dice = (0..SLOW).map(StdRng::seed_from_u64);
    let idle = idle.into_iter().zip(dice);
    let idle = all(idle.map(|(follower, dice)| dawdles(follower, last, told.subscribe(), dice)));
    let (read, marks): (Vec<_>, Vec<_>) = quick.iter().map(|_| watch::channel(first)).unzip();
    let quick = all(quick.into_iter().zip(read).map(|(follower, read)| reads(follower, last, read)));
    let author = Author { dice: StdRng::seed_from_u64(7), tracks: Vec::new(), told: 0 };
    let ((), quick, idle) = tokio::join!(tells(&show, author, &told, &marks), quick, idle);

    let (truth, number) = what_holds(&house).await;
    assert_eq!(number, last);
    for (known, snapshots) in quick {
        assert_eq!((&known, snapshots), (&truth, 1), "whoever reads on is given no second snapshot");
    }
    assert!(idle.iter().any(|(_, snapshots)| *snapshots > 1), "nobody was slow");
    for (known, _) in idle {
        assert_eq!(known, truth);
    }
    house.closes().await;
}
