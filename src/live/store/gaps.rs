//! SQL of gaps.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::MANY;
use crate::base::clock::Instant;
use crate::base::id::StreamId;
use crate::db::{Db, DbError, from_row, on, parsed};
use crate::live::gaps::{Gap, Reason};
use sqlx::{QueryBuilder, Row as _};
use std::collections::HashMap;

const INSERT_GAPS: &str = "
    INSERT INTO gaps (id, user_id, stream_id, from_at, to_at, reason, healed, inserted_at, updated_at) SELECT * FROM (";
/// What a streamer has had deleted is not stored anew, however late it comes.
const UPDATE_GAPS: &str = ") AS fresh WHERE NOT EXISTS (
        SELECT 1 FROM erasures WHERE erasures.user_id = fresh.column2 AND fresh.column4 < erasures.before_at)
    ON CONFLICT (id) DO UPDATE SET to_at = COALESCE(gaps.to_at, excluded.to_at),
        healed = gaps.healed OR excluded.healed, updated_at = excluded.updated_at";
const OPEN_GAP: &str =
    "SELECT * FROM gaps WHERE stream_id = $1 AND to_at IS NULL ORDER BY from_at DESC LIMIT 1";
pub(super) const CLOSE_GAPS: &str = "
    UPDATE gaps SET to_at = CASE WHEN from_at > $2 THEN from_at ELSE $2 END, updated_at = $3
    WHERE stream_id = $1 AND to_at IS NULL RETURNING *";
const ANY_STALE_GAP: &str = "
    SELECT id FROM gaps WHERE to_at IS NULL AND stream_id IN (SELECT id FROM streams WHERE ended_at IS NOT NULL)
    LIMIT 1";
const CLOSE_STALE_GAPS: &str = "
    UPDATE gaps SET updated_at = $1, to_at = (
        SELECT CASE WHEN gaps.from_at > streams.ended_at THEN gaps.from_at ELSE streams.ended_at END
        FROM streams WHERE streams.id = gaps.stream_id)
    WHERE to_at IS NULL AND stream_id IN (SELECT id FROM streams WHERE ended_at IS NOT NULL) RETURNING *";
const OPEN_PAUSES: &str = "SELECT * FROM gaps WHERE to_at IS NULL AND reason = 'paused'";
const PAUSED_UNTIL: &str = "
    SELECT * FROM gaps WHERE stream_id = $1 AND reason = 'paused' AND to_at IS NOT NULL
    ORDER BY to_at DESC LIMIT 1";
const GAPS: &str = "SELECT * FROM gaps WHERE stream_id = $1 ORDER BY from_at";

from_row!(Gap, row => Ok(Self {
    id: parsed("id", row.try_get("id")?)?,
    user_id: parsed("user_id", row.try_get("user_id")?)?,
    stream_id: parsed("stream_id", row.try_get("stream_id")?)?,
    from: row.try_get("from_at")?,
    to: row.try_get("to_at")?,
    reason: Reason::of(row.try_get("reason")?).unwrap_or(Reason::SpotifyDown),
    healed: row.try_get("healed")?,
}));

/// Writes gaps as they are now. One that was closed is not opened again; one that was deleted on request is left out.
pub async fn put_gaps(db: &Db, gaps: &[Gap], now: Instant) -> Result<(), DbError> {
    for some in gaps.chunks(MANY) {
        put_some(db, some, now).await?;
    }
    Ok(())
}

async fn put_some(db: &Db, gaps: &[Gap], now: Instant) -> Result<(), DbError> {
    on!(db, pool => {
        let mut query = QueryBuilder::new(INSERT_GAPS);
        query.push_values(gaps, |mut row, gap| {
            row.push_bind(gap.id.to_string())
                .push_bind(gap.user_id.to_string())
                .push_bind(gap.stream_id.to_string())
                .push_bind(gap.from)
                .push_bind(gap.to)
                .push_bind(gap.reason.word())
                .push_bind(gap.healed)
                .push_bind(now)
                .push_bind(now);
        });
        query.push(UPDATE_GAPS).build().execute(pool).await.map(drop)
    })
}

/// The gap of a stream that is open.
pub async fn open_gap(db: &Db, stream: StreamId) -> Result<Option<Gap>, DbError> {
    on!(db, pool => sqlx::query_as(OPEN_GAP).bind(stream.to_string()).fetch_optional(pool).await)
}

/// The gaps that are open because streamers do not want to be followed, by stream.
pub async fn open_pauses(db: &Db) -> Result<HashMap<StreamId, Gap>, DbError> {
    let pauses: Vec<Gap> = on!(db, pool => sqlx::query_as(OPEN_PAUSES).fetch_all(pool).await)?;
    Ok(pauses.into_iter().map(|gap| (gap.stream_id, gap)).collect())
}

/// When the last pause of a stream ended.
pub async fn paused_until(db: &Db, stream: StreamId) -> Result<Option<Instant>, DbError> {
    let pause: Option<Gap> =
        on!(db, pool => sqlx::query_as(PAUSED_UNTIL).bind(stream.to_string()).fetch_optional(pool).await)?;
    Ok(pause.and_then(|pause| pause.to))
}

/// Closes the gaps of a stream that has ended, and gives them.
pub async fn close_gaps(db: &Db, stream: StreamId, to: Instant, now: Instant) -> Result<Vec<Gap>, DbError> {
    on!(db, pool => sqlx::query_as(CLOSE_GAPS).bind(stream.to_string()).bind(to).bind(now).fetch_all(pool).await)
}

/// Closes the gaps that are open although their stream has ended, and gives them. Where there are none it writes nothing,
/// so that it waits for nobody who does.
pub async fn close_stale_gaps(db: &Db, now: Instant) -> Result<Vec<Gap>, DbError> {
    let any: Option<String> = on!(db, pool => sqlx::query_scalar(ANY_STALE_GAP).fetch_optional(pool).await)?;
    if any.is_none() {
        return Ok(Vec::new());
    }
    on!(db, pool => sqlx::query_as(CLOSE_STALE_GAPS).bind(now).fetch_all(pool).await)
}

/// The gaps of a stream by their beginning.
pub async fn gaps(db: &Db, stream: StreamId) -> Result<Vec<Gap>, DbError> {
    on!(db, pool => sqlx::query_as(GAPS).bind(stream.to_string()).fetch_all(pool).await)
}
