//! Slow readers: whoever cannot take it all is let fall behind, gets a snapshot, and ends up with the truth.

use super::follower::{Follower, part};
use crate::house::House;
use crate::house::show::Show;
use airlog::hub::{Event, Track};
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
                self.tracks[at].name = name;
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
            events.iter().for_each(|event| show.tells(std::slice::from_ref(event)));
        }
        told.send_modify(|told| *told += burst);
        let told = *told.borrow();
        let reading =
            quick.iter().cloned().map(async |mut read| drop(read.wait_for(|read| *read >= told).await));
        join_all(reading).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_readers_miss_nothing_that_a_snapshot_does_not_tell_and_hold_up_nobody() {
    let house = House::start().await;
    let show = house.has_show("ann").await;
    let mut early = Follower::comes(&house, "format=json", None).await;
    early.follows().await;
    let first = early.number();
    early.leaves().await;
    let mut quick = Vec::new();
    for _ in 0..QUICK {
        quick.push(Follower::comes(&house, "format=json", None).await);
    }
    let mut slow = Vec::new();
    for seed in 0..SLOW {
        let follower = Follower::comes(&house, "format=json", Some(ROOM)).await;
        slow.push((follower, StdRng::seed_from_u64(seed)));
    }
    let (told, last) = (watch::Sender::new(first), first + FRAMES);

    let slow = slow
        .into_iter()
        .map(|(follower, dice)| tokio::spawn(dawdles(follower, last, told.subscribe(), dice)));
    let slow = join_all(slow.collect::<Vec<_>>());
    let (read, marks): (Vec<_>, Vec<_>) = quick.iter().map(|_| watch::channel(first)).unzip();
    let quick = quick.into_iter().zip(read).map(|(follower, read)| tokio::spawn(reads(follower, last, read)));
    let quick = join_all(quick.collect::<Vec<_>>());
    let author = Author { dice: StdRng::seed_from_u64(7), tracks: Vec::new(), told: 0 };
    let ((), quick, slow) = tokio::join!(tells(&show, author, &told, &marks), quick, slow);

    let mut late = Follower::comes(&house, "format=json", None).await;
    let mut truth = Known::default();
    truth.learns(&late.follows().await);
    assert_eq!(late.number(), last);
    late.leaves().await;
    for quick in quick {
        let (known, snapshots) = quick.expect("no panic");
        assert_eq!((&known, snapshots), (&truth, 1), "whoever reads on is given no second snapshot");
    }
    let mut fell_behind = 0;
    for slow in slow {
        let (known, snapshots) = slow.expect("no panic");
        assert_eq!(known, truth);
        fell_behind += usize::from(snapshots > 1);
    }
    assert!(fell_behind > 0, "nobody was slow");
    house.closes().await;
}
