//! The doors for viewers who stay: sockets and event streams, as many as there is room for.

use super::visitor::Visitor;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// The goodbyes of a full house are spread over this: as many viewers come back elsewhere, or to the next start.
const MOST_SPREAD: Duration = Duration::from_secs(3);
/// And over so much for each guest, so that a small house closes at once.
const SPREAD_FOR_EACH: Duration = Duration::from_millis(1);

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

    /// Ends when it is time to say goodbye to a guest, which is not the same time for everybody.
    pub fn farewell(&self) -> impl Future<Output = ()> + Send + use<> {
        let inner = Arc::clone(&self.inner);
        async move {
            inner.closing.cancelled().await;
            tokio::time::sleep(inner.spread().mul_f64(rand::random())).await;
        }
    }

    /// Asks everybody to leave and waits until they have; once all were asked, for at most `patience`.
    pub async fn close(&self, patience: Duration) {
        let patience = self.inner.spread() + patience;
        self.inner.closing.cancel();
        self.inner.guests.close();
        // Whoever is still in after that is dropped with the runtime.
        let _ = tokio::time::timeout(patience, self.inner.guests.wait()).await;
    }
}

impl Inner {
    fn spread(&self) -> Duration {
        let guests = u32::try_from(self.guests.len()).unwrap_or(u32::MAX);
        SPREAD_FOR_EACH.saturating_mul(guests).min(MOST_SPREAD)
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

    #[tokio::test]
    async fn a_small_house_closes_at_once_and_a_full_one_bit_by_bit() {
        let started = tokio::time::Instant::now();
        let doors = Doors::new(None, None);
        let seats: Vec<Seat> = (0..400).filter_map(|_| doors.admit(&visitor(1))).collect();
        let leaving = seats.into_iter().map(|seat| {
            let farewell = doors.farewell();
            async move {
                farewell.await;
                drop(seat);
                started.elapsed()
            }
        });
        let leaving = tokio::spawn(futures_util::future::join_all(leaving));
        doors.close(Duration::from_millis(10)).await;
        let mut left = leaving.await.expect("no panic");
        assert_eq!(doors.guests(), 0);
        left.sort_unstable();
        let (early, late) = (left[100], left[300]);
        assert!(late > early + Duration::from_millis(50), "{early:?} {late:?}");
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
