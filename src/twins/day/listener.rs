//! Somebody who listens to music all day, with one track always waiting in the queue.

use super::mix::Mix;
use crate::base::clock::Instant;
use crate::twins::act::Deed;
use crate::twins::world::{Cue, TrackRef};
use chrono::TimeDelta;
use rand::RngExt as _;
use rand::rngs::StdRng;
use std::time::Duration;

type Acts = Vec<(Instant, Deed)>;
type Spans = Vec<(Instant, Instant)>;

/// The listener, at the moment at which a track begins.
pub(super) struct Listener {
    dice: StdRng,
    mix: Mix,
    crossfade: TimeDelta,
    now: Instant,
    /// What begins now, and what waits.
    current: Cue,
    next: Cue,
    /// Whether what begins now waits in the queue already.
    queued: bool,
    /// What to return to after the next.
    again: Option<Cue>,
    files: u32,
    acts: Acts,
    private: Spans,
}

impl Listener {
    pub(super) fn new(dice: StdRng, mix: Mix, crossfade: Duration, now: Instant) -> Self {
        let nothing = Cue::lasting(TrackRef(0), Duration::from_mins(3));
        let crossfade = TimeDelta::from_std(crossfade).unwrap_or_default();
        let (acts, private) = (Vec::new(), Vec::new());
        let (current, next) = (nothing, nothing);
        let mut listener = Self {
            dice,
            mix,
            crossfade,
            now,
            current,
            next,
            queued: false,
            again: None,
            files: 0,
            acts,
            private,
        };
        listener.current = listener.choose();
        listener
    }

    pub(super) fn listen_until(&mut self, end: Instant) {
        while self.now < end {
            self.next = self.again.take().unwrap_or_else(|| self.choose());
            if !self.queued {
                self.act(0, Deed::Play(self.current));
            }
            self.act(0, Deed::Queue(self.next));
            self.queued = true;
            self.hear();
            self.current = self.next;
        }
        self.act(0, Deed::StopPlayer);
    }

    /// What was done when, and when it was private.
    pub(super) fn day(self) -> (Acts, Spans) {
        (self.acts, self.private)
    }

    /// Hears one track, to its end or not.
    fn hear(&mut self) {
        if self.happens(self.mix.skipped) {
            let after = self.dice.random_range(self.mix.skipped_after.clone()).min(self.latest());
            return self.skip(after);
        }
        if self.happens(self.mix.incidents) {
            return self.incident();
        }
        self.end(self.length());
    }

    fn incident(&mut self) {
        let (length, moment) = (self.length(), self.dice.random_range(5_000..self.length() - 20_000));
        match self.dice.random_range(0..100) {
            0..25 => self.pause(moment),
            25..40 => self.seek(moment),
            40..52 => self.advert(moment),
            52..56 => self.put_on(moment, 300_000..=900_000, |millis| Deed::Episode { millis }),
            56..68 => self.put_on(moment, 60_000..=240_000, |millis| Deed::Local { millis }),
            68..70 => self.private(length),
            70..76 => self.silence(moment, Deed::LoseDevice),
            76..82 => self.silence(moment, Deed::StopPlayer),
            82..90 => {
                self.replace_next(self.current);
                self.end(length);
            }
            _ => self.peek(moment),
        }
    }

    fn pause(&mut self, moment: u64) {
        let pause = self.dice.random_range(3_000..=600_000);
        self.act(moment, Deed::Pause);
        self.act(moment + pause, Deed::Resume);
        self.end(self.length() + pause);
    }

    fn seek(&mut self, moment: u64) {
        let to = self.dice.random_range(0..self.length() - 15_000);
        self.act(moment, Deed::Seek { millis: to });
        self.end(moment + self.length() - to);
    }

    /// An advert gives way as early as a track does.
    fn advert(&mut self, moment: u64) {
        let advert = 30_000 - self.fade();
        self.act(moment, Deed::Ad { millis: 30_000 });
        self.end(self.length() + advert);
    }

    /// Something else is put on at once; the queue goes on after it.
    fn put_on(&mut self, moment: u64, length: std::ops::RangeInclusive<u64>, deed: impl Fn(u64) -> Deed) {
        self.files += 1;
        // A second more for each, so that each file has a name of its own.
        let length = self.dice.random_range(length) / 1_000 * 1_000 + u64::from(self.files % 60) * 1_000;
        self.act(moment, deed(length));
        self.end(moment + length);
    }

    fn private(&mut self, length: u64) {
        let lasts = self.dice.random_range(600_000..=1_800_000_u64);
        self.act(1, Deed::Private { on: true });
        self.act(lasts, Deed::Private { on: false });
        self.private.push((self.at(0), self.at(lasts)));
        self.end(length);
    }

    fn silence(&mut self, moment: u64, deed: Deed) {
        self.act(moment, deed);
        self.queued = false;
        let silence = self.dice.random_range(5_000..=400_000);
        self.now = self.at(moment + silence);
    }

    /// Looks into another track and returns to this one: A, B, A.
    fn peek(&mut self, moment: u64) {
        self.again = Some(self.current);
        self.act(moment, Deed::Skip);
        self.now = self.at(moment);
        self.current = self.next;
        self.next = self.again.take().unwrap_or(self.next);
        self.act(0, Deed::Queue(self.next));
        let peeked = self.dice.random_range(4_000..=70_000).min(self.latest());
        self.skip(peeked);
    }

    fn replace_next(&mut self, cue: Cue) {
        self.acts.pop();
        self.next = cue;
        self.act(0, Deed::Queue(cue));
    }

    fn skip(&mut self, after: u64) {
        self.act(after, Deed::Skip);
        self.now = self.at(after);
    }

    /// The track is over so long after it began, but gives way before.
    fn end(&mut self, after: u64) {
        self.now = self.at(after - self.fade());
    }

    fn choose(&mut self) -> Cue {
        loop {
            let track = TrackRef(self.dice.random_range(0..1_000));
            if track != self.current.track && track != self.next.track {
                let length = self.dice.random_range(self.mix.length.clone());
                return Cue::lasting(track, Duration::from_millis(length));
            }
        }
    }

    fn happens(&mut self, per_mille: u32) -> bool {
        self.dice.random_ratio(per_mille, 1_000)
    }

    fn length(&self) -> u64 {
        self.current.millis.unwrap_or(180_000)
    }

    /// Just before it gives way.
    fn latest(&self) -> u64 {
        self.length() - self.fade() - 1_000
    }

    fn fade(&self) -> u64 {
        u64::try_from(self.crossfade.num_milliseconds()).unwrap_or(0)
    }

    fn at(&self, millis: u64) -> Instant {
        self.now + TimeDelta::milliseconds(i64::try_from(millis).unwrap_or(0))
    }

    fn act(&mut self, millis: u64, deed: Deed) {
        self.acts.push((self.at(millis), deed));
    }
}
