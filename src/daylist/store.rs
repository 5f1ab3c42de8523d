//! SQL of the day list: what was played between two instants or on one stream, and which days have music.
//!
//! Where an `until` is given, only plays count that were stored until then: that is what the public knows of a streamer
//! who has chosen a delay.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

mod kept;

pub use kept::{each_quarter, last_streams, top_artists, top_tracks};

use super::model::Stream;
use crate::base::clock::Instant;
use crate::base::id::{PlayId, StreamId, UserId};
use crate::db::{Db, DbError, from_row, on, parsed};
use crate::hub::{Gap, Track, TrackFacts};
use sqlx::Row as _;

const BETWEEN: &str = "
    SELECT * FROM stream_tracks
    WHERE user_id = $1 AND started_at >= $2 AND started_at < $3 AND hidden_at IS NULL
        AND ($4 IS NULL OR inserted_at <= $4)
    ORDER BY started_at, id";
const STORED_SINCE: &str = "
    SELECT * FROM stream_tracks
    WHERE user_id = $1 AND started_at >= $2 AND inserted_at > $3 AND hidden_at IS NULL
    ORDER BY inserted_at, started_at, id";
const HIDDEN_SINCE: &str = "
    SELECT id FROM stream_tracks WHERE user_id = $1 AND started_at >= $2 AND hidden_at IS NOT NULL";
const GAPS_BETWEEN: &str = "
    SELECT * FROM gaps WHERE user_id = $1 AND from_at < $3 AND (to_at IS NULL OR to_at > $2)
    ORDER BY from_at, id";
const REASONS: [&str; 6] = ["rate_limited", "spotify_down", "link_lost", "server_down", "database", "paused"];
const LATEST_STREAM: &str = "
    SELECT id, started_at, ended_at FROM streams
    WHERE user_id = $1 AND ($2 IS NULL OR started_at <= $2)
    ORDER BY ended_at IS NOT NULL, started_at DESC, id DESC LIMIT 1";
const STREAM: &str = "SELECT id, started_at, ended_at FROM streams WHERE user_id = $1 AND id = $2";
const STREAMS_BETWEEN: &str = "
    SELECT id, started_at, ended_at FROM streams
    WHERE user_id = $1 AND started_at < $3 AND (ended_at IS NULL OR ended_at > $2)
    ORDER BY started_at, id";
const OF_STREAM: &str = "
    SELECT * FROM stream_tracks
    WHERE user_id = $1 AND stream_id = $2 AND hidden_at IS NULL AND ($3 IS NULL OR inserted_at <= $3)
    ORDER BY started_at, id";
const GAPS_OF_STREAM: &str = "
    SELECT * FROM gaps WHERE user_id = $1 AND stream_id = $2 ORDER BY from_at, id";
const LAST_BEFORE: &str = "
    SELECT MAX(started_at) FROM stream_tracks
    WHERE user_id = $1 AND started_at < $2 AND hidden_at IS NULL AND ($3 IS NULL OR inserted_at <= $3)";
const FIRST_FROM: &str = "
    SELECT MIN(started_at) FROM stream_tracks
    WHERE user_id = $1 AND started_at >= $2 AND hidden_at IS NULL AND ($3 IS NULL OR inserted_at <= $3)";
// The two name the hour in their own way. An hour holds no more than one midnight, whatever the time zone.
const EACH_HOUR_SQLITE: &str = "
    SELECT MIN(started_at), MAX(started_at) FROM stream_tracks
    WHERE user_id = $1 AND started_at >= $2 AND started_at < $3 AND hidden_at IS NULL
        AND ($4 IS NULL OR inserted_at <= $4)
    GROUP BY substr(started_at, 1, 13)";
const EACH_HOUR_POSTGRES: &str = "
    SELECT MIN(started_at), MAX(started_at) FROM stream_tracks
    WHERE user_id = $1 AND started_at >= $2 AND started_at < $3 AND hidden_at IS NULL
        AND ($4 IS NULL OR inserted_at <= $4)
    GROUP BY date_trunc('hour', started_at AT TIME ZONE 'UTC')";
const LIVE_USERS: &str = "SELECT user_id FROM streams WHERE ended_at IS NULL ORDER BY started_at, user_id";

// As everybody reads a play, whichever room asks.
from_row!(Track, row => Ok(TrackFacts {
    id: parsed("id", row.try_get("id")?)?,
    provider: known(row.try_get("provider")?, ["spotify", "manual"]),
    provider_id: row.try_get("provider_id")?,
    uri: row.try_get("uri")?,
    name: row.try_get("name")?,
    artist: row.try_get("artist")?,
    artists: serde_json::from_str(row.try_get("artists")?).map_err(|error| DbError::Decode(error.into()))?,
    album: row.try_get("album")?,
    duration_ms: row.try_get("duration_ms")?,
    started_at: row.try_get("started_at")?,
    url: row.try_get("url")?,
    image_url: row.try_get("image_url")?,
    source: known(row.try_get("source")?, ["poll", "backfill", "manual"]),
}
.into()));

struct GapRow(Gap);

from_row!(GapRow, row => Ok(Self(Gap {
    id: parsed("id", row.try_get("id")?)?,
    from: row.try_get("from_at")?,
    to: row.try_get("to_at")?,
    healed: row.try_get("healed")?,
    reason: known(row.try_get("reason")?, REASONS),
})));

struct StoredRow(Instant, Track);

from_row!(StoredRow, row => Ok(Self(row.try_get("inserted_at")?, Track::from_row(row)?)));

from_row!(Stream, row => Ok(Self {
    id: parsed("id", row.try_get("id")?)?,
    started_at: row.try_get("started_at")?,
    ended_at: row.try_get("ended_at")?,
}));

