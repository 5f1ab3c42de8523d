//! When a look learns nothing: how long to wait, and what viewers see meanwhile.

use super::{Effect, Look, State, hide, wake};
use crate::base::clock::Instant;
use crate::clients::spotify::Limit;
use crate::live::budget::{Allowance, Rest};
use crate::live::gaps::Reason;

/// What a look came back with, as far as the next one cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Nonsense.
    Nonsense,
    /// Spotify forbade it.
    Forbidden,
    /// Anything else.
    Other,
}

impl Before {
    pub(super) fn of(look: &Look) -> Self {
        match look {
            Look::Unreadable => Self::Nonsense,
            Look::Forbidden => Self::Forbidden,
            _ => Self::Other,
        }
    }
}

/// Spotify asks us to wait.
pub(super) fn wait(
    state: &mut State,
    not_before: Option<Instant>,
    limit: Limit,
    now: Instant,
) -> Vec<Effect> {
    let until = not_before.unwrap_or(now + state.timing.default_cooldown).max(now + state.timing.min_gap);
    let mut effects = vec![Effect::Cool(Rest { until, limit })];
    effects.extend(missed(state, until, Some(Reason::RateLimited), now));
    effects
}

/// A look beside this session was admitted: whoever stands still because Spotify forbids looks at once.
pub(super) fn admitted(
    state: &mut State,
    may_store: bool,
    allowance: Allowance,
    now: Instant,
) -> Vec<Effect> {
    if state.before != Before::Forbidden {
        return Vec::new();
    }
    state.rest = None;
    wake(state, may_store, allowance, now)
}

/// Nothing is learned before `next`: a gap, where there is a reason for one.
pub(super) fn missed(state: &mut State, next: Instant, reason: Option<Reason>, now: Instant) -> Vec<Effect> {
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
