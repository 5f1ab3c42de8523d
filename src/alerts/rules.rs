//! When it is told that tracking stands still, and when that it goes on. Pure.
//!
//! A trouble is told once: when it has lasted for longer than such a thing may. Another reason is another trouble. What
//! comes and goes stays one trouble until tracking has gone on for a while; and what was told a short while ago has to
//! last for longer before it is told again.

use super::model::{Event, News, Reason, Trouble};
use crate::base::clock::Instant;
use crate::clients::spotify::Forbidden;
use crate::live::{Doing, Status};
use chrono::TimeDelta;
use std::time::Duration;

/// From so many failures in a row on, a session does not get up by itself.
const CRASHES: u32 = 3;

/// How long things may take. All of it goes by how often a player is looked at; the times told are those of a minute.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// For what often passes by itself: 3 minutes.
    pub hiccup: TimeDelta,
    /// For a rest that Spotify asks for: 5 minutes.
    pub rest: TimeDelta,
    /// For what cannot be stored: 1 minute.
    pub storing: TimeDelta,
    /// How long tracking has to have gone on before it is said to: 1 minute.
    pub calm: TimeDelta,
    /// For so long after it was told, a trouble that is back has to last for longer: 30 minutes.
    pub recent: TimeDelta,
    /// So long: 10 minutes.
    pub longer: TimeDelta,
}

impl Terms {
    /// The terms where a player is looked at so often.
    #[must_use]
    pub fn of(poll_interval: Duration) -> Self {
        let looks = |looks: u32| TimeDelta::from_std(poll_interval * looks).unwrap_or(TimeDelta::MAX);
        Self {
            hiccup: looks(3),
            rest: looks(5),
            storing: looks(1),
            calm: looks(1),
            recent: looks(30),
            longer: looks(10),
        }
    }
}

/// What a status means to somebody who wants to be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Tracking stands still; told once it has lasted so long.
    Still(Reason, TimeDelta),
    /// The player is followed; a look last learned something then.
    Goes(Option<Instant>),
    /// There is nothing to follow, or it is not wanted.
    Rests,
}

/// What is known of one streamer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// One for each reason there was lately.
    troubles: Vec<Trouble>,
    /// When tracking was last seen standing still.
    still_at: Option<Instant>,
    /// Since when it goes on.
    good_since: Option<Instant>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Store this in place of what was stored for the reason.
    Keep(Trouble),
    /// Tell the streamer.
    Tell(News),
}

/// What a status means.
#[must_use]
pub fn read(status: &Status, now: Instant, terms: &Terms) -> Reading {
    let (at_once, hiccup) = (TimeDelta::zero(), terms.hiccup);
    match &status.doing {
        Doing::Following => Reading::Goes(status.last_look_at),
        Doing::Idle | Doing::Disabled | Doing::Paused { .. } | Doing::Stopped { .. } => Reading::Rests,
        // The next stream would not be followed either.
        Doing::ReconnectNeeded => Reading::Still(Reason::ReconnectNeeded, at_once),
        Doing::Unlinked if status.stream.is_none() => Reading::Rests,
        Doing::Unlinked => Reading::Still(Reason::Unlinked, at_once),
        Doing::Standing(reason) => Reading::Still(standing(*reason), at_once),
        Doing::AppRefused => Reading::Still(Reason::AppRefused, at_once),
        Doing::Resting { until: Some(until) } if *until - now > terms.rest => {
            Reading::Still(Reason::RateLimited, at_once)
        }
        Doing::Resting { .. } => Reading::Still(Reason::RateLimited, terms.rest),
        Doing::SpotifyDown | Doing::SpotifyUnreadable => Reading::Still(Reason::SpotifyDown, hiccup),
        Doing::CrashLoop { times, .. } => {
            Reading::Still(Reason::Failing, if *times >= CRASHES { at_once } else { hiccup })
        }
        Doing::DatabaseFull => Reading::Still(Reason::Database, terms.storing),
    }
}

fn standing(reason: Forbidden) -> Reason {
    match reason {
        Forbidden::PremiumRequired => Reason::PremiumRequired,
        Forbidden::NotAllowListed => Reason::NotAllowListed,
        Forbidden::OwnerLapsed => Reason::OwnerLapsed,
        Forbidden::Scope => Reason::ScopeMissing,
        Forbidden::Other => Reason::Forbidden,
    }
}

