//! SQL of the heart: evidence and streams here, the rest each in a file of its own.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

mod batch;
mod budgets;
mod crashes;
mod gaps;
mod hides;
mod ignoring;
mod overrides;
mod plays;
mod span;

pub use batch::{PLAYS_AT_ONCE, insert_plays, insert_with};
pub use budgets::{Kept, budgets, put_budget};
pub use crashes::{crashes_since, put_crash};
pub use gaps::{close_gaps, close_stale_gaps, gaps, open_gap, open_pauses, paused_until, put_gaps};
pub use hides::{ghosts, hide};
pub use ignoring::{
    drop_ignore_rule, ignore_rules, ignore_rules_of, ignored, last_ignored, put_ignore_rule, put_ignored,
};
pub use overrides::{bind_override, drop_override, lift_overrides, overrides, overrides_of, put_override};
pub use plays::{by_hand, drop_play, jumps, last_play, plays, put_jump};
pub use span::Span;

use super::evidence::{Broadcast, Evidence, Source};
use super::gaps::Gap;
use super::model::Stream;
use crate::base::clock::{Instant, whole_millis};
use crate::base::id::{StreamId, UserId};
use crate::db::{Db, DbError, from_row, on, parsed};
use gaps::CLOSE_GAPS;
use sqlx::{QueryBuilder, Row as _};
use std::collections::HashMap;

/// How many keys or rows one statement names: either database takes more.
const MANY: usize = 1_000;
/// How many streams are healed in one go.
pub const DUE_AT_ONCE: usize = 100;

const EVIDENCE: &str = "SELECT * FROM air_evidence WHERE user_id > $1 AND user_id <= $2";
const EVIDENCE_OF: &str = "SELECT * FROM air_evidence WHERE user_id = $1";
const PUT_EVIDENCE: &str = "
    INSERT INTO air_evidence (user_id, on_air, source, seen_at, twitch_id, stream_type, started_at, misses)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (user_id) DO UPDATE SET on_air = excluded.on_air, source = excluded.source,
        seen_at = excluded.seen_at, twitch_id = excluded.twitch_id, stream_type = excluded.stream_type,
        started_at = excluded.started_at, misses = excluded.misses";
const INSERT_EVIDENCE: &str = "
    INSERT INTO air_evidence (user_id, on_air, source, seen_at, twitch_id, stream_type, started_at, misses)
    SELECT * FROM (";
/// Whoever was removed meanwhile is left out.
const UPDATE_EVIDENCE: &str = ") AS fresh WHERE fresh.column1 IN (SELECT id FROM users)
    ON CONFLICT (user_id) DO UPDATE SET on_air = excluded.on_air, source = excluded.source,
        seen_at = excluded.seen_at, twitch_id = excluded.twitch_id, stream_type = excluded.stream_type,
        started_at = excluded.started_at, misses = excluded.misses";
const OPEN_STREAMS: &str = "SELECT * FROM streams WHERE ended_at IS NULL AND user_id > $1 AND user_id <= $2";
const OPEN_STREAM: &str = "SELECT * FROM streams WHERE user_id = $1 AND ended_at IS NULL";
const LAST_STREAM: &str =
    "SELECT * FROM streams WHERE user_id = $1 ORDER BY started_at DESC, id DESC LIMIT 1";
const PUT_STREAM: &str = "
    INSERT INTO streams (id, user_id, twitch_id, started_at, ended_at, seen_at, followed_until, heal_at,
        inserted_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)
    ON CONFLICT (id) DO UPDATE SET twitch_id = excluded.twitch_id, ended_at = excluded.ended_at,
        seen_at = excluded.seen_at, followed_until = excluded.followed_until, heal_at = excluded.heal_at,
        updated_at = excluded.updated_at";
const DUE: &str = "SELECT * FROM streams WHERE heal_at <= $1 ORDER BY heal_at, id LIMIT $2";
const HEAL_OPEN: &str = "UPDATE streams SET heal_at = $1 WHERE ended_at IS NULL";
const HEAL_SOON: &str = "UPDATE streams SET heal_at = $2 WHERE id = $1";
const HEAL_AT: &str = "UPDATE streams SET heal_at = $2 WHERE id = $1 AND heal_at <= $3";

/// What a word of the database stands for; the schema allows no other.
fn known<T>(column: &str, value: Option<T>) -> Result<T, DbError> {
    value.ok_or_else(|| DbError::ColumnDecode { index: column.to_owned(), source: "an unknown word".into() })
}

struct EvidenceRow(UserId, Evidence);

from_row!(EvidenceRow, row => {
    let on_air: bool = row.try_get("on_air")?;
    let broadcast = on_air.then(|| Ok::<_, DbError>(Broadcast {
        twitch_id: row.try_get("twitch_id")?,
        kind: row.try_get("stream_type")?,
        started_at: row.try_get("started_at")?,
    }));
    let source: &str = row.try_get("source")?;
    Ok(Self(parsed("user_id", row.try_get("user_id")?)?, Evidence {
        broadcast: broadcast.transpose()?,
        source: if source == "hint" { Source::Hint } else { Source::Streams },
        seen_at: row.try_get("seen_at")?,
        misses: row.try_get("misses")?,
    }))
});

from_row!(Stream, row => Ok(Self {
    id: parsed("id", row.try_get("id")?)?,
    user_id: parsed("user_id", row.try_get("user_id")?)?,
    twitch_id: row.try_get("twitch_id")?,
    started_at: row.try_get("started_at")?,
    ended_at: row.try_get("ended_at")?,
    seen_at: row.try_get("seen_at")?,
    followed_until: row.try_get("followed_until")?,
}));

/// The evidence about these people, by streamer.
pub async fn evidence(db: &Db, span: Span) -> Result<HashMap<UserId, Evidence>, DbError> {
    let [after, upto] = span.ends();
    let rows: Vec<EvidenceRow> =
        on!(db, pool => sqlx::query_as(EVIDENCE).bind(after).bind(upto).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|EvidenceRow(user, evidence)| (user, evidence)).collect())
}

