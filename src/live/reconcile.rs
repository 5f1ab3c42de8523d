//! One pass of reconciling: which streams the evidence makes, and who is to be followed.
//!
//! It takes no input but the state of the world and may run at any time and any number of times; hints only wake it. What
//! goes wrong with one streamer does not hold up the others.

use super::crash::Crash;
use super::evidence::{Broadcast, Evidence, Source, Succession, succession};
use super::gaps::Gap;
use super::model::{Play, Stream};
use super::public;
use super::session::Assignment;
use super::store;
use super::writer::Writer;
use crate::accounts::{Accounts, LinkStatus, SpotifyLink, User};
use crate::base::clock::{Instant, SharedClock};
use crate::base::guard::guarded;
use crate::base::id::{StreamId, UserId};
use crate::base::mishap::{Mishaps, Place};
use crate::db::Db;
use crate::hub::{self, Hub};
use anyhow::Context as _;
use chrono::TimeDelta;
use std::collections::{HashMap, HashSet};

/// Twitch ends a broadcast after 48 hours: what began before this is a misprint.
const LONGEST_STREAM: TimeDelta = TimeDelta::days(7);

/// What a pass needs.
#[derive(Debug)]
pub(super) struct Reconciler {
    pub(super) db: Db,
    pub(super) accounts: Accounts,
    pub(super) hub: Hub,
    pub(super) writer: Writer,
    pub(super) clock: SharedClock,
    pub(super) stream_grace: TimeDelta,
    /// When this life of the program began: crashes of an earlier one are history.
    pub(super) since: Instant,
    pub(super) mishaps: Mishaps,
}

/// Who there is when a pass begins.
#[derive(Debug, Default)]
pub(super) struct Roll {
    /// Streams that are followed.
    pub(super) running: HashSet<StreamId>,
    /// Streams whose session has failed.
    pub(super) crashed: HashMap<StreamId, Crash>,
}

/// What a pass found.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Streams that are to be followed.
    pub(super) wanted: HashSet<StreamId>,
    /// Those of them that nobody follows yet.
    pub(super) missing: Vec<Assignment>,
    /// Streams whose session has failed, as far as it is stored: a new registry learns it from here.
    pub(super) crashed: HashMap<StreamId, Crash>,
}

/// What is known when a pass begins.
struct Known {
    evidence: HashMap<UserId, Evidence>,
    open: HashMap<UserId, Stream>,
    now: Instant,
}

impl Reconciler {
    /// One pass.
    pub(super) async fn pass(&self, roll: &Roll) -> anyhow::Result<Verdict> {
        let running = &roll.running;
        let followed: Vec<StreamId> = running.iter().copied().collect();
        let people = self.accounts.linked().await.context("reading streamers")?;
        store::note_followed(&self.db, &followed, self.clock.now())
            .await
            .context("noting who is followed")?;
        let known = self.known().await?;
        let crashed = self.note_crashes(&roll.crashed).await?;
        let (mut verdict, mut on_air) = (Verdict { crashed, ..Verdict::default() }, HashSet::new());
        for (user, link) in people {
            let Some(broadcast) = known.evidence.get(&user.id).and_then(Evidence::live) else { continue };
            on_air.insert(user.id);
            let follow = self.follow(&user, link, broadcast, &known, running, &mut verdict);
            if let Err(error) = guarded(follow).await {
                tracing::warn!(streamer = %user.login, error = format!("{error:#}"), "reconciling a streamer failed");
                verdict.wanted.extend(known.open.get(&user.id).map(|stream| stream.id));
            }
        }
        self.end_streams(&on_air, &known).await;
        self.close_stale_gaps(known.now).await?;
        self.heed_choices().await?;
        Ok(verdict)
    }

    async fn known(&self) -> anyhow::Result<Known> {
        let open = store::open_streams(&self.db).await.context("reading open streams")?;
        Ok(Known {
            evidence: store::evidence(&self.db).await.context("reading evidence")?,
            open: open.into_iter().map(|stream| (stream.user_id, stream)).collect(),
            now: self.clock.now(),
        })
    }

