//! A snapshot that all share who come within a moment, such as everybody when a network returns. It is encoded once per
//! shape, by the first to need it, without holding up those who publish. Pure.

use super::day::{Day, View};
use super::frame::{self, Format, Shape};
use super::wire::Message;
use crate::base::clock::Instant;
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
    /// By format and view.
    encoded: [[OnceLock<Message>; 2]; 2],
}

impl Snapshot {
    pub(super) fn new(day: Arc<Day>, cursor: String, at: Instant) -> Self {
        Self { day, cursor, at, encoded: <_>::default() }
    }

    /// Whether `at` still says what time it is.
    pub(super) fn is_fresh(&self, now: Instant) -> bool {
        (now - self.at).abs() < FRESH
    }

    /// Its message; whoever asks while another encodes it waits for that.
    pub(super) fn message(&self, shape: Shape) -> Message {
        let encoded = &self.encoded[usize::from(shape.format == Format::Html)];
        let encoded = &encoded[usize::from(shape.view == View::Stream)];
        encoded.get_or_init(|| frame::snapshot(&self.day, shape, &self.cursor, self.at)).clone()
    }
}
