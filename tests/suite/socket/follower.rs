//! A follower: takes in frame after frame, insists that none is missing or comes twice, and comes back when let go of.

use crate::house::House;
use crate::house::raw::{FIN, PING};
use crate::house::raw::{Heard, Raw, frame, goodbye};
use std::net::SocketAddr;

/// Somebody who follows a show by its cursors.
pub struct Follower {
    addr: SocketAddr,
    path: String,
    /// Room for what was sent and not read yet; the system's own if none.
    room: Option<u32>,
    raw: Raw,
    /// The number of what was told last; none before the snapshot that everything begins with.
    last: Option<u64>,
    cursor: String,
    /// How many snapshots it was given.
    pub snapshots: usize,
}

impl Follower {
    /// Comes in.
    pub async fn comes(house: &House, query: &str, room: Option<u32>) -> Self {
        let (addr, path) = (house.addr(), format!("{}?{query}", super::LIVE));
        let raw = knock(addr, &path, room).await;
        Self { addr, path, room, raw, last: None, cursor: String::new(), snapshots: 0 }
    }

    /// The number of what was told last; 0 before anything was.
    pub fn number(&self) -> u64 {
        self.last.unwrap_or_default()
    }

    /// What is told next: one frame on, or a snapshot. Whoever was let go of meanwhile comes back for it.
    pub async fn follows(&mut self) -> String {
        loop {
            match self.raw.hears().await {
                Heard::Text(text) => return self.takes_in(text),
                Heard::Ping(_) | Heard::Pong(_) => {}
                Heard::End => self.comes_back().await,
                other @ Heard::Close(_) => panic!("{other:?} to somebody who did nothing"),
            }
        }
    }

    /// Asks for a sign of life, which comes sooner or later between frames.
    pub async fn pings(&mut self) {
        self.raw.tries_to_say(&frame(FIN | PING, b"?")).await;
    }

    /// Leaves, politely or not, and comes back to go on where it was, or to begin anew.
    pub async fn takes_a_break(&mut self, is_polite: bool, begins_anew: bool) {
        if is_polite {
            self.raw.tries_to_say(&goodbye(1000, b"")).await;
            self.raw.hears_out().await;
        }
        if begins_anew {
            (self.last, self.cursor) = (None, String::new());
        }
        self.comes_back().await;
    }

    /// Leaves for good.
    pub async fn leaves(self) {
        self.raw.leaves().await;
    }

    async fn comes_back(&mut self) {
        let path = format!("{}&after={}", self.path, self.cursor);
        self.raw = knock(self.addr, &path, self.room).await;
    }

    fn takes_in(&mut self, text: String) -> String {
        let cursor = part(&text, "\"cursor\":\"").to_owned();
        let number = cursor.rsplit_once('-').expect("a number").1.parse().expect("a number");
        if part(&text, "{\"type\":\"") == "snapshot" {
            assert!(self.last.is_none_or(|last| number >= last), "{number} is behind {:?}", self.last);
            self.snapshots += 1;
        } else {
            assert_eq!(Some(number), self.last.map(|last| last + 1), "a gap, or one comes twice: {cursor}");
        }
        (self.last, self.cursor) = (Some(number), cursor);
        text
    }
}

async fn knock(addr: SocketAddr, path: &str, room: Option<u32>) -> Raw {
    let mut raw = match room {
        Some(bytes) => Raw::connects_with_room(addr, bytes).await,
        None => Raw::connects(addr).await,
    };
    raw.is_let_in(path).await;
    raw
}

/// The text of a value that begins after `before`.
pub fn part<'a>(text: &'a str, before: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split('"').next().expect("a beginning")
}
