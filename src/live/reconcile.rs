//! One pass of reconciling: which streams the evidence makes, and who is to be followed.
//!
//! It takes no input but the state of the world and may run at any time and any number of times; hints only wake it. What
//! goes wrong with one streamer does not hold up the others.

mod assign;
mod by_hand;
mod streams;

pub(super) use assign::Prepared;

use super::control::{Air, ByHand, course};
use super::crash::Crash;
use super::evidence::Evidence;
use super::gaps::Gap;
use super::ignore::IgnoreRule;
use super::model::Stream;
use super::pages::{Page, Pages};
use super::public;
use super::store::{self, Span};
use super::writer::Writer;
use crate::accounts::{Accounts, LinkStatus, SpotifyLink, User};
use crate::base::clock::{Instant, SharedClock};
use crate::base::guard::guarded;
use crate::base::id::{LinkId, StreamId, UserId};
use crate::base::mishap::{Mishaps, Place};
use crate::db::Db;
use crate::hub::{self, Hub};
use anyhow::Context as _;
use chrono::TimeDelta;
use std::collections::{HashMap, HashSet};
use tokio::task::coop::consume_budget;

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
    /// Streams that are followed, and through which link.
    pub(super) running: HashMap<StreamId, LinkId>,
    /// Streams whose session has failed.
    pub(super) crashed: HashMap<StreamId, Crash>,
}

/// What a pass found.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Streams that are to be followed, and through which link.
    pub(super) wanted: HashMap<StreamId, LinkId>,
    /// Those of them that nobody follows yet.
    pub(super) missing: Vec<Missing>,
    /// Streams whose session has failed, as far as it is stored: a new registry learns it from here.
    pub(super) crashed: HashMap<StreamId, Crash>,
    /// What each streamer wants to be ignored.
    pub(super) rules: HashMap<UserId, Vec<IgnoreRule>>,
    /// When something that was decided by hand ends by itself: another pass is due then.
    pub(super) wake_at: Option<Instant>,
}

/// A stream that is to be followed, and what is known of it when a pass ends.
#[derive(Debug)]
pub(super) struct Missing {
    /// Whose stream, by login, for the log.
    pub(super) streamer: String,
    pub(super) stream: Stream,
    pub(super) link: SpotifyLink,
}

impl Verdict {
    fn wakes(&mut self, at: Option<Instant>) {
        self.wake_at = self.wake_at.into_iter().chain(at).min();
    }
}

/// What everybody has decided, when a pass begins.
#[derive(Debug)]
struct Decided {
    by_hand: HashMap<UserId, ByHand>,
    /// Gaps that are open because the streamer does not want to be followed.
    pauses: HashMap<StreamId, Gap>,
    rules: HashMap<UserId, Vec<IgnoreRule>>,
}

/// What is known of those on a page when it is opened.
#[derive(Debug)]
struct Known<'a> {
    evidence: HashMap<UserId, Evidence>,
    open: HashMap<UserId, Stream>,
    by_hand: &'a HashMap<UserId, ByHand>,
    pauses: &'a HashMap<StreamId, Gap>,
    now: Instant,
}

impl Reconciler {
    /// One pass.
    pub(super) async fn pass(&self, roll: &Roll) -> anyhow::Result<Verdict> {
        let followed: Vec<StreamId> = roll.running.keys().copied().collect();
        store::note_followed(&self.db, &followed, self.clock.now())
            .await
            .context("noting who is followed")?;
        let decided = self.what_is_decided().await?;
        let crashed = self.note_crashes(&roll.crashed).await?;
        let (mut verdict, mut pages) = (Verdict { crashed, ..Verdict::default() }, Pages::of(&self.accounts));
        while let Some(page) = pages.turn().await.context("reading streamers")? {
            self.go_through(page, &decided, roll, &mut verdict).await?;
        }
        self.close_stale_gaps(self.clock.now()).await?;
        // Those who are gone have no viewers.
        self.hub.heed_all().await?;
        verdict.rules = decided.rules;
        Ok(verdict)
    }

