//! SQL of what is ignored: the rules, and the plays that they kept out of the list.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::{MANY, known};
use crate::base::clock::Instant;
use crate::base::id::{RuleId, StreamId, UserId};
use crate::db::{Db, DbError, from_row, on, parsed};
use crate::live::ignore::{IgnoreRule, Kind};
use crate::live::model::Ignored;
use sqlx::{QueryBuilder, Row as _};
use std::collections::HashMap;

const RULES: &str = "SELECT * FROM ignore_rules ORDER BY id";
const RULES_OF: &str = "SELECT * FROM ignore_rules WHERE user_id = $1 ORDER BY id";
const PUT_RULE: &str = "
    INSERT INTO ignore_rules (id, user_id, kind, value, inserted_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (user_id, kind, value) DO UPDATE SET value = excluded.value RETURNING *";
const DROP_RULE: &str = "DELETE FROM ignore_rules WHERE user_id = $1 AND id = $2";
const INSERT_IGNORED: &str =
    "INSERT INTO ignored_plays (stream_id, uri, duration_ms, started_at, inserted_at) SELECT * FROM (";
/// What a streamer has had deleted is not stored anew, however late it comes.
const UNLESS_ERASED: &str = ") AS fresh WHERE NOT EXISTS (
    SELECT 1 FROM erasures JOIN streams ON streams.user_id = erasures.user_id
    WHERE streams.id = fresh.column1 AND fresh.column4 < erasures.before_at)
    ON CONFLICT DO NOTHING";
const IGNORED: &str = "SELECT * FROM ignored_plays WHERE stream_id = $1 ORDER BY started_at, uri";
const LAST_IGNORED: &str =
    "SELECT * FROM ignored_plays WHERE stream_id = $1 ORDER BY started_at DESC, uri DESC LIMIT 1";

struct RuleRow(UserId, IgnoreRule);

from_row!(RuleRow, row => {
    let kind: &str = row.try_get("kind")?;
    Ok(Self(parsed("user_id", row.try_get("user_id")?)?, IgnoreRule {
        id: parsed("id", row.try_get("id")?)?,
        kind: known("kind", Kind::of(kind))?,
        value: row.try_get("value")?,
    }))
});

from_row!(Ignored, row => Ok(Self {
    stream_id: parsed("stream_id", row.try_get("stream_id")?)?,
    uri: row.try_get("uri")?,
    duration_ms: row.try_get("duration_ms")?,
    started_at: row.try_get("started_at")?,
}));

/// All rules, by streamer, the oldest first.
pub async fn ignore_rules(db: &Db) -> Result<HashMap<UserId, Vec<IgnoreRule>>, DbError> {
    let rows: Vec<RuleRow> = on!(db, pool => sqlx::query_as(RULES).fetch_all(pool).await)?;
    let mut all: HashMap<UserId, Vec<IgnoreRule>> = HashMap::new();
    for RuleRow(user, rule) in rows {
        all.entry(user).or_default().push(rule);
    }
    Ok(all)
}

/// The rules of one streamer, the oldest first.
pub async fn ignore_rules_of(db: &Db, user: UserId) -> Result<Vec<IgnoreRule>, DbError> {
    let rows: Vec<RuleRow> =
        on!(db, pool => sqlx::query_as(RULES_OF).bind(user.to_string()).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|RuleRow(_, rule)| rule).collect())
}

/// Keeps a rule and gives it; one that is there already is left as it is, and given.
pub async fn put_ignore_rule(
    db: &Db,
    user: UserId,
    rule: &IgnoreRule,
    now: Instant,
) -> Result<IgnoreRule, DbError> {
    let RuleRow(_, kept) = on!(db, pool => sqlx::query_as(PUT_RULE)
        .bind(rule.id.to_string())
        .bind(user.to_string())
        .bind(rule.kind.word())
        .bind(&rule.value)
        .bind(now)
        .fetch_one(pool)
        .await)?;
    Ok(kept)
}

/// Removes a rule of this streamer; false when they have no such rule.
pub async fn drop_ignore_rule(db: &Db, user: UserId, rule: RuleId) -> Result<bool, DbError> {
    let dropped = on!(db, pool => sqlx::query(DROP_RULE)
        .bind(user.to_string())
        .bind(rule.to_string())
        .execute(pool)
        .await?
        .rows_affected());
    Ok(dropped > 0)
}

/// Remembers ignored plays; one that is there already is left as it is.
pub async fn put_ignored(db: &Db, plays: &[Ignored], now: Instant) -> Result<(), DbError> {
    for some in plays.chunks(MANY) {
        on!(db, pool => {
            let mut query = QueryBuilder::new(INSERT_IGNORED);
            query.push_values(some, |mut row, play| {
                row.push_bind(play.stream_id.to_string())
                    .push_bind(play.uri.clone())
                    .push_bind(play.duration_ms)
                    .push_bind(play.started_at)
                    .push_bind(now);
            });
            query.push(UNLESS_ERASED).build().execute(pool).await.map(drop)
        })?;
    }
    Ok(())
}

/// The ignored plays of a stream by their start.
pub async fn ignored(db: &Db, stream: StreamId) -> Result<Vec<Ignored>, DbError> {
    on!(db, pool => sqlx::query_as(IGNORED).bind(stream.to_string()).fetch_all(pool).await)
}

/// The ignored play of a stream that began last.
pub async fn last_ignored(db: &Db, stream: StreamId) -> Result<Option<Ignored>, DbError> {
    on!(db, pool => sqlx::query_as(LAST_IGNORED).bind(stream.to_string()).fetch_optional(pool).await)
}
