//! SQL of what streamers have asked to be deleted: the wishes, and one batch of what they name.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::super::model::{Erased, Erasure};
use super::{OLD_PLAYS, OLD_STREAMS};
use crate::audit;
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::db::{Db, DbError, from_row, on, parsed};
use sqlx::Row as _;

/// What waits to be stored is kept out by the wish itself, see `src/live/store`.
const WISH: &str = "
    INSERT INTO erasures (user_id, before_at) VALUES ($1, $2)
    ON CONFLICT (user_id) DO UPDATE SET before_at = excluded.before_at, done_at = NULL";
const HAS_LISTS: &str = "
    SELECT id FROM streams WHERE user_id = $1 UNION ALL SELECT id FROM stream_tracks WHERE user_id = $1 LIMIT 1";
const OPEN: &str =
    "SELECT user_id, before_at FROM erasures WHERE done_at IS NULL ORDER BY before_at, user_id";
const END: &str = "UPDATE erasures SET done_at = $3 WHERE user_id = $1 AND before_at = $2";
const SEE_OUT: &str = "DELETE FROM users WHERE id = $1 AND leaving_at IS NOT NULL";
const BEFORE: &str = "SELECT user_id, before_at FROM erasures WHERE user_id = $1";
const GAPS: &str = "
    DELETE FROM gaps WHERE id IN (
        SELECT id FROM gaps WHERE user_id = $1 AND from_at < $2 ORDER BY from_at LIMIT $3)";
const IGNORED: &str = "
    DELETE FROM ignored_plays WHERE (stream_id, uri, started_at) IN (
        SELECT stream_id, uri, ignored_plays.started_at FROM ignored_plays
        JOIN streams ON streams.id = ignored_plays.stream_id
        WHERE streams.user_id = $1 AND ignored_plays.started_at < $2 LIMIT $3)";
const JUMPS: &str = "
    DELETE FROM jumps WHERE (play_id, at) IN (
        SELECT play_id, at FROM jumps JOIN streams ON streams.id = jumps.stream_id
        WHERE streams.user_id = $1 AND at < $2 LIMIT $3)";

from_row!(Erasure, row => Ok(Self {
    user: parsed("user_id", row.try_get("user_id")?)?,
    before: row.try_get("before_at")?,
}));

/// Stores that what began before an instant is to be deleted, in place of an earlier wish.
pub async fn wish(db: &Db, wish: Erasure) -> Result<(), DbError> {
    on!(db, pool => {
        let query = sqlx::query(WISH).bind(wish.user.to_string()).bind(wish.before);
        query.execute(pool).await.map(drop)
    })
}

/// Whether anything of a streamer's lists is there.
pub async fn has_lists(db: &Db, user: UserId) -> Result<bool, DbError> {
    on!(db, pool => {
        Ok(sqlx::query(HAS_LISTS).bind(user.to_string()).fetch_optional(pool).await?.is_some())
    })
}

/// The wishes that are not worked off, the oldest first.
pub async fn open_wishes(db: &Db) -> Result<Vec<Erasure>, DbError> {
    on!(db, pool => sqlx::query_as(OPEN).fetch_all(pool).await)
}

/// Notes that a wish is worked off, unless there is a newer one.
pub async fn end_wish(db: &Db, wish: Erasure, now: Instant) -> Result<(), DbError> {
    on!(db, pool => {
        let query = sqlx::query(END).bind(wish.user.to_string()).bind(wish.before).bind(now);
        query.execute(pool).await.map(drop)
    })
}

/// Deletes the last of somebody who leaves, with whatever has come since; nothing of anybody else.
pub async fn see_out(db: &Db, user: UserId) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(SEE_OUT).bind(user.to_string()).execute(pool).await.map(drop))
}

/// What began before this is deleted, because the streamer asked for that.
pub async fn erased_before(db: &Db, user: UserId) -> Result<Option<Instant>, DbError> {
    let wish: Option<Erasure> =
        on!(db, pool => sqlx::query_as(BEFORE).bind(user.to_string()).fetch_optional(pool).await)?;
    Ok(wish.map(|wish| wish.before))
}

/// Deletes, or blanks, at most `most` of the rows that a wish names, and gives how many there were.
pub async fn erase(db: &Db, what: Erased, wish: Erasure, most: u16) -> Result<u64, DbError> {
    let sql = match what {
        Erased::Plays => OLD_PLAYS,
        Erased::Gaps => GAPS,
        Erased::Ignored => IGNORED,
        Erased::Jumps => JUMPS,
        Erased::Streams => OLD_STREAMS,
        Erased::Titles => return audit::forget_titles(db, wish.user, wish.before, most).await,
    };
    on!(db, pool => {
        let query = sqlx::query(sql).bind(wish.user.to_string()).bind(wish.before).bind(i64::from(most));
        query.execute(pool).await.map(|done| done.rows_affected())
    })
}
