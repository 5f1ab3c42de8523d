//! How a topic's day is loaded: what is stored of the local day that it is now and of the latest stream, and what waits
//! to be stored.

use super::access::{is_open, streamer};
use super::model::Stream;
use super::store;
use crate::accounts::{Accounts, User};
use crate::base::clock::{Instant, SharedClock};
use crate::base::id::UserId;
use crate::base::local_day::bounds;
use crate::db::Db;
use crate::hub::{Day, Gap, Latest, LoadDay, OnAir, Terms, Track};
use crate::live::{Writer, waiting, waiting_gaps};
use crate::telemetry::Metrics;
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
    /// Each load is counted.
    pub metrics: Metrics,
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
        self.metrics.day_loaded();
        let mut day = Day::empty(streamer(user), user.timezone, self.clock.now());
        let (from, to) = bounds(day.date, day.timezone);
        // In this order: a play that is stored meanwhile is seen twice rather than never.
        let (waiting, waiting_gaps) = (waiting(&self.writer, user.id), waiting_gaps(&self.writer, user.id));
        day.tracks = store::between(&self.db, user.id, from, to).await.context("reading the day's plays")?;
        day.gaps =
            store::gaps_between(&self.db, user.id, from, to).await.context("reading the day's gaps")?;
        let latest = store::latest_stream(&self.db, user.id).await.context("reading the latest stream")?;
        let on_air = |stream: Stream| OnAir { id: stream.id, started_at: stream.started_at };
        day.stream = latest.clone().filter(|stream| stream.ended_at.is_none()).map(on_air);
        if let Some(stream) = latest {
            day.latest = self.before_today(user, on_air(stream), from, (&waiting, &waiting_gaps)).await?;
        }
        merge(&mut day.tracks, waiting.into_iter().filter(|track| (from..to).contains(&track.started_at)));
        merge_gaps(&mut day.gaps, waiting_gaps.into_iter(), |gap| gap.to.is_none_or(|end| end > from));
        let is_public = is_open(user, !day.tracks.is_empty());
        day.terms = Terms { is_public, retention_days: user.retention_days };
        Ok(day)
    }

    /// What began before today of a stream. Most streams began today.
    async fn before_today(
        &self,
        user: &User,
        stream: OnAir,
        today: Instant,
        (waiting, waiting_gaps): (&[Track], &[Gap]),
    ) -> anyhow::Result<Latest> {
        let (id, start) = (stream.id, stream.started_at);
        let mut latest = Latest { stream: Some(stream), ..Latest::default() };
        if start < today {
            let tracks = store::of_stream(&self.db, user.id, id).await.context("reading a stream's plays")?;
            let gaps =
                store::gaps_of_stream(&self.db, user.id, id).await.context("reading a stream's gaps")?;
            let is_earlier = |track: &Track| (start..today).contains(&track.started_at);
            let is_over = |gap: &Gap| gap.to.is_some_and(|end| start < end && end <= today);
            latest.tracks = tracks.into_iter().filter(is_earlier).collect();
            merge(&mut latest.tracks, waiting.iter().filter(|track| is_earlier(track)).cloned());
            latest.gaps = gaps.into_iter().filter(is_over).collect();
            merge_gaps(&mut latest.gaps, waiting_gaps.iter().cloned(), is_over);
        }
        Ok(latest)
    }
}

/// What waits is the newest word on a play.
fn merge(tracks: &mut Vec<Track>, waiting: impl Iterator<Item = Track>) {
    let waiting: Vec<Track> = waiting.collect();
    tracks.retain(|track| waiting.iter().all(|newer| newer.id != track.id));
    tracks.extend(waiting);
    tracks.sort_by_key(|track| (track.started_at, track.id));
}

/// And on a gap, which may not belong here any more.
fn merge_gaps(gaps: &mut Vec<Gap>, waiting: impl Iterator<Item = Gap>, belongs: impl Fn(&Gap) -> bool) {
    let waiting: Vec<Gap> = waiting.collect();
    gaps.retain(|gap| waiting.iter().all(|newer| newer.id != gap.id));
    gaps.extend(waiting.into_iter().filter(belongs));
    gaps.sort_by_key(|gap| gap.from);
}
