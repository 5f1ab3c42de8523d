//! How a topic's day is loaded: what is stored of the local day that it is now, and what waits to be stored.

use super::access::{is_open, streamer};
use super::store;
use crate::accounts::{Accounts, User};
use crate::base::clock::SharedClock;
use crate::base::id::UserId;
use crate::base::local_day::bounds;
use crate::db::Db;
use crate::hub::{Day, LoadDay, Terms, Track};
use crate::live::{Writer, waiting, waiting_gaps};
use anyhow::Context as _;
use std::pin::Pin;

/// Loads days for the hub.
#[derive(Debug, Clone)]
pub struct Loader {
    /// Where plays are stored.
    pub db: Db,
    /// Who they belong to.
    pub accounts: Accounts,
    /// Where they wait to be stored.
    pub writer: Writer,
    /// The time.
    pub clock: SharedClock,
}

impl LoadDay for Loader {
    fn load(&self, user: UserId) -> Pin<Box<dyn Future<Output = anyhow::Result<Option<Day>>> + Send + '_>> {
        Box::pin(async move {
            let user = self.accounts.by_id(user).await.context("reading a streamer")?;
            match user {
                Some(user) => self.day_of(&user).await.map(Some),
                None => Ok(None),
            }
        })
    }
}

impl Loader {
    async fn day_of(&self, user: &User) -> anyhow::Result<Day> {
        let mut day = Day::empty(streamer(user), user.timezone, self.clock.now());
        let (from, to) = bounds(day.date, day.timezone);
        // In this order: a play that is stored meanwhile is seen twice rather than never.
        let waiting = waiting(&self.writer, user.id).into_iter();
        let waiting_gaps = waiting_gaps(&self.writer, user.id);
        day.tracks = store::between(&self.db, user.id, from, to).await.context("reading the day's plays")?;
        day.gaps =
            store::gaps_between(&self.db, user.id, from, to).await.context("reading the day's gaps")?;
        day.gaps.retain(|gap| waiting_gaps.iter().all(|newer| newer.id != gap.id));
        day.gaps.extend(waiting_gaps.into_iter().filter(|gap| gap.to.is_none_or(|end| end > from)));
        day.gaps.sort_by_key(|gap| gap.from);
        day.stream = store::open_stream(&self.db, user.id).await.context("reading the open stream")?;
        merge(&mut day.tracks, waiting.filter(|track| (from..to).contains(&track.started_at)));
        let is_public = is_open(user, !day.tracks.is_empty());
        day.terms = Terms { is_public, retention_days: user.retention_days };
        Ok(day)
    }
}

/// What waits is the newest word on a play.
fn merge(tracks: &mut Vec<Track>, waiting: impl Iterator<Item = Track>) {
    let waiting: Vec<Track> = waiting.collect();
    tracks.retain(|track| waiting.iter().all(|newer| newer.id != track.id));
    tracks.extend(waiting);
    tracks.sort_by_key(|track| (track.started_at, track.id));
}
