//! Reading streams: one whole, across midnight, and those of a day. The one on air comes from memory, as today does on
//! the day page; the others from the database.

use super::access::Owner;
use super::model::Stream;
use super::read::{Read, Reader, is_kept};
use super::store;
use crate::base::clock::Instant;
use crate::base::id::StreamId;
use crate::base::local_day::{bounds, local_date};
use crate::http::AppError;
use crate::hub::{Day, Gap, Track, View};
use anyhow::Context as _;
use std::sync::Arc;

/// A stream as read, with what memory knows of today and the cursor from which the live topic goes on.
pub(super) struct Whole {
    pub(super) stream: Stream,
    pub(super) is_live: bool,
    pub(super) tracks: Vec<Track>,
    pub(super) gaps: Vec<Gap>,
    pub(super) today: Arc<Day>,
    pub(super) cursor: String,
    pub(super) at: Instant,
}

impl Reader {
    /// The stream, if it is this streamer's and still kept. The one on air comes from memory.
    pub(super) async fn stream(&self, owner: &Owner, id: StreamId) -> Result<Whole, AppError> {
        let at = self.clock.now();
        let (today, cursor) = self.topic(owner).await?.day(at);
        if let Some(on_air) = today.stream.clone().filter(|on_air| on_air.id == id) {
            let tracks = today.tracks_of(View::Stream).cloned().collect();
            let gaps = today.gaps_of(View::Stream).cloned().collect();
            return Ok(Whole { stream: (&on_air).into(), is_live: true, tracks, gaps, today, cursor, at });
        }
        let stored = self.stored_stream(owner, id, owner.known_until(at)).await?;
        let (stream, tracks, gaps) = stored.ok_or(AppError::NotFound)?;
        let whole = Whole { stream, is_live: false, tracks, gaps, today, cursor, at };
        let is_there = !whole.tracks.is_empty() || whole.is_kept(owner);
        is_there.then_some(whole).ok_or(AppError::NotFound)
    }

    async fn stored_stream(
        &self,
        owner: &Owner,
        id: StreamId,
        until: Option<Instant>,
    ) -> anyhow::Result<Option<(Stream, Vec<Track>, Vec<Gap>)>> {
        let stream = store::stream(&self.db, owner.id, id).await.context("reading a stream")?;
        let Some(stream) = stream.and_then(|stream| stream.as_of(until)) else { return Ok(None) };
        // Asked first, as for a day.
        let hidden = self.writer.hidden_of(owner.id);
        let mut tracks =
            store::of_stream(&self.db, owner.id, id, until).await.context("reading a stream's plays")?;
        tracks.retain(|track| !hidden.contains(&track.id));
        let mut gaps =
            store::gaps_of_stream(&self.db, owner.id, id).await.context("reading a stream's gaps")?;
        gaps.retain(|gap| until.is_none_or(|until| gap.from <= until));
        Ok(Some((stream, tracks, gaps)))
    }

    /// The streams of a day, the longest ago first. Only the one on air is known while the database is away.
    pub(super) async fn streams(&self, owner: &Owner, day: &Read) -> anyhow::Result<Vec<Stream>> {
        if owner.is_remembered {
            return Ok(day.day.stream.iter().filter(|_| day.is_today).map(Stream::from).collect());
        }
        let ((from, to), until) = (bounds(day.day.date, owner.timezone), owner.known_until(day.at));
        let streams = store::streams_between(&self.db, owner.id, from, to).await;
        let streams = streams.context("reading a day's streams")?.into_iter();
        Ok(streams.filter_map(|stream| stream.as_of(until)).collect())
    }
}

impl Whole {
    fn is_kept(&self, owner: &Owner) -> bool {
        let last = self.stream.ended_at.unwrap_or(self.stream.started_at);
        is_kept(owner, local_date(last, owner.timezone), self.today.date)
    }
}

/// The stream that `asked` names.
pub(super) fn stream_id(asked: &str) -> Result<StreamId, AppError> {
    // Strict: an id can be written in several ways, and one stream should have one address.
    let id: StreamId = asked.parse().map_err(|_| AppError::NotFound)?;
    if id.to_string() == asked { Ok(id) } else { Err(AppError::NotFound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = "01a1fab7-6c52-7bb8-b54a-1f9f21c85c84";
        assert!(stream_id(id).is_ok_and(|parsed| parsed.to_string() == id));
        for other in [id.to_uppercase(), id.replace('-', ""), format!("{{{id}}}"), String::new(), "1".into()]
        {
            assert!(stream_id(&other).is_err(), "{other}");
        }
    }
}
