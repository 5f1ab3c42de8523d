//! How plays are detected: `step(state, input, now) -> effects`. Pure; the session performs the effects.
//!
//! Continuation does not depend on outcomes: the next wake-up is armed before a look begins and re-armed by its result.
//! A wake-up carries the epoch it was armed in; only the newest does anything, so exactly one is ever pending.

use super::model::{Play, Sight, Stream};
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use chrono::TimeDelta;

/// How long to stand still when Spotify forbids to look, before looking once more.
const STANDSTILL: TimeDelta = TimeDelta::hours(1);
/// By how much progress may differ from what is expected before viewers are told of a jump.
const JUMP: TimeDelta = TimeDelta::seconds(2);
/// What tells two plays apart that would else begin at once.
const INSTANT: TimeDelta = TimeDelta::milliseconds(1);

/// When to look.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// The longest time between two looks.
    pub poll_interval: TimeDelta,
    /// How long after the expected end of a track the probe comes.
    pub probe_delay: TimeDelta,
    /// The shortest time between two looks.
    pub min_gap: TimeDelta,
    /// How long to wait after a 429 that names no time.
    pub default_cooldown: TimeDelta,
    /// When a look that has not reported is given up.
    pub lost_after: TimeDelta,
}

/// What a session remembers.
#[derive(Debug, Clone)]
pub struct State {
    timing: Timing,
    stream: Stream,
    /// Number of the wake-up that counts.
    epoch: u64,
    /// Since when a look is under way.
    looking_since: Option<Instant>,
    /// The last play of this stream.
    last: Option<Play>,
    /// When the player was last seen, in whatever state.
    seen_at: Option<Instant>,
    /// What viewers were told is playing.
    shown: Option<Shown>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    play: PlayId,
    is_playing: bool,
    progress_ms: i64,
    duration_ms: i64,
    at: Instant,
}

/// What happens to a session.
#[derive(Debug, Clone)]
pub enum Input {
    /// A wake-up went off.
    Wake {
        /// The epoch it was armed in.
        epoch: u64,
        /// Whether the writer has room for another play.
        may_store: bool,
        /// Before when the client id must not be used.
        not_before: Option<Instant>,
    },
    /// A look came back.
    Looked(Look),
}

/// What a look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// A track, playing or paused.
    Track(Sight),
    /// Nothing to log: no device, an advert, a podcast, a private session.
    Nothing,
    /// Spotify asks us to wait, until then if it said so.
    Wait {
        /// The named instant.
        not_before: Option<Instant>,
    },
    /// Spotify forbids to look, and only a person can change that.
    Forbidden,
    /// No observation: Spotify is down, the answer made no sense, or the look itself failed.
    Unknown,
    /// The link is lost: the streamer has to link again.
    LinkLost,
}

/// What the session is to do, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Wake up at `at`, in place of any other wake-up.
    Arm {
        /// The wake-up's number.
        epoch: u64,
        /// When.
        at: Instant,
    },
    /// Look at the player.
    Look,
    /// Tell viewers of a new play.
    TellPlay(Play),
    /// Tell viewers what plays.
    TellNow(Option<Now>),
    /// Store a play.
    Persist(Play),
    /// Do not use the client id before this.
    Cool {
        /// The first instant at which it may be used.
        until: Instant,
    },
    /// Stop following: the link is lost.
    Stop,
}

/// What plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Now {
    /// The play.
    pub play: Play,
    /// False while paused.
    pub is_playing: bool,
    /// How far into it, in milliseconds.
    pub progress_ms: i64,
}

impl State {
    /// A session of `stream`, going on after `last` when plays of it are known already.
    #[must_use]
    pub fn new(timing: Timing, stream: Stream, last: Option<Play>) -> Self {
        let seen_at = last.as_ref().map(|play| play.started_at);
        Self { timing, stream, epoch: 0, looking_since: None, last, seen_at, shown: None }
    }

    /// The first wake-up: at once.
    pub fn begin(&mut self, now: Instant) -> Vec<Effect> {
        vec![self.arm(now)]
    }

    fn arm(&mut self, at: Instant) -> Effect {
        self.epoch += 1;
        Effect::Arm { epoch: self.epoch, at }
    }
}

/// Decides what follows from an input. Any order of inputs leaves exactly one wake-up armed, or a stop.
pub fn step(state: &mut State, input: Input, now: Instant) -> Vec<Effect> {
    match input {
        Input::Wake { epoch, .. } if epoch != state.epoch => Vec::new(),
        Input::Wake { may_store, not_before, .. } => wake(state, may_store, not_before, now),
        Input::Looked(look) => {
            state.looking_since = None;
            looked(state, look, now)
        }
    }
}

fn wake(state: &mut State, may_store: bool, not_before: Option<Instant>, now: Instant) -> Vec<Effect> {
    let next = now + state.timing.poll_interval;
    if let Some(not_before) = not_before.filter(|at| *at > now) {
        return vec![state.arm(not_before)];
    }
    let looking = state.looking_since.is_some_and(|since| now - since < state.timing.lost_after);
    if looking || !may_store {
        return vec![state.arm(next)];
    }
    state.looking_since = Some(now);
    vec![state.arm(next), Effect::Look]
}

