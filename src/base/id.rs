//! Ids are made by the program, never by the database: viewers see a track before it is stored.
//!
//! All are `UUIDv7`: their order is the order of their time. An id can be random, or derived from what it
//! names, so that making it twice gives the same id and a retried write changes nothing.

use super::clock::Instant;
use rand::RngExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Sorts before all others.
            pub const FIRST: Self = Self(Uuid::nil());
            /// Sorts after all others.
            pub const LAST: Self = Self(Uuid::max());

            /// A new random id for something that began at `at`.
            #[must_use]
            pub fn random(at: Instant) -> Self {
                Self(v7(at, rand::rng().random()))
            }

            /// The id of what `parts` name together, which began at `at`: the same parts give the same id.
            #[must_use]
            pub fn derived(at: Instant, parts: &[&str]) -> Self {
                Self(v7(at, digest(parts)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person with an account here: a streamer.
    UserId,
    /// One broadcast, ours; Twitch's id is an attribute of it.
    StreamId,
    /// One track heard once: a row of `stream_tracks`.
    PlayId,
    /// A time when we could not look.
    GapId,
    /// A streamer's connection to a Spotify account.
    LinkId,
    /// What a streamer never wants in the list: a row of `ignore_rules`.
    RuleId,
    /// A key of a program.
    KeyId,
    /// Something that was done, as the audit log has it.
    AuditId,
    /// Something that was done to the list in one go and can be undone in one go.
    ActId,
    /// Whom to tell when tracking stands still.
    AlertId,
    /// Saved settings of an overlay.
    PresetId,
}

fn v7(at: Instant, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Ten bytes that depend on every part and on where one part ends and the next begins.
fn digest(parts: &[&str]) -> [u8; 10] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&hasher.finalize()[..10]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn at(millis: i64) -> Instant {
        DateTime::from_timestamp_millis(millis).expect("a valid instant")
    }

    #[test]
    fn a_derived_id_depends_on_each_part_and_on_the_time() {
        let id = PlayId::derived(at(1_000), &["ab", "c"]);
        assert_eq!(id, PlayId::derived(at(1_000), &["ab", "c"]));
        assert_ne!(id, PlayId::derived(at(1_000), &["a", "bc"]));
        assert_ne!(id, PlayId::derived(at(1_001), &["ab", "c"]));
    }

    #[test]
    fn ids_sort_by_time_and_survive_text() {
        let (early, late) = (PlayId::random(at(1_000)), PlayId::random(at(2_000)));
        assert!(early < late);
        assert_eq!(early.to_string().parse::<PlayId>().expect("an id"), early);
    }
}
