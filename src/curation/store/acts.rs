//! SQL of what was done to a list in one go, ghost mode among it, and of undoing it.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::base::clock::Instant;
use crate::base::id::{ActId, UserId};
use crate::curation::model::{Done, Listed};
use crate::db::{Db, DbError, from_row, on, parsed};
use crate::hub::Ghost;
use crate::live::ActKind;
use sqlx::Row as _;

/// Whoever comes second finds that it is on.
const BEGIN_GHOST: &str = "
    INSERT INTO acts (id, user_id, kind, inserted_at) VALUES ($1, $2, 'ghost', $3) ON CONFLICT DO NOTHING";
const GHOST: &str = "
    SELECT id, inserted_at FROM acts WHERE user_id = $1 AND kind = 'ghost' AND ended_at IS NULL";
const END_GHOST: &str = "
    UPDATE acts SET ended_at = $2 WHERE user_id = $1 AND kind = 'ghost' AND ended_at IS NULL RETURNING id";
const ACTS: &str = "
    SELECT acts.id, kind, acts.inserted_at, ended_at, COUNT(stream_tracks.id) AS plays
    FROM acts LEFT JOIN stream_tracks ON stream_tracks.user_id = acts.user_id AND hidden_act = acts.id
    WHERE acts.user_id = $1 AND undone_at IS NULL AND acts.inserted_at > $2
    GROUP BY acts.id, kind, acts.inserted_at, ended_at
    ORDER BY acts.inserted_at DESC, acts.id DESC LIMIT $3";
const UNDO: &str = "
    UPDATE acts SET undone_at = $3, ended_at = COALESCE(ended_at, $3)
    WHERE user_id = $1 AND id = $2 AND undone_at IS NULL RETURNING id";
const IS_THERE: &str = "SELECT id FROM acts WHERE user_id = $1 AND id = $2";
const BRING_BACK: &str = "
    UPDATE stream_tracks SET hidden_at = NULL, hidden_act = NULL, updated_at = $3
    WHERE user_id = $1 AND hidden_act = $2 RETURNING *";

struct GhostRow(Ghost);

from_row!(GhostRow, row => Ok(Self(Ghost {
    act: parsed("id", row.try_get("id")?)?,
    from: row.try_get("inserted_at")?,
    until: None,
})));

from_row!(Done, row => {
    let unknown = || DbError::ColumnDecode { index: "kind".into(), source: "an unknown word".into() };
    Ok(Self {
        id: parsed("id", row.try_get("id")?)?,
        kind: ActKind::of(row.try_get("kind")?).ok_or_else(unknown)?,
        at: row.try_get("inserted_at")?,
        ended_at: row.try_get("ended_at")?,
        plays: row.try_get("plays")?,
    })
});

/// What became of an undoing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undoing {
    /// These plays are back.
    Done(Vec<Listed>),
    /// It was undone before.
    Before,
    /// This streamer has no such act.
    Unknown,
}

/// Switches ghost mode on as the act of this id, unless it is on, and gives it.
pub async fn ghost_since(db: &Db, user: UserId, id: ActId, now: Instant) -> Result<Option<Ghost>, DbError> {
    let user_id = user.to_string();
    on!(db, pool => {
        sqlx::query(BEGIN_GHOST).bind(id.to_string()).bind(user_id).bind(now).execute(pool).await.map(drop)
    })?;
    ghost(db, user).await
}

/// Ghost mode, while it is on.
pub async fn ghost(db: &Db, user: UserId) -> Result<Option<Ghost>, DbError> {
    let row: Option<GhostRow> =
        on!(db, pool => sqlx::query_as(GHOST).bind(user.to_string()).fetch_optional(pool).await)?;
    Ok(row.map(|GhostRow(ghost)| ghost))
}

/// Switches ghost mode off, and gives the act that it was; none when it is not on.
pub async fn end_ghost(db: &Db, user: UserId, now: Instant) -> Result<Option<ActId>, DbError> {
    let id: Option<String> = on!(db, pool => {
        sqlx::query_scalar(END_GHOST).bind(user.to_string()).bind(now).fetch_optional(pool).await
    })?;
    id.map(|id| parsed("id", &id)).transpose()
}

/// What was done since then and not undone, the newest first; at most so many.
pub async fn acts(db: &Db, user: UserId, since: Instant, most: i64) -> Result<Vec<Done>, DbError> {
    on!(db, pool => {
        sqlx::query_as(ACTS).bind(user.to_string()).bind(since).bind(most).fetch_all(pool).await
    })
}

/// Undoes an act: what it hid is back, and whoever comes second is told so. Must not be dropped half-way: a cancelled
/// `begin` leaves an open transaction behind.
pub async fn undo(db: &Db, user: UserId, act: ActId, now: Instant) -> Result<Undoing, DbError> {
    let (user, act) = (user.to_string(), act.to_string());
    on!(db, pool => {
        let mut tx = pool.begin().await?;
        let undone = sqlx::query(UNDO).bind(&user).bind(&act).bind(now).fetch_optional(&mut *tx).await?;
        if undone.is_none() {
            let known = sqlx::query(IS_THERE).bind(&user).bind(&act).fetch_optional(&mut *tx).await?;
            return Ok(known.map_or(Undoing::Unknown, |_| Undoing::Before));
        }
        let back = sqlx::query_as(BRING_BACK).bind(&user).bind(&act).bind(now).fetch_all(&mut *tx).await?;
        tx.commit().await?;
        Ok(Undoing::Done(back))
    })
}
