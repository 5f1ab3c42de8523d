//! Gaps that are not stored yet, each as it was last told.

use super::{Inner, PATIENCE, Writer, within};
use crate::base::clock::Instant;
use crate::base::id::{GapId, StreamId, UserId};
use crate::db::{DbError, is_refused};
use crate::live::gaps::Gap;
use crate::live::store;
use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

impl Writer {
    /// Takes a gap as it is now, in place of what waits of it.
    pub(in crate::live) fn push_gap(&self, gap: Gap) {
        self.inner.gaps().insert(gap.id, gap);
        self.inner.came.notify_one();
    }

    /// Closes the gaps of a stream that wait.
    pub(in crate::live) fn close_gaps_of(&self, stream: StreamId, to: Instant) {
        for gap in self.inner.gaps().values_mut().filter(|gap| gap.stream_id == stream) {
            gap.to.get_or_insert(to.max(gap.from));
        }
        self.inner.came.notify_one();
    }

    /// The gaps of a streamer that wait.
    #[must_use]
    pub(in crate::live) fn gaps_of(&self, user: UserId) -> Vec<Gap> {
        self.inner.gaps().values().filter(|gap| gap.user_id == user).cloned().collect()
    }
}

impl Inner {
    /// Stores the gaps that wait; one that changed meanwhile waits on.
    pub(super) async fn store_gaps(&self) -> Result<(), DbError> {
        let gaps: Vec<Gap> = self.gaps().values().cloned().collect();
        match self.put(&gaps).await {
            Ok(()) => self.done_with(&gaps),
            Err(error) if is_refused(&error) => self.store_gaps_singly(&gaps).await?,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// One gap is refused: the others must not suffer.
    async fn store_gaps_singly(&self, gaps: &[Gap]) -> Result<(), DbError> {
        for gap in gaps.chunks(1) {
            match self.put(gap).await {
                Err(error) if !is_refused(&error) => return Err(error),
                Err(error) => {
                    tracing::error!(%error, gap = %gap[0].id, "the database refuses a gap for good");
                }
                Ok(()) => {}
            }
            self.done_with(gap);
        }
        Ok(())
    }

    async fn put(&self, gaps: &[Gap]) -> Result<(), DbError> {
        within(PATIENCE, store::put_gaps(&self.db, gaps, self.clock.now())).await
    }

    fn done_with(&self, gaps: &[Gap]) {
        let mut waiting = self.gaps();
        for gap in gaps {
            if waiting.get(&gap.id) == Some(gap) {
                waiting.remove(&gap.id);
            }
        }
        drop(waiting);
        for gap in gaps {
            self.revisions.bump(gap.user_id);
        }
        self.stored.notify_waiters();
    }

    pub(super) fn gaps(&self) -> MutexGuard<'_, BTreeMap<GapId, Gap>> {
        self.gaps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
