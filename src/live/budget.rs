//! How often one Spotify client id may be used: a purse that every request takes from and that fills up again. Pure.
//!
//! Quotas and rate limits belong to the client id, so all sessions that share one share its purse. With
//! `tracking.budget` set, no hour ever sees more requests than that. Without it nothing is forbidden: the purse only
//! says how much sooner than `tracking.poll_interval` a look may come.

use crate::base::clock::Instant;
use crate::clients::spotify::Limit;
use chrono::TimeDelta;

/// Without a budget, one session looks at most so much oftener than the interval asks for: 80 requests an hour at 60 s.
const HASTE: f64 = 0.77;
/// A client id shared by more sessions than a development app has users is not hurried without a budget.
const FEW: u32 = 5;
/// The share of a budget that may be spent at once.
const BURST: f64 = 0.075;
/// The least that may be spent at once: two looks, and a request that heals.
const LEAST_BURST: f64 = 3.0;
/// So much must be there for a look; healing and a test are content with one.
const FOR_A_LOOK: f64 = 2.0;
/// Without a budget so much counts as saved up.
const SAVED: f64 = 4.0;
/// An emptier purse than this does not stretch the interval further.
const EMPTY: f64 = 0.1;

/// What a request is for. Healing goes first: it finds again what looks have missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A look at the player.
    Look,
    /// Reading what was played recently.
    Heal,
    /// A look that somebody asked for: "test my link".
    Test,
}

/// What the budget of a client id allows at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Until when Spotify asked us to wait.
    pub rests_until: Option<Instant>,
    /// Before when a look would cost more than the budget allows.
    pub not_before: Option<Instant>,
    /// How long to wait between two looks where it matters most.
    pub interval: TimeDelta,
}

/// The purse of one client id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Requests an hour.
    limit: Option<u32>,
    poll_interval: TimeDelta,
    /// When the purse will be full again, if nothing more is taken from it.
    full_at: Instant,
    /// Until when Spotify asked us to wait, and why.
    rest: Option<Rest>,
}

/// A time in which a client id is not used, because Spotify asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// The first instant at which it may be used again.
    pub until: Instant,
    /// Why.
    pub limit: Limit,
}

impl Budget {
    /// A purse that will be full at `full_at`, for `limit` requests an hour.
    #[must_use]
    pub fn new(limit: Option<u32>, poll_interval: TimeDelta, full_at: Instant) -> Self {
        Self { limit, poll_interval, full_at, rest: None }
    }

    /// Takes one request from the purse, for a client id that so many sessions share.
    pub fn spend(&mut self, sessions: u32, now: Instant) {
        self.full_at = self.full_at.max(now) + self.price(sessions);
    }

    /// Lets the client id rest. A longer rest is never made shorter.
    pub fn rest(&mut self, rest: Rest) {
        let longer = self.rest.filter(|before| before.until >= rest.until);
        self.rest = Some(longer.unwrap_or(rest));
    }

    /// When the purse will be full again.
    #[must_use]
    pub fn full_at(&self) -> Instant {
        self.full_at
    }

    /// The longest rest that Spotify asked for; it may be over.
    #[must_use]
    pub fn longest_rest(&self) -> Option<Rest> {
        self.rest
    }

    /// Requests an hour, if they are counted.
    #[must_use]
    pub fn limit(&self) -> Option<u32> {
        self.limit
    }

    /// Before when no request is allowed for this purpose; none when one is allowed now.
    #[must_use]
    pub fn not_before(&self, purpose: Purpose, sessions: u32, now: Instant) -> Option<Instant> {
        self.spendable(purpose, sessions).max(self.rests_until()).filter(|at| *at > now)
    }

    /// What a session that shares the client id with so many is allowed now.
    #[must_use]
    pub fn allowance(&self, sessions: u32, now: Instant) -> Allowance {
        Allowance {
            rests_until: self.rests_until().filter(|at| *at > now),
            not_before: self.spendable(Purpose::Look, sessions).filter(|at| *at > now),
            interval: self.interval(sessions, now),
        }
    }

    fn rests_until(&self) -> Option<Instant> {
        self.rest.map(|rest| rest.until)
    }

    /// When there is enough in the purse; none without a budget.
    fn spendable(&self, purpose: Purpose, sessions: u32) -> Option<Instant> {
        let needed = if purpose == Purpose::Look { FOR_A_LOOK } else { 1.0 };
        self.limit.map(|_| self.full_at - scaled(self.price(sessions), self.burst() - needed))
    }

    /// A half-full purse spends just what comes in; a fuller one hurries, an emptier one stretches.
    fn interval(&self, sessions: u32, now: Instant) -> TimeDelta {
        let even = self.price(sessions) * i32::try_from(sessions.max(1)).unwrap_or(i32::MAX);
        let interval = scaled(even, 0.5 / self.fill(sessions, now).max(EMPTY));
        match self.limit {
            Some(_) => interval,
            None if sessions > FEW => self.poll_interval,
            None => interval.min(self.poll_interval),
        }
    }

    /// How much there is of what looks may spend; one request is left for healing.
    fn fill(&self, sessions: u32, now: Instant) -> f64 {
        let missing = millis((self.full_at - now).max(TimeDelta::zero())) / millis(self.price(sessions));
        (1.0 - missing / (self.burst() - 1.0)).max(0.0)
    }

    /// How long it takes until what one request costs has come in again.
    fn price(&self, sessions: u32) -> TimeDelta {
        let least = TimeDelta::milliseconds(1);
        match self.limit {
            Some(limit) => scaled(TimeDelta::hours(1), 1.0 / (f64::from(limit) - self.burst()).max(1.0)),
            None => scaled(self.poll_interval, HASTE / f64::from(sessions.max(1))),
        }
        .max(least)
    }

    fn burst(&self) -> f64 {
        self.limit.map_or(SAVED, |limit| (f64::from(limit) * BURST).max(LEAST_BURST))
    }
}

fn millis(delta: TimeDelta) -> f64 {
    delta.as_seconds_f64() * 1_000.0
}

fn scaled(delta: TimeDelta, by: f64) -> TimeDelta {
    std::time::Duration::try_from_secs_f64(delta.as_seconds_f64() * by.max(0.0))
        .ok()
        .and_then(|scaled| TimeDelta::from_std(scaled).ok())
        .unwrap_or(TimeDelta::zero())
}

#[cfg(test)]
mod tests;
