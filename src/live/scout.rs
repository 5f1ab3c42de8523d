//! Finding out who is on air: hints come in, Get Streams is asked, and all of it is weighed into evidence.

use super::evidence::{Broadcast, Source, weigh};
use super::pages::{Page, Pages};
use super::store;
use crate::accounts::Accounts;
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::UserId;
use crate::clients::twitch::{Helix, LiveStream};
use crate::db::Db;
use anyhow::Context as _;
use std::collections::HashMap;
use tokio::sync::Mutex;

/// What it takes to find out.
#[derive(Debug)]
pub(super) struct Scout {
    pub(super) db: Db,
    pub(super) accounts: Accounts,
    /// Without credentials hints alone decide.
    pub(super) helix: Helix,
    pub(super) clock: SharedClock,
    /// Evidence is read, weighed and kept by one at a time, so that a hint is never lost to an older answer.
    pub(super) weighing: Mutex<()>,
}

impl Scout {
    /// Weighs news and keeps what comes of it. The same news twice changes nothing.
    pub(super) async fn weigh(
        &self,
        user: UserId,
        source: Source,
        news: Option<Broadcast>,
        at: Instant,
    ) -> anyhow::Result<()> {
        let _one_at_a_time = self.weighing.lock().await;
        let known = store::evidence_of(&self.db, user).await.context("reading evidence")?;
        if let Some(evidence) = weigh(known.as_ref(), source, news, at) {
            store::put_evidence(&self.db, user, &evidence).await.context("keeping evidence")?;
        }
        Ok(())
    }

    /// Asks Get Streams about everybody. An error is no evidence.
    pub(super) async fn ask(&self) -> anyhow::Result<()> {
        if !self.helix.is_configured() {
            return Ok(());
        }
        let mut pages = Pages::of(&self.accounts);
        while let Some(page) = pages.turn().await.context("reading streamers")? {
            let ids: Vec<String> = page.people.iter().map(|(user, _)| user.twitch_id.clone()).collect();
            let live = self.helix.streams(&ids).await;
            let live = live.context("asking Twitch who is live; nobody is taken off air for that")?;
            self.take(&page, live).await?;
        }
        Ok(())
    }

    async fn take(&self, page: &Page, live: Vec<LiveStream>) -> anyhow::Result<()> {
        let now = self.clock.now();
        let _one_at_a_time = self.weighing.lock().await;
        let known = store::evidence(&self.db, page.span).await.context("reading evidence")?;
        let mut live: HashMap<String, LiveStream> =
            live.into_iter().map(|stream| (stream.user_id.clone(), stream)).collect();
        let (mut seen, mut changed) = (Vec::new(), Vec::new());
        for (user, _) in &page.people {
            let news = live.remove(&user.twitch_id);
            // Twitch leaves the type empty when it does not know better: neither a sighting nor a miss.
            if news.as_ref().is_some_and(|stream| stream.kind.is_empty()) {
                continue;
            }
            seen.extend(news.as_ref().map(|_| user.id));
            let evidence = weigh(known.get(&user.id), Source::Streams, news.map(Broadcast::from), now);
            changed.extend(evidence.map(|evidence| (user.id, evidence)));
        }
        store::put_all_evidence(&self.db, &changed).await.context("keeping evidence")?;
        store::touch_streams(&self.db, &seen, now).await.context("noting who was seen on air")
    }
}

impl From<LiveStream> for Broadcast {
    fn from(stream: LiveStream) -> Self {
        Self { twitch_id: stream.id, kind: stream.kind, started_at: stream.started_at }
    }
}
