//! The doors for viewers who stay: sockets and event streams, as many as there is room for.

use super::visitor::Visitor;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// Counts who is in, per address and together.
#[derive(Debug, Clone)]
pub struct Doors {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    most: Option<NonZeroU32>,
    most_per_address: Option<NonZeroU32>,
    seats: Mutex<HashMap<Visitor, u32>>,
    guests: TaskTracker,
    closing: CancellationToken,
}

/// A viewer's place; dropping it gives it up.
#[derive(Debug)]
pub struct Seat {
    inner: Arc<Inner>,
    visitor: Visitor,
    _guest: TaskTrackerToken,
}

impl Doors {
    /// Doors that let in at most `most` viewers, and `most_per_address` from one address; none is no limit.
    #[must_use]
    pub fn new(most: Option<NonZeroU32>, most_per_address: Option<NonZeroU32>) -> Self {
        let (seats, guests, closing) = (Mutex::default(), TaskTracker::new(), CancellationToken::new());
        Self { inner: Arc::new(Inner { most, most_per_address, seats, guests, closing }) }
    }

    /// A seat, if there is one for this visitor.
    #[must_use]
    pub fn admit(&self, visitor: &Visitor) -> Option<Seat> {
        let mut seats = self.inner.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, theirs) = (self.inner.guests.len(), seats.get(visitor).copied().unwrap_or(0));
        let full = self.inner.most.is_some_and(|most| all >= most.get() as usize);
        if full || self.inner.most_per_address.is_some_and(|most| theirs >= most.get()) {
            return None;
        }
        seats.insert(*visitor, theirs + 1);
        let (inner, guest) = (Arc::clone(&self.inner), self.inner.guests.token());
        Some(Seat { inner, visitor: *visitor, _guest: guest })
    }

    /// How many are in.
    #[must_use]
    pub fn guests(&self) -> usize {
        self.inner.guests.len()
    }

    /// Called when the house closes: whoever serves a guest then says goodbye.
    #[must_use]
    pub fn closing(&self) -> CancellationToken {
        self.inner.closing.clone()
    }

    /// Asks everybody to leave and waits until they have, for at most `patience`.
    pub async fn close(&self, patience: Duration) {
        self.inner.closing.cancel();
        self.inner.guests.close();
        // Whoever is still in after that is dropped with the runtime.
        let _ = tokio::time::timeout(patience, self.inner.guests.wait()).await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.inner.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(theirs) = seats.get_mut(&self.visitor) {
            *theirs -= 1;
            if *theirs == 0 {
                seats.remove(&self.visitor);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(last: u8) -> Visitor {
        Visitor([192, 0, 2, last].into())
    }

    #[test]
    fn seats_are_counted_and_given_back() {
        let doors = Doors::new(NonZeroU32::new(3), NonZeroU32::new(2));
        let first = doors.admit(&visitor(1)).expect("a seat");
        let _second = doors.admit(&visitor(1)).expect("a second seat");
        assert!(doors.admit(&visitor(1)).is_none(), "two for one address");
        let _third = doors.admit(&visitor(2)).expect("another address");
        assert!(doors.admit(&visitor(3)).is_none(), "three in all");
        drop(first);
        assert!(doors.admit(&visitor(1)).is_some());
    }
}
