//! The purses of all Spotify client ids, shared by sessions and healing, kept over a restart.

use super::budget::{Allowance, Budget, Purpose, Rest};
use super::store;
use crate::base::clock::{Instant, SharedClock};
use crate::db::{Db, DbError};
use chrono::TimeDelta;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::task::TaskTracker;

/// The purses.
#[derive(Debug, Clone)]
pub(super) struct Budgets {
    inner: Arc<Inner>,
}

/// How every purse begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// Requests an hour.
    pub(super) limit: Option<u32>,
    pub(super) poll_interval: TimeDelta,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    clock: SharedClock,
    terms: Terms,
    clients: Mutex<HashMap<Arc<str>, Client>>,
    keeping: TaskTracker,
}

/// How the purse of one client id is doing, for whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purse {
    /// Requests an hour; none without a budget.
    pub limit: Option<u32>,
    /// How many streams are followed through it now.
    pub sessions: u32,
    /// How long each of them waits between two looks where it matters most.
    pub interval: TimeDelta,
    /// What Spotify asked for, if that is not over.
    pub rest: Option<Rest>,
    /// Before when a look would cost more than the budget allows.
    pub spent_until: Option<Instant>,
}

#[derive(Debug)]
struct Client {
    /// Its id, which all its seats share.
    id: Arc<str>,
    budget: Budget,
    sessions: u32,
}

/// A session's place at a purse, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    budgets: Budgets,
    client_id: Arc<str>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.budgets.with(&self.client_id, |client, _| client.sessions = client.sessions.saturating_sub(1));
    }
}

impl Budgets {
    /// The purses as they were left.
    pub(super) async fn load(db: Db, clock: SharedClock, terms: Terms) -> Result<Self, DbError> {
        let kept = store::budgets(&db).await?;
        let known = kept.into_iter().map(|kept| {
            let full_at = kept.full_at.unwrap_or(kept.rest.until);
            let mut budget = Budget::new(terms.limit, terms.poll_interval, full_at);
            budget.rest(kept.rest);
            let id: Arc<str> = kept.client_id.into();
            (Arc::clone(&id), Client { id, budget, sessions: 0 })
        });
        let clients = Mutex::new(known.collect());
        Ok(Self { inner: Arc::new(Inner { db, clock, terms, clients, keeping: TaskTracker::new() }) })
    }

    /// Takes a place at the purse of a client id: its sessions share what it allows.
    pub(super) fn join(&self, client_id: &str) -> Seat {
        let client_id = self.with(client_id, |client, _| {
            client.sessions += 1;
            Arc::clone(&client.id)
        });
        Seat { budgets: self.clone(), client_id }
    }

    /// What a session of the client id is allowed now.
    pub(super) fn allowance(&self, client_id: &str) -> Allowance {
        self.with(client_id, |client, now| client.budget.allowance(client.sessions, now))
    }

    /// Before when no request for this purpose is allowed.
    pub(super) fn not_before(&self, client_id: &str, purpose: Purpose) -> Option<Instant> {
        self.with(client_id, |client, now| client.budget.not_before(purpose, client.sessions, now))
    }

    /// Takes one request from the purse.
    pub(super) fn spend(&self, client_id: &str) {
        self.with(client_id, |client, now| client.budget.spend(client.sessions, now));
        if self.inner.terms.limit.is_some() {
            self.keep(client_id);
        }
    }

    /// Lets the client id rest, from now on in memory and soon in the database. A longer rest is never made shorter.
    pub(super) fn rest(&self, client_id: &str, rest: Rest) {
        self.with(client_id, |client, _| client.budget.rest(rest));
        self.keep(client_id);
    }

    /// How the purse of a client id is doing.
    pub(super) fn purse(&self, client_id: &str) -> Purse {
        self.with(client_id, |client, now| {
            let allowance = client.budget.allowance(client.sessions, now);
            Purse {
                limit: client.budget.limit(),
                sessions: client.sessions,
                interval: allowance.interval,
                rest: client.budget.longest_rest().filter(|rest| rest.until > now),
                spent_until: allowance.not_before,
            }
        })
    }

    /// Waits until nothing is on its way to the database any more.
    pub(super) async fn settled(&self) {
        self.inner.keeping.close();
        self.inner.keeping.wait().await;
    }

    fn keep(&self, client_id: &str) {
        let (inner, client_id) = (Arc::clone(&self.inner), client_id.to_owned());
        let budget = self.with(&client_id, |client, _| client.budget.clone());
        self.inner.keeping.spawn(async move {
            if let Err(error) = store::put_budget(&inner.db, &client_id, &budget, inner.clock.now()).await {
                tracing::warn!(%error, client_id, "a budget is not stored; a restart would forget what was spent");
            }
        });
    }

    fn with<T>(&self, client_id: &str, work: impl FnOnce(&mut Client, Instant) -> T) -> T {
        let now = self.inner.clock.now();
        let Terms { limit, poll_interval } = self.inner.terms;
        let fresh = |id| Client { id, budget: Budget::new(limit, poll_interval, now), sessions: 0 };
        let mut clients = self.clients();
        if let Some(client) = clients.get_mut(client_id) {
            return work(client, now);
        }
        let id: Arc<str> = client_id.into();
        work(clients.entry(Arc::clone(&id)).or_insert_with(|| fresh(id)), now)
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<Arc<str>, Client>> {
        self.inner.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
