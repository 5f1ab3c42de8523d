//! The panic buttons: the last track, the last minutes, ghost mode; and undoing each of them, once.

use super::model::{Listed, Outcome, Panic, Refused};
use super::store::Undoing;
use super::{Curation, Inner, rules, store, told};
use crate::accounts::User;
use crate::audit::{By, Deed};
use crate::base::clock::Instant;
use crate::base::id::{ActId, PlayId, UserId};
use crate::live::{Act, ActKind, ghosts};
use anyhow::Context as _;
use chrono::TimeDelta;

/// What was done longer ago is not offered to be undone. It can be, and each play can be restored.
const OFFERED: TimeDelta = TimeDelta::hours(12);
/// As many buttons as anybody wants to see.
const MOST_OFFERED: i64 = 4;
/// The last play is among so many that began last, whatever waits to be stored.
const LAST_ONES: i64 = 50;
/// A track that was heard a moment ago began no longer ago.
const LONGEST: TimeDelta = TimeDelta::days(1);

impl Curation {
    /// Whether ghost mode is on, and what can be undone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn panic(&self, user: UserId) -> anyhow::Result<Panic> {
        let (db, since) = (&self.inner.parts.db, self.inner.now() - OFFERED);
        let ghost = store::ghost(db, user).await.context("reading whether ghost mode is on")?;
        let mut acts = store::acts(db, user, since, MOST_OFFERED).await.context("reading what was done")?;
        // Ghost mode that is on has a button of its own.
        acts.retain(|act| act.plays > 0 && (act.ended_at.is_some() || act.kind != ActKind::Ghost));
        Ok(Panic { ghost, acts })
    }

    /// Hides the track that was heard last.
    ///
    /// # Errors
    /// [`Refused::Nothing`], or what the database says.
    pub async fn hide_last(&self, user: &User, by: &By) -> anyhow::Result<Outcome> {
        let (user, by) = (user.clone(), by.clone());
        self.does(user.id, async move |inner| {
            let known = inner.waiting(user.id);
            let stored = store::newest(&inner.parts.db, user.id, LAST_ONES).await.context("reading plays")?;
            let plays = known.over(stored);
            let last = rules::last(&plays).ok_or(Refused::Nothing)?;
            let outcome = inner.hide_all(user.id, vec![last], ActKind::HideLast).await;
            let about = plays.iter().find(|play| play.track.id == last).map(told).unwrap_or_default();
            inner.note(&user, &by, Deed::TrackHidden, &about).await;
            Ok(outcome)
        })
        .await
    }

    /// Hides all of which anything was heard in the last minutes.
    ///
    /// # Errors
    /// [`Refused::Nothing`], [`Refused::Minutes`], or what the database says.
    pub async fn hide_minutes(&self, user: &User, by: &By, minutes: i64) -> anyhow::Result<Outcome> {
        let then = rules::minutes_ago(minutes, self.inner.now())?;
        let (user, by) = (user.clone(), by.clone());
        self.does(user.id, async move |inner| {
            let plays = inner.heard_since(user.id, then).await?;
            anyhow::ensure!(!plays.is_empty(), Refused::Nothing);
            let about = format!("{minutes} min: {}", plays.len());
            let outcome = inner.hide_all(user.id, plays, ActKind::HideMinutes).await;
            inner.note(&user, &by, Deed::MinutesHidden, &about).await;
            Ok(outcome)
        })
        .await
    }

    /// From now on nothing new reaches the public. What it has not been told of yet never does.
    ///
    /// # Errors
    /// What the database says.
    pub async fn ghost_on(&self, user: &User, by: &By) -> anyhow::Result<Outcome> {
        let (user, by) = (user.clone(), by.clone());
        self.does(user.id, async move |inner| {
            // In memory before it is on: what waits to be told is known there.
            let _topic = inner.parts.hub.staff(user.id).await?;
            let (db, now) = (&inner.parts.db, inner.now());
            let new = ActId::random(now);
            let ghost = store::ghost_since(db, user.id, new, now).await.context("switching ghost mode on")?;
            let ghost = ghost.context("ghost mode went off again")?;
            let untold = inner.parts.hub.veil(user.id, Some(ghost)).await;
            let act = Act { id: ghost.act, kind: ActKind::Ghost };
            inner.take_out(user.id, &untold, Some(act)).await;
            if ghost.act == new {
                inner.note(&user, &by, Deed::GhostOn, "").await;
            }
            Ok(Outcome { act: Some(ghost.act), plays: untold })
        })
        .await
    }

    /// The next track is everybody's again. What was heard meanwhile stays hidden.
    ///
    /// # Errors
    /// What the database says.
    pub async fn ghost_off(&self, user: &User, by: &By) -> anyhow::Result<Outcome> {
        let (user, by) = (user.clone(), by.clone());
        self.does(user.id, async move |inner| {
            let act = inner.end_ghost(user.id, inner.now()).await?;
            if act.is_some() {
                inner.note(&user, &by, Deed::GhostOff, "").await;
            }
            Ok(Outcome { act, plays: Vec::new() })
        })
        .await
    }

    /// Brings back what an act has hidden; ghost mode goes off if it is that. The second to ask is told so.
    ///
    /// # Errors
    /// [`Refused`], or what the database says.
    pub async fn undo(&self, user: &User, by: &By, act: ActId) -> anyhow::Result<Outcome> {
        let (user, by) = (user.clone(), by.clone());
        self.does(user.id, async move |inner| {
            let (db, now) = (&inner.parts.db, inner.now());
            let ghost = store::ghost(db, user.id).await.context("reading whether ghost mode is on")?;
            if ghost.is_some_and(|ghost| ghost.act == act) {
                inner.end_ghost(user.id, now).await?;
            }
            inner.settled(user.id).await?;
            let back: Vec<Listed> =
                match store::undo(db, user.id, act, now).await.context("undoing an act")? {
                    Undoing::Done(back) => back,
                    Undoing::Before => return Err(Refused::Undone.into()),
                    Undoing::Unknown => return Err(Refused::NoAct.into()),
                };
            inner.veil(user.id, now).await?;
            inner.bring_back(user.id, &back).await;
            inner
                .note(&user, &by, Deed::Undone, &back.iter().map(told).collect::<Vec<_>>().join(" · "))
                .await;
            Ok(Outcome { act: Some(act), plays: back.iter().map(|play| play.track.id).collect() })
        })
        .await
    }
}

