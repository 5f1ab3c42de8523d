//! Questions that many ask at once, asked once: whoever comes while an answer is on its way waits for the next one and
//! shares it. So nobody gets an answer that was looked for before they asked.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Questions by key, and their answers while somebody waits for them.
pub struct Together<K, V> {
    slots: Arc<Mutex<HashMap<K, Arc<Slot<V>>>>>,
}

struct Slot<V> {
    /// How many have come.
    came: AtomicU64,
    last: tokio::sync::Mutex<Option<Answer<V>>>,
}

struct Answer<V> {
    /// Whoever came as one of these had come when it was looked for.
    came: u64,
    value: V,
}

impl<K: Hash + Eq + Clone, V: Clone> Together<K, V> {
    /// What `ask` gives, or what it gave somebody else who began to ask after this call.
    pub async fn ask(&self, key: &K, ask: impl AsyncFnOnce() -> V) -> V {
        let place = Place { all: self, key, slot: self.slot(key) };
        let slot = &place.slot;
        let ticket = slot.came.fetch_add(1, Ordering::Relaxed);
        let mut last = slot.last.lock().await;
        if let Some(answer) = last.as_ref().filter(|answer| ticket < answer.came) {
            return answer.value.clone();
        }
        let came = slot.came.load(Ordering::Relaxed);
        let value = ask().await;
        *last = Some(Answer { came, value: value.clone() });
        value
    }

    fn slot(&self, key: &K) -> Arc<Slot<V>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(key.clone()).or_default())
    }
}

/// Somebody's place in a slot. The last to leave, in whatever way, takes the answer along.
struct Place<'a, K: Hash + Eq, V> {
    all: &'a Together<K, V>,
    key: &'a K,
    slot: Arc<Slot<V>>,
}

impl<K: Hash + Eq, V> Drop for Place<'_, K, V> {
    fn drop(&mut self) {
        let mut slots = self.all.slots.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's and ours.
        if Arc::strong_count(&self.slot) == 2 {
            slots.remove(self.key);
        }
    }
}

impl<V> Default for Slot<V> {
    fn default() -> Self {
        Self { came: AtomicU64::new(0), last: tokio::sync::Mutex::new(None) }
    }
}

impl<K, V> Default for Together<K, V> {
    fn default() -> Self {
        Self { slots: Arc::default() }
    }
}

impl<K, V> Clone for Together<K, V> {
    fn clone(&self) -> Self {
        Self { slots: Arc::clone(&self.slots) }
    }
}

impl<K, V> fmt::Debug for Together<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Together").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use tokio::task::yield_now;

    /// A source that counts how often it is asked, and gives the number.
    #[derive(Default)]
    struct Source(AtomicU64);

    impl Source {
        async fn answer(&self) -> u64 {
            let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            yield_now().await;
            number
        }
    }

    #[tokio::test]
    async fn a_crowd_asks_twice_at_most_and_each_gets_an_answer_that_is_new_to_them() {
        let (together, source) = (Together::default(), Source::default());
        let crowd = (0..1_000).map(|_| together.ask(&"ann", async || source.answer().await));
        let answers = join_all(crowd).await;
        assert_eq!(
            (answers[0], answers[999]),
            (1, 2),
            "who came while the first was asked waits for the second"
        );
        assert_eq!(source.0.load(Ordering::Relaxed), 2);
        assert!(together.slots.lock().expect("slots").is_empty(), "nothing is kept");
    }

    #[tokio::test]
    async fn one_after_the_other_each_asks_anew() {
        let (together, source) = (Together::default(), Source::default());
        for number in 1..4 {
            assert_eq!(together.ask(&"ann", async || source.answer().await).await, number);
        }
    }

    #[tokio::test]
    async fn whoever_gives_up_holds_up_nobody() {
        let together = Together::default();
        let patience = std::time::Duration::from_millis(5);
        let hangs = together.ask(&1, async || std::future::pending::<u64>().await);
        assert!(tokio::time::timeout(patience, hangs).await.is_err());
        assert!(together.slots.lock().expect("slots").is_empty(), "nor does it leave anything behind");
        assert_eq!(together.ask(&1, async || 7).await, 7);
        assert_eq!(together.ask(&2, async || 8).await, 8);
    }
}
