//! The job that heals: streams that are due are compared with what Spotify reports, one request each.
//!
//! When a stream is due stands in the database, so that neither a restart nor the end of the stream forgets it. A
//! failure is a reason to try again later; healing twice changes nothing.

use super::ask::{Asker, Failure};
use super::budget::{Purpose, Rest};
use super::gaps::Gap;
use super::healing::{self, Healed, Known, Measure, Record, Report};
use super::hide::Hide;
use super::look::read_report;
use super::model::{Jump, Play, Stream};
use super::public;
use super::store;
use super::writer::Writer;
use crate::accounts::{Accounts, LinkStatus, SpotifyLink};
use crate::base::clock::{Instant, SharedClock};
use crate::base::guard::guarded;
use crate::base::id::{ActId, PlayId, StreamId, UserId};
use crate::base::mishap::{Mishaps, Place};
use crate::clients::spotify::{Recent, SpotifyError, SpotifyPlayer};
use crate::db::{Db, DbError};
use crate::hub::{self, Hub};
use crate::retention::{border, erased_before};
use crate::telemetry::Metrics;
use anyhow::Context as _;
use chrono::TimeDelta;
use futures_util::StreamExt as _;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// How many streams are healed at the same time: a Spotify that hangs must not hold up everybody.
const ABREAST: usize = 8;
/// The job looks so often in one heal interval whether a stream is due.
const ROUNDS: u32 = 10;

/// Heals; can be cloned into sessions, which say when it is worth while.
#[derive(Debug, Clone)]
pub(super) struct Healer {
    inner: Arc<Inner>,
}

/// What healing needs.
#[derive(Debug)]
pub(super) struct Kit {
    pub(super) db: Db,
    pub(super) accounts: Accounts,
    pub(super) asker: Asker,
    pub(super) player: SpotifyPlayer,
    pub(super) hub: Hub,
    pub(super) writer: Writer,
    pub(super) clock: SharedClock,
    pub(super) metrics: Metrics,
    pub(super) heal_interval: TimeDelta,
    pub(super) poll_interval: TimeDelta,
    pub(super) mishaps: Mishaps,
}

#[derive(Debug)]
struct Inner {
    kit: Kit,
    /// Streams with a gap that has just closed: one entry for each stream at most.
    soon: Mutex<HashSet<StreamId>>,
    came: Notify,
}

impl Healer {
    pub(super) fn new(kit: Kit) -> Self {
        Self { inner: Arc::new(Inner { kit, soon: Mutex::default(), came: Notify::new() }) }
    }

    /// Has a stream healed now, rather than when it is due.
    pub(super) fn soon(&self, stream: StreamId) {
        self.inner.soon().insert(stream);
        self.inner.came.notify_one();
    }

    /// Heals what is due, for ever. It may be stopped anywhere and run again.
    pub(super) async fn run(self) {
        let kit = &self.inner.kit;
        if let Err(error) = store::heal_open(&kit.db, kit.clock.now()).await {
            tracing::warn!(%error, "streams on air are healed when they are due, not at the start");
        }
        let round = kit.heal_interval.to_std().unwrap_or(Duration::MAX) / ROUNDS;
        loop {
            match self.inner.round().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "healing failed; it is tried again");
                }
            }
            // Whether a hint or the time wakes it makes no difference.
            let _ = tokio::time::timeout(round, self.inner.came.notified()).await;
        }
    }
}

impl Inner {
    fn soon(&self) -> MutexGuard<'_, HashSet<StreamId>> {
        self.soon.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Heals what is due now; true when there may be more.
    async fn round(&self) -> anyhow::Result<bool> {
        let kit = &self.kit;
        let soon = self.soon().clone();
        for stream in soon {
            store::heal_soon(&kit.db, stream, kit.clock.now()).await.context("hastening a stream")?;
            self.soon().remove(&stream);
        }
        let due = store::due(&kit.db, kit.clock.now()).await.context("reading what is due")?;
        if due.is_empty() {
            return Ok(false);
        }
        let whose: Vec<UserId> = due.iter().map(|stream| stream.user_id).collect();
        let links = kit.accounts.linked_among(&whose).await.context("reading streamers")?;
        let healing = due.into_iter().map(|stream| kit.heal_and_plan(stream, &links));
        let planned: Vec<_> = futures_util::stream::iter(healing).buffer_unordered(ABREAST).collect().await;
        let (count, planned) = (planned.len(), planned.into_iter().collect::<Result<Vec<()>, _>>());
        planned.context("noting when streams are healed next")?;
        Ok(count == store::DUE_AT_ONCE)
    }
}