impl Inner {
    async fn heard_since(&self, user: UserId, then: Instant) -> anyhow::Result<Vec<PlayId>> {
        let (known, db, now) = (self.waiting(user), &self.parts.db, self.now());
        let streams = store::streams(db, user, then - LONGEST).await.context("reading streams")?;
        let from = streams.iter().map(|stream| stream.from).fold(then - LONGEST, Instant::min);
        let stored = store::between(db, user, from, now + LONGEST).await.context("reading plays")?;
        Ok(rules::heard_since(&known.over(stored), &streams, then, now))
    }

    async fn hide_all(&self, user: UserId, plays: Vec<PlayId>, kind: ActKind) -> Outcome {
        let act = Act { id: ActId::random(self.now()), kind };
        self.take_out(user, &plays, Some(act)).await;
        Outcome { act: Some(act.id), plays }
    }

    async fn end_ghost(&self, user: UserId, now: Instant) -> anyhow::Result<Option<ActId>> {
        let act = store::end_ghost(&self.parts.db, user, now).await.context("switching ghost mode off")?;
        self.veil(user, now).await?;
        Ok(act)
    }

    /// Viewers are told by ghost mode as it is stored.
    async fn veil(&self, user: UserId, now: Instant) -> anyhow::Result<()> {
        let ghosts = ghosts(&self.parts.db, user, now - LONGEST).await;
        let ghosts = ghosts.context("reading when ghost mode was on")?;
        self.parts.hub.veil(user, ghosts.last().copied()).await;
        Ok(())
    }
}
