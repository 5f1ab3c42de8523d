//! What streamers decide by hand, carried out: a stream that is on air and not followed has a gap that says so.

use super::{Known, Reconciler};
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::hub;
use crate::live::control::ByHand;
use crate::live::evidence::Evidence;
use crate::live::gaps::{Gap, Reason};
use crate::live::model::Stream;
use crate::live::store::{self, Span};
use anyhow::Context as _;
use chrono::TimeDelta;
use std::collections::HashSet;

/// What tells two gaps apart that would else begin at once.
const INSTANT: TimeDelta = TimeDelta::milliseconds(1);

impl Reconciler {
    /// What a streamer has decided that stands, and what of it is over.
    pub(super) async fn decided(&self, user: UserId, known: &Known<'_>) -> anyhow::Result<(ByHand, ByHand)> {
        let Some(by_hand) = known.by_hand.get(&user) else { return Ok(<(ByHand, ByHand)>::default()) };
        let last = match known.open.get(&user) {
            Some(open) => Some(open.clone()),
            None => store::last_stream(&self.db, user).await.context("reading the last stream")?,
        };
        Ok(by_hand.sift(last.as_ref(), self.stream_grace, known.now))
    }

    /// Nobody is to look since then: viewers see nothing playing, and the list says why.
    pub(super) async fn halt(
        &self,
        stream: &Stream,
        since: Instant,
        runs: bool,
        known: &Known<'_>,
    ) -> anyhow::Result<()> {
        if !known.pauses.contains_key(&stream.id) {
            let since = since.max(stream.started_at);
            self.close_gaps(stream, since, known.now).await?;
            self.put_gap(Gap::opened(stream, since, Reason::Paused), known.now).await?;
        }
        // While a session still runs it has the last word; there is another pass when it has ended.
        let is_watched = self.hub.held(stream.user_id).is_some();
        if !runs
            && is_watched
            && let Some(topic) = self.hub.staff(stream.user_id).await?
        {
            topic.publish(&[hub::Event::NowPlaying { now_playing: None }], known.now);
        }
        Ok(())
    }

    /// Somebody is to look again: at once, or since a pause has ended by itself.
    pub(super) async fn resume(
        &self,
        stream: &Stream,
        over: &ByHand,
        known: &Known<'_>,
    ) -> anyhow::Result<()> {
        if known.pauses.contains_key(&stream.id) {
            self.close_gaps(stream, over.resumed_at().unwrap_or(known.now), known.now).await?;
        }
        Ok(())
    }

    /// A stream has ended because its streamer has switched tracking off or unlinked. Should they come back to it, what
    /// was heard meanwhile is none of our business: a gap of no length remembers that.
    pub(super) async fn note_absence(&self, stream: &Stream, known: &Known<'_>) -> anyhow::Result<()> {
        let live = known.evidence.get(&stream.user_id).and_then(Evidence::live);
        if stream.twitch_id.is_none() || live.is_none() {
            return Ok(());
        }
        let gap = Gap::opened(stream, known.now, Reason::Paused);
        self.put_gap(Gap { to: Some(known.now), healed: true, ..gap }, known.now).await
    }

    /// They are back.
    pub(super) async fn excuse_absence(&self, stream: &Stream, now: Instant) -> anyhow::Result<()> {
        let paused_until =
            store::paused_until(&self.db, stream.id).await.context("reading the last pause")?;
        match stream.ended_at.filter(|ended_at| paused_until == Some(*ended_at)) {
            Some(left_at) => {
                let gap = Gap::opened(stream, left_at + INSTANT, Reason::Paused);
                self.put_gap(Gap { to: Some(now.max(gap.from)), ..gap }, now).await
            }
            None => Ok(()),
        }
    }

    /// Forgets what is over of what these people have decided, and all of those who have switched tracking off since.
    pub(super) async fn forget_by_hand(
        &self,
        span: Span,
        wanting: &HashSet<UserId>,
        known: &Known<'_>,
    ) -> anyhow::Result<()> {
        for (user, by_hand) in known.by_hand.iter().filter(|(user, _)| span.has(**user)) {
            let stands = wanting.contains(user) || self.is_enabled(*user).await?;
            let over = if stands { self.decided(*user, known).await?.1 } else { by_hand.clone() };
            for one in &over.0 {
                store::drop_override(&self.db, *user, one).await.context("forgetting what was decided")?;
            }
        }
        Ok(())
    }

    async fn is_enabled(&self, user: UserId) -> anyhow::Result<bool> {
        let known = self.accounts.by_id(user).await.context("reading a streamer")?;
        Ok(known.is_some_and(|user| user.enabled))
    }

    /// Closes whatever is open, also what still waits to be stored.
    async fn close_gaps(&self, stream: &Stream, to: Instant, now: Instant) -> anyhow::Result<()> {
        self.writer.close_gaps_of(stream.id, to);
        let closed = store::close_gaps(&self.db, stream.id, to, now).await.context("closing gaps")?;
        self.tell_gaps(&closed, now).await
    }

    async fn put_gap(&self, gap: Gap, now: Instant) -> anyhow::Result<()> {
        store::put_gaps(&self.db, std::slice::from_ref(&gap), now).await.context("noting a pause")?;
        self.tell_gaps(&[gap], now).await
    }
}
