//! A box for letters that takes no room while nobody writes, unlike a channel: a hundred thousand of them wait at once.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// The box: many may write, one reads.
#[derive(Debug)]
pub(super) struct Inbox<T> {
    letters: Mutex<VecDeque<T>>,
    came: Notify,
}

impl<T> Inbox<T> {
    pub(super) fn new() -> Self {
        Self { letters: Mutex::default(), came: Notify::new() }
    }

    /// Puts a letter in.
    pub(super) fn push(&self, letter: T) {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push_back(letter);
        self.came.notify_one();
    }

    /// Waits for a letter. Safe to cancel: what was not given is given the next time.
    pub(super) async fn next(&self) -> T {
        loop {
            if let Some(letter) = self.pop() {
                return letter;
            }
            self.came.notified().await;
        }
    }

    fn pop(&self) -> Option<T> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test]
    async fn letters_are_read_in_order_by_whoever_waits_for_them() {
        let inbox = Arc::new(Inbox::new());
        let reading = Arc::clone(&inbox);
        let reader = tokio::spawn(async move { [reading.next().await, reading.next().await] });
        tokio::task::yield_now().await;
        inbox.push(1);
        inbox.push(2);
        assert_eq!(reader.await.expect("no panic"), [1, 2]);
    }

    #[test]
    fn an_empty_box_takes_no_room() {
        let inbox = Inbox::<[u8; 64]>::new();
        assert_eq!(inbox.letters.lock().expect("a lock").capacity(), 0);
        assert!(size_of::<Inbox<[u8; 64]>>() < 100);
    }
}
