//! What the room adds to the hub's words: a stream as a whole, and which plays count. Pure.

use crate::base::clock::Instant;
use crate::base::id::{PlayId, StreamId};
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

impl Stream {
    /// The stream as it was `until` then, or is; none when it had not begun.
    #[must_use]
    pub fn as_of(self, until: Option<Instant>) -> Option<Self> {
        let Some(until) = until else { return Some(self) };
        let ended_at = self.ended_at.filter(|end| *end <= until);
        (self.started_at <= until).then_some(Self { ended_at, ..self })
    }

    /// The broadcast, if it is on air.
    #[must_use]
    pub fn on_air(&self) -> Option<OnAir> {
        self.ended_at.is_none().then(|| self.broadcast())
    }

    /// The broadcast, also when it is over.
    #[must_use]
    pub fn broadcast(&self) -> OnAir {
        OnAir { id: self.id, started_at: self.started_at }
    }
}

impl From<&OnAir> for Stream {
    fn from(on_air: &OnAir) -> Self {
        Self { id: on_air.id, started_at: on_air.started_at, ended_at: None }
    }
}

/// Which of a streamer's plays count; such that are stored as hidden never do.
#[derive(Debug, Clone, Copy)]
pub struct Sieve<'a> {
    /// Those that began at this instant or later.
    pub from: Instant,
    /// Those that were stored until then; none for all.
    pub until: Option<Instant>,
    /// Of which it waits to be stored that they are hidden.
    pub hidden: &'a [PlayId],
}

impl Sieve<'_> {
    /// What is hidden, as a text in which either database finds an id.
    #[must_use]
    pub fn hidden_ids(&self) -> String {
        self.hidden.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_stream_is_known_as_it_was() {
        let minute = |minute| Instant::UNIX_EPOCH + TimeDelta::minutes(minute);
        let id = StreamId::derived(minute(1), &["ann"]);
        let stream = Stream { id, started_at: minute(1), ended_at: Some(minute(3)) };
        let at = |until| stream.clone().as_of(Some(until)).map(|stream| stream.ended_at);
        assert_eq!(at(minute(0)), None, "it had not begun");
        assert_eq!(at(minute(2)), Some(None), "it was on air");
        assert_eq!(at(minute(3)), Some(Some(minute(3))));
        assert_eq!(stream.clone().as_of(None), Some(stream));
    }
}
