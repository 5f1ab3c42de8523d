//! How plays are detected: `step(state, input, now) -> effects`. Pure; the session performs the effects.
//!
//! Continuation does not depend on outcomes: the next wake-up is armed before a look begins and re-armed by its result.
//! A wake-up carries the epoch it was armed in; only the newest does anything, so exactly one is ever pending.

mod blind;
mod ignoring;
mod kinds;
mod pacing;
mod shown;

pub use kinds::{Effect, Input, Look, Now, Timing};

use super::budget::Allowance;
use super::gaps::{Gap, Reason, Watch};
use super::ignore::IgnoreRule;
use super::model::{Ignored, Jump, Play, Sight, Source, Stream, Track};
use crate::base::clock::Instant;
use blind::{Before, admitted, missed, wait};
use chrono::TimeDelta;
use pacing::Pacing;
use shown::Shown;
use std::sync::Arc;

/// By how much progress may differ from what is expected before viewers are told of a jump.
const JUMP: TimeDelta = TimeDelta::seconds(2);
/// An absence so brief is none, however often looks come.
const BRIEF: TimeDelta = TimeDelta::seconds(5);
/// What tells two plays apart that would else begin at once.
const INSTANT: TimeDelta = TimeDelta::milliseconds(1);

/// What a session remembers.
#[derive(Debug, Clone)]
pub struct State {
    /// Shared by all sessions.
    timing: Arc<Timing>,
    stream: Stream,
    /// Number of the wake-up that counts.
    epoch: u64,
    /// When it should go off.
    armed_for: Instant,
    /// Since when a look is under way.
    looking_since: Option<Instant>,
    /// How long not to look after the next wake-up, which only comes to hide a track that is over by then.
    rest: Option<TimeDelta>,
    /// The last play of this stream.
    last: Option<Play>,
    /// What is to be ignored.
    rules: Vec<IgnoreRule>,
    /// What was ignored since the last play, and may still go on.
    ignored: Option<Box<Ignored>>,
    /// When the player was last seen, in whatever state.
    seen_at: Option<Instant>,
    /// Until when it is known what was heard; a gap begins here.
    known_until: Instant,
    /// Whether nobody was there to look since then: another session, or a computer that slept.
    absent: bool,
    /// What has been learned of how tracks end.
    pacing: Pacing,
    /// What viewers were told is playing.
    shown: Option<Shown>,
    /// Whether viewers may still see what a session before this one told them.
    inherited: bool,
    /// The gap that is open.
    gaps: Watch,
    /// What the last look came back with.
    before: Before,
}

impl State {
    /// A session of `stream`, going on after `last` when plays of it are known already, and after another session
    /// that followed it until then.
    #[must_use]
    pub fn new(
        timing: impl Into<Arc<Timing>>,
        stream: Stream,
        last: Option<Play>,
        followed_until: Option<Instant>,
    ) -> Self {
        let seen_at = last.as_ref().map(|play| play.started_at);
        let inherited = last.is_some();
        let known_until = seen_at.max(followed_until).max(Some(stream.started_at));
        Self {
            known_until: known_until.unwrap_or(stream.started_at),
            absent: true,
            armed_for: stream.started_at,
            pacing: Pacing::going_on(last.as_ref()),
            timing: timing.into(),
            stream,
            epoch: 0,
            looking_since: None,
            rest: None,
            last,
            rules: Vec::new(),
            ignored: None,
            seen_at,
            shown: None,
            inherited,
            gaps: Watch::default(),
            before: Before::Other,
        }
    }

    /// Goes on with a gap that an earlier session of the stream has left open.
    #[must_use]
    pub fn with_gap(self, open: Option<Gap>) -> Self {
        Self { gaps: Watch::resumed(open), ..self }
    }