/// The evidence about one streamer.
pub async fn evidence_of(db: &Db, user: UserId) -> Result<Option<Evidence>, DbError> {
    let row: Option<EvidenceRow> =
        on!(db, pool => sqlx::query_as(EVIDENCE_OF).bind(user.to_string()).fetch_optional(pool).await)?;
    Ok(row.map(|EvidenceRow(_, evidence)| evidence))
}

/// Keeps evidence in place of what was known.
pub async fn put_evidence(db: &Db, user: UserId, evidence: &Evidence) -> Result<(), DbError> {
    let broadcast = evidence.broadcast.as_ref();
    on!(db, pool => sqlx::query(PUT_EVIDENCE)
        .bind(user.to_string())
        .bind(broadcast.is_some())
        .bind(word(evidence.source))
        .bind(evidence.seen_at)
        .bind(broadcast.map(|broadcast| broadcast.twitch_id.as_str()))
        .bind(broadcast.map(|broadcast| broadcast.kind.as_str()))
        .bind(broadcast.map(|broadcast| broadcast.started_at))
        .bind(evidence.misses)
        .execute(pool)
        .await
        .map(drop))
}

/// Keeps evidence about many in place of what was known; there is nothing to keep about those who are gone.
pub async fn put_all_evidence(db: &Db, all: &[(UserId, Evidence)]) -> Result<(), DbError> {
    for some in all.chunks(MANY) {
        on!(db, pool => {
            let mut query = QueryBuilder::new(INSERT_EVIDENCE);
            query.push_values(some, |mut row, (user, evidence)| {
                let broadcast = evidence.broadcast.as_ref();
                row.push_bind(user.to_string())
                    .push_bind(broadcast.is_some())
                    .push_bind(word(evidence.source))
                    .push_bind(evidence.seen_at)
                    .push_bind(broadcast.map(|broadcast| broadcast.twitch_id.clone()))
                    .push_bind(broadcast.map(|broadcast| broadcast.kind.clone()))
                    .push_bind(broadcast.map(|broadcast| broadcast.started_at))
                    .push_bind(evidence.misses);
            });
            query.push(UPDATE_EVIDENCE).build().execute(pool).await.map(drop)
        })?;
    }
    Ok(())
}

fn word(source: Source) -> &'static str {
    match source {
        Source::Hint => "hint",
        Source::Streams => "streams",
    }
}

/// The streams of these people that are on air.
pub async fn open_streams(db: &Db, span: Span) -> Result<Vec<Stream>, DbError> {
    let [after, upto] = span.ends();
    on!(db, pool => sqlx::query_as(OPEN_STREAMS).bind(after).bind(upto).fetch_all(pool).await)
}

