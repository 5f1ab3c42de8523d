//! One person's Spotify player: what is on is a function of the time. A track that ends makes room for the
//! next in the queue at exactly that instant, however late somebody looks.

use super::item::{Device, Heard, Item, Scene, Sight};
use crate::base::clock::Instant;
use chrono::DateTime;
use std::collections::VecDeque;
use std::time::Duration;

#[derive(Debug, Clone)]
struct Deck {
    item: Item,
    started_at: Instant,
    /// At `anchor`, `progress` was reached; `heard` was heard before.
    anchor: Instant,
    progress: Duration,
    heard: Duration,
    playing: bool,
    playlist: Option<String>,
    device_name: Option<String>,
}

impl Deck {
    fn new(item: Item, at: Instant) -> Self {
        let zero = Duration::ZERO;
        let (playlist, device_name) = (None, None);
        Self {
            item,
            started_at: at,
            anchor: at,
            progress: zero,
            heard: zero,
            playing: true,
            playlist,
            device_name,
        }
    }

    fn run(&self, now: Instant) -> Duration {
        if self.playing { (now - self.anchor).to_std().unwrap_or_default() } else { Duration::ZERO }
    }

    fn progress(&self, now: Instant) -> Duration {
        (self.progress + self.run(now)).min(self.item.length)
    }

    fn ends_at(&self, crossfade: Duration) -> Option<Instant> {
        let left = self.item.length.saturating_sub(self.progress).saturating_sub(crossfade);
        (self.playing).then(|| self.anchor + left)
    }

    fn settle(&mut self, now: Instant) {
        self.heard += self.run(now);
        self.progress = self.progress(now);
        self.anchor = now;
    }
}

/// A player.
#[derive(Debug, Clone)]
pub(super) struct Player {
    deck: Option<Deck>,
    /// What an ad interrupted; it goes on where it was.
    beneath: Option<Deck>,
    queue: VecDeque<Item>,
    device: Device,
    changed_at: Instant,
    pub(super) private: bool,
    /// What begins comes from this playlist.
    pub(super) playlist: Option<String>,
    /// And what is played by itself from this one.
    pub(super) chosen: Option<String>,
    /// And out of the device of this name, if not of the usual one.
    pub(super) device_name: Option<String>,
    /// How long before a track's end the next one begins.
    pub(super) crossfade: Duration,
}

impl Default for Player {
    fn default() -> Self {
        Self {
            deck: None,
            beneath: None,
            queue: VecDeque::new(),
            device: Device::Idle,
            changed_at: DateTime::UNIX_EPOCH,
            private: false,
            playlist: None,
            chosen: None,
            device_name: None,
            crossfade: Duration::ZERO,
        }
    }
}

impl Player {
    /// Lets everything happen that happened until `now`; answers with the plays that ended.
    pub(super) fn advance(&mut self, now: Instant) -> Vec<Heard> {
        let mut over = Vec::new();
        while let Some(end) = self.ends_at().filter(|end| *end <= now) {
            over.extend(self.put_away(end, false));
            self.next_from(end);
        }
        over
    }

    /// Plays `item` at once; what was on is cut short.
    pub(super) fn play(&mut self, item: Item, now: Instant) -> Option<Heard> {
        let over = self.put_away(now, true);
        self.beneath = None;
        self.start(item, now);
        over
    }

    /// Puts `item` behind all that waits; starts it when nothing is on.
    pub(super) fn queue(&mut self, item: Item, now: Instant) {
        if self.deck.is_none() {
            return self.start(item, now);
        }
        self.queue.push_back(item);
    }

    /// Cuts short what is on and goes to the next in the queue.
    pub(super) fn skip(&mut self, now: Instant) -> Option<Heard> {
        let over = self.put_away(now, true);
        self.next_from(now);
        over
    }

    /// Interrupts what is on; it goes on where it was when `item` is over.
    pub(super) fn interrupt(&mut self, item: Item, now: Instant) {
        if self.beneath.is_none()
            && let Some(mut deck) = self.deck.take()
        {
            deck.settle(now);
            self.beneath = Some(deck);
        }
        self.start(item, now);
    }

    /// Pauses or resumes.
    pub(super) fn set_playing(&mut self, playing: bool, now: Instant) {
        if let Some(deck) = &mut self.deck
            && deck.playing != playing
        {
            deck.settle(now);
            deck.playing = playing;
            self.changed_at = now;
        }
    }

    /// Jumps within what is on.
    pub(super) fn seek(&mut self, to: Duration, now: Instant) {
        if let Some(deck) = &mut self.deck {
            deck.settle(now);
            deck.progress = to.min(deck.item.length);
            self.changed_at = now;
        }
    }

    /// Stops everything and empties the queue.
    pub(super) fn stop(&mut self, device: Device, now: Instant) -> Option<Heard> {
        let over = self.put_away(now, true);
        self.queue.clear();
        self.beneath = None;
        self.device = device;
        over
    }

    /// What a look shows now, if [`Player::advance`] was called for the same instant.
    pub(super) fn look(&self, now: Instant) -> Sight {
        match (self.device, &self.deck) {
            _ if self.private => Sight::Nothing,
            (Device::Lost, _) => Sight::NoDevice,
            (Device::There, Some(deck)) => Sight::On(self.scene(deck, now)),
            _ => Sight::Nothing,
        }
    }

    /// What waits in the queue.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Item> {
        self.queue.iter()
    }

    /// Where the music comes out.
    pub(super) fn device(&self) -> Device {
        self.device
    }

    fn scene(&self, deck: &Deck, now: Instant) -> Scene {
        Scene {
            item: deck.item.clone(),
            progress: deck.progress(now),
            is_playing: deck.playing,
            changed_at: self.changed_at,
            playlist: deck.playlist.clone(),
            device_name: deck.device_name.clone(),
        }
    }

    fn ends_at(&self) -> Option<Instant> {
        let fade = if self.queue.is_empty() { Duration::ZERO } else { self.crossfade };
        self.deck.as_ref()?.ends_at(fade)
    }

    fn start(&mut self, item: Item, at: Instant) {
        let (playlist, device_name) = (self.playlist.clone(), self.device_name.clone());
        self.deck = Some(Deck { playlist, device_name, ..Deck::new(item, at) });
        self.device = Device::There;
        self.changed_at = at;
    }

    fn next_from(&mut self, at: Instant) {
        self.changed_at = at;
        if let Some(mut deck) = self.beneath.take() {
            deck.anchor = at;
            self.deck = Some(deck);
        } else if let Some(item) = self.queue.pop_front() {
            self.start(item, at);
        }
    }

    fn put_away(&mut self, at: Instant, skipped: bool) -> Option<Heard> {
        let mut deck = self.deck.take()?;
        deck.settle(at);
        let (private, Deck { item, started_at, heard, playlist, .. }) = (self.private, deck);
        Some(Heard { item, started_at, ended_at: at, heard, skipped, private, playlist })
    }
}