    /// Stores what has crashed since the last pass, and gives all that is stored.
    async fn note_crashes(
        &self,
        crashed: &HashMap<StreamId, Crash>,
    ) -> anyhow::Result<HashMap<StreamId, Crash>> {
        let stored = store::crashes_since(&self.db, self.since).await.context("reading crashes")?;
        for (stream, crash) in crashed.iter().filter(|(stream, crash)| stored.get(*stream) != Some(*crash)) {
            // Refused, for example, when the streamer was removed meanwhile: nobody else must suffer from that.
            if let Err(error) = store::put_crash(&self.db, *stream, crash).await {
                tracing::warn!(%error, %stream, "a crash is not noted");
            }
        }
        Ok(stored)
    }

    /// Brings the stream row of somebody on air up to date, and has the stream followed if the link works.
    async fn follow(
        &self,
        user: &User,
        link: SpotifyLink,
        broadcast: &Broadcast,
        known: &Known,
        running: &HashSet<StreamId>,
        verdict: &mut Verdict,
    ) -> anyhow::Result<()> {
        self.mishaps.pass(Place::Reconciling, &user.login);
        let stream = self.stream_of(user, broadcast, known).await?;
        if link.status == LinkStatus::Connected {
            verdict.wanted.insert(stream.id);
            if !running.contains(&stream.id) {
                verdict.missing.extend(self.assignment(user, stream, link).await?);
            }
        }
        Ok(())
    }

    async fn stream_of(&self, user: &User, broadcast: &Broadcast, known: &Known) -> anyhow::Result<Stream> {
        let last = match known.open.get(&user.id) {
            Some(open) => Some(open.clone()),
            None => store::last_stream(&self.db, user.id).await.context("reading the last stream")?,
        };
        match (succession(last.as_ref(), broadcast, self.stream_grace), last) {
            (Succession::Continue, Some(stream)) => self.go_on(stream, broadcast, known.now).await,
            (Succession::Reopen, Some(stream)) => {
                // Nobody had to follow it while it was off air.
                let stream = Stream { seen_at: known.now, followed_until: Some(known.now), ..stream };
                self.begin(user, stream, broadcast, known.now).await
            }
            (_, last) => {
                if let Some(stale) = last.filter(|last| last.ended_at.is_none()) {
                    self.end(&stale, stale.seen_at, known.now).await?;
                }
                self.begin(user, new_stream(user.id, broadcast, known.now), broadcast, known.now).await
            }
        }
    }

    /// The stream is on air already; after a short break it may be another broadcast.
    async fn go_on(&self, stream: Stream, broadcast: &Broadcast, now: Instant) -> anyhow::Result<Stream> {
        if stream.twitch_id.as_deref() == Some(broadcast.twitch_id.as_str()) {
            return Ok(stream);
        }
        let stream = Stream { twitch_id: Some(broadcast.twitch_id.clone()), ..stream };
        store::put_stream(&self.db, &stream, now).await.context("keeping a stream")?;
        Ok(stream)
    }

    async fn begin(
        &self,
        user: &User,
        stream: Stream,
        broadcast: &Broadcast,
        now: Instant,
    ) -> anyhow::Result<Stream> {
        let stream = Stream { twitch_id: Some(broadcast.twitch_id.clone()), ended_at: None, ..stream };
        store::put_stream(&self.db, &stream, now).await.context("keeping a stream")?;
        tracing::info!(streamer = %user.login, stream = %stream.id, "on air");
        self.tell(&stream, now, |stream| hub::Event::StreamStarted { stream }).await?;
        Ok(stream)
    }

    /// Closes the streams that nothing holds open any more.
    async fn end_streams(&self, on_air: &HashSet<UserId>, known: &Known) {
        for stream in known.open.values().filter(|stream| !on_air.contains(&stream.user_id)) {
            let ended_at = ended_at(stream, known.evidence.get(&stream.user_id), known.now);
            if let Err(error) = self.end(stream, ended_at, known.now).await {
                tracing::warn!(stream = %stream.id, error = format!("{error:#}"), "closing a stream failed");
            }
        }
    }

    async fn end(&self, stream: &Stream, ended_at: Instant, now: Instant) -> anyhow::Result<()> {
        let ended = Stream { ended_at: Some(ended_at.max(stream.started_at)), ..stream.clone() };
        self.writer.close_gaps_of(stream.id, ended_at);
        let closed = store::close_gaps(&self.db, stream.id, ended_at, now).await.context("closing gaps")?;
        self.tell_gaps(&closed, now).await?;
        store::put_stream(&self.db, &ended, now).await.context("closing a stream")?;
        self.tell(stream, now, |stream| hub::Event::StreamEnded { stream }).await
    }

