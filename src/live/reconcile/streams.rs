//! The rows of streams: which one a broadcast or a start by hand belongs to, how it begins and how it ends.

use super::{Known, Reconciler};
use crate::accounts::User;
use crate::base::clock::Instant;
use crate::base::id::{StreamId, UserId};
use crate::hub;
use crate::live::control::{Action, Air, ByHand};
use crate::live::evidence::{Broadcast, Source, Succession, succession};
use crate::live::model::Stream;
use crate::live::store;
use anyhow::Context as _;
use chrono::TimeDelta;
use std::collections::HashSet;

/// Twitch ends a broadcast after 48 hours: what began before this is a misprint.
const LONGEST_STREAM: TimeDelta = TimeDelta::days(7);

impl Reconciler {
    /// The stream that is on air, as it is from now on. A start by hand ends with the broadcast that takes its stream
    /// over.
    pub(super) async fn stream_on(
        &self,
        user: &User,
        air: Air<'_>,
        standing: &ByHand,
        known: &Known<'_>,
    ) -> anyhow::Result<Stream> {
        let broadcast = match air {
            Air::Broadcast(broadcast) => broadcast,
            Air::ByHand(since) => return self.stream_by_hand(user, since, known).await,
            Air::Off => anyhow::bail!("nobody is on air"),
        };
        let stream = self.stream_of(user, broadcast, known).await?;
        if let Some(start) = standing.get(Action::Start).filter(|start| start.stream.is_none()) {
            let binding = store::bind_override(&self.db, user.id, start, stream.id).await;
            binding.context("binding a start to its stream")?;
        }
        Ok(stream)
    }

    async fn stream_of(
        &self,
        user: &User,
        broadcast: &Broadcast,
        known: &Known<'_>,
    ) -> anyhow::Result<Stream> {
        let last = match known.open.get(&user.id) {
            Some(open) => Some(open.clone()),
            None => store::last_stream(&self.db, user.id).await.context("reading the last stream")?,
        };
        match (succession(last.as_ref(), broadcast, self.stream_grace), last) {
            (Succession::Continue, Some(stream)) => self.go_on(stream, broadcast, known.now).await,
            (Succession::Reopen, Some(stream)) => {
                self.excuse_absence(&stream, known.now).await?;
                // Nobody had to follow it while it was off air.
                let stream = Stream { seen_at: known.now, followed_until: Some(known.now), ..stream };
                self.begin(user, of(broadcast, stream), known.now).await
            }
            (_, last) => {
                if let Some(stale) = last.as_ref().filter(|last| last.ended_at.is_none()) {
                    self.end(stale, stale.seen_at, known.now).await?;
                }
                let stream = new_stream(user.id, broadcast, last.as_ref(), known.now);
                self.begin(user, of(broadcast, stream), known.now).await
            }
        }
    }

    /// The stream that the streamer has begun by hand.
    async fn stream_by_hand(&self, user: &User, since: Instant, known: &Known<'_>) -> anyhow::Result<Stream> {
        match known.open.get(&user.id) {
            Some(open) if open.twitch_id.is_none() => Ok(open.clone()),
            stale => {
                if let Some(stale) = stale {
                    self.end(stale, ended_at(stale, known), known.now).await?;
                }
                self.begin(user, stream_since(user.id, since, known.now), known.now).await
            }
        }
    }

    /// The stream is on air already; after a short break it may be another broadcast.
    async fn go_on(&self, stream: Stream, broadcast: &Broadcast, now: Instant) -> anyhow::Result<Stream> {
        if stream.twitch_id.as_deref() == Some(broadcast.twitch_id.as_str()) {
            return Ok(stream);
        }
        let stream = of(broadcast, stream);
        store::put_stream(&self.db, &stream, now).await.context("keeping a stream")?;
        Ok(stream)
    }

    async fn begin(&self, user: &User, stream: Stream, now: Instant) -> anyhow::Result<Stream> {
        let stream = Stream { ended_at: None, ..stream };
        store::put_stream(&self.db, &stream, now).await.context("keeping a stream")?;
        tracing::info!(streamer = %user.login, stream = %stream.id, "on air");
        self.tell(&stream, now, |stream| hub::Event::StreamStarted { stream }).await?;
        Ok(stream)
    }