    /// Goes on after a pause that the streamer asked for: what was heard until then is none of our business.
    #[must_use]
    pub fn after_pause(self, until: Option<Instant>) -> Self {
        let known_until = self.known_until.max(until.unwrap_or(self.known_until));
        Self { seen_at: self.seen_at.max(until), known_until, ..self }
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
        self.gaps.miss(&self.stream, self.known_until, reason).map(Effect::Gap)
    }

    /// We see the player. Gives the gap that ends here: one that was open, or one that nobody was there to open.
    fn sight(&mut self, nothing_missed: bool, now: Instant) -> Option<Effect> {
        let unnoticed = self.timing.poll_interval.max(BRIEF);
        let absent = std::mem::take(&mut self.absent) && now - self.known_until > unnoticed;
        if absent && !nothing_missed {
            let _ = self.gaps.miss(&self.stream, self.known_until, Reason::ServerDown);
        }
        self.known_until = now;
        self.gaps.sight(now, nothing_missed).map(Effect::Gap)
    }

    /// Whether this sight leaves no room for anything that was heard since the player was last seen.
    fn follows(&self, sight: &Sight, since: Instant, now: Instant) -> bool {
        let same = self.last.as_ref().filter(|last| last.track.uri == sight.track.uri);
        let as_foreseen = same.is_some_and(|last| self.foresees(&Shown::of(last, sight, now)));
        as_foreseen || sight.is_playing && self.pacing.explains(since, self.known_until)
    }

    fn arm(&mut self, at: Instant) -> Effect {
        self.epoch += 1;
        self.armed_for = at;
        Effect::Arm { epoch: self.epoch, at }
    }
}

/// Decides what follows from an input. Any order of inputs leaves exactly one wake-up armed, or a stop.
pub fn step(state: &mut State, input: Input, now: Instant) -> Vec<Effect> {
    match input {
        Input::Wake { epoch, .. } if epoch != state.epoch => Vec::new(),
        Input::Wake { may_store, allowance, .. } => wake(state, may_store, allowance, now),
        Input::Looked { look, allowance } => {
            // A look that took so long tells that the computer slept meanwhile.
            let began = state.looking_since.take();
            state.absent |= began.is_some_and(|began| now - began > state.timing.lost_after);
            state.rest = None;
            looked(state, look, allowance, now)
        }
        Input::Admitted { may_store, allowance } => admitted(state, may_store, allowance, now),
        Input::Rules(rules) => ignoring::heed(state, rules, now).into_iter().collect(),
    }
}

fn wake(state: &mut State, may_store: bool, allowance: Allowance, now: Instant) -> Vec<Effect> {
    state.absent |= now - state.armed_for > state.timing.poll_interval;
    let rested = state.rest.take().map(|rest| now + rest);
    let asked = allowance.rests_until.filter(|at| *at > now);
    let rests_until = rested.max(asked).max(allowance.not_before).filter(|at| *at > now);
    let looking = state.looking_since.is_some_and(|since| now - since < state.timing.lost_after);
    let next = now + state.timing.poll_interval;
    if rests_until.is_some() || looking || !may_store {
        // A rest of our own has a gap already, if what it follows was worth one; a spent budget only stretches.
        let cools = asked.map(|_| Reason::RateLimited);
        let reason = cools.or((!may_store).then_some(Reason::Database));
        return missed(state, rests_until.unwrap_or(next), reason, now);
    }
    state.looking_since = Some(now);
    vec![state.arm(next), Effect::Look]
}

