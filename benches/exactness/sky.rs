//! What lies between a tracker and the world: the time an answer takes, what goes wrong, and what is counted.

use airlog::base::clock::Instant;
use airlog::live::healing::Report;
use airlog::live::model::{Sight, Track, Whence};
use airlog::twins::{self, Act, HistoryRules, Item, ItemKind, StreamDay, Window, World, apply};
use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::VecDeque;
use std::time::Duration;

/// Who plays.
pub const ANN: &str = "ann";
/// How long a call may take.
pub const TIMEOUT: TimeDelta = TimeDelta::seconds(10);

/// What goes wrong for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// 429 until the end of it, which the answer names.
    Limit,
    /// 5xx.
    Down,
    /// No answer in time.
    Silence,
    /// The refresh token is dead.
    DeadToken,
    /// The process is dead.
    Dead,
}

/// What a day is like for a tracker.
#[derive(Debug, Clone)]
pub struct Weather {
    /// How recently-played behaves.
    pub history: HistoryRules,
    /// What goes wrong from when to when.
    pub troubles: Vec<(Instant, Instant, Trouble)>,
    /// How far Spotify's stamps are ahead.
    pub skew: TimeDelta,
    /// How late Get Streams is.
    pub lag: TimeDelta,
    /// When which message arrives: on air since, or off air; with the time it was sent.
    pub hints: VecDeque<Hint>,
}

/// A message of `EventSub`.
#[derive(Debug, Clone, Copy)]
pub struct Hint {
    /// When it arrives.
    pub at: Instant,
    /// When it was sent.
    pub sent_at: Instant,
    /// The number of the stream that began; none: it ended.
    pub stream: Option<usize>,
}

/// An answer on its way.
#[derive(Debug, Clone)]
pub struct Answer<T> {
    /// When it arrives.
    pub at: Instant,
    /// What it says.
    pub says: Result<T, Problem>,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Wait until then.
    Limit(Instant),
    /// Nothing was learned.
    NoAnswer,
    /// The link is lost.
    LinkLost,
}

/// The sky over one day.
pub struct Sky {
    world: World,
    day: StreamDay,
    weather: Weather,
    next_act: usize,
    dice: StdRng,
    /// When Spotify was asked something.
    pub requests: Vec<Instant>,
}

impl Sky {
    pub fn over(day: StreamDay, weather: Weather, seed: u64) -> Self {
        let mut world = World::new(seed);
        world.history_rules = weather.history;
        if let Some((first, _)) = day.acts.first() {
            world.set_crossfade(ANN, day.crossfade, *first);
        }
        Self { world, day, weather, next_act: 0, dice: StdRng::seed_from_u64(seed), requests: Vec::new() }
    }

    /// Lets everything happen that happens until `now`.
    fn pass(&mut self, now: Instant) {
        while let Some((at, deed)) = self.day.acts.get(self.next_act).filter(|(at, _)| *at <= now) {
            apply(&mut self.world, &Act::of(ANN, deed.clone()), *at);
            self.next_act += 1;
        }
    }

    /// The next message that arrives by `now`.
    pub fn hint(&mut self, now: Instant) -> Option<Hint> {
        let due = self.weather.hints.front().is_some_and(|hint| hint.at <= now);
        if due { self.weather.hints.pop_front() } else { None }
    }

    pub fn next_hint(&self) -> Option<Instant> {
        self.weather.hints.front().map(|hint| hint.at)
    }

    /// Until when the process is dead, if it is.
    pub fn dead_until(&self, now: Instant) -> Option<Instant> {
        self.trouble(now, true).map(|(_, to, _)| to)
    }

    /// Whether the refresh token lives, or has been made anew.
    pub fn is_linked(&self, now: Instant) -> bool {
        let dead = |(from, to, kind): &(Instant, Instant, Trouble)| {
            *kind == Trouble::DeadToken && (*from..*to).contains(&now)
        };
        !self.weather.troubles.iter().any(dead)
    }

