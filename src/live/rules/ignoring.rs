//! What the streamer wants ignored: it is seen like any other track, but neither shown nor listed.

use super::{State, after_sight, begin, hide};
use crate::base::clock::Instant;
use crate::live::budget::Allowance;
use crate::live::ignore::{IgnoreRule, ignores};
use crate::live::model::{Ignored, Sight};
use crate::live::rules::{Effect, pacing::Pacing};
use chrono::TimeDelta;

impl State {
    /// Ignores what these rules name, going on after `last` when that was heard and ignored already.
    #[must_use]
    pub fn ignoring(self, rules: Vec<IgnoreRule>, last: Option<Ignored>) -> Self {
        let is_newer = |one: &Ignored| self.last.as_ref().is_none_or(|play| play.started_at < one.started_at);
        let Some(newest) = last.filter(is_newer) else { return Self { rules, ..self } };
        let since = newest.started_at;
        let (seen_at, known_until) = (self.seen_at.max(Some(since)), self.known_until.max(since));
        let pacing = Pacing::default();
        Self { rules, last: None, ignored: Some(Box::new(newest)), seen_at, known_until, pacing, ..self }
    }

    pub(super) fn ignores(&self, sight: &Sight) -> bool {
        ignores(&self.rules, &sight.track, &sight.whence)
    }

    /// Whether a track that plays is what was last heard, listed or ignored.
    fn goes_on(&self, sight: &Sight) -> bool {
        let listed = self.last.as_ref().map(|last| &last.track.uri);
        let ignored = self.ignored.as_ref().map(|ignored| &ignored.uri);
        listed.or(ignored) == Some(&sight.track.uri)
    }
}

/// The rules have changed. What plays now is looked at again as soon as a look may come.
pub(super) fn heed(state: &mut State, rules: Vec<IgnoreRule>, now: Instant) -> Option<Effect> {
    state.rules = rules;
    let soon = state.seen_at.map_or(now, |seen_at| now.max(seen_at + state.timing.min_gap));
    let waits = state.looking_since.is_none() && state.rest.is_none();
    (waits && soon < state.armed_for).then(|| state.arm(soon))
}

/// Nothing is shown. It ends the play before it as any other track would: whatever follows is a new play.
pub(super) fn ignored(state: &mut State, sight: &Sight, allowance: Allowance, now: Instant) -> Vec<Effect> {
    let since = now - TimeDelta::milliseconds(sight.progress_ms);
    let began = (sight.is_playing && !state.goes_on(sight)).then_some(since);
    let follows = state.follows(sight, since, now);
    let heard = began.map(|since| {
        let play = begin(state, sight, since);
        let (uri, duration_ms) = (play.track.uri, play.track.duration_ms);
        Ignored { stream_id: play.stream_id, uri, duration_ms, started_at: play.started_at }
    });
    if let Some(heard) = &heard {
        (state.last, state.ignored) = (None, Some(Box::new(heard.clone())));
    }
    let mut effects: Vec<Effect> = heard.map(Effect::Ignore).into_iter().collect();
    effects.extend(hide(state));
    effects.extend(state.sight(follows, now));
    effects.insert(0, after_sight(state, sight, began, allowance, now));
    effects
}
