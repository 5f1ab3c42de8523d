//! What the room adds to the hub's words: a stream as a whole. Pure.

use crate::base::clock::Instant;
use crate::base::id::StreamId;
use crate::hub::OnAir;

/// One broadcast, from online to offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Our id of the stream.
    pub id: StreamId,
    /// When it began.
    pub started_at: Instant,
    /// When it ended; none while it lasts.
    pub ended_at: Option<Instant>,
}

impl From<&OnAir> for Stream {
    fn from(on_air: &OnAir) -> Self {
        Self { id: on_air.id, started_at: on_air.started_at, ended_at: None }
    }
}
