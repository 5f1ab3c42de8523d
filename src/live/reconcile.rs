//! One pass of reconciling: who is on air by the best evidence, which streams that makes, who is to be followed.
//!
//! It takes no input but the state of the world and may run at any time and any number of times; hints only wake it.

use super::evidence::{Broadcast, Evidence, Source, Succession, succession, weigh};
use super::model::{Play, Stream};
use super::session::Assignment;
use super::store;
use super::writer::Writer;
use crate::accounts::{Accounts, LinkStatus, SpotifyLink, User};
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::{StreamId, UserId};
use crate::clients::twitch::Helix;
use crate::db::Db;
use crate::hub::{self, Hub};
use anyhow::Context as _;
use chrono::TimeDelta;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

/// What a pass needs.
#[derive(Debug)]
pub(super) struct Reconciler {
    pub(super) db: Db,
    pub(super) accounts: Accounts,
    /// None without Twitch credentials: then hints alone decide.
    pub(super) helix: Option<Helix>,
    pub(super) hub: Hub,
    pub(super) writer: Writer,
    pub(super) clock: SharedClock,
    pub(super) stream_grace: TimeDelta,
    pub(super) interval: TimeDelta,
    pub(super) asked_at: Mutex<Option<Instant>>,
}

/// What a pass found.
#[derive(Debug)]
pub(super) struct Verdict {
    /// Streams that are to be followed.
    pub(super) wanted: HashSet<StreamId>,
    /// Those of them that nobody follows yet.
    pub(super) missing: Vec<Assignment>,
}

impl Reconciler {
    /// One pass. `running` are the streams that are followed already.
    pub(super) async fn pass(&self, running: &HashSet<StreamId>) -> anyhow::Result<Verdict> {
        let now = self.clock.now();
        let people = self.accounts.linked().await.context("reading streamers")?;
        self.ask_twitch(&people, now).await?;
        let evidence = store::evidence(&self.db).await.context("reading evidence")?;
        let on_air = self.begin_streams(people, &evidence, now).await?;
        self.end_streams(&on_air, &evidence, now).await?;
        self.verdict(on_air, running).await
    }

    /// Asks Get Streams, at most once in an interval. An error is no evidence.
    async fn ask_twitch(&self, people: &[(User, SpotifyLink)], now: Instant) -> anyhow::Result<()> {
        let Some(helix) = self.helix.as_ref().filter(|_| !people.is_empty() && self.is_due(now)) else {
            return Ok(());
        };
        let ids: Vec<String> = people.iter().map(|(user, _)| user.twitch_id.clone()).collect();
        let live = match helix.streams(&ids).await {
            Ok(live) => live,
            Err(error) => {
                tracing::warn!(%error, "Twitch does not say who is live; nobody is taken off air for that");
                return Ok(());
            }
        };
        let mut found: HashMap<String, Broadcast> = live
            .into_iter()
            .map(|live| {
                (live.user_id, Broadcast { twitch_id: live.id, kind: live.kind, started_at: live.started_at })
            })
            .collect();
        for (user, _) in people {
            self.weigh(user.id, Source::Streams, found.remove(&user.twitch_id), now).await?;
        }
        Ok(())
    }

    fn is_due(&self, now: Instant) -> bool {
        let mut asked_at = self.asked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let due = asked_at.is_none_or(|at| now - at >= self.interval * 9 / 10 || now < at);
        if due {
            *asked_at = Some(now);
        }
        due
    }

    /// Weighs news and keeps what comes of it.
    pub(super) async fn weigh(
        &self,
        user: UserId,
        source: Source,
        news: Option<Broadcast>,
        at: Instant,
    ) -> anyhow::Result<()> {
        let known = store::evidence_of(&self.db, user).await.context("reading evidence")?;
        if let Some(evidence) = weigh(known.as_ref(), source, news, at) {
            store::put_evidence(&self.db, user, &evidence).await.context("keeping evidence")?;
        }
        Ok(())
    }

    /// Brings the stream rows of everybody on air up to date.
    async fn begin_streams(
        &self,
        people: Vec<(User, SpotifyLink)>,
        evidence: &HashMap<UserId, Evidence>,
        now: Instant,
    ) -> anyhow::Result<Vec<(Stream, SpotifyLink)>> {
        let mut on_air = Vec::new();
        for (user, link) in people {
            if let Some(broadcast) = evidence.get(&user.id).and_then(Evidence::live) {
                on_air.push((self.stream_of(&user, broadcast, now).await?, link));
            }
        }
        Ok(on_air)
    }

