//! The pictures that were drawn last, as many as there is room for.

use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How many pictures are kept; each has some 50 KB.
const MOST: usize = 64;

/// Pictures by key, the one that was asked for last at the end.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pictures: Mutex<VecDeque<(String, Bytes)>>,
}

impl Memory {
    /// The picture of this key, if it is still known.
    pub(super) fn get(&self, key: &str) -> Option<Bytes> {
        let mut pictures = self.pictures.lock().unwrap_or_else(PoisonError::into_inner);
        let at = pictures.iter().position(|(known, _)| known == key)?;
        let found = pictures.remove(at)?;
        pictures.push_back(found.clone());
        Some(found.1)
    }

    /// Keeps a picture, and forgets the one that was asked for least lately when there is no room.
    pub(super) fn keep(&self, key: String, png: Bytes) {
        let mut pictures = self.pictures.lock().unwrap_or_else(PoisonError::into_inner);
        pictures.retain(|(known, _)| *known != key);
        pictures.push_back((key, png));
        while pictures.len() > MOST {
            pictures.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_asks_for_makes_room() {
        let memory = Memory::default();
        for number in 0..=MOST {
            memory.keep(number.to_string(), Bytes::from(vec![0]));
            assert!(memory.get("0").is_some(), "asked for all the time");
        }
        assert!(memory.get("1").is_none());
        assert!(memory.get(&MOST.to_string()).is_some());
    }
}
