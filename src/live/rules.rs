//! How plays are detected: `step(state, input, now) -> effects`. Pure; the session performs the effects.
//!
//! Continuation does not depend on outcomes: the next wake-up is armed before a look begins and re-armed by its result.
//! A wake-up carries the epoch it was armed in; only the newest does anything, so exactly one is ever pending.

mod kinds;

pub use kinds::{Effect, Input, Look, Now, Timing};

use super::gaps::{Gap, Reason, Watch};
use super::model::{Play, Sight, Stream};
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use chrono::TimeDelta;

/// By how much progress may differ from what is expected before viewers are told of a jump.
const JUMP: TimeDelta = TimeDelta::seconds(2);
/// What tells two plays apart that would else begin at once.
const INSTANT: TimeDelta = TimeDelta::milliseconds(1);
/// No track is longer: more than this is nonsense that instants could not be counted with.
const LONGEST_MS: i64 = TimeDelta::days(7).num_milliseconds();

/// What a session remembers.
#[derive(Debug, Clone)]
pub struct State {
    timing: Timing,
    stream: Stream,
    /// Number of the wake-up that counts.
    epoch: u64,
    /// Since when a look is under way.
    looking_since: Option<Instant>,
    /// How long not to look after the next wake-up, which only comes to hide a track that is over by then.
    rest: Option<TimeDelta>,
    /// The last play of this stream.
    last: Option<Play>,
    /// When the player was last seen, in whatever state.
    seen_at: Option<Instant>,
    /// What viewers were told is playing.
    shown: Option<Shown>,
    /// Whether viewers may still see what a session before this one told them.
    inherited: bool,
    /// The gap that is open.
    gaps: Watch,
    /// Whether the last look came back with nonsense.
    puzzled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    play: PlayId,
    is_playing: bool,
    progress_ms: i64,
    duration_ms: i64,
    at: Instant,
}

impl State {
    /// A session of `stream`, going on after `last` when plays of it are known already.
    #[must_use]
    pub fn new(timing: Timing, stream: Stream, last: Option<Play>) -> Self {
        let seen_at = last.as_ref().map(|play| play.started_at);
        let inherited = last.is_some();
        Self {
            timing,
            stream,
            epoch: 0,
            looking_since: None,
            rest: None,
            last,
            seen_at,
            shown: None,
            inherited,
            gaps: Watch::default(),
            puzzled: false,
        }
    }

    /// Goes on with a gap that an earlier session of the stream has left open.
    #[must_use]
    pub fn with_gap(self, open: Option<Gap>) -> Self {
        Self { gaps: Watch::resumed(open), ..self }
    }

    /// The first wake-up: at once.
    pub fn begin(&mut self, now: Instant) -> Vec<Effect> {
        vec![self.arm(now)]
    }

    /// Whether viewers expect just this.
    fn foresees(&self, shown: &Shown) -> bool {
        self.shown.is_some_and(|before| before.foresees(shown))
    }

    /// We cannot look for this reason: a gap opens where the player was last seen, unless one is open.
    fn miss(&mut self, reason: Reason) -> Option<Effect> {
        let since = self.seen_at.unwrap_or(self.stream.started_at);
        self.gaps.miss(&self.stream, since, reason).map(Effect::Gap)
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
            (state.looking_since, state.rest) = (None, None);
            looked(state, look, now)
        }
    }
}

fn wake(state: &mut State, may_store: bool, not_before: Option<Instant>, now: Instant) -> Vec<Effect> {
    let next = now + state.timing.poll_interval;
    let rested = state.rest.take().map(|rest| now + rest);
    let cools_until = not_before.filter(|at| *at > now);
    let rests_until = rested.filter(|at| *at > now).max(cools_until);
    let looking = state.looking_since.is_some_and(|since| now - since < state.timing.lost_after);
    if rests_until.is_some() || looking || !may_store {
        // A rest of our own has a gap already, if what it follows was worth one.
        let cools = cools_until.map(|_| Reason::RateLimited);
        let reason = cools.or((!may_store).then_some(Reason::Database));
        return missed(state, rests_until.unwrap_or(next), reason, now);
    }
    state.looking_since = Some(now);
    vec![state.arm(next), Effect::Look]
}

fn looked(state: &mut State, look: Look, now: Instant) -> Vec<Effect> {
    let puzzled_again = std::mem::replace(&mut state.puzzled, look == Look::Unreadable);
    let next = now + state.timing.poll_interval;
    match look {
        Look::Track(sight) => seen(state, &plausible(sight), now),
        Look::Nothing => nothing(state, now),
        Look::Wait { not_before } => wait(state, not_before, now),
        Look::Forbidden => missed(state, now + state.timing.standstill, Some(Reason::LinkLost), now),
        Look::Unknown => missed(state, next, Some(Reason::SpotifyDown), now),
        Look::Unreadable => missed(state, next, puzzled_again.then_some(Reason::SpotifyDown), now),
        Look::LinkLost => {
            let lost = [Some(Effect::TellNow(None)), state.miss(Reason::LinkLost), Some(Effect::Stop)];
            lost.into_iter().flatten().collect()
        }
    }
}