    /// Closes the streams that nothing holds open any more.
    pub(super) async fn end_streams(
        &self,
        on_air: &HashSet<UserId>,
        wanting: &HashSet<UserId>,
        known: &Known<'_>,
    ) {
        for stream in known.open.values().filter(|stream| !on_air.contains(&stream.user_id)) {
            let ending = async {
                self.end(stream, ended_at(stream, known), known.now).await?;
                if !wanting.contains(&stream.user_id) {
                    self.note_absence(stream, known).await?;
                }
                anyhow::Ok(())
            };
            if let Err(error) = ending.await {
                tracing::warn!(stream = %stream.id, error = format!("{error:#}"), "closing a stream failed");
            }
        }
    }

    pub(super) async fn end(&self, stream: &Stream, ended_at: Instant, now: Instant) -> anyhow::Result<()> {
        let ended = Stream { ended_at: Some(ended_at.max(stream.started_at)), ..stream.clone() };
        self.writer.close_gaps_of(stream.id, ended_at);
        // At once: a session that is being prepared finds the gap that is open, or learns that the stream is over.
        let closed = store::end_stream(&self.db, &ended, ended_at, now).await.context("closing a stream")?;
        self.tell_gaps(&closed, now).await?;
        self.tell(stream, now, |stream| hub::Event::StreamEnded { stream }).await
    }

    async fn tell(
        &self,
        stream: &Stream,
        now: Instant,
        event: impl FnOnce(hub::OnAir) -> hub::Event,
    ) -> anyhow::Result<()> {
        let topic = self.hub.staff_in_memory(stream.user_id).await;
        let event = event(hub::OnAir { id: stream.id, started_at: stream.started_at });
        if let hub::Event::StreamEnded { .. } = event {
            // Nobody is asked for a name that only the log wants.
            let streamer = topic.as_ref().map(|topic| topic.day(now).0.streamer.login.clone());
            tracing::info!(streamer = streamer.as_deref(), stream = %stream.id, "off air");
        }
        if let Some(topic) = topic {
            topic.publish(&[event], now);
        }
        self.writer.revisions().bump(stream.user_id);
        Ok(())
    }
}

/// A stream that begins with a broadcast, but not before one that was held open by hand was over.
fn new_stream(user_id: UserId, broadcast: &Broadcast, last: Option<&Stream>, now: Instant) -> Stream {
    let by_hand = last.filter(|last| last.twitch_id.is_none()).and_then(|last| last.ended_at);
    let started_at = broadcast.started_at.max(by_hand.unwrap_or(broadcast.started_at));
    let started_at = started_at.clamp(now - LONGEST_STREAM, now);
    stream(user_id, &broadcast.twitch_id, started_at, now)
}

fn stream_since(user_id: UserId, since: Instant, now: Instant) -> Stream {
    stream(user_id, "by hand", since.min(now), now)
}

fn stream(user_id: UserId, name: &str, started_at: Instant, now: Instant) -> Stream {
    let id = StreamId::derived(started_at, &[&user_id.to_string(), name]);
    Stream { id, user_id, twitch_id: None, started_at, ended_at: None, seen_at: now, followed_until: None }
}

/// The stream as one of this broadcast.
fn of(broadcast: &Broadcast, mut stream: Stream) -> Stream {
    stream.twitch_id = Some(broadcast.twitch_id.clone());
    stream
}

/// When a stream ended: a hint says so, a switched-off feature ends it now, one that was held open by hand has an end of
/// its own, else it was last seen on air.
fn ended_at(stream: &Stream, known: &Known<'_>) -> Instant {
    let by_hand =
        || known.by_hand.get(&stream.user_id).map_or(known.now, |by_hand| by_hand.ended_at(known.now));
    match known.evidence.get(&stream.user_id) {
        _ if stream.twitch_id.is_none() => by_hand(),
        Some(evidence) if evidence.live().is_some() => known.now,
        Some(evidence) if evidence.source == Source::Hint => evidence.seen_at,
        _ => stream.seen_at,
    }
}
