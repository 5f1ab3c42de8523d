//! What a session begins with: everything that is stored of the stream, and what still waits to be.

use super::{Missing, Reconciler};
use crate::base::guard::guarded;
use crate::base::id::StreamId;
use crate::hub;
use crate::live::gaps::{Gap, Reason};
use crate::live::model::{Ignored, Play, Stream};
use crate::live::session::Assignment;
use crate::live::{public, store};
use crate::retention::erased_before;
use anyhow::Context as _;
use futures_util::StreamExt as _;

/// How many sessions are prepared at the same time: as many as the database can work for.
const ABREAST: usize = 4;

/// What came of preparing sessions.
#[derive(Debug, Default)]
pub(in crate::live) struct Prepared {
    pub(in crate::live) ready: Vec<Assignment>,
    /// Streams that nobody was to follow any more by then.
    pub(in crate::live) over: Vec<StreamId>,
}

impl Reconciler {
    /// Everything that these sessions begin with. Whoever cannot be prepared does not hold up the others.
    ///
    /// # Errors
    /// When nobody could be prepared.
    pub(in crate::live) async fn prepare(&self, missing: Vec<Missing>) -> anyhow::Result<Prepared> {
        let preparing = missing.into_iter().map(|missing| async {
            let (streamer, stream) = (missing.streamer.clone(), missing.stream.id);
            let prepared = guarded(self.assignment(missing)).await.inspect_err(|error| {
                tracing::warn!(%streamer, error = format!("{error:#}"), "a session could not be prepared");
            });
            (stream, prepared)
        });
        let all: Vec<_> = futures_util::stream::iter(preparing).buffer_unordered(ABREAST).collect().await;
        let none = all.iter().all(|(_, one)| one.is_err());
        let mut prepared = Prepared::default();
        for (stream, one) in all {
            match one {
                Ok(Some(assignment)) => prepared.ready.push(assignment),
                Ok(None) => prepared.over.push(stream),
                Err(error) if none => return Err(error),
                Err(_) => {}
            }
        }
        Ok(prepared)
    }

    /// Everything a session begins with: what is stored of the stream, and what still waits to be. None when the
    /// streamer is gone, or nobody is to follow them any more.
    async fn assignment(&self, missing: Missing) -> anyhow::Result<Option<Assignment>> {
        let Missing { streamer, stream, link } = missing;
        let Some(topic) = self.hub.staff(stream.user_id).await? else { return Ok(None) };
        let last = self.last_play(&stream, &topic).await?;
        let gap = self.open_gap(&stream).await?;
        if !self.goes_on(&stream, gap.as_ref()).await? {
            return Ok(None);
        }
        let ignored = self.last_ignored(&stream).await?;
        let paused_until =
            store::paused_until(&self.db, stream.id).await.context("reading the last pause")?;
        let erased_before =
            erased_before(&self.db, stream.user_id).await.context("reading what is deleted")?;
        let paused_until = paused_until.max(erased_before);
        let streamer = streamer.into();
        Ok(Some(Assignment { streamer, stream, link, topic, last, gap, ignored, paused_until }))
    }

    /// Whether the stream, of which this gap was open a moment ago, is still to be followed. A pass may have ended or
    /// halted it since it was found missing; who followed it now would not know of the gap that was closed with it.
    async fn goes_on(&self, stream: &Stream, gap: Option<&Gap>) -> anyhow::Result<bool> {
        let open = store::open_stream(&self.db, stream.user_id).await.context("reading the open stream")?;
        let halted = gap.is_some_and(|gap| gap.reason == Reason::Paused);
        Ok(!halted && open.is_some_and(|open| open.id == stream.id))
    }

    /// The last play of a stream that was ignored.
    async fn last_ignored(&self, stream: &Stream) -> anyhow::Result<Option<Ignored>> {
        let waiting = self.writer.ignored_of(stream.id);
        let stored =
            store::last_ignored(&self.db, stream.id).await.context("reading what was last ignored")?;
        Ok(stored.into_iter().chain(waiting).max_by_key(|ignored| ignored.started_at))
    }

    /// The last play of a stream. One that viewers have seen although the session that told them of it failed before
    /// it could have it stored is stored now.
    async fn last_play(&self, stream: &Stream, topic: &hub::Topic) -> anyhow::Result<Option<Play>> {
        let waiting = self.writer.last_of(stream);
        let stored = store::last_play(&self.db, stream.id).await.context("reading the last play")?;
        let known = stored.into_iter().chain(waiting).max_by_key(|play| play.started_at);
        let day = topic.day(self.clock.now()).0;
        let mut seen = day.tracks_of(hub::View::Stream).rev().filter(|seen| seen.source != "manual");
        let told = seen.next().and_then(|seen| public::play(stream, seen));
        let newest = known.as_ref().map(|play| play.started_at);
        let orphan = told.filter(|told| newest.is_none_or(|newest| newest < told.started_at));
        orphan.iter().cloned().for_each(|play| self.writer.push(play));
        Ok(orphan.or(known))
    }

    /// The gap of a stream that is open. What waits to be stored is the newest word on a gap.
    async fn open_gap(&self, stream: &Stream) -> anyhow::Result<Option<Gap>> {
        let (_, waiting, _) = self.writer.waiting_of(stream);
        let stored = store::open_gap(&self.db, stream.id).await.context("reading the open gap")?;
        let stored = stored.filter(|gap| waiting.iter().all(|newer| newer.id != gap.id));
        let open = waiting.into_iter().filter(|gap| gap.to.is_none()).max_by_key(|gap| gap.from);
        Ok(open.or(stored))
    }
}