/// The stream of a streamer that is on air.
pub async fn open_stream(db: &Db, user: UserId) -> Result<Option<Stream>, DbError> {
    on!(db, pool => sqlx::query_as(OPEN_STREAM).bind(user.to_string()).fetch_optional(pool).await)
}

/// The stream of a streamer that began last.
pub async fn last_stream(db: &Db, user: UserId) -> Result<Option<Stream>, DbError> {
    on!(db, pool => sqlx::query_as(LAST_STREAM).bind(user.to_string()).fetch_optional(pool).await)
}

/// Writes a stream, whatever the database.
macro_rules! put {
    ($executor:expr, $stream:expr, $now:expr) => {
        sqlx::query(PUT_STREAM)
            .bind($stream.id.to_string())
            .bind($stream.user_id.to_string())
            .bind($stream.twitch_id.as_deref())
            .bind($stream.started_at)
            .bind($stream.ended_at)
            .bind($stream.seen_at)
            .bind($stream.followed_until)
            .bind($now)
            .execute($executor)
            .await
            .map(|_| ())
    };
}

/// Writes a stream as it is now, whether or not it was known. Whatever happened to it is a reason to heal it.
pub async fn put_stream(db: &Db, stream: &Stream, now: Instant) -> Result<(), DbError> {
    on!(db, pool => put!(pool, stream, now))
}

/// Writes a stream that has ended and closes its gaps then, both or neither; gives those that were open.
pub async fn end_stream(db: &Db, ended: &Stream, at: Instant, now: Instant) -> Result<Vec<Gap>, DbError> {
    on!(db, pool => {
        let mut tx = pool.begin().await?;
        put!(&mut *tx, ended, now)?;
        let gaps = sqlx::query_as(CLOSE_GAPS).bind(ended.id.to_string()).bind(at).bind(now);
        let closed = gaps.fetch_all(&mut *tx).await?;
        tx.commit().await?;
        Ok(closed)
    })
}

/// Notes when the open streams of these people were seen on air.
pub async fn touch_streams(db: &Db, users: &[UserId], seen_at: Instant) -> Result<(), DbError> {
    let users = users.iter().map(ToString::to_string);
    note(db, "UPDATE streams SET seen_at = ", "ended_at IS NULL AND user_id", users, seen_at).await
}

/// Notes that these streams are being followed.
pub async fn note_followed(db: &Db, streams: &[StreamId], until: Instant) -> Result<(), DbError> {
    let streams = streams.iter().map(ToString::to_string);
    note(db, "UPDATE streams SET followed_until = ", "id", streams, until).await
}

async fn note(
    db: &Db,
    update: &'static str,
    key: &'static str,
    keys: impl Iterator<Item = String>,
    at: Instant,
) -> Result<(), DbError> {
    let keys: Vec<String> = keys.collect();
    for some in keys.chunks(MANY) {
        on!(db, pool => {
            let mut query = QueryBuilder::new(update);
            query.push_bind(at).push(", updated_at = ").push_bind(at).push(" WHERE ").push(key).push(" IN (");
            let mut list = query.separated(", ");
            for key in some {
                list.push_bind(key.clone());
            }
            query.push(")").build().execute(pool).await.map(drop)
        })?;
    }
    Ok(())
}

/// Streams that are due to be healed, at most [`DUE_AT_ONCE`].
pub async fn due(db: &Db, now: Instant) -> Result<Vec<Stream>, DbError> {
    on!(db, pool => sqlx::query_as(DUE).bind(now).bind(i64::try_from(DUE_AT_ONCE).unwrap_or(i64::MAX)).fetch_all(pool).await)
}

/// Has every stream that is on air healed now.
pub async fn heal_open(db: &Db, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(HEAL_OPEN).bind(now).execute(pool).await.map(drop))
}

/// Has a stream healed now.
pub async fn heal_soon(db: &Db, stream: StreamId, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(HEAL_SOON).bind(stream.to_string()).bind(now).execute(pool).await.map(drop))
}

/// Notes when a stream is to be healed next, or never again; unless something has happened to it since `began`.
pub async fn heal_at(
    db: &Db,
    stream: StreamId,
    next: Option<Instant>,
    began: Instant,
) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(HEAL_AT).bind(stream.to_string()).bind(next.map(whole_millis)).bind(began).execute(pool).await.map(drop))
}
