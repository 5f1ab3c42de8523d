//! Reading streams: one whole, across midnight, and those of a day. What is of today comes from memory, as it does on the
//! day page; the rest from the database.

use super::access::Owner;
use super::model::Stream;
use super::read::{Read, Reader, is_kept};
use super::store;
use crate::base::clock::Instant;
use crate::base::id::StreamId;
use crate::base::local_day::{bounds, local_date};
use crate::db::or_remembered;
use crate::http::AppError;
use crate::hub::{Day, Gap, OnAir, Track};
use anyhow::Context as _;
use std::sync::Arc;

/// A stream as read, with today in memory and the cursor from which the live topic goes on.
pub(super) struct Whole {
    pub(super) stream: Stream,
    pub(super) is_live: bool,
    pub(super) tracks: Vec<Track>,
    pub(super) gaps: Vec<Gap>,
    pub(super) today: Arc<Day>,
    pub(super) cursor: String,
    pub(super) at: Instant,
}

/// A stream as it is stored.
#[derive(Clone)]
struct Stored {
    stream: Stream,
    tracks: Vec<Track>,
    gaps: Vec<Gap>,
}

impl From<&OnAir> for Stored {
    fn from(on_air: &OnAir) -> Self {
        Self { stream: on_air.into(), tracks: Vec::new(), gaps: Vec::new() }
    }
}

impl Reader {
    /// The stream that `asked` names, if it is this streamer's and still kept. While the database is away, the one on air
    /// is known as far as it is in memory whole.
    pub(super) async fn stream(&self, owner: &Owner, asked: &str) -> Result<Whole, AppError> {
        let id = parse(asked)?;
        let at = self.clock.now();
        let (today, cursor) = self.topic(owner).await?.day(at);
        let on_air = today.stream.as_ref().filter(|on_air| on_air.id == id).map(Stored::from);
        let began_today =
            |stored: &Stored| local_date(stored.stream.started_at, owner.timezone) == today.date;
        let remembered = || on_air.clone().filter(began_today).map(Some);
        let stored = or_remembered(self.stored_stream(owner, id), remembered).await?;
        let is_live = on_air.is_some();
        let Stored { stream, tracks, gaps } = stored.or(on_air).ok_or(AppError::NotFound)?;
        let whole = Whole { stream, is_live, tracks, gaps, today, cursor, at };
        whole.completed(owner).ok_or(AppError::NotFound)
    }

    async fn stored_stream(&self, owner: &Owner, id: StreamId) -> anyhow::Result<Option<Stored>> {
        let Some(stream) = store::stream(&self.db, owner.id, id).await.context("reading a stream")? else {
            return Ok(None);
        };
        let tracks = store::of_stream(&self.db, owner.id, id).await.context("reading a stream's plays")?;
        let gaps = store::gaps_of_stream(&self.db, owner.id, id).await.context("reading a stream's gaps")?;
        Ok(Some(Stored { stream, tracks, gaps }))
    }

    /// The streams of a day, the longest ago first. Only the one on air is known while the database is away.
    pub(super) async fn streams(&self, owner: &Owner, day: &Read) -> anyhow::Result<Vec<Stream>> {
        if owner.is_remembered {
            return Ok(day.day.stream.iter().filter(|_| day.is_today).map(Stream::from).collect());
        }
        let (from, to) = bounds(day.day.date, owner.timezone);
        store::streams_between(&self.db, owner.id, from, to).await.context("reading a day's streams")
    }
}

impl Whole {
    /// With what memory knows; none when it is too long ago to be kept.
    fn completed(mut self, owner: &Owner) -> Option<Self> {
        if self.is_live {
            self.remember();
        }
        (self.is_live || !self.tracks.is_empty() || self.is_kept(owner)).then_some(self)
    }

    /// Takes today's part from memory, which knows of plays and gaps before they are stored.
    fn remember(&mut self) {
        let (day, start) = (&self.today, self.stream.started_at);
        let midnight = bounds(day.date, day.timezone).0;
        self.tracks.retain(|track| track.started_at < midnight);
        self.tracks.extend(day.tracks.iter().filter(|track| track.started_at >= start).cloned());
        let todays = |id| day.gaps.iter().any(|gap| gap.id == id);
        self.gaps.retain(|gap| !todays(gap.id));
        self.gaps.extend(day.gaps.iter().filter(|gap| gap.to.is_none_or(|to| to > start)).cloned());
    }

    fn is_kept(&self, owner: &Owner) -> bool {
        let last = self.stream.ended_at.unwrap_or(self.stream.started_at);
        is_kept(owner, local_date(last, owner.timezone), self.today.date)
    }
}

fn parse(asked: &str) -> Result<StreamId, AppError> {
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
        assert!(parse(id).is_ok_and(|parsed| parsed.to_string() == id));
        for other in [id.to_uppercase(), id.replace('-', ""), format!("{{{id}}}"), String::new(), "1".into()]
        {
            assert!(parse(&other).is_err(), "{other}");
        }
    }
}
