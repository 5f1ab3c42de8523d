//! SQL of the streamer page: what is kept of a streamer, counted where it lies. However much that is, few rows come back.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::daylist::model::{Sieve, Stream};
use crate::db::{Db, DbError, from_row, on};
use crate::hub::Track;
use sqlx::Row as _;

// Of what was corrected, the newest words are shown.
const TOP_TRACKS: &str = "
    WITH top AS (
        SELECT uri, COUNT(*) AS plays, MAX(started_at) AS latest FROM stream_tracks
        WHERE user_id = $1 AND started_at >= $2 AND hidden_at IS NULL AND ($3 IS NULL OR inserted_at <= $3)
            AND ($4 = '' OR $4 NOT LIKE '%' || id || '%')
        GROUP BY uri ORDER BY plays DESC, latest DESC, uri LIMIT $5)
    SELECT stream_tracks.*, top.plays FROM top JOIN stream_tracks
        ON stream_tracks.user_id = $1 AND stream_tracks.uri = top.uri AND stream_tracks.started_at = top.latest
    ORDER BY top.plays DESC, top.latest DESC, top.uri";
// The two take a list of JSON apart in their own way. Whoever plays together is counted once before that.
const TOP_ARTISTS_SQLITE: &str = "
    SELECT credit.value AS artist, CAST(SUM(credits.plays) AS BIGINT) AS plays FROM (
        SELECT artists, COUNT(*) AS plays, MAX(started_at) AS latest FROM stream_tracks
        WHERE user_id = $1 AND started_at >= $2 AND hidden_at IS NULL AND ($3 IS NULL OR inserted_at <= $3)
            AND ($4 = '' OR $4 NOT LIKE '%' || id || '%')
        GROUP BY artists) AS credits, json_each(credits.artists) AS credit
    GROUP BY credit.value ORDER BY SUM(credits.plays) DESC, MAX(credits.latest) DESC, credit.value LIMIT $5";
const TOP_ARTISTS_POSTGRES: &str = "
    SELECT credit.value AS artist, CAST(SUM(credits.plays) AS BIGINT) AS plays FROM (
        SELECT artists, COUNT(*) AS plays, MAX(started_at) AS latest FROM stream_tracks
        WHERE user_id = $1 AND started_at >= $2 AND hidden_at IS NULL AND ($3 IS NULL OR inserted_at <= $3)
            AND ($4 = '' OR $4 NOT LIKE '%' || id || '%')
        GROUP BY artists) AS credits
        CROSS JOIN LATERAL json_array_elements_text(CAST(credits.artists AS JSON)) AS credit (value)
    GROUP BY credit.value ORDER BY SUM(credits.plays) DESC, MAX(credits.latest) DESC, credit.value LIMIT $5";
// A stream without music is worth a line only while it may still come.
const LAST_STREAMS: &str = "
    SELECT * FROM (
        SELECT id, started_at, ended_at, (
            SELECT COUNT(*) FROM stream_tracks
            WHERE stream_id = streams.id AND hidden_at IS NULL AND ($3 IS NULL OR inserted_at <= $3)
                AND ($4 = '' OR $4 NOT LIKE '%' || stream_tracks.id || '%')) AS plays
        FROM streams
        WHERE user_id = $1 AND (ended_at IS NULL OR ended_at >= $2) AND ($3 IS NULL OR started_at <= $3)
    ) AS counted
    WHERE plays > 0 OR ended_at IS NULL ORDER BY started_at DESC, id DESC LIMIT $5";
// A quarter of an hour lies in one hour and one day, whatever the time zone.
const EACH_QUARTER_SQLITE: &str = "
    SELECT MIN(started_at), COUNT(*) FROM stream_tracks
    WHERE user_id = $1 AND started_at >= $2 AND hidden_at IS NULL AND ($3 IS NULL OR inserted_at <= $3)
        AND ($4 = '' OR $4 NOT LIKE '%' || id || '%')
    GROUP BY substr(started_at, 1, 13), CAST(substr(started_at, 15, 2) AS INTEGER) / 15";
const EACH_QUARTER_POSTGRES: &str = "
    SELECT MIN(started_at), COUNT(*) FROM stream_tracks
    WHERE user_id = $1 AND started_at >= $2 AND hidden_at IS NULL AND ($3 IS NULL OR inserted_at <= $3)
        AND ($4 = '' OR $4 NOT LIKE '%' || id || '%')
    GROUP BY date_trunc('hour', started_at AT TIME ZONE 'UTC'),
        CAST(EXTRACT(MINUTE FROM started_at AT TIME ZONE 'UTC') AS INTEGER) / 15";

/// A query over what the sieve lets through.
macro_rules! sifted {
    ($sql:expr, $user:expr, $sieve:expr) => {
        sqlx::query_as($sql)
            .bind($user.to_string())
            .bind($sieve.from)
            .bind($sieve.until)
            .bind($sieve.hidden_ids())
    };
}

struct Counted<T>(T, i64);

from_row!(Counted<Track>, row => Ok(Self(Track::from_row(row)?, row.try_get("plays")?)));
from_row!(Counted<Stream>, row => Ok(Self(Stream::from_row(row)?, row.try_get("plays")?)));

/// The tracks that were played most, with how often; of equals what was played last.
pub async fn top_tracks(
    db: &Db,
    user: UserId,
    sieve: &Sieve<'_>,
    most: i64,
) -> Result<Vec<(Track, i64)>, DbError> {
    let rows: Vec<Counted<Track>> =
        on!(db, pool => sifted!(TOP_TRACKS, user, sieve).bind(most).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|Counted(track, plays)| (track, plays)).collect())
}

/// The artists who were played most, with how often; each of those who play together counts.
pub async fn top_artists(
    db: &Db,
    user: UserId,
    sieve: &Sieve<'_>,
    most: i64,
) -> Result<Vec<(String, i64)>, DbError> {
    let sql = match db {
        Db::Sqlite(_) => TOP_ARTISTS_SQLITE,
        Db::Postgres(_) => TOP_ARTISTS_POSTGRES,
    };
    on!(db, pool => sifted!(sql, user, sieve).bind(most).fetch_all(pool).await)
}

/// The last streams with music and the one on air, the newest first, with the number of their plays.
pub async fn last_streams(
    db: &Db,
    user: UserId,
    sieve: &Sieve<'_>,
    most: i64,
) -> Result<Vec<(Stream, i64)>, DbError> {
    let rows: Vec<Counted<Stream>> =
        on!(db, pool => sifted!(LAST_STREAMS, user, sieve).bind(most).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|Counted(stream, plays)| (stream, plays)).collect())
}

/// When the first play of each quarter of an hour with music began, and how many did.
pub async fn each_quarter(db: &Db, user: UserId, sieve: &Sieve<'_>) -> Result<Vec<(Instant, i64)>, DbError> {
    let sql = match db {
        Db::Sqlite(_) => EACH_QUARTER_SQLITE,
        Db::Postgres(_) => EACH_QUARTER_POSTGRES,
    };
    on!(db, pool => sifted!(sql, user, sieve).fetch_all(pool).await)
}