    async fn stream_of(&self, user: &User, broadcast: &Broadcast, now: Instant) -> anyhow::Result<Stream> {
        let last = store::last_stream(&self.db, user.id).await.context("reading the last stream")?;
        let decided = succession(last.as_ref(), broadcast, self.stream_grace);
        let stream = match (last, &decided) {
            (Some(last), Succession::Continue | Succession::Reopen) => last,
            (last, _) => {
                if let Some(stale) = last.filter(|last| last.ended_at.is_none()) {
                    self.end(&stale, stale.seen_at, now).await?;
                }
                new_stream(user.id, broadcast, now)
            }
        };
        let stream =
            Stream { twitch_id: Some(broadcast.twitch_id.clone()), ended_at: None, seen_at: now, ..stream };
        store::put_stream(&self.db, &stream, now).await.context("keeping a stream")?;
        if decided != Succession::Continue {
            tracing::info!(streamer = %user.login, stream = %stream.id, "on air");
            self.tell(&stream, now, |stream| hub::Event::StreamStarted { stream }).await?;
        }
        Ok(stream)
    }

    /// Closes the streams that nothing holds open any more.
    async fn end_streams(
        &self,
        on_air: &[(Stream, SpotifyLink)],
        evidence: &HashMap<UserId, Evidence>,
        now: Instant,
    ) -> anyhow::Result<()> {
        let on_air: HashSet<StreamId> = on_air.iter().map(|(stream, _)| stream.id).collect();
        for stream in store::open_streams(&self.db).await.context("reading open streams")? {
            if !on_air.contains(&stream.id) {
                let ended_at = ended_at(&stream, evidence.get(&stream.user_id), now);
                self.end(&stream, ended_at, now).await?;
            }
        }
        Ok(())
    }

    async fn end(&self, stream: &Stream, ended_at: Instant, now: Instant) -> anyhow::Result<()> {
        let ended = Stream { ended_at: Some(ended_at.max(stream.started_at)), ..stream.clone() };
        store::put_stream(&self.db, &ended, now).await.context("closing a stream")?;
        tracing::info!(stream = %stream.id, "off air");
        self.tell(stream, now, |stream| hub::Event::StreamEnded { stream }).await
    }

    async fn tell(
        &self,
        stream: &Stream,
        now: Instant,
        event: impl FnOnce(hub::OnAir) -> hub::Event,
    ) -> anyhow::Result<()> {
        if let Some(topic) = self.hub.topic(stream.user_id).await? {
            topic.publish(&[event(hub::OnAir { id: stream.id, started_at: stream.started_at })], now);
        }
        Ok(())
    }

    async fn verdict(
        &self,
        on_air: Vec<(Stream, SpotifyLink)>,
        running: &HashSet<StreamId>,
    ) -> anyhow::Result<Verdict> {
        let mut verdict = Verdict { wanted: HashSet::new(), missing: Vec::new() };
        for (stream, link) in on_air.into_iter().filter(|(_, link)| link.status == LinkStatus::Connected) {
            verdict.wanted.insert(stream.id);
            if !running.contains(&stream.id) {
                verdict.missing.extend(self.assignment(stream, link).await?);
            }
        }
        Ok(verdict)
    }

    /// Everything a session begins with: what is stored of the stream, and what still waits to be.
    async fn assignment(&self, stream: Stream, link: SpotifyLink) -> anyhow::Result<Option<Assignment>> {
        let stored = store::last_play(&self.db, stream.id).await.context("reading the last play")?;
        let waiting = self.writer.last_of(stream.id);
        let last: Option<Play> = stored.into_iter().chain(waiting).max_by_key(|play| play.started_at);
        let topic = self.hub.topic(stream.user_id).await?;
        Ok(topic.map(|topic| Assignment { stream, link, topic, last }))
    }
}

fn new_stream(user_id: UserId, broadcast: &Broadcast, now: Instant) -> Stream {
    let started_at = broadcast.started_at.min(now);
    let id = StreamId::derived(started_at, &[&user_id.to_string(), &broadcast.twitch_id]);
    Stream { id, user_id, twitch_id: None, started_at, ended_at: None, seen_at: now }
}

/// When a stream ended: a hint says so, a switched-off feature ends it now, else it was last seen on air.
fn ended_at(stream: &Stream, evidence: Option<&Evidence>, now: Instant) -> Instant {
    match evidence {
        Some(evidence) if evidence.live().is_some() => now,
        Some(evidence) if evidence.source == Source::Hint => evidence.seen_at,
        _ => stream.seen_at,
    }
}