fn looked(state: &mut State, look: Look, allowance: Allowance, now: Instant) -> Vec<Effect> {
    let before = std::mem::replace(&mut state.before, Before::of(&look));
    let next = now + state.timing.poll_interval;
    match look {
        Look::Track(sight) if state.ignores(&sight) => {
            ignoring::ignored(state, &plausible(*sight), allowance, now)
        }
        Look::Track(sight) => seen(state, &plausible(*sight), allowance, now),
        Look::Nothing => nothing(state, allowance, now),
        Look::Wait { not_before, limit } => wait(state, not_before, limit, now),
        Look::Forbidden => missed(state, now + state.timing.standstill, Some(Reason::LinkLost), now),
        Look::Unknown => missed(state, next, Some(Reason::SpotifyDown), now),
        Look::Unreadable => {
            missed(state, next, (before == Before::Nonsense).then_some(Reason::SpotifyDown), now)
        }
        // Whoever comes next tells viewers what plays; there is nothing that this session could not have seen.
        Look::LinkGone => vec![Effect::Stop],
        // The gap comes first: who hears that nothing plays knows by then that we only lost sight of it.
        Look::LinkLost => {
            let lost = [state.miss(Reason::LinkLost), Some(Effect::TellNow(None)), Some(Effect::Stop)];
            lost.into_iter().flatten().collect()
        }
    }
}

fn plausible(mut sight: Sight) -> Sight {
    sight.progress_ms = sight.progress_ms.clamp(0, Track::LONGEST_MS);
    sight.track.duration_ms = sight.track.duration_ms.clamp(0, Track::LONGEST_MS);
    sight
}

fn seen(state: &mut State, sight: &Sight, allowance: Allowance, now: Instant) -> Vec<Effect> {
    let since = now - TimeDelta::milliseconds(sight.progress_ms);
    let same = state.last.as_ref().is_some_and(|last| last.track.uri == sight.track.uri);
    let follows = state.follows(sight, since, now);
    let mut effects = Vec::new();
    if same {
        effects.extend(jumped(state, sight, since));
        effects.extend(show(state, sight, now));
    } else if sight.is_playing {
        let play = begin(state, sight, since);
        effects.push(Effect::TellPlay(play.clone()));
        (state.last, state.ignored) = (Some(play.clone()), None);
        effects.extend(show(state, sight, now));
        effects.push(Effect::Persist(play));
    } else {
        effects.extend(hide(state));
    }
    effects.extend(state.sight(follows, now));
    let began = (!same && sight.is_playing).then_some(since);
    effects.insert(0, after_sight(state, sight, began, allowance, now));
    effects
}

/// When to look again after a sight, in which another track than before may have begun.
fn after_sight(
    state: &mut State,
    sight: &Sight,
    began: Option<Instant>,
    allowance: Allowance,
    now: Instant,
) -> Effect {
    if let Some(began) = began {
        state.pacing.changed(began);
    }
    state.pacing.saw(Some(sight), now);
    state.seen_at = Some(now);
    let next = state.pacing.next(&state.timing, sight, allowance.interval, now);
    state.arm(next)
}

/// The same track as before, but its progress is less than it should be, and it began after we last looked: perhaps
/// another one was heard in between.
fn jumped(state: &State, sight: &Sight, since: Instant) -> Option<Effect> {
    let play = state.last.as_ref()?;
    let unseen = state.seen_at.is_some_and(|seen_at| since > seen_at + JUMP);
    let jump = Jump { play: play.id, stream_id: play.stream_id, at: since };
    (sight.is_playing && unseen).then_some(Effect::Jump(jump))
}

fn nothing(state: &mut State, allowance: Allowance, now: Instant) -> Vec<Effect> {
    let gap = state.sight(false, now);
    state.pacing.saw(None, now);
    state.seen_at = Some(now);
    let next = state.pacing.interval(&state.timing, None, allowance.interval);
    let next = state.arm(now + next);
    std::iter::once(next).chain(hide(state)).chain(gap).collect()
}

/// A play begins `progress` ago, but not before the stream, nor before the player was last seen doing something else.
fn begin(state: &State, sight: &Sight, since: Instant) -> Play {
    let after_last = state.last.as_ref().map(|last| last.started_at + INSTANT);
    let earliest = [Some(state.stream.started_at), state.seen_at, after_last];
    let started_at = earliest.into_iter().flatten().fold(since, Instant::max);
    Play::new(&state.stream, sight.track.clone(), started_at, Source::Poll)
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

#[cfg(test)]
mod tests;
