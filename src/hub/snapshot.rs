//! A snapshot that all share who come within a moment, such as everybody when a network returns. It is encoded once per
//! format, by the first to need it, without holding up those who publish. Pure.

use super::day::Day;
use super::frame::{self, Format};
use crate::base::clock::Instant;
use bytes::Bytes;
use chrono::TimeDelta;
use std::sync::{Arc, OnceLock};

/// How long a snapshot is given out although nothing has changed: pages learn from its `at` what time it is here.
const FRESH: TimeDelta = TimeDelta::seconds(1);

/// The day at one instant and one cursor.
#[derive(Debug)]
pub(super) struct Snapshot {
    day: Arc<Day>,
    cursor: String,
    at: Instant,
    json: OnceLock<Bytes>,
    html: OnceLock<Bytes>,
}

impl Snapshot {
    pub(super) fn new(day: Arc<Day>, cursor: String, at: Instant) -> Self {
        Self { day, cursor, at, json: OnceLock::new(), html: OnceLock::new() }
    }

    /// Whether `at` still says what time it is.
    pub(super) fn is_fresh(&self, now: Instant) -> bool {
        (now - self.at).abs() < FRESH
    }

    /// Its bytes; whoever asks while another encodes them waits for those.
    pub(super) fn bytes(&self, format: Format) -> Bytes {
        let encoded = match format {
            Format::Json => &self.json,
            Format::Html => &self.html,
        };
        encoded.get_or_init(|| frame::snapshot(&self.day, format, &self.cursor, self.at)).clone()
    }
}
