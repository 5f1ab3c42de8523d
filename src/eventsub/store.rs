//! SQL of EventSub: the ids of messages that were taken.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::base::clock::Instant;
use crate::db::{Db, DbError, on};

const KNOWN: &str = "SELECT id FROM eventsub_messages WHERE id = $1";
const REMEMBER: &str =
    "INSERT INTO eventsub_messages (id, received_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
const FORGET: &str = "DELETE FROM eventsub_messages WHERE received_at < $1";

/// Whether a message was taken already.
pub async fn is_known(db: &Db, id: &str) -> Result<bool, DbError> {
    on!(db, pool => Ok(sqlx::query(KNOWN).bind(id).fetch_optional(pool).await?.is_some()))
}

/// Remembers that a message was taken.
pub async fn remember(db: &Db, id: &str, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(REMEMBER).bind(id).bind(now).execute(pool).await.map(drop))
}

/// Forgets the messages that came before `then`.
pub async fn forget(db: &Db, then: Instant) -> Result<u64, DbError> {
    on!(db, pool => sqlx::query(FORGET).bind(then).execute(pool).await.map(|done| done.rows_affected()))
}
