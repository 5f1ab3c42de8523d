//! SQL of the audit log.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::model::{By, Deed, Entry};
use crate::base::clock::Instant;
use crate::base::id::{AuditId, UserId};
use crate::db::{Db, DbError, from_row, on, parsed};
use sqlx::Row as _;

const PUT: &str = "
    INSERT INTO audit (id, user_id, actor, actor_id, actor_name, deed, about, inserted_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const NEWEST: &str = "
    SELECT * FROM audit WHERE user_id = $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3";
const FORGET: &str = "
    UPDATE audit SET about = '' WHERE id IN (
        SELECT id FROM audit WHERE user_id = $1 AND inserted_at < $2 AND about <> ''
            AND deed IN ($4, $5, $6, $7, $8) LIMIT $3)";

from_row!(Entry, row => {
    let (name, actor): (String, &str) = (row.try_get("actor_name")?, row.try_get("actor")?);
    let id = || row.try_get::<&str, _>("actor_id");
    let deed: &str = row.try_get("deed")?;
    let unknown = || DbError::ColumnDecode { index: "deed".into(), source: "an unknown word".into() };
    Ok(Self {
        id: parsed("id", row.try_get("id")?)?,
        at: row.try_get("inserted_at")?,
        by: match actor {
            "moderator" => By::Moderator { id: parsed("actor_id", id()?)?, login: name },
            "key" => By::Key { id: parsed("actor_id", id()?)?, name },
            _ => By::Streamer,
        },
        deed: Deed::of(deed).ok_or_else(unknown)?,
        about: row.try_get("about")?,
    })
});

/// Adds a line.
pub async fn put(db: &Db, user: UserId, entry: &Entry) -> Result<(), DbError> {
    let (actor, id, name) = match &entry.by {
        By::Streamer => ("streamer", None, ""),
        By::Moderator { id, login } => ("moderator", Some(id.to_string()), login.as_str()),
        By::Key { id, name } => ("key", Some(id.to_string()), name.as_str()),
    };
    on!(db, pool => sqlx::query(PUT)
        .bind(entry.id.to_string())
        .bind(user.to_string())
        .bind(actor)
        .bind(id)
        .bind(name)
        .bind(entry.deed.word())
        .bind(&entry.about)
        .bind(entry.at)
        .execute(pool)
        .await
        .map(drop))
}

/// The newest lines of a streamer's log, or the newest before a line; at most so many.
pub async fn newest(
    db: &Db,
    user: UserId,
    before: Option<AuditId>,
    most: i64,
) -> Result<Vec<Entry>, DbError> {
    let before = before.map(|before| before.to_string());
    on!(db, pool => {
        let query = sqlx::query_as(NEWEST).bind(user.to_string()).bind(before).bind(most);
        query.fetch_all(pool).await
    })
}

/// Forgets the titles in at most `most` of a streamer's lines that were noted before an instant; that somebody did
/// something stays. Gives how many lines there were.
pub async fn forget_titles(db: &Db, user: UserId, before: Instant, most: u16) -> Result<u64, DbError> {
    on!(db, pool => {
        let query = sqlx::query(FORGET).bind(user.to_string()).bind(before).bind(i64::from(most));
        let query = Deed::OF_TRACKS.into_iter().fold(query, |query, deed| query.bind(deed.word()));
        query.execute(pool).await.map(|done| done.rows_affected())
    })
}