impl Kit {
    /// Heals a stream and notes when it is healed next.
    async fn heal_and_plan(
        &self,
        stream: Stream,
        links: &HashMap<UserId, SpotifyLink>,
    ) -> Result<(), DbError> {
        let began = self.clock.now();
        let next = match links.get(&stream.user_id).filter(|link| link.status == LinkStatus::Connected) {
            Some(link) => guarded(async { Ok(self.attempt(&stream, link, began).await) })
                .await
                .unwrap_or_else(|error| {
                    tracing::error!(%error, stream = %stream.id, "healing a stream failed");
                    healing::next_at(&stream, self.heal_interval, began)
                }),
            None => healing::next_at(&stream, self.heal_interval, began),
        };
        store::heal_at(&self.db, stream.id, next, began).await
    }

    /// One attempt; gives when the next one is due.
    async fn attempt(&self, stream: &Stream, link: &SpotifyLink, began: Instant) -> Option<Instant> {
        self.mishaps.pass(Place::Healing, &stream.id.to_string());
        if let Some(at) = self.asker.budgets.not_before(&link.client_id, Purpose::Heal) {
            return Some(at);
        }
        if !self.writer.has_room() {
            return Some(began + self.poll_interval);
        }
        let question = |token| async move { self.player.recent(&token).await };
        match self.asker.ask(link, Purpose::Heal, question).await {
            Ok(recent) => self.mend(stream, recent, began).await.map_or_else(
                    |error| {
                        tracing::warn!(error = format!("{error:#}"), stream = %stream.id, "a stream is not healed yet");
                        Some(began + self.poll_interval)
                    },
                    |()| healing::next_at(stream, self.heal_interval, began),
                ),
            Err(failure) => self.put_off(stream, link, failure, began),
        }
    }

    /// What came in between decides when it is worth while to ask again.
    fn put_off(
        &self,
        stream: &Stream,
        link: &SpotifyLink,
        failure: Failure,
        began: Instant,
    ) -> Option<Instant> {
        let usual = healing::next_at(stream, self.heal_interval, began);
        match failure {
            Failure::Spotify(SpotifyError::RateLimited { not_before, limit }) => {
                let until = not_before.unwrap_or(began + self.heal_interval);
                self.asker.budgets.rest(&link.client_id, Rest { until, limit });
                Some(until)
            }
            Failure::Spotify(SpotifyError::NoAnswer(_) | SpotifyError::Status { .. })
            | Failure::NoToken(_) => Some(began + self.heal_interval),
            failure => {
                tracing::debug!(?failure, stream = %stream.id, "nothing to heal with");
                usual
            }
        }
    }

    async fn mend(&self, stream: &Stream, recent: Vec<Recent>, began: Instant) -> anyhow::Result<()> {
        let rules =
            store::ignore_rules_of(&self.db, stream.user_id).await.context("reading what is ignored")?;
        let reports: Vec<Report> =
            recent.into_iter().filter_map(|recent| read_report(recent, &rules, began)).collect();
        let record = self.record(stream).await?;
        let mut healed = healing::heal(&record, &reports, Measure::of(self.poll_interval), self.clock.now());
        self.leave_out_what_is_old(stream.user_id, &mut healed).await?;
        self.perform(stream, healed).await
    }

    /// What was swept or deleted is not brought back, however long Spotify tells of it.
    async fn leave_out_what_is_old(&self, user: UserId, healed: &mut Healed) -> anyhow::Result<()> {
        if *healed == Healed::default() {
            return Ok(());
        }
        if let Some(before) = erased_before(&self.db, user).await.context("reading what is deleted")? {
            healed.added.retain(|play| play.started_at >= before);
            healed.hidden.retain(|play| play.started_at >= before);
            healed.ignored.retain(|ignored| ignored.started_at >= before);
            healed.gaps.retain(|gap| gap.from >= before);
        }
        let user = self.accounts.by_id(user).await.context("reading a streamer")?;
        let border = user.and_then(|user| border(user.timezone, user.retention_days, self.clock.now()));
        for plays in [&mut healed.added, &mut healed.hidden] {
            plays.retain(|play| border.is_none_or(|border| play.started_at >= border));
        }
        Ok(())
    }

