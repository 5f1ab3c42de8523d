//! The last frames of a topic, by number. A reader holds a number and asks for what came after it. Pure.

use std::collections::VecDeque;

/// Keeps the newest `capacity` items; the first is number 1. It takes room as items come: most rings hold a few.
#[derive(Debug)]
pub(super) struct Ring<T> {
    items: VecDeque<T>,
    capacity: usize,
    last: u64,
}

impl<T> Ring<T> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { items: VecDeque::new(), capacity, last: 0 }
    }

    /// The number of the newest item; 0 before the first.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    pub(super) fn push(&mut self, item: T) {
        if self.items.len() == self.capacity {
            self.items.pop_front();
        }
        self.items.push_back(item);
        self.last += 1;
    }

    /// Lets go of all items: nobody can go on from them, nor from where they ended.
    pub(super) fn forget(&mut self) {
        self.items.clear();
        self.last += 1;
    }

    /// Lets go of all items: whoever has seen the last one goes on from there, and nobody else.
    pub(super) fn cut(&mut self) {
        self.items.clear();
    }

    /// The items after number `seen`, or none when some of them are gone, or never were.
    pub(super) fn after(&self, seen: u64) -> Option<impl Iterator<Item = &T>> {
        let missing = usize::try_from(self.last.checked_sub(seen)?).ok()?;
        let skip = self.items.len().checked_sub(missing)?;
        Some(self.items.iter().skip(skip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(ring: &Ring<u64>, seen: u64) -> Option<Vec<u64>> {
        Some(ring.after(seen)?.copied().collect())
    }

    #[test]
    fn a_ring_takes_room_as_items_come_and_no_more_than_it_keeps() {
        let mut ring = Ring::new(256);
        assert_eq!(ring.items.capacity(), 0);
        ring.push(1);
        assert!(ring.items.capacity() < 8);
        (2..=10_000).for_each(|n| ring.push(n));
        assert_eq!(ring.items.capacity(), 256);
    }

    #[test]
    fn a_reader_gets_what_it_has_not_seen_or_learns_that_it_is_gone() {
        let mut ring = Ring::new(3);
        assert_eq!(after(&ring, 0), Some(vec![]));
        (1..=5).for_each(|n| ring.push(n));
        assert_eq!(after(&ring, 5), Some(vec![]));
        assert_eq!(after(&ring, 3), Some(vec![4, 5]));
        assert_eq!(after(&ring, 2), Some(vec![3, 4, 5]));
        assert_eq!(after(&ring, 1), None, "number 2 has been overwritten");
        assert_eq!(after(&ring, 6), None, "a number from the future is another life's");
        ring.cut();
        assert_eq!((after(&ring, 4), after(&ring, 5)), (None, Some(vec![])), "nobody is told the past");
        ring.forget();
        assert_eq!(after(&ring, 5), None, "what came next is not known any more");
        assert_eq!(after(&ring, 6), Some(vec![]));
    }
}