impl State {
    /// What was known when the program stopped.
    #[must_use]
    pub fn of(troubles: Vec<Trouble>) -> Self {
        let open = troubles.iter().filter(|trouble| trouble.ended_at.is_none());
        let still_at = open.map(|trouble| trouble.since.max(trouble.told_at.unwrap_or(trouble.since))).max();
        Self { troubles, still_at, good_since: None }
    }

    /// What stands in the way, as far as it is known.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.troubles.iter().any(|trouble| trouble.ended_at.is_none())
    }

    fn of_reason(&mut self, reason: Reason) -> Option<&mut Trouble> {
        self.troubles.iter_mut().find(|trouble| trouble.reason == reason)
    }

    /// The reason that was seen last.
    fn newest(&self) -> Option<Reason> {
        self.troubles.iter().rev().find(|trouble| trouble.ended_at.is_none()).map(|trouble| trouble.reason)
    }

    /// It is the one that was seen last.
    fn put_last(&mut self, reason: Reason) {
        self.troubles.sort_by_key(|trouble| trouble.reason == reason);
    }

    /// All that is open is over: it is kept for a while, so that what comes back soon is known.
    fn end(&mut self, now: Instant) -> Vec<Trouble> {
        (self.still_at, self.good_since) = (None, None);
        let open = self.troubles.iter_mut().filter(|trouble| trouble.ended_at.is_none());
        open.map(|trouble| {
            trouble.ended_at = Some(now);
            *trouble
        })
        .collect()
    }
}

/// Takes in how things are.
pub fn step(state: &mut State, reading: Reading, now: Instant, terms: &Terms) -> Vec<Effect> {
    match reading {
        Reading::Still(reason, grace) => stand_still(state, reason, grace, now, terms),
        Reading::Goes(looked_at) => go_on(state, looked_at, now, terms),
        Reading::Rests => state.end(now).into_iter().map(Effect::Keep).collect(),
    }
}

fn stand_still(
    state: &mut State,
    reason: Reason,
    grace: TimeDelta,
    now: Instant,
    terms: &Terms,
) -> Vec<Effect> {
    state.good_since = None;
    let has_changed = state.still_at.is_none() || state.newest() != Some(reason);
    state.still_at = Some(now);
    let begun = has_changed.then(|| begin(state, reason, now)).flatten();
    let told = state.of_reason(reason).and_then(|trouble| tell(trouble, grace, now, terms));
    begun.into_iter().chain(told.into_iter().flatten()).collect()
}

/// A reason shows up, for the first time or anew. One that was told since tracking last went on goes on itself.
fn begin(state: &mut State, reason: Reason, now: Instant) -> Option<Effect> {
    let known = state.of_reason(reason).copied();
    if known.is_some_and(|known| known.ended_at.is_none() && known.is_told()) {
        state.put_last(reason);
        return None;
    }
    let told_at = known.and_then(|known| known.told_at);
    let trouble = Trouble { reason, since: now, told_at, ended_at: None };
    state.troubles.retain(|known| known.reason != reason);
    state.troubles.push(trouble);
    Some(Effect::Keep(trouble))
}

/// Tells of a trouble that has lasted long enough and was not told yet.
fn tell(trouble: &mut Trouble, grace: TimeDelta, now: Instant, terms: &Terms) -> Option<[Effect; 2]> {
    let is_back = trouble.told_at.is_some_and(|at| now - at < terms.recent);
    let grace = if is_back { grace.max(terms.longer) } else { grace };
    if trouble.is_told() || now - trouble.since < grace {
        return None;
    }
    trouble.told_at = Some(now);
    let news = News { event: Event::StandsStill(trouble.reason), since: trouble.since, at: now };
    Some([Effect::Tell(news), Effect::Keep(*trouble)])
}

/// Tracking goes on once a look has learned something since it stood still, and that has held for a while.
fn go_on(state: &mut State, looked_at: Option<Instant>, now: Instant, terms: &Terms) -> Vec<Effect> {
    let Some(still_at) = state.still_at else { return Vec::new() };
    if looked_at.is_none_or(|at| at <= still_at) {
        return Vec::new();
    }
    if now - *state.good_since.get_or_insert(now) < terms.calm {
        return Vec::new();
    }
    let over = state.end(now);
    let told = over.iter().filter(|trouble| trouble.is_told());
    let since = told.clone().map(|trouble| trouble.since).min();
    let last = told.max_by_key(|trouble| trouble.told_at);
    let news = last
        .zip(since)
        .map(|(last, since)| Effect::Tell(News { event: Event::GoesOn(last.reason), since, at: now }));
    news.into_iter().chain(over.iter().copied().map(Effect::Keep)).collect()
}

#[cfg(test)]
mod tests;