fn plausible(mut sight: Sight) -> Sight {
    sight.progress_ms = sight.progress_ms.clamp(0, LONGEST_MS);
    sight.track.duration_ms = sight.track.duration_ms.clamp(0, LONGEST_MS);
    sight
}

fn seen(state: &mut State, sight: &Sight, now: Instant) -> Vec<Effect> {
    let mut effects = vec![state.arm(next_look(&state.timing, sight, now))];
    let same = state.last.as_ref().filter(|last| last.track.uri == sight.track.uri);
    let unbroken = same.is_some_and(|last| state.foresees(&Shown::of(last, sight, now)));
    if same.is_some() {
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
    effects.extend(state.gaps.sight(now, unbroken).map(Effect::Gap));
    effects
}

fn nothing(state: &mut State, now: Instant) -> Vec<Effect> {
    state.seen_at = Some(now);
    let next = state.arm(now + state.timing.poll_interval);
    let gap = state.gaps.sight(now, false).map(Effect::Gap);
    std::iter::once(next).chain(hide(state)).chain(gap).collect()
}

fn wait(state: &mut State, not_before: Option<Instant>, now: Instant) -> Vec<Effect> {
    let until = not_before.unwrap_or(now + state.timing.default_cooldown).max(now + state.timing.min_gap);
    let mut effects = vec![Effect::Cool { until }];
    effects.extend(missed(state, until, Some(Reason::RateLimited), now));
    effects
}

/// Nothing is learned before `next`: a gap, where there is a reason for one.
fn missed(state: &mut State, next: Instant, reason: Option<Reason>, now: Instant) -> Vec<Effect> {
    let gap = reason.and_then(|reason| state.miss(reason));
    unknown(state, next, now).into_iter().chain(gap).collect()
}

/// Nothing is learned before `next`. What viewers see stays until the track they see must be over.
fn unknown(state: &mut State, next: Instant, now: Instant) -> Vec<Effect> {
    let ends_at = state.shown.and_then(|shown| shown.ends_at());
    let over = ends_at.is_some_and(|at| at <= now) || state.inherited;
    let hidden = if over { hide(state) } else { None };
    let wake_at = ends_at.filter(|at| now < *at && *at < next).unwrap_or(next);
    state.rest = Some(next - wake_at);
    std::iter::once(state.arm(wake_at)).chain(hidden).collect()
}

/// A play begins `progress` ago, but not before the stream, nor before the player was last seen doing something else.
fn begin(state: &State, sight: &Sight, now: Instant) -> Play {
    let after_last = state.last.as_ref().map(|last| last.started_at + INSTANT);
    let earliest = [Some(state.stream.started_at), state.seen_at, after_last];
    let progress = TimeDelta::milliseconds(sight.progress_ms);
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
    let shown = Shown::of(&play, sight, now);
    if state.foresees(&shown) {
        return None;
    }
    (state.shown, state.inherited) = (Some(shown), false);
    Some(Effect::TellNow(Some(Now { play, is_playing: sight.is_playing, progress_ms: sight.progress_ms })))
}

fn hide(state: &mut State) -> Option<Effect> {
    let seen = state.shown.take().is_some() || std::mem::take(&mut state.inherited);
    seen.then_some(Effect::TellNow(None))
}

/// The next look: after the track should have ended if that is soon, else after the interval.
fn next_look(timing: &Timing, sight: &Sight, now: Instant) -> Instant {
    let remaining = TimeDelta::milliseconds(sight.track.duration_ms - sight.progress_ms);
    let ends = sight.is_playing && remaining > TimeDelta::zero();
    let probe = if ends { remaining + timing.probe_delay } else { timing.poll_interval };
    now + probe.min(timing.poll_interval).max(timing.min_gap)
}

impl Shown {
    fn of(play: &Play, sight: &Sight, at: Instant) -> Self {
        let Sight { progress_ms, is_playing, .. } = *sight;
        Self { play: play.id, is_playing, progress_ms, duration_ms: play.track.duration_ms, at }
    }

    fn foresees(&self, other: &Self) -> bool {
        let elapsed = if self.is_playing { (other.at - self.at).num_milliseconds() } else { 0 };
        let jumped = (other.progress_ms - self.progress_ms - elapsed).abs() > JUMP.num_milliseconds();
        self.play == other.play && self.is_playing == other.is_playing && !jumped
    }

    /// When it must be over; never while paused.
    fn ends_at(&self) -> Option<Instant> {
        let left = TimeDelta::milliseconds((self.duration_ms - self.progress_ms).max(0));
        self.is_playing.then_some(self.at + left)
    }
}

#[cfg(test)]
mod tests;
