//! How many requests one address, or one account, may make in a minute.

use super::error::AppError;
use super::visitor::Visitor;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::fmt;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Addresses that have been quiet are forgotten after so many requests.
const SWEEP_EVERY: u32 = 10_000;

/// Counts requests by who makes them; one that has no limit lets everything pass.
#[derive(Clone)]
pub struct Limits<Who: Hash + Eq + Clone = Visitor> {
    limiter: Option<Arc<RateLimiter<Who, HashMapStateStore<Who>, DefaultClock>>>,
    requests: Arc<AtomicU32>,
}

impl<Who: Hash + Eq + Clone> fmt::Debug for Limits<Who> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").field("limited", &self.limiter.is_some()).finish_non_exhaustive()
    }
}

impl<Who: Hash + Eq + Clone> Limits<Who> {
    /// At most `requests_per_minute` from each; none is no limit.
    #[must_use]
    pub fn new(requests_per_minute: Option<NonZeroU32>) -> Self {
        let limiter = requests_per_minute.map(|most| Arc::new(RateLimiter::hashmap(Quota::per_minute(most))));
        Self { limiter, requests: Arc::default() }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// `TooMany` when it is over the limit.
    pub fn check(&self, who: &Who) -> Result<(), AppError> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if self.requests.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(who).map_err(|until| AppError::TooMany {
            retry_after: until.wait_time_from(DefaultClock::default().now()),
        })
    }
}

impl Limits {
    /// Counts a request by whoever sent it.
    ///
    /// # Errors
    /// `TooMany` when it is over the limit.
    pub fn count(&self, request: &Request) -> Result<(), AppError> {
        self.check(&Visitor::of(request.extensions(), request.headers()))
    }
}

/// Middleware: refuses what is over the limit.
pub async fn limit(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    match limits.count(&request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_use_up_the_requests_of_another() {
        let (limits, one, other) =
            (Limits::new(NonZeroU32::new(2)), Visitor([192, 0, 2, 1].into()), Visitor([192, 0, 2, 2].into()));
        assert!(limits.check(&one).is_ok() && limits.check(&one).is_ok());
        assert!(matches!(limits.check(&one), Err(AppError::TooMany { .. })));
        assert!(limits.check(&other).is_ok());
    }
}