/// The one of `words` that `text` is; the database's constraints let no other in.
fn known<const N: usize>(text: &str, words: [&'static str; N]) -> &'static str {
    words.into_iter().find(|word| *word == text).unwrap_or(words[0])
}

/// The plays of a streamer that began in `from..to` and are not hidden, in order.
pub async fn between(
    db: &Db,
    user: UserId,
    from: Instant,
    to: Instant,
    until: Option<Instant>,
) -> Result<Vec<Track>, DbError> {
    on!(db, pool => {
        sqlx::query_as(BETWEEN).bind(user.to_string()).bind(from).bind(to).bind(until).fetch_all(pool).await
    })
}

/// The plays that began at `from` or later and were stored after `then`, with when that was, in its order.
pub async fn stored_since(
    db: &Db,
    user: UserId,
    from: Instant,
    then: Instant,
) -> Result<Vec<(Instant, Track)>, DbError> {
    let rows: Vec<StoredRow> = on!(db, pool => {
        sqlx::query_as(STORED_SINCE).bind(user.to_string()).bind(from).bind(then).fetch_all(pool).await
    })?;
    Ok(rows.into_iter().map(|StoredRow(at, track)| (at, track)).collect())
}

/// The plays that began at `from` or later and are hidden.
pub async fn hidden_since(db: &Db, user: UserId, from: Instant) -> Result<Vec<PlayId>, DbError> {
    let ids: Vec<String> = on!(db, pool => {
        sqlx::query_scalar(HIDDEN_SINCE).bind(user.to_string()).bind(from).fetch_all(pool).await
    })?;
    ids.iter().map(|id| parsed("id", id)).collect()
}

/// The gaps of a streamer that reach into `from..to`, by their beginning.
pub async fn gaps_between(db: &Db, user: UserId, from: Instant, to: Instant) -> Result<Vec<Gap>, DbError> {
    let rows: Vec<GapRow> = on!(db, pool => {
        sqlx::query_as(GAPS_BETWEEN).bind(user.to_string()).bind(from).bind(to).fetch_all(pool).await
    })?;
    Ok(rows.into_iter().map(|GapRow(gap)| gap).collect())
}

/// The stream that is on air, else the last one that was; none that began after `until`.
pub async fn latest_stream(db: &Db, user: UserId, until: Option<Instant>) -> Result<Option<Stream>, DbError> {
    on!(db, pool => {
        sqlx::query_as(LATEST_STREAM).bind(user.to_string()).bind(until).fetch_optional(pool).await
    })
}

/// The stream with this id, if it is this streamer's.
pub async fn stream(db: &Db, user: UserId, id: StreamId) -> Result<Option<Stream>, DbError> {
    on!(db, pool => {
        sqlx::query_as(STREAM).bind(user.to_string()).bind(id.to_string()).fetch_optional(pool).await
    })
}

/// The streams of a streamer that reach into `from..to`, in order.
pub async fn streams_between(
    db: &Db,
    user: UserId,
    from: Instant,
    to: Instant,
) -> Result<Vec<Stream>, DbError> {
    on!(db, pool => {
        sqlx::query_as(STREAMS_BETWEEN).bind(user.to_string()).bind(from).bind(to).fetch_all(pool).await
    })
}

/// The plays of a stream that are not hidden, in order.
pub async fn of_stream(
    db: &Db,
    user: UserId,
    id: StreamId,
    until: Option<Instant>,
) -> Result<Vec<Track>, DbError> {
    let (user, id) = (user.to_string(), id.to_string());
    on!(db, pool => {
        sqlx::query_as(OF_STREAM).bind(user).bind(id).bind(until).fetch_all(pool).await
    })
}

/// The gaps of a stream, by their beginning.
pub async fn gaps_of_stream(db: &Db, user: UserId, id: StreamId) -> Result<Vec<Gap>, DbError> {
    let rows: Vec<GapRow> = on!(db, pool => {
        sqlx::query_as(GAPS_OF_STREAM).bind(user.to_string()).bind(id.to_string()).fetch_all(pool).await
    })?;
    Ok(rows.into_iter().map(|GapRow(gap)| gap).collect())
}

/// When the last play before `then` began.
pub async fn last_before(
    db: &Db,
    user: UserId,
    then: Instant,
    until: Option<Instant>,
) -> Result<Option<Instant>, DbError> {
    on!(db, pool => {
        sqlx::query_scalar(LAST_BEFORE).bind(user.to_string()).bind(then).bind(until).fetch_one(pool).await
    })
}

/// When the first play at or after `then` began.
pub async fn first_from(
    db: &Db,
    user: UserId,
    then: Instant,
    until: Option<Instant>,
) -> Result<Option<Instant>, DbError> {
    on!(db, pool => {
        sqlx::query_scalar(FIRST_FROM).bind(user.to_string()).bind(then).bind(until).fetch_one(pool).await
    })
}

/// When the first and the last play of each hour with music in `from..to` began: at least one play of each local day.
pub async fn each_hour(
    db: &Db,
    user: UserId,
    from: Instant,
    to: Instant,
    until: Option<Instant>,
) -> Result<Vec<(Instant, Instant)>, DbError> {
    let sql = match db {
        Db::Sqlite(_) => EACH_HOUR_SQLITE,
        Db::Postgres(_) => EACH_HOUR_POSTGRES,
    };
    on!(db, pool => {
        sqlx::query_as(sql).bind(user.to_string()).bind(from).bind(to).bind(until).fetch_all(pool).await
    })
}

/// Who is on air, the longest first.
pub async fn on_air(db: &Db) -> Result<Vec<UserId>, DbError> {
    let ids: Vec<String> = on!(db, pool => sqlx::query_scalar(LIVE_USERS).fetch_all(pool).await)?;
    ids.iter().map(|id| parsed("user_id", id)).collect()
}
