//! What is on its way: at most one message for each target, the newest. It waits in the database too, so that a restart
//! loses nothing, and in memory, so that an outage of the database does not either.

use super::letter::{Reader, letter};
use super::model::{News, Target};
use super::post::Post;
use super::store;
use crate::base::backoff::Backoff;
use crate::base::clock::SharedClock;
use crate::base::id::AlertId;
use crate::db::{Db, DbError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::task::AbortOnDropHandle;

/// How often a message is tried: with waits that double from five seconds to five minutes, for some twenty minutes.
const TRIES: u32 = 10;
/// So many messages are under way at once; others wait their turn.
const AT_ONCE: usize = 8;

/// Sends what is to be sent; clones share it.
#[derive(Debug, Clone)]
pub(super) struct Outbox {
    db: Db,
    clock: SharedClock,
    post: Post,
    backoff: Backoff,
    turns: Arc<Semaphore>,
    under_way: Arc<Mutex<HashMap<AlertId, AbortOnDropHandle<()>>>>,
}

impl Outbox {
    /// One for an instance that looks at players so often: waits are told for a minute.
    pub(super) fn new(db: Db, clock: SharedClock, post: Post, poll_interval: Duration) -> Self {
        let backoff = Backoff { first: poll_interval / 12, most: poll_interval * 5 };
        let (turns, under_way) = (Arc::new(Semaphore::new(AT_ONCE)), Arc::default());
        Self { db, clock, post, backoff, turns, under_way }
    }

    pub(super) fn post(&self) -> &Post {
        &self.post
    }

    /// Has it taken there, in place of what was on its way there.
    pub(super) async fn send(&self, target: Target, reader: Reader, news: News) {
        noted(store::wait(&self.db, target.id, Some(&news)).await);
        let (outbox, id) = (self.clone(), target.id);
        let delivery = tokio::spawn(async move { outbox.deliver(target, reader, news).await });
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|_, delivery| !delivery.is_finished());
        under_way.insert(id, AbortOnDropHandle::new(delivery));
    }

    /// Takes it there now, once, while somebody waits for it.
    pub(super) async fn send_now(&self, target: &Target, reader: &Reader, news: &News) -> bool {
        let letter = letter(news, reader, target.locale);
        match self.post.take(target.kind, &target.url, &letter).await {
            Ok(()) => {
                noted(store::sent(&self.db, target.id, news, self.clock.now()).await);
                true
            }
            Err(setback) => {
                noted(store::failed(&self.db, target.id, setback.failure).await);
                false
            }
        }
    }

    /// Nothing is sent there any more.
    pub(super) fn drop_target(&self, target: AlertId) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&target);
    }

    /// Nothing is sent at all any more; what waits is sent after the next start.
    pub(super) fn stop(&self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn deliver(self, target: Target, reader: Reader, news: News) {
        let letter = letter(&news, &reader, target.locale);
        for failures in 1..=TRIES {
            let result = match self.turns.acquire().await {
                Ok(_turn) => self.post.take(target.kind, &target.url, &letter).await,
                Err(_) => return,
            };
            let Err(setback) = result else {
                return noted(store::sent(&self.db, target.id, &news, self.clock.now()).await);
            };
            noted(store::failed(&self.db, target.id, setback.failure).await);
            tracing::info!(streamer = %reader.login, target = %target.id, kind = %target.kind,
                failure = %setback.failure, failures, "a message did not get there");
            if !setback.may_pass() || failures == TRIES {
                break;
            }
            let wait = self.backoff.wait(failures, rand::random());
            tokio::time::sleep(setback.wait.unwrap_or_default().max(wait)).await;
        }
        noted(store::wait(&self.db, target.id, None).await);
    }
}

/// What was to be noted of a message is no reason not to send it.
fn noted(result: Result<(), DbError>) {
    if let Err(error) = result {
        tracing::warn!(%error, "what became of a message is not noted");
    }
}
