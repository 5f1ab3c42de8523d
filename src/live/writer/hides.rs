//! What was hidden and is not stored yet: a play that is hidden while it still waits is stored hidden, and one that is
//! stored is hidden as soon as the database lets us. Until then whoever loads a list asks here.

use super::{Inner, PATIENCE, Writer, place, within};
use crate::base::id::{PlayId, UserId};
use crate::db::{DbError, is_refused};
use crate::live::hide::Hide;
use crate::live::model::Play;
use crate::live::store;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, MutexGuard, PoisonError};

/// By play.
pub(super) type Hides = BTreeMap<PlayId, Hide>;

impl Writer {
    /// Takes a play that nobody is shown.
    pub(in crate::live) fn push_hidden(&self, play: Play, hide: Hide) {
        // In one go: neither is stored without the other.
        let mut pending = self.inner.pending();
        self.inner.hides().insert(play.id, hide);
        pending.insert(place(&play), Arc::new(play));
        drop(pending);
        self.inner.came.notify_one();
    }

    /// Hides plays that wait or are stored. It never waits itself.
    pub fn hide(&self, plays: &[PlayId], hide: Hide) {
        self.inner.hides().extend(plays.iter().map(|play| (*play, hide)));
        self.inner.revisions.bump(hide.user_id);
        self.inner.came.notify_one();
    }

    /// The plays of a streamer of which it is not stored yet that they are hidden.
    #[must_use]
    pub fn hidden_of(&self, user: UserId) -> HashSet<PlayId> {
        self.inner.hides().iter().filter(|(_, hide)| hide.user_id == user).map(|(play, _)| *play).collect()
    }

    /// Waits until everything is stored that is known of a streamer's list by now.
    pub async fn settled(&self, user: UserId) {
        loop {
            let stored = self.inner.stored.notified();
            if self.hidden_of(user).is_empty() && self.pending_of(user).is_empty() {
                return;
            }
            stored.await;
        }
    }
}

impl Inner {
    /// Those of plays that are about to be stored.
    pub(super) fn hides_of(&self, plays: &[Arc<Play>]) -> Hides {
        let hides = self.hides();
        plays.iter().filter_map(|play| Some((play.id, *hides.get(&play.id)?))).collect()
    }

    /// Hides what is stored; what still waits is stored hidden first.
    pub(super) async fn store_hides(&self) -> Result<(), DbError> {
        let hides: Vec<(PlayId, Hide)> = {
            let pending = self.pending();
            self.hides()
                .iter()
                .filter(|(play, hide)| !pending.contains_key(&(hide.user_id, **play)))
                .map(|(play, hide)| (*play, *hide))
                .collect()
        };
        for (play, hide) in hides {
            match within(PATIENCE, store::hide(&self.db, play, &hide)).await {
                Err(error) if !is_refused(&error) => return Err(error),
                Err(error) => tracing::error!(%error, %play, "the database refuses to hide a play for good"),
                Ok(()) => {}
            }
            self.hidden(play, hide);
            self.stored.notify_waiters();
        }
        Ok(())
    }

    /// A play that came while it was being hidden is stored hidden.
    fn hidden(&self, play: PlayId, hide: Hide) {
        let pending = self.pending();
        if !pending.contains_key(&(hide.user_id, play)) {
            let mut hides = self.hides();
            if hides.get(&play) == Some(&hide) {
                hides.remove(&play);
            }
        }
    }

    pub(super) fn hides(&self) -> MutexGuard<'_, Hides> {
        self.hides.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
