//! What a share image tells.

use crate::base::clock::Instant;
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// An evening to be drawn: the words are in the language of the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// The streamer's name; their login where the font has none of its letters.
    pub name: String,
    /// Their login.
    pub login: String,
    /// What is drawn, such as the date.
    pub heading: String,
    /// How much there is of it, such as `23 tracks`.
    pub count: String,
    /// In which zone hours are written; none where they mean nothing.
    pub timezone: Option<Tz>,
    /// The plays, oldest first.
    pub plays: Vec<Play>,
    /// From when to when nothing is known, in any order; none is until now.
    pub gaps: Vec<(Instant, Option<Instant>)>,
}

/// One play on the tape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Play {
    /// When it began.
    pub at: Instant,
    /// Its length in milliseconds.
    pub duration_ms: i64,
    /// Which record stands for it, 0 to 7.
    pub hue: u32,
    /// Title.
    pub name: String,
    /// All artists, joined with `, `.
    pub artist: String,
}

impl Sheet {
    /// What tells this picture from every other, as hexadecimal digits. A program of another version may draw it in another
    /// way.
    #[must_use]
    pub fn key(&self) -> String {
        let told = serde_json::to_vec(self).unwrap_or_default();
        let hash = Sha256::new().chain_update(env!("CARGO_PKG_VERSION")).chain_update(told).finalize();
        HEXLOWER.encode(&hash[..16])
    }
}