    /// When the process dies next.
    pub fn dies_at(&self, after: Instant) -> Option<Instant> {
        let deaths =
            self.weather.troubles.iter().filter(|(from, _, kind)| *kind == Trouble::Dead && *from > after);
        deaths.map(|(from, ..)| *from).min()
    }

    /// A look at the player: asked now, seen half-way, answered later.
    pub fn look(&mut self, now: Instant) -> Answer<Option<Sight>> {
        self.ask(now, |sky, seen_at| match sky.world.look(ANN, seen_at) {
            twins::Sight::On(scene) => {
                let progress_ms = millis(scene.progress);
                track(&scene.item).map(|track| Sight {
                    track,
                    progress_ms,
                    is_playing: scene.is_playing,
                    whence: Whence::default(),
                })
            }
            twins::Sight::Nothing | twins::Sight::NoDevice => None,
        })
    }

    /// The newest fifty of recently-played.
    pub fn recent(&mut self, now: Instant) -> Answer<Vec<Report>> {
        self.ask(now, |sky, seen_at| {
            let page = sky.world.history(ANN, Window::Newest, 50, seen_at);
            let skew = sky.weather.skew;
            let report = |(at, heard): (Instant, twins::Heard)| {
                track(&heard.item).map(|track| Report { track, played_at: at + skew, is_ignored: false })
            };
            page.plays.into_iter().filter_map(report).collect()
        })
    }

    /// Get Streams: the number and the start of the stream that is on air, as Twitch sees it.
    pub fn streams(&self, now: Instant) -> Option<(usize, Instant)> {
        let seen = now - self.weather.lag;
        let on_air = |(from, to): &(Instant, Instant)| (*from..*to).contains(&seen);
        self.day.streams.iter().position(on_air).map(|number| (number, self.day.streams[number].0))
    }

    /// The stream that is really on air.
    pub fn on_air(&self, now: Instant) -> bool {
        self.day.streams.iter().any(|(from, to)| (*from..*to).contains(&now))
    }

    pub fn start_of(&self, stream: usize) -> Instant {
        self.day.streams[stream].0
    }

    pub fn day(&self) -> &StreamDay {
        &self.day
    }

    /// What was really heard.
    pub fn heard(&mut self, now: Instant) -> Vec<twins::Heard> {
        self.pass(now);
        self.world.heard(ANN, now).to_vec()
    }

    fn ask<T>(&mut self, now: Instant, see: impl FnOnce(&mut Self, Instant) -> T) -> Answer<T> {
        self.requests.push(now);
        let takes = TimeDelta::milliseconds(self.dice.random_range(60..=400));
        let problem = match self.trouble(now, false) {
            Some((_, to, Trouble::Limit)) => Some((takes, Problem::Limit(to))),
            Some((_, _, Trouble::DeadToken)) => Some((takes, Problem::LinkLost)),
            Some((_, _, Trouble::Silence)) => Some((TIMEOUT, Problem::NoAnswer)),
            Some(_) => Some((takes, Problem::NoAnswer)),
            None => None,
        };
        if let Some((takes, problem)) = problem {
            return Answer { at: now + takes, says: Err(problem) };
        }
        let seen_at = now + takes / 2;
        self.pass(seen_at);
        Answer { at: now + takes, says: Ok(see(self, seen_at)) }
    }

    fn trouble(&self, now: Instant, dead: bool) -> Option<(Instant, Instant, Trouble)> {
        let strikes = |(from, to, kind): &&(Instant, Instant, Trouble)| {
            (*from..*to).contains(&now) && (*kind == Trouble::Dead) == dead
        };
        self.weather.troubles.iter().find(strikes).copied()
    }
}

fn track(item: &Item) -> Option<Track> {
    let (name, artists) = match &item.kind {
        ItemKind::Track(track) => (track.name.clone(), Vec::new()),
        ItemKind::Local { title, .. } => (title.clone(), Vec::new()),
        _ => return None,
    };
    Some(Track {
        uri: item.uri()?,
        provider_id: None,
        name,
        artists,
        album: None,
        duration_ms: millis(item.length),
        url: None,
        image_url: None,
    })
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
