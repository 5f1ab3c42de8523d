//! The demo's past: some weeks of evenings with music, so that there is something to look back on. They are invented from
//! a seed and stored like evenings that were followed; the looking back itself is the house's own.

use crate::accounts::User;
use crate::base::clock::Instant;
use crate::base::id::{StreamId, UserId};
use crate::db::Db;
use crate::live::{self, Play, PlaySource, Stream, Track};
use crate::twins::{self, Catalogue};
use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use std::sync::Arc;

/// How many days back evenings are invented.
const DAYS: i64 = 26;
/// How long streamers of the demo keep their lists: all of these days.
pub(super) const KEPT_DAYS: u16 = 30;
/// Nobody streamed in the last hours before the demo.
const REST: TimeDelta = TimeDelta::hours(2);
const A_DAY: i64 = 24 * 60;

/// Somebody's taste and habits.
struct Listener<'a> {
    id: UserId,
    login: &'a str,
    dice: StdRng,
    /// What they like, the dearest first.
    shelf: Vec<Arc<twins::Track>>,
    covers: &'a str,
}

/// Stores the past of `streamers` as of `now`. The same seed gives the same evenings, to the minute of the day; `covers` is
/// the address under which the twin draws covers.
///
/// # Errors
/// When it cannot be stored.
pub(super) async fn store_past(
    db: &Db,
    streamers: &[User],
    seed: u64,
    covers: &str,
    now: Instant,
) -> anyhow::Result<()> {
    let music = Catalogue::invented(seed);
    for (number, user) in (1..).zip(streamers) {
        let mut listener = Listener::of((user.id, &user.login), &music, seed.wrapping_add(number), covers);
        for stream in listener.streams(now) {
            let plays = listener.plays(&stream);
            let end = stream.ended_at.unwrap_or(now);
            live::store_past(db, &stream, &plays, end).await?;
        }
    }
    Ok(())
}

impl<'a> Listener<'a> {
    fn of((id, login): (UserId, &'a str), music: &Catalogue, seed: u64, covers: &'a str) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut shelf: Vec<_> = music.tracks().map(|(_, track)| Arc::clone(track)).collect();
        shelf.shuffle(&mut dice);
        Self { id, login, dice, shelf, covers }
    }

    /// Three evenings in five, some of them past midnight.
    fn streams(&mut self, now: Instant) -> Vec<Stream> {
        let midnight = now - TimeDelta::milliseconds(now.timestamp_millis().rem_euclid(A_DAY * 60_000));
        let mut streams = Vec::new();
        for ago in (1..=DAYS).rev() {
            let (is_on, begin) = (self.dice.random_ratio(3, 5), self.dice.random_range(18 * 60..21 * 60));
            let length = self.dice.random_range(100..290);
            let started_at = midnight + TimeDelta::minutes(begin - ago * A_DAY);
            let end = started_at + TimeDelta::minutes(length);
            if is_on && end < now - REST {
                streams.push(self.stream(started_at, end));
            }
        }
        streams
    }

    fn stream(&self, started_at: Instant, end: Instant) -> Stream {
        Stream {
            id: StreamId::derived(started_at, &[self.login, "past"]),
            user_id: self.id,
            twitch_id: Some(format!("past-{}", started_at.timestamp())),
            started_at,
            ended_at: Some(end),
            seen_at: end,
            followed_until: Some(end),
        }
    }

    fn plays(&mut self, stream: &Stream) -> Vec<Play> {
        let (mut plays, end) = (Vec::<Play>::new(), stream.ended_at.unwrap_or(stream.started_at));
        let mut at = stream.started_at + TimeDelta::seconds(self.dice.random_range(20..300));
        while at < end {
            let track = self.picks(plays.last());
            let length = TimeDelta::milliseconds(track.duration_ms);
            plays.push(Play::new(stream, track, at, PlaySource::Poll));
            at += length + TimeDelta::seconds(self.dice.random_range(1..40));
        }
        plays
    }

    /// What is dear comes up often, the rest now and then; never the same twice in a row, which would be one play.
    fn picks(&mut self, last: Option<&Play>) -> Track {
        loop {
            let (count, draws) = (self.shelf.len(), self.dice.random_range(2..=3));
            let place = (0..draws).fold(count, |place, _| place * self.dice.random_range(0..count) / count);
            let track = track(&self.shelf[place], self.covers);
            if last.is_none_or(|last| last.track.uri != track.uri) {
                return track;
            }
        }
    }
}

/// A track as a look would have seen it.
fn track(track: &twins::Track, covers: &str) -> Track {
    Track {
        uri: track.uri(),
        provider_id: Some(track.id.clone()),
        name: track.name.clone(),
        artists: track.artists.iter().map(|artist| artist.name.clone()).collect(),
        album: Some(track.album.name.clone()),
        duration_ms: i64::try_from(track.length.as_millis()).unwrap_or(Track::LONGEST_MS),
        url: Some(format!("https://open.spotify.com/track/{}", track.id)),
        image_url: Some(format!("{covers}/{}.svg", track.album.id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        "2026-11-20T20:48:07.250Z".parse().expect("an instant")
    }

    /// All evenings of a seed, each with its plays.
    fn evenings(seed: u64) -> Vec<(Stream, Vec<Play>)> {
        let id = UserId::derived(Instant::UNIX_EPOCH, &["ann"]);
        let mut listener = Listener::of((id, "ann"), &Catalogue::invented(seed), seed, "http://covers");
        let streams = listener.streams(now());
        streams.into_iter().map(|stream| (stream.clone(), listener.plays(&stream))).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_evenings() {
        assert_eq!(evenings(1), evenings(1));
        assert_ne!(evenings(1), evenings(2));
    }

    #[test]
    fn every_evening_is_one_that_could_have_been_followed_and_is_kept() {
        let evenings = evenings(3);
        assert!(evenings.len() > 5, "{} evenings", evenings.len());
        for (stream, plays) in evenings {
            let end = stream.ended_at.expect("it is over");
            assert!(end < now() - REST && stream.started_at > now() - TimeDelta::days(i64::from(KEPT_DAYS)));
            assert!(
                plays.len() > 10
                    && plays.iter().all(|play| (stream.started_at..end).contains(&play.started_at))
            );
            assert!(plays.is_sorted_by(
                |one, next| one.started_at < next.started_at && one.track.uri != next.track.uri
            ));
        }
    }
}
