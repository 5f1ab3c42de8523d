//! Streamers, their streams and what they play: rows as an evening leaves them, without an evening.

use airlog::base::clock::Instant;
use airlog::base::id::{StreamId, UserId};
use airlog::db::{Db, DbError};
use airlog::live::model::{Play, Source, Stream, Track};
use chrono::{DateTime, TimeDelta};
use sqlx::AssertSqlSafe;

/// Songs that are heard, over and over.
const SONGS: usize = 4_000;
/// From one song to the next.
const PACE: TimeDelta = TimeDelta::seconds(207);

/// When the newest evening begins.
pub fn dusk() -> Instant {
    DateTime::from_timestamp_millis(1_793_563_200_123).unwrap_or_default()
}

/// A stream of each of so many streamers, so many evenings ago.
pub fn streams(streamers: usize, evening: usize) -> Vec<Stream> {
    let began = dusk() - TimeDelta::days(whole(evening));
    (0..streamers).map(|place| stream(place, began + TimeDelta::milliseconds(whole(place) * 61))).collect()
}

fn stream(place: usize, began: Instant) -> Stream {
    let user_id = user(place);
    Stream {
        id: StreamId::derived(began, &[&user_id.to_string()]),
        user_id,
        twitch_id: Some(format!("40{place:06}")),
        started_at: began,
        ended_at: None,
        seen_at: began,
        followed_until: None,
    }
}

fn user(place: usize) -> UserId {
    UserId::derived(dusk(), &[&place.to_string()])
}

/// What the streamer of a stream plays as their song of that number.
pub fn play(stream: &Stream, place: usize, number: usize) -> Play {
    let started_at = stream.started_at + PACE * i32::try_from(number).unwrap_or(i32::MAX);
    // Everybody goes through the songs in a way of their own.
    let song = (place * 7_919 + number * (place % 97 + 1)) % SONGS;
    Play::new(stream, track(song), started_at, Source::Poll)
}

fn track(song: usize) -> Track {
    let artist = format!("The Odd Numbers {}", song % 613);
    let featured = song.is_multiple_of(3).then(|| format!("Maren Väle {}", song % 89));
    let code = format!("{song:0>22}");
    Track {
        uri: format!("spotify:track:{code}"),
        name: format!("Slow Harbour, part {song} (夜のラジオ mix)"),
        artists: [artist].into_iter().chain(featured).collect(),
        album: Some(format!("Low Tide Letters, volume {}", song % 401)),
        duration_ms: 180_000 + whole(song % 60_000),
        url: Some(format!("https://open.spotify.com/track/{code}")),
        image_url: Some(format!("https://i.scdn.co/image/ab67616d00001e02{code}{code:.2}")),
        provider_id: Some(code),
    }
}

/// Puts the streamers of these streams and the streams themselves into a database.
///
/// # Errors
/// When the database does.
pub async fn settle(db: &Db, streams: &[Stream]) -> Result<(), DbError> {
    let people: Vec<String> = streams.iter().enumerate().map(person).collect();
    for some in people.chunks(500) {
        let rows = some.join(", ");
        let sql = format!(
            "INSERT INTO users (id, twitch_id, login, name, enabled, retention_days, inserted_at, updated_at)
            VALUES {rows} ON CONFLICT DO NOTHING"
        );
        run(db, sql).await?;
    }
    air(db, streams).await
}

fn person((place, stream): (usize, &Stream)) -> String {
    let (id, at) = (stream.user_id, dusk().to_rfc3339());
    format!("('{id}', '{place}', 'streamer_{place}', 'Streamer {place}', TRUE, NULL, '{at}', '{at}')")
}

async fn air(db: &Db, streams: &[Stream]) -> Result<(), DbError> {
    let rows: Vec<String> = streams.iter().map(broadcast).collect();
    for some in rows.chunks(500) {
        let rows = some.join(", ");
        let sql = format!(
            "INSERT INTO streams (id, user_id, twitch_id, started_at, ended_at, seen_at, inserted_at, updated_at)
            VALUES {rows} ON CONFLICT DO NOTHING"
        );
        run(db, sql).await?;
    }
    Ok(())
}

fn broadcast(stream: &Stream) -> String {
    let (began, ended) = (stream.started_at, stream.started_at + TimeDelta::hours(8));
    let (id, user, began, ended) = (stream.id, stream.user_id, began.to_rfc3339(), ended.to_rfc3339());
    format!("('{id}', '{user}', NULL, '{began}', '{ended}', '{ended}', '{began}', '{ended}')")
}

/// Runs statements that either database understands.
///
/// # Errors
/// When the database does.
pub async fn run(db: &Db, sql: String) -> Result<(), DbError> {
    match db {
        Db::Sqlite(pool) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(drop),
        Db::Postgres(pool) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.map(drop),
    }
}

/// How many plays are stored.
///
/// # Errors
/// When the database does not answer.
pub async fn stored(db: &Db) -> Result<usize, DbError> {
    let count = "SELECT COUNT(*) FROM stream_tracks";
    let rows: i64 = match db {
        Db::Sqlite(pool) => sqlx::query_scalar(count).fetch_one(pool).await?,
        Db::Postgres(pool) => sqlx::query_scalar(count).fetch_one(pool).await?,
    };
    Ok(usize::try_from(rows).unwrap_or_default())
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
