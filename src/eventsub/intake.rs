//! Taking notifications in, by whichever transport they came: each once, and what it means handed on.
//!
//! A message is taken before its id is remembered: should we die between the two and hear it again, taking it twice
//! changes nothing. Ids are kept for a day, far longer than a message stays fresh.

use super::message::{Message, Notification};
use super::news::{News, What};
use super::rules::belief::is_forgetting_due;
use super::store;
use crate::accounts::{Accounts, Grants};
use crate::base::clock::{Instant, SharedClock};
use crate::base::together::Together;
use crate::db::Db;
use crate::live::{Hint, Hints};
use anyhow::Context as _;
use chrono::TimeDelta;
use std::sync::{Arc, Mutex, PoisonError};

/// How long ids are remembered.
const MEMORY: TimeDelta = TimeDelta::hours(24);

/// What it takes to take notifications in.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Remembers message ids.
    pub db: Db,
    /// Knows who a message is about.
    pub accounts: Accounts,
    /// Ends the grants of people who throw us out.
    pub grants: Grants,
    /// Where hints go.
    pub hints: Hints,
    /// The time.
    pub clock: SharedClock,
    /// Messages that are being taken, by their ids.
    pub taking: Together<String, Result<&'static str, Arc<anyhow::Error>>>,
    /// When old ids were last forgotten.
    pub forgot_at: Arc<Mutex<Option<Instant>>>,
}

impl Intake {
    /// Takes a message, unless it was taken already; answers with a word for what has become of it. One that is heard
    /// twice at the same time is taken by the first who heard it.
    ///
    /// # Errors
    /// When the database does not answer: the message has to come again.
    pub(super) async fn take(&self, said: &Notification) -> anyhow::Result<&'static str> {
        let taking = async || self.take_once(said).await.map_err(Arc::new);
        self.taking.ask(&said.id, taking).await.map_err(|error| anyhow::anyhow!("{error:#}"))
    }

    async fn take_once(&self, said: &Notification) -> anyhow::Result<&'static str> {
        if store::is_known(&self.db, &said.id).await.context("looking up a message id")? {
            return Ok("duplicate");
        }
        let outcome = self.take_in(said).await?;
        store::remember(&self.db, &said.id, self.clock.now()).await.context("remembering a message id")?;
        Ok(outcome)
    }

    async fn take_in(&self, said: &Notification) -> anyhow::Result<&'static str> {
        match &said.message {
            Ok(message) if said.is_revocation => self.revoked(message, said.sent).await,
            Ok(message) => match message.news() {
                Ok(Some(news)) => self.believe(news, said.sent).await,
                Ok(None) => Ok("unknown"),
                Err(error) => Ok(unreadable(&error)),
            },
            Err(error) => Ok(unreadable(error)),
        }
    }

    /// No hint comes from this subscription any more: until it is made anew, asking Twitch is the only way to know.
    async fn revoked(&self, message: &Message, sent: Instant) -> anyhow::Result<&'static str> {
        let Message { subscription, .. } = message;
        tracing::warn!(kind = subscription.kind, status = subscription.status, "Twitch ended a subscription");
        if let Some(twitch_id) = subscription.about().filter(|_| subscription.says_farewell()) {
            let news = News { twitch_id: twitch_id.to_owned(), what: What::Revoked };
            self.believe(news, sent).await?;
        }
        self.hints.wake();
        Ok("revoked")
    }

    async fn believe(&self, news: News, sent: Instant) -> anyhow::Result<&'static str> {
        let found = self.accounts.by_twitch_id(&news.twitch_id).await.context("reading a streamer")?;
        let Some(user) = found else { return Ok("stranger") };
        match news.what {
            What::Online(broadcast) => {
                self.hints.take(Hint { user: user.id, news: Some(broadcast), at: sent }).await?;
            }
            What::Offline => self.hints.take(Hint { user: user.id, news: None, at: sent }).await?,
            What::Named { login, name } => self.rename(&news.twitch_id, &login, &name).await?,
            What::Revoked => {
                tracing::info!(streamer = %user.login, "has thrown us out at Twitch");
                self.grants.mark_revoked(user.id, sent).await.context("ending a grant")?;
                self.hints.wake();
            }
        }
        Ok("taken")
    }

    async fn rename(&self, twitch_id: &str, login: &str, name: &str) -> anyhow::Result<()> {
        let renamed = self.accounts.renamed(twitch_id, login, name, self.clock.now()).await;
        if renamed.context("renaming a streamer")? {
            tracing::info!(twitch_id, login, "a streamer has another name");
        }
        Ok(())
    }

    /// Forgets old message ids, once in a while. Should that fail, the next time will do.
    pub(super) async fn forget_now_and_then(&self) {
        let now = self.clock.now();
        if self.is_due(now)
            && let Err(error) = store::forget(&self.db, now - MEMORY).await
        {
            tracing::warn!(%error, "old EventSub message ids are not forgotten yet");
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        let mut forgot_at = self.forgot_at.lock().unwrap_or_else(PoisonError::into_inner);
        let due = is_forgetting_due(*forgot_at, now);
        if due {
            *forgot_at = Some(now);
        }
        due
    }
}

/// Counts and logs what cannot be read; the words for it.
pub(super) fn unreadable(error: &serde_json::Error) -> &'static str {
    tracing::warn!(%error, "a genuine EventSub message cannot be read");
    "unreadable"
}
