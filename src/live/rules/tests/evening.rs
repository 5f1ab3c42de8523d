//! Random evenings: a simulated timer that delivers the newest wake-up on time, and looks that come back with anything.
//!
//! A look comes back before `lost_after`, or never. That is what `lost_after` is made for.

use super::story::{TIMING, eight, sight, stream, track};
use crate::base::clock::Instant;
use crate::clients::spotify::Limit;
use crate::live::budget::Allowance;
use crate::live::model::Play;
use crate::live::rules::{Effect, Input, Look, State, step};
use chrono::TimeDelta;
use proptest::prelude::*;
use std::ops::Range;

/// One input and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    pub(super) now: Instant,
    pub(super) what: What,
    pub(super) effects: Vec<Effect>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// A session began, the first one or one after a failure.
    Began,
    Woke {
        may_store: bool,
        not_before: Option<Instant>,
    },
    /// A wake-up went off that counts no more.
    WokeStale,
    Looked(Look),
}

/// What an evening is made of.
#[derive(Debug, Clone)]
pub(super) enum Move {
    /// Time passes.
    Pass(i64),
    /// The next look comes back, after so many milliseconds.
    Answer(i64, Answer),
    /// A wake-up goes off that was armed so long before the newest one.
    Stale(u64),
    /// The writer becomes full, or has room again.
    Room(bool),
    /// Another session of the client id was asked to wait so long.
    Rest(i64),
    /// The session fails and is started again.
    Fail,
}

#[derive(Debug, Clone)]
pub(super) enum Answer {
    Track { name: &'static str, duration_ms: i64, progress_ms: i64, is_playing: bool },
    Wait(Option<i64>),
    Other(Look),
}

pub(super) fn evenings() -> impl Strategy<Value = Vec<Move>> {
    prop::collection::vec(moves(), 1..40)
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        3 => (0..200_000_i64).prop_map(Move::Pass),
        12 => (0..20_000_i64, answers()).prop_map(|(after, answer)| Move::Answer(after, answer)),
        1 => (1..4_u64).prop_map(Move::Stale),
        1 => any::<bool>().prop_map(Move::Room),
        1 => (0..900_000_i64).prop_map(Move::Rest),
        1 => Just(Move::Fail),
    ]
}

fn answers() -> impl Strategy<Value = Answer> {
    let tracks = (prop::sample::select(vec!["a", "b", "c"]), millis(), millis(), prop::bool::weighted(0.8));
    prop_oneof![
        40 => tracks.prop_map(|(name, duration_ms, progress_ms, is_playing)| {
            Answer::Track { name, duration_ms, progress_ms, is_playing }
        }),
        3 => prop::option::of(-60_000..7_200_000_i64).prop_map(Answer::Wait),
        6 => Just(Answer::Other(Look::Nothing)),
        6 => Just(Answer::Other(Look::Unknown)),
        2 => Just(Answer::Other(Look::Forbidden)),
        1 => Just(Answer::Other(Look::LinkLost)),
    ]
}

/// Mostly what tracks have, now and then what no track has.
fn millis() -> impl Strategy<Value = i64> {
    const USUAL: Range<i64> = 0..400_000;
    prop_oneof![30 => USUAL, 1 => any::<i64>(), 1 => Just(0)]
}

/// Plays an evening and writes down its moments.
pub(super) fn play(moves: &[Move]) -> Vec<Moment> {
    let mut house = House::begin();
    for one in moves {
        house.make(one);
        if house.stopped() {
            break;
        }
    }
    house.moments
}

/// The last play of an evening so far.
pub(super) fn last_play(moments: &[Moment]) -> Option<&Play> {
    moments.iter().rev().flat_map(|moment| moment.effects.iter().rev()).find_map(|effect| match effect {
        Effect::Persist(play) => Some(play),
        _ => None,
    })
}

fn allowance(rests_until: Option<Instant>) -> Allowance {
    Allowance { rests_until, not_before: None, interval: TIMING.poll_interval }
}