fn looked(state: &mut State, look: Look, now: Instant) -> Vec<Effect> {
    match look {
        Look::Track(sight) => seen(state, &sight, now),
        Look::Nothing => nothing(state, now),
        Look::Wait { not_before } => wait(state, not_before, now),
        Look::Forbidden => unknown(state, now + STANDSTILL, now),
        Look::Unknown => unknown(state, now + state.timing.poll_interval, now),
        Look::LinkLost => vec![Effect::TellNow(None), Effect::Stop],
    }
}

fn seen(state: &mut State, sight: &Sight, now: Instant) -> Vec<Effect> {
    let mut effects = vec![state.arm(next_look(&state.timing, sight, now))];
    let same = state.last.as_ref().is_some_and(|last| last.track.uri == sight.track.uri);
    if same {
        effects.extend(show(state, sight, now));
    } else if sight.is_playing {
        let play = begin(state, sight, now);
        effects.push(Effect::TellPlay(play.clone()));
        state.last = Some(play.clone());
        effects.extend(show(state, sight, now));
        effects.push(Effect::Persist(play));
    } else {
        effects.extend(hide(state));
    }
    state.seen_at = Some(now);
    effects
}

fn nothing(state: &mut State, now: Instant) -> Vec<Effect> {
    state.seen_at = Some(now);
    let next = state.arm(now + state.timing.poll_interval);
    std::iter::once(next).chain(hide(state)).collect()
}

fn wait(state: &mut State, not_before: Option<Instant>, now: Instant) -> Vec<Effect> {
    let until = not_before.unwrap_or(now + state.timing.default_cooldown).max(now + state.timing.min_gap);
    let mut effects = vec![Effect::Cool { until }];
    effects.extend(unknown(state, until, now));
    effects
}

/// Nothing was learned. What viewers see stays until the track they see must be over.
fn unknown(state: &mut State, next: Instant, now: Instant) -> Vec<Effect> {
    let over = state.shown.is_some_and(|shown| shown.ends_at() < now);
    let next = state.arm(next);
    std::iter::once(next).chain(if over { hide(state) } else { None }).collect()
}

/// A play begins `progress` ago, but not before the stream, nor before the player was last seen doing something else.
fn begin(state: &State, sight: &Sight, now: Instant) -> Play {
    let earliest = [
        Some(state.stream.started_at),
        state.seen_at,
        state.last.as_ref().map(|last| last.started_at + INSTANT),
    ];
    let progress = TimeDelta::milliseconds(sight.progress_ms.max(0));
    let started_at = earliest.into_iter().flatten().fold(now - progress, Instant::max);
    let stream = &state.stream;
    Play {
        id: PlayId::derived(started_at, &[&stream.id.to_string(), &sight.track.uri]),
        user_id: stream.user_id,
        stream_id: stream.id,
        track: sight.track.clone(),
        started_at,
    }
}

/// Tells viewers what plays, if it is not what they expect.
fn show(state: &mut State, sight: &Sight, now: Instant) -> Option<Effect> {
    let play = state.last.clone()?;
    let shown = Shown {
        play: play.id,
        is_playing: sight.is_playing,
        progress_ms: sight.progress_ms,
        duration_ms: play.track.duration_ms,
        at: now,
    };
    if state.shown.is_some_and(|before| before.foresees(&shown)) {
        return None;
    }
    state.shown = Some(shown);
    Some(Effect::TellNow(Some(Now { play, is_playing: sight.is_playing, progress_ms: sight.progress_ms })))
}

fn hide(state: &mut State) -> Option<Effect> {
    state.shown.take().map(|_| Effect::TellNow(None))
}

/// The next look: after the track should have ended if that is soon, else after the interval.
fn next_look(timing: &Timing, sight: &Sight, now: Instant) -> Instant {
    let remaining = TimeDelta::milliseconds(sight.track.duration_ms - sight.progress_ms);
    let ends = sight.is_playing && remaining > TimeDelta::zero();
    let probe = if ends { remaining + timing.probe_delay } else { timing.poll_interval };
    now + probe.min(timing.poll_interval).max(timing.min_gap)
}

impl Shown {
    fn foresees(&self, other: &Self) -> bool {
        let expected = if self.is_playing {
            self.progress_ms + (other.at - self.at).num_milliseconds()
        } else {
            self.progress_ms
        };
        let jumped = (other.progress_ms - expected).abs() > JUMP.num_milliseconds();
        self.play == other.play && self.is_playing == other.is_playing && !jumped
    }

    fn ends_at(&self) -> Instant {
        self.at + TimeDelta::milliseconds((self.duration_ms - self.progress_ms).max(0))
    }
}

#[cfg(test)]
mod tests;