    /// What is known of a stream. What waits to be stored is read first, so that nothing slips through in between.
    async fn record(&self, stream: &Stream) -> anyhow::Result<Record> {
        let (plays, gaps, jumps) = self.writer.waiting_of(stream);
        let hidden = self.writer.hidden_of(stream.user_id);
        let stored = store::plays(&self.db, stream.id).await.context("reading plays")?;
        let by_hand = store::by_hand(&self.db, stream.id).await.context("reading what people added")?;
        let waiting = plays.into_iter().map(Known::untouched);
        let ignored = self.ignored(stream).await?;
        let stored_gaps = store::gaps(&self.db, stream.id).await.context("reading gaps")?;
        let stored_jumps = store::jumps(&self.db, stream.id).await.context("reading jumps")?;
        let mut plays =
            first_of_each(stored.into_iter().chain(waiting).chain(ignored), |known: &Known| known.play.id);
        for known in &mut plays {
            known.hidden |= hidden.contains(&known.play.id);
        }
        plays.sort_by_key(|known| known.play.started_at);
        Ok(Record {
            stream: stream.clone(),
            plays,
            by_hand,
            jumps: first_of_each(stored_jumps.into_iter().chain(jumps), |jump: &Jump| (jump.play, jump.at)),
            gaps: first_of_each(gaps.into_iter().chain(stored_gaps), |gap: &Gap| gap.id),
        })
    }

    /// What was ignored. What waits to be stored is read first here too.
    async fn ignored(&self, stream: &Stream) -> anyhow::Result<Vec<Known>> {
        let waiting = self.writer.ignored_of(stream.id);
        let stored = store::ignored(&self.db, stream.id).await.context("reading what was ignored")?;
        Ok(stored.iter().chain(&waiting).map(|ignored| Known::ignored(stream, ignored)).collect())
    }

    /// What was heard in ghost mode is stored and told to nobody, however late it is found.
    async fn keep_back(&self, user: UserId, healed: &mut Healed, now: Instant) -> anyhow::Result<()> {
        let Some(first) = healed.added.iter().map(|play| play.started_at).min() else { return Ok(()) };
        let ghosts = store::ghosts(&self.db, user, first).await.context("reading when ghost mode was on")?;
        let covers =
            |play: &Play| ghosts.iter().find(|ghost| ghost.is_on() || ghost.covers(play.started_at)).copied();
        for play in healed.added.extract_if(.., |play| covers(play).is_some()) {
            if let Some(ghost) = covers(&play) {
                self.writer.push_hidden(play, Hide::by_ghost(user, ghost.act, now));
            }
        }
        Ok(())
    }

    /// Viewers first, then the writer.
    async fn perform(&self, stream: &Stream, mut healed: Healed) -> anyhow::Result<()> {
        if healed == Healed::default() {
            return Ok(());
        }
        tracing::info!(stream = %stream.id, added = healed.added.len(), removed = healed.removed.len(), gaps = healed.gaps.len(), "healed");
        self.metrics.plays_healed(healed.added.len());
        let (now, user) = (self.clock.now(), stream.user_id);
        self.keep_back(user, &mut healed, now).await?;
        if let Some(topic) = self.hub.staff(user).await? {
            // Ghost mode may have gone on a moment ago.
            let kept: HashMap<PlayId, ActId> = topic
                .offer(&events(&healed), now, None)
                .into_iter()
                .map(|kept| (kept.play, kept.act))
                .collect();
            for play in std::mem::take(&mut healed.added) {
                match kept.get(&play.id) {
                    Some(act) => self.writer.push_hidden(play, Hide::by_ghost(user, *act, now)),
                    None => self.writer.push(play),
                }
            }
        }
        // What viewers have been told is handed on before anything can fail.
        let hide = Hide { user_id: user, at: now, act: None };
        healed.hidden.into_iter().for_each(|play| self.writer.push_hidden(play, hide));
        healed.ignored.into_iter().for_each(|ignored| self.writer.push_ignored(ignored));
        healed.gaps.into_iter().for_each(|gap| self.writer.push_gap(gap));
        for play in healed.removed {
            store::drop_play(&self.db, play).await.context("merging two plays")?;
            self.writer.revisions().bump(user);
        }
        Ok(())
    }
}

fn events(healed: &Healed) -> Vec<hub::Event> {
    let removed = healed.removed.iter().map(|id| hub::Event::TrackRemoved { id: *id });
    let added = healed.added.iter().map(|play| hub::Event::TrackAdded { track: public::track(play) });
    let gaps = healed.gaps.iter().map(|gap| hub::Event::Gap { gap: public::gap(gap) });
    removed.chain(added).chain(gaps).collect()
}

fn first_of_each<T, K: std::hash::Hash + Eq>(all: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut seen = HashSet::new();
    all.filter(|one| seen.insert(key(one))).collect()
}
