//! Names that look like those of the two companies: base62, made from the world's seed, so that the same seed
//! makes the same world.

use sha2::{Digest as _, Sha256};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A text of `length` letters and digits (32 at most) that depends on the seed and on all of `parts`.
pub(super) fn derived(seed: u64, parts: &[&str], length: usize) -> String {
    let mut hasher = Sha256::new();
    hasher.update(seed.to_be_bytes());
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]);
    hasher.finalize().iter().take(length).map(letter).collect()
}

/// A well that never gives the same name twice.
#[derive(Debug, Clone)]
pub(super) struct Ids {
    seed: u64,
    made: u64,
}

impl Ids {
    /// A well for the world of this seed.
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, made: 0 }
    }

    /// The next name, of `length` letters and digits (32 at most).
    pub(super) fn next(&mut self, length: usize) -> String {
        derived(self.seed, &["next", &self.count().to_string()], length)
    }

    /// The next number, from 1.
    pub(super) fn count(&mut self) -> u64 {
        self.made += 1;
        self.made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_names_and_no_name_comes_twice() {
        let (mut one, mut two) = (Ids::new(7), Ids::new(7));
        let names: Vec<String> = (0..100).map(|_| one.next(22)).collect();
        assert!(names.iter().all(|name| *name == two.next(22) && name.len() == 22));
        assert_eq!(names.iter().collect::<std::collections::HashSet<_>>().len(), 100);
    }
}
