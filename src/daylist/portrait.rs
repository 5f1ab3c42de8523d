//! Reading what is kept of a streamer as a whole: the days, the last streams, what comes up most, and at which hours.
//! What is on air comes from memory, as on the day page.

use super::access::Owner;
use super::model::{Sieve, Stream};
use super::read::{MOST_DAYS, Reader};
use super::store;
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use crate::base::local_day::bounds;
use crate::http::AppError;
use crate::hub::{Day, Track, View};
use anyhow::Context as _;
use chrono::{NaiveDate, Timelike as _};
use chrono_tz::Tz;
use std::sync::Arc;

/// How many streams, tracks and artists a portrait names at most.
const MOST: i64 = 10;
const HOURS: usize = 24;

/// A streamer by what is kept of them.
pub(super) struct Portrait {
    pub(super) today: Arc<Day>,
    /// The days with music, newest first.
    pub(super) days: Vec<NaiveDate>,
    /// How many plays began in each hour of the streamer's day.
    pub(super) hours: [usize; HOURS],
    /// The last streams with the number of their plays, newest first.
    pub(super) streams: Vec<(Stream, usize)>,
    /// The tracks that were played most, and how often.
    pub(super) tracks: Vec<(Track, usize)>,
    /// The artists who were played most, and how often.
    pub(super) artists: Vec<(String, usize)>,
}

impl Reader {
    /// The portrait of a streamer. While the database is away, it is what memory knows of today.
    pub(super) async fn portrait(&self, owner: &Owner) -> Result<Portrait, AppError> {
        let at = self.clock.now();
        let (today, _) = self.topic(owner).await?.day(at);
        let days = self.days(owner, &today).await?;
        if owner.is_remembered {
            return Ok(Portrait::remembered(today, days));
        }
        // Asked first: what is stored meanwhile is left out by both rather than by neither.
        let hidden: Vec<PlayId> = self.writer.hidden_of(owner.id).into_iter().collect();
        let from = bounds(today.date - MOST_DAYS, owner.timezone).0;
        let sieve = Sieve { from, until: owner.known_until(at), hidden: &hidden };
        let (db, id) = (&self.db, owner.id);
        let quarters = store::each_quarter(db, id, &sieve).await.context("counting plays by hour")?;
        let tracks = store::top_tracks(db, id, &sieve, MOST).await.context("counting tracks")?;
        let artists = store::top_artists(db, id, &sieve, MOST).await.context("counting artists")?;
        let streams = store::last_streams(db, id, &sieve, MOST).await.context("reading the last streams")?;
        Ok(Portrait {
            hours: by_hour(&quarters, owner.timezone),
            streams: as_known(streams, &today, sieve.until),
            tracks: counted(tracks),
            artists: counted(artists),
            today,
            days,
        })
    }
}

impl Portrait {
    fn remembered(today: Arc<Day>, days: Vec<NaiveDate>) -> Self {
        let on_air = today.stream.iter().map(|on_air| (on_air.into(), plays_on_air(&today)));
        let streams = on_air.collect();
        Self { today, days, hours: [0; HOURS], streams, tracks: Vec::new(), artists: Vec::new() }
    }
}

/// The streams as the public knows them; memory knows most about the one on air.
fn as_known(streams: Vec<(Stream, i64)>, today: &Day, until: Option<Instant>) -> Vec<(Stream, usize)> {
    let known = streams.into_iter().filter_map(|(stream, plays)| Some((stream.as_of(until)?, plays)));
    let known = known.map(|(stream, plays)| {
        let is_live = today.stream.as_ref().is_some_and(|on_air| on_air.id == stream.id);
        (stream, if is_live { plays_on_air(today) } else { count(plays) })
    });
    known.collect()
}

fn plays_on_air(today: &Day) -> usize {
    today.tracks_of(View::Stream).count()
}

fn by_hour(quarters: &[(Instant, i64)], timezone: Tz) -> [usize; HOURS] {
    let mut hours = [0; HOURS];
    for (first, plays) in quarters {
        hours[first.with_timezone(&timezone).hour() as usize] += count(*plays);
    }
    hours
}

fn counted<T>(found: Vec<(T, i64)>) -> Vec<(T, usize)> {
    found.into_iter().map(|(what, plays)| (what, count(plays))).collect()
}

fn count(plays: i64) -> usize {
    usize::try_from(plays).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_play_belongs_to_the_hour_of_the_streamers_clock() {
        let at = |text: &str| text.parse().expect("an instant");
        let quarters = [(at("2026-11-20T18:10:00Z"), 2), (at("2026-11-20T18:31:00Z"), 3)];
        let hours = by_hour(&quarters, Tz::Asia__Kolkata);
        assert_eq!((hours[23], hours[0]), (2, 3), "midnight is at half past six in the evening, UTC");
        assert_eq!(hours.iter().sum::<usize>(), 5);
    }
}
