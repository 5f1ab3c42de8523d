//! SQL of the sweep: one batch of what is old, and which sweeps took place; what is deleted on request in a file of its own.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

mod erasures;

pub use erasures::{end_wish, erase, erased_before, has_lists, open_wishes, see_out, wish};

use super::model::{Common, Personal};
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::db::{Db, DbError, on};
use chrono::NaiveDate;

const OLD_PLAYS: &str = "
    DELETE FROM stream_tracks WHERE id IN (
        SELECT id FROM stream_tracks WHERE user_id = $1 AND started_at < $2 ORDER BY started_at LIMIT $3)";
const OLD_GAPS: &str = "
    DELETE FROM gaps WHERE id IN (SELECT id FROM gaps WHERE user_id = $1 AND to_at <= $2 ORDER BY from_at LIMIT $3)";
// Where a play was begun again, what was ignored and what crashed goes along with its stream.
const OLD_STREAMS: &str = "
    DELETE FROM streams WHERE id IN (
        SELECT id FROM streams WHERE user_id = $1 AND ended_at < $2
            AND NOT EXISTS (SELECT 1 FROM stream_tracks WHERE stream_tracks.stream_id = streams.id)
            AND NOT EXISTS (SELECT 1 FROM gaps WHERE gaps.stream_id = streams.id)
        ORDER BY started_at LIMIT $3)";
const OLD_CRASHES: &str = "
    DELETE FROM session_crashes WHERE stream_id IN (
        SELECT stream_id FROM session_crashes WHERE failed_at < $1 LIMIT $2)";
const OLD_MESSAGES: &str = "
    DELETE FROM eventsub_messages WHERE id IN (
        SELECT id FROM eventsub_messages WHERE received_at < $1 LIMIT $2)";
const OLD_LOGINS: &str = "
    DELETE FROM logins WHERE token_hash IN (SELECT token_hash FROM logins WHERE expires_at < $1 LIMIT $2)";
const OLD_FLOWS: &str = "
    DELETE FROM auth_flows WHERE state_hash IN (SELECT state_hash FROM auth_flows WHERE expires_at < $1 LIMIT $2)";
const OLD_DEVICES: &str = "
    DELETE FROM device_logins WHERE browser_hash IN (
        SELECT browser_hash FROM device_logins WHERE expires_at < $1 LIMIT $2)";
const OLD_AUDIT: &str = "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE inserted_at < $1 ORDER BY inserted_at LIMIT $2)";
const OLD_ACTS: &str = "
    DELETE FROM acts WHERE id IN (
        SELECT id FROM acts WHERE inserted_at < $1 AND (kind <> 'ghost' OR ended_at < $1) LIMIT $2)";
const OLD_NAMES: &str = "
    DELETE FROM former_logins WHERE login IN (SELECT login FROM former_logins WHERE inserted_at < $1 LIMIT $2)";
const OLD_CLIENTS: &str = "
    DELETE FROM spotify_clients WHERE client_id IN (
        SELECT client_id FROM spotify_clients
        WHERE updated_at < $1 AND not_before < $1 AND (full_at IS NULL OR full_at < $1) LIMIT $2)";
const OLD_SWEEPS: &str =
    "DELETE FROM sweeps WHERE day IN (SELECT day FROM sweeps WHERE began_at < $1 LIMIT $2)";
const BEGIN: &str = "INSERT INTO sweeps (day, began_at) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING";
const ADD: &str = "UPDATE sweeps SET deleted = deleted + $2 WHERE day = $1";
const END: &str = "UPDATE sweeps SET ended_at = $2 WHERE day = $1";
const IS_DONE: &str = "SELECT day FROM sweeps WHERE day = $1 AND ended_at IS NOT NULL";

/// Deletes at most `most` of a streamer's rows that lie before the border, and gives how many there were.
pub async fn sweep_of(
    db: &Db,
    what: Personal,
    user: UserId,
    border: Instant,
    most: u16,
) -> Result<u64, DbError> {
    let sql = match what {
        Personal::Plays => OLD_PLAYS,
        Personal::Gaps => OLD_GAPS,
        Personal::Streams => OLD_STREAMS,
    };
    on!(db, pool => {
        let query = sqlx::query(sql).bind(user.to_string()).bind(border).bind(i64::from(most));
        query.execute(pool).await.map(|done| done.rows_affected())
    })
}

/// Deletes at most `most` rows that are older than `before`, whoever's they are, and gives how many there were.
pub async fn sweep(db: &Db, what: Common, before: Instant, most: u16) -> Result<u64, DbError> {
    let sql = match what {
        Common::Crashes => OLD_CRASHES,
        Common::Messages => OLD_MESSAGES,
        Common::Logins => OLD_LOGINS,
        Common::Flows => OLD_FLOWS,
        Common::Devices => OLD_DEVICES,
        Common::Audit => OLD_AUDIT,
        Common::Acts => OLD_ACTS,
        Common::FormerLogins => OLD_NAMES,
        Common::Clients => OLD_CLIENTS,
        Common::Sweeps => OLD_SWEEPS,
    };
    on!(db, pool => {
        let query = sqlx::query(sql).bind(before).bind(i64::from(most));
        query.execute(pool).await.map(|done| done.rows_affected())
    })
}

/// Notes that the sweep of a day begins; one that was interrupted began when it first did.
pub async fn begin(db: &Db, day: NaiveDate, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(BEGIN).bind(day.to_string()).bind(now).execute(pool).await.map(drop))
}

/// Adds to what the sweep of a day has deleted.
pub async fn add(db: &Db, day: NaiveDate, deleted: u64) -> Result<(), DbError> {
    let deleted = i64::try_from(deleted).unwrap_or(i64::MAX);
    on!(db, pool => sqlx::query(ADD).bind(day.to_string()).bind(deleted).execute(pool).await.map(drop))
}

/// Notes that the sweep of a day is done.
pub async fn end(db: &Db, day: NaiveDate, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(END).bind(day.to_string()).bind(now).execute(pool).await.map(drop))
}

/// Whether the sweep of a day is done.
pub async fn is_done(db: &Db, day: NaiveDate) -> Result<bool, DbError> {
    on!(db, pool => {
        Ok(sqlx::query(IS_DONE).bind(day.to_string()).fetch_optional(pool).await?.is_some())
    })
}