/// A session with its surroundings.
struct House {
    state: State,
    now: Instant,
    wake: (u64, Instant),
    looking_since: Option<Instant>,
    may_store: bool,
    rests_until: Option<Instant>,
    moments: Vec<Moment>,
}

impl House {
    fn begin() -> Self {
        let mut house = Self {
            state: State::new(TIMING, stream("first", eight()), None, None),
            now: eight(),
            wake: (0, eight()),
            looking_since: None,
            may_store: true,
            rests_until: None,
            moments: Vec::new(),
        };
        house.start_session();
        house
    }

    fn start_session(&mut self) {
        let last = last_play(&self.moments).cloned();
        self.state = State::new(TIMING, stream("first", eight()), last, Some(self.now));
        self.looking_since = None;
        let effects = self.state.begin(self.now);
        self.take(What::Began, effects);
    }

    fn make(&mut self, one: &Move) {
        match one {
            Move::Pass(millis) => self.pass(*millis),
            Move::Answer(after, answer) => self.answer(*after, answer),
            Move::Stale(back) => self.wake_stale(*back),
            Move::Room(room) => self.may_store = *room,
            Move::Rest(millis) => self.rest(self.now + TimeDelta::milliseconds(*millis)),
            Move::Fail => self.start_session(),
        }
    }

    /// Time passes, and each wake-up goes off when it is due.
    fn pass(&mut self, millis: i64) {
        let until = self.now + TimeDelta::milliseconds(millis);
        while self.wake.1 <= until && !self.stopped() {
            self.wake();
        }
        self.now = self.now.max(until);
    }

    fn wake(&mut self) {
        let (epoch, at) = self.wake;
        self.now = self.now.max(at);
        let (may_store, not_before) = (self.may_store, self.rests_until);
        let allowance = allowance(not_before);
        let effects = step(&mut self.state, Input::Wake { epoch, may_store, allowance }, self.now);
        self.take(What::Woke { may_store, not_before }, effects);
    }

    fn wake_stale(&mut self, back: u64) {
        let epoch = self.wake.0.wrapping_sub(back);
        let wake = Input::Wake { epoch, may_store: true, allowance: allowance(None) };
        let effects = step(&mut self.state, wake, self.now);
        self.take(What::WokeStale, effects);
    }

    /// Waits for a look to begin, then has it come back.
    fn answer(&mut self, after: i64, answer: &Answer) {
        for _ in 0..4 {
            if self.looking_since.is_none() {
                self.wake();
            }
        }
        self.pass(after);
        if self.looking_since.take().is_some_and(|since| self.now - since < TIMING.lost_after) {
            let look = self.look(answer);
            let input = Input::Looked { look: look.clone(), allowance: allowance(self.rests_until) };
            let effects = step(&mut self.state, input, self.now);
            self.take(What::Looked(look), effects);
        }
    }

    fn look(&self, answer: &Answer) -> Look {
        match answer {
            Answer::Track { name, duration_ms, progress_ms, is_playing } => {
                sight(track(name, *duration_ms), *progress_ms, *is_playing)
            }
            Answer::Wait(millis) => {
                let not_before = millis.map(|millis| self.now + TimeDelta::milliseconds(millis));
                Look::Wait { not_before, limit: Limit::Rate }
            }
            Answer::Other(look) => look.clone(),
        }
    }

    fn take(&mut self, what: What, effects: Vec<Effect>) {
        for effect in &effects {
            match effect {
                Effect::Arm { epoch, at } => self.wake = (*epoch, *at),
                Effect::Look => self.looking_since = Some(self.now),
                Effect::Cool(rest) => self.rest(rest.until),
                _ => {}
            }
        }
        self.moments.push(Moment { now: self.now, what, effects });
    }

    fn rest(&mut self, until: Instant) {
        self.rests_until = self.rests_until.max(Some(until));
    }

    fn stopped(&self) -> bool {
        self.moments.last().is_some_and(|moment| moment.effects.contains(&Effect::Stop))
    }
}