    async fn go_through(
        &self,
        page: Page,
        decided: &Decided,
        roll: &Roll,
        verdict: &mut Verdict,
    ) -> anyhow::Result<()> {
        let Page { people, span } = page;
        let known = self.known(span, decided).await?;
        let wanting: HashSet<UserId> = people.iter().map(|(user, _)| user.id).collect();
        let on_air = self.steer_all(people, &known, roll, verdict).await;
        self.end_streams(&on_air, &wanting, &known).await;
        self.forget_by_hand(span, &wanting, &known).await
    }

    async fn what_is_decided(&self) -> anyhow::Result<Decided> {
        Ok(Decided {
            by_hand: store::overrides(&self.db).await.context("reading what is decided by hand")?,
            pauses: store::open_pauses(&self.db).await.context("reading open pauses")?,
            rules: store::ignore_rules(&self.db).await.context("reading what is ignored")?,
        })
    }

    async fn known<'a>(&self, span: Span, decided: &'a Decided) -> anyhow::Result<Known<'a>> {
        let open = store::open_streams(&self.db, span).await.context("reading open streams")?;
        Ok(Known {
            evidence: store::evidence(&self.db, span).await.context("reading evidence")?,
            open: open.into_iter().map(|stream| (stream.user_id, stream)).collect(),
            by_hand: &decided.by_hand,
            pauses: &decided.pauses,
            now: self.clock.now(),
        })
    }

    /// Brings the streams of these people up to date; those who are on air.
    async fn steer_all(
        &self,
        people: Vec<(User, SpotifyLink)>,
        known: &Known<'_>,
        roll: &Roll,
        verdict: &mut Verdict,
    ) -> HashSet<UserId> {
        let mut on_air = HashSet::new();
        for (user, link) in people {
            // However many there are, others have work to do meanwhile.
            consume_budget().await;
            let through = link.id;
            let is_on_air =
                guarded(self.steer(&user, link, known, roll, verdict)).await.unwrap_or_else(|error| {
                    tracing::warn!(streamer = %user.login, error = format!("{error:#}"), "reconciling a streamer failed");
                    verdict.wanted.extend(known.open.get(&user.id).map(|stream| (stream.id, through)));
                    true
                });
            on_air.extend(is_on_air.then_some(user.id));
        }
        on_air
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

    /// Brings the stream row of a streamer up to date, and has the stream followed if it is to be and the link works.
    /// Says whether they are on air.
    async fn steer(
        &self,
        user: &User,
        link: SpotifyLink,
        known: &Known<'_>,
        roll: &Roll,
        verdict: &mut Verdict,
    ) -> anyhow::Result<bool> {
        let live = known.evidence.get(&user.id).and_then(Evidence::live);
        let (standing, over) = self.decided(user.id, known).await?;
        verdict.wakes(standing.next_end());
        let course = course(&standing, live);
        if course.air == Air::Off {
            return Ok(false);
        }
        self.mishaps.pass(Place::Reconciling, &user.login);
        let stream = self.stream_on(user, course.air, &standing, known).await?;
        let runs = roll.running.contains_key(&stream.id);
        if let Some(since) = course.unfollowed_since {
            self.halt(&stream, since, runs, known).await?;
            return Ok(true);
        }
        self.resume(&stream, &over, known).await?;
        if link.status == LinkStatus::Connected {
            verdict.wanted.insert(stream.id, link.id);
            if !runs {
                verdict.missing.push(Missing { streamer: user.login.clone(), stream, link });
            }
        }
        Ok(true)
    }

    /// A stream that is over has no open gap, whatever its session said in its last moment.
    async fn close_stale_gaps(&self, now: Instant) -> anyhow::Result<()> {
        let closed = store::close_stale_gaps(&self.db, now).await.context("closing gaps of ended streams")?;
        self.tell_gaps(&closed, now).await
    }

    async fn tell_gaps(&self, gaps: &[Gap], now: Instant) -> anyhow::Result<()> {
        for gap in gaps {
            if let Some(topic) = self.hub.staff_in_memory(gap.user_id).await {
                topic.publish(&[hub::Event::Gap { gap: public::gap(gap) }], now);
            }
            self.writer.revisions().bump(gap.user_id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
