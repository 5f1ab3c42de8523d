//! SQL of crashes: the last failure of each stream's session.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::base::clock::Instant;
use crate::base::id::StreamId;
use crate::db::{Db, DbError, from_row, on, parsed};
use crate::live::crash::Crash;
use sqlx::Row as _;
use std::collections::HashMap;

const CRASHES_SINCE: &str = "SELECT * FROM session_crashes WHERE failed_at >= $1";
const PUT_CRASH: &str = "
    INSERT INTO session_crashes (stream_id, times, reason, failed_at, rests_until) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (stream_id) DO UPDATE SET times = excluded.times, reason = excluded.reason,
        failed_at = excluded.failed_at, rests_until = excluded.rests_until";

struct CrashRow(StreamId, Crash);

from_row!(CrashRow, row => {
    let times: i64 = row.try_get("times")?;
    Ok(Self(parsed("stream_id", row.try_get("stream_id")?)?, Crash {
        times: u32::try_from(times).unwrap_or(u32::MAX),
        reason: row.try_get("reason")?,
        failed_at: row.try_get("failed_at")?,
        rests_until: row.try_get("rests_until")?,
    }))
});

/// The crashes since then, by stream.
pub async fn crashes_since(db: &Db, since: Instant) -> Result<HashMap<StreamId, Crash>, DbError> {
    let rows: Vec<CrashRow> =
        on!(db, pool => sqlx::query_as(CRASHES_SINCE).bind(since).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|CrashRow(stream, crash)| (stream, crash)).collect())
}

/// Keeps the newest crash of a stream's session.
pub async fn put_crash(db: &Db, stream: StreamId, crash: &Crash) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(PUT_CRASH)
        .bind(stream.to_string())
        .bind(i64::from(crash.times))
        .bind(&crash.reason)
        .bind(crash.failed_at)
        .bind(crash.rests_until)
        .execute(pool)
        .await
        .map(drop))
}
