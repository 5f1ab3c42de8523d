//! What people do to a list, told to everybody who listens: at once, whatever the delay. Whoever comes later reads it
//! from where it is stored, so it costs nothing when nobody listens.

use super::air::Air;
use super::curtain::Ghost;
use super::model::{Event, Track};
use super::{Hub, Instant};
use crate::base::id::{PlayId, UserId};
use std::sync::Arc;

impl Hub {
    /// Puts a play into a streamer's list that a person added.
    pub async fn add(&self, user: UserId, track: &Track) {
        if let Some(air) = self.listened_to(user).await {
            let added = Event::TrackAdded { track: track.clone() };
            // While ghost mode is on it is kept back, and stored so.
            drop(air.change(|desk| desk.publish(&[added], self.now())));
        }
    }

    /// Takes plays out of a streamer's list. Call it when whoever loads the list knows already that they are hidden.
    pub async fn withdraw(&self, user: UserId, plays: &[PlayId]) {
        if let Some(air) = self.listened_to(user).await {
            air.change(|desk| desk.withdraw(plays, self.now()));
        }
    }

    /// Puts plays back that are stored again, each with when it was noticed.
    pub async fn restore(&self, user: UserId, plays: &[(Track, Instant)]) {
        if let Some(air) = self.listened_to(user).await {
            air.change(|desk| desk.restore(plays, self.now()));
        }
    }

    /// Shows a play with its right title.
    pub async fn correct(&self, user: UserId, track: &Track) {
        if let Some(air) = self.listened_to(user).await {
            air.change(|desk| desk.correct(track, self.now()));
        }
    }

    /// Goes by ghost mode as it is now: when it was last on, or none when that was undone. Gives the plays that the public
    /// was not told of when it went on: they are in the list no more and have to be hidden.
    pub async fn veil(&self, user: UserId, ghost: Option<Ghost>) -> Vec<PlayId> {
        match self.listened_to(user).await {
            Some(air) => air.change(|desk| desk.veil(ghost, self.now())),
            None => Vec::new(),
        }
    }

    /// The desk of a streamer that is in memory. One that is being loaded is waited for, because what it reads may be from
    /// before the change.
    async fn listened_to(&self, user: UserId) -> Option<Arc<Air>> {
        let slot = self.known(user)?;
        if let Some(air) = slot.held() {
            return Some(air);
        }
        let _loading = slot.loading.lock().await;
        slot.held()
    }

    fn now(&self) -> Instant {
        self.inner.clock.now()
    }
}