    /// A stream that is over has no open gap, whatever its session said in its last moment.
    async fn close_stale_gaps(&self, now: Instant) -> anyhow::Result<()> {
        let closed = store::close_stale_gaps(&self.db, now).await.context("closing gaps of ended streams")?;
        self.tell_gaps(&closed, now).await
    }

    async fn tell_gaps(&self, gaps: &[Gap], now: Instant) -> anyhow::Result<()> {
        for gap in gaps {
            if let Some(topic) = self.hub.staff(gap.user_id).await? {
                topic.publish(&[hub::Event::Gap { gap: public::gap(gap) }], now);
            }
        }
        Ok(())
    }

    async fn tell(
        &self,
        stream: &Stream,
        now: Instant,
        event: impl FnOnce(hub::OnAir) -> hub::Event,
    ) -> anyhow::Result<()> {
        if let Some(topic) = self.hub.staff(stream.user_id).await? {
            let event = event(hub::OnAir { id: stream.id, started_at: stream.started_at });
            if let hub::Event::StreamEnded { .. } = event {
                tracing::info!(streamer = %topic.day(now).0.streamer.login, stream = %stream.id, "off air");
            }
            topic.publish(&[event], now);
        }
        Ok(())
    }

    /// Has the hub go by what people have chosen, whoever stored that. Those who are gone have no viewers.
    async fn heed_choices(&self) -> anyhow::Result<()> {
        for user in self.hub.users() {
            self.hub.heed(user).await?;
        }
        Ok(())
    }

    /// Everything a session begins with: what is stored of the stream, and what still waits to be.
    async fn assignment(
        &self,
        user: &User,
        stream: Stream,
        link: SpotifyLink,
    ) -> anyhow::Result<Option<Assignment>> {
        let Some(topic) = self.hub.staff(stream.user_id).await? else { return Ok(None) };
        let last = self.last_play(&stream, &topic).await?;
        let gap = self.open_gap(&stream).await?;
        let streamer = user.login.clone();
        Ok(Some(Assignment { streamer, stream, link, topic, last, gap }))
    }

    /// The last play of a stream. One that viewers have seen although the session that told them of it failed before
    /// it could have it stored is stored now.
    async fn last_play(&self, stream: &Stream, topic: &hub::Topic) -> anyhow::Result<Option<Play>> {
        let waiting = self.writer.last_of(stream.id);
        let stored = store::last_play(&self.db, stream.id).await.context("reading the last play")?;
        let known = stored.into_iter().chain(waiting).max_by_key(|play| play.started_at);
        let day = topic.day(self.clock.now()).0;
        let told = day.tracks_of(hub::View::Stream).next_back().and_then(|seen| public::play(stream, seen));
        let newest = known.as_ref().map(|play| play.started_at);
        let orphan = told.filter(|told| newest.is_none_or(|newest| newest < told.started_at));
        orphan.iter().cloned().for_each(|play| self.writer.push(play));
        Ok(orphan.or(known))
    }

    /// The gap of a stream that is open. What waits to be stored is the newest word on a gap.
    async fn open_gap(&self, stream: &Stream) -> anyhow::Result<Option<Gap>> {
        let (_, waiting, _) = self.writer.waiting_of(stream.id);
        let stored = store::open_gap(&self.db, stream.id).await.context("reading the open gap")?;
        let stored = stored.filter(|gap| waiting.iter().all(|newer| newer.id != gap.id));
        let open = waiting.into_iter().filter(|gap| gap.to.is_none()).max_by_key(|gap| gap.from);
        Ok(open.or(stored))
    }
}

fn new_stream(user_id: UserId, broadcast: &Broadcast, now: Instant) -> Stream {
    let started_at = broadcast.started_at.clamp(now - LONGEST_STREAM, now);
    let id = StreamId::derived(started_at, &[&user_id.to_string(), &broadcast.twitch_id]);
    Stream { id, user_id, twitch_id: None, started_at, ended_at: None, seen_at: now, followed_until: None }
}

/// When a stream ended: a hint says so, a switched-off feature ends it now, else it was last seen on air.
fn ended_at(stream: &Stream, evidence: Option<&Evidence>, now: Instant) -> Instant {
    match evidence {
        Some(evidence) if evidence.live().is_some() => now,
        Some(evidence) if evidence.source == Source::Hint => evidence.seen_at,
        _ => stream.seen_at,
    }
}
