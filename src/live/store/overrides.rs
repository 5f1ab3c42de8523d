//! SQL of what streamers decide by hand.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::known;
use crate::base::id::{StreamId, UserId};
use crate::db::{Db, DbError, from_row, on, parsed};
use crate::live::control::{Action, ByHand, Override};
use sqlx::Row as _;
use std::collections::HashMap;

const OVERRIDES: &str = "SELECT * FROM overrides";
const OVERRIDES_OF: &str = "SELECT * FROM overrides WHERE user_id = $1 ORDER BY action";
const PUT_OVERRIDE: &str = "
    INSERT INTO overrides (user_id, action, stream_id, ends_at, inserted_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (user_id, action) DO UPDATE SET stream_id = excluded.stream_id, ends_at = excluded.ends_at,
        inserted_at = excluded.inserted_at";
const BIND_OVERRIDE: &str =
    "UPDATE overrides SET stream_id = $4 WHERE user_id = $1 AND action = $2 AND inserted_at = $3";
const DROP_OVERRIDE: &str = "DELETE FROM overrides WHERE user_id = $1 AND action = $2 AND inserted_at = $3";
const LIFT: &str = "DELETE FROM overrides WHERE user_id = $1 AND action = $2";

struct OverrideRow(UserId, Override);

from_row!(OverrideRow, row => {
    let stream: Option<&str> = row.try_get("stream_id")?;
    let action: &str = row.try_get("action")?;
    Ok(Self(parsed("user_id", row.try_get("user_id")?)?, Override {
        action: known("action", Action::of(action))?,
        stream: stream.map(|stream| parsed("stream_id", stream)).transpose()?,
        ends_at: row.try_get("ends_at")?,
        made_at: row.try_get("inserted_at")?,
    }))
});

/// All that is decided, by streamer.
pub async fn overrides(db: &Db) -> Result<HashMap<UserId, ByHand>, DbError> {
    let rows: Vec<OverrideRow> = on!(db, pool => sqlx::query_as(OVERRIDES).fetch_all(pool).await)?;
    let mut all: HashMap<UserId, ByHand> = HashMap::new();
    for OverrideRow(user, one) in rows {
        all.entry(user).or_default().0.push(one);
    }
    Ok(all)
}

/// What one streamer has decided.
pub async fn overrides_of(db: &Db, user: UserId) -> Result<ByHand, DbError> {
    let rows: Vec<OverrideRow> =
        on!(db, pool => sqlx::query_as(OVERRIDES_OF).bind(user.to_string()).fetch_all(pool).await)?;
    Ok(ByHand(rows.into_iter().map(|OverrideRow(_, one)| one).collect()))
}

/// Keeps a decision in place of an earlier one of the same action.
pub async fn put_override(db: &Db, user: UserId, one: &Override) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(PUT_OVERRIDE)
        .bind(user.to_string())
        .bind(one.action.word())
        .bind(one.stream.map(|stream| stream.to_string()))
        .bind(one.ends_at)
        .bind(one.made_at)
        .execute(pool)
        .await
        .map(drop))
}

/// Has a decision end with this stream, unless it has been made anew meanwhile.
pub async fn bind_override(db: &Db, user: UserId, one: &Override, stream: StreamId) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(BIND_OVERRIDE)
        .bind(user.to_string())
        .bind(one.action.word())
        .bind(one.made_at)
        .bind(stream.to_string())
        .execute(pool)
        .await
        .map(drop))
}

/// Forgets a decision, unless it has been made anew meanwhile.
pub async fn drop_override(db: &Db, user: UserId, one: &Override) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(DROP_OVERRIDE)
        .bind(user.to_string())
        .bind(one.action.word())
        .bind(one.made_at)
        .execute(pool)
        .await
        .map(drop))
}

/// Forgets whatever was decided of these actions.
pub async fn lift_overrides(db: &Db, user: UserId, actions: &[Action]) -> Result<(), DbError> {
    for action in actions {
        on!(db, pool => sqlx::query(LIFT)
            .bind(user.to_string())
            .bind(action.word())
            .execute(pool)
            .await
            .map(drop))?;
    }
    Ok(())
}
