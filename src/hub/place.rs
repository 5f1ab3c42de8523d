//! A viewer's place at a desk: for which audience, in which shape, and up to where they have been told. It is a cursor, so
//! that a slow reader costs a number and not a queue.

use super::air::Air;
use super::desk::Audience;
use super::frame::Shape;
use super::mark::Mark;
use super::wire::Message;
use crate::telemetry::{Learned, Metrics};
use std::sync::Arc;
use tokio::sync::watch;

/// How far somebody has been told. Holding one keeps the desk in memory.
#[derive(Debug, Clone)]
pub(super) struct Place {
    air: Arc<Air>,
    audience: Audience,
    shape: Shape,
    seen: Option<Mark>,
    /// How often its audience had been sent away before; none for a guest, who is not sent away with it.
    closings: Option<u64>,
}

impl Place {
    /// Of a guest, who has seen this already.
    pub(super) fn new(air: Arc<Air>, audience: Audience, shape: Shape, seen: Option<Mark>) -> Self {
        Self { air, audience, shape, seen, closings: None }
    }

    /// The same place, of somebody who has been let in just now.
    pub(super) fn anew(self) -> Self {
        Self { closings: Some(self.air.closings(self.audience)), ..self }
    }

    /// All that there is to send now, which counts as seen: frames in order, or one snapshot, or nothing. None when the
    /// topic was closed: its holder may no longer read.
    pub(super) fn pending(&mut self) -> Option<Vec<Message>> {
        let now = self.air.now();
        let Self { audience, shape, seen, .. } = *self;
        let (pending, seen) = self.air.see(|desk| desk.reel_mut(audience).since(seen, shape, now));
        let messages = pending.messages(shape);
        // Asked afterwards, so that nothing slips through that was told behind a closed door.
        if self.is_sent_away() {
            return None;
        }
        self.seen = Some(seen);
        Some(messages)
    }

    /// Whether there is nothing to send, and its holder may read on.
    pub(super) fn is_even(&self) -> bool {
        let end = self.air.see(|desk| desk.reel(self.audience).end());
        self.seen == Some(end) && !self.is_sent_away()
    }

    /// Whether whoever stands there is told the same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.shape == other.shape && self.audience == other.audience
    }

    /// What rings when there may be something to send.
    pub(super) fn bell(&self) -> watch::Receiver<Option<Learned>> {
        self.air.bell(self.audience).subscribe()
    }

    /// What is counted.
    pub(super) fn metrics(&self) -> &Metrics {
        self.air.metrics()
    }

    /// Up to where it has been told.
    pub(super) fn seen(&self) -> Option<Mark> {
        self.seen
    }

    /// It has been told up to here.
    pub(super) fn saw(&mut self, mark: Mark) {
        self.seen = Some(mark);
    }

    /// Turns the day if it is over, also while nobody streams.
    pub(super) fn tick(&self) {
        let now = self.air.now();
        self.air.change(|desk| desk.advance(now));
    }

    fn is_sent_away(&self) -> bool {
        self.closings.is_some_and(|closings| closings != self.air.closings(self.audience))
    }
}
