//! What is stored beside plays and gaps: jumps, and plays that are ignored.

use super::{Inner, PATIENCE, Writer, within};
use crate::base::id::StreamId;
use crate::db::{DbError, is_refused};
use crate::live::model::{Ignored, Jump};
use crate::live::store;
use std::collections::HashSet;
use std::sync::{MutexGuard, PoisonError};

impl Writer {
    /// Takes a jump. While too many wait, the newest are not remembered: a play may then stay unsplit.
    pub(in crate::live) fn push_jump(&self, jump: Jump) {
        let mut jumps = self.inner.jumps();
        if jumps.len() < self.inner.room {
            jumps.push(jump);
        }
        drop(jumps);
        self.inner.came.notify_one();
    }

    /// Takes a play that is to be ignored. Like a play it counts for [`Writer::has_room`].
    pub(in crate::live) fn push_ignored(&self, play: Ignored) {
        self.inner.ignored().push(play);
        self.inner.came.notify_one();
    }

    /// The ignored plays of a stream that wait, in the order they came.
    pub(in crate::live) fn ignored_of(&self, stream: StreamId) -> Vec<Ignored> {
        self.inner.ignored().iter().filter(|play| play.stream_id == stream).cloned().collect()
    }
}

impl Inner {
    pub(super) async fn store_jumps(&self) -> Result<(), DbError> {
        let jumps = self.jumps().clone();
        for jump in &jumps {
            match within(PATIENCE, store::put_jump(&self.db, jump, self.clock.now())).await {
                Err(error) if !is_refused(&error) => return Err(error),
                Err(error) => {
                    tracing::error!(%error, play = %jump.play, "the database refuses a jump for good");
                }
                Ok(()) => {}
            }
            self.jumps().retain(|waiting| waiting != jump);
            self.stored.notify_waiters();
        }
        Ok(())
    }

    pub(super) async fn store_ignored(&self) -> Result<(), DbError> {
        let plays = self.ignored().clone();
        match self.put_ignored(&plays).await {
            Ok(()) => self.forget(&plays),
            Err(error) if is_refused(&error) => self.store_ignored_singly(&plays).await?,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// One is refused, for example because its streamer was removed: the others must not suffer.
    async fn store_ignored_singly(&self, plays: &[Ignored]) -> Result<(), DbError> {
        for play in plays.chunks(1) {
            match self.put_ignored(play).await {
                Err(error) if !is_refused(&error) => return Err(error),
                Err(error) => {
                    tracing::error!(%error, stream = %play[0].stream_id, "the database refuses an ignored play for good");
                }
                Ok(()) => {}
            }
            self.forget(play);
        }
        Ok(())
    }

    async fn put_ignored(&self, plays: &[Ignored]) -> Result<(), DbError> {
        within(PATIENCE, store::put_ignored(&self.db, plays, self.clock.now())).await
    }

    fn forget(&self, plays: &[Ignored]) {
        let stored: HashSet<&Ignored> = plays.iter().collect();
        self.ignored().retain(|waiting| !stored.contains(waiting));
        self.stored.notify_waiters();
    }

    pub(super) fn jumps(&self) -> MutexGuard<'_, Vec<Jump>> {
        self.jumps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ignored(&self) -> MutexGuard<'_, Vec<Ignored>> {
        self.ignored.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
