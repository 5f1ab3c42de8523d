//! SQL of what was hidden: single plays, and the times of ghost mode.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::base::clock::Instant;
use crate::base::id::{PlayId, UserId};
use crate::db::{Db, DbError, from_row, on, parsed};
use crate::hub::Ghost;
use crate::live::hide::Hide;
use sqlx::Row as _;

const PUT_ACT: &str = "
    INSERT INTO acts (id, user_id, kind, inserted_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const HIDE: &str = "
    UPDATE stream_tracks SET hidden_at = $3, hidden_act = $4, updated_at = $3
    WHERE id = $1 AND user_id = $2 AND hidden_at IS NULL";
const GHOSTS: &str = "
    SELECT id, inserted_at, ended_at FROM acts
    WHERE user_id = $1 AND kind = 'ghost' AND undone_at IS NULL AND (ended_at IS NULL OR ended_at > $2)
    ORDER BY inserted_at";

struct GhostRow(Ghost);

from_row!(GhostRow, row => Ok(Self(Ghost {
    act: parsed("id", row.try_get("id")?)?,
    from: row.try_get("inserted_at")?,
    until: row.try_get("ended_at")?,
})));

/// Hides a play, unless it is hidden, and keeps by what that was done.
pub async fn hide(db: &Db, play: PlayId, hide: &Hide) -> Result<(), DbError> {
    let user = hide.user_id.to_string();
    if let Some(act) = hide.act {
        let (id, kind) = (act.id.to_string(), act.kind.word());
        on!(db, pool => {
            sqlx::query(PUT_ACT).bind(id).bind(&user).bind(kind).bind(hide.at).execute(pool).await.map(drop)
        })?;
    }
    let act = hide.act.map(|act| act.id.to_string());
    on!(db, pool => {
        let query = sqlx::query(HIDE).bind(play.to_string()).bind(&user).bind(hide.at).bind(act);
        query.execute(pool).await.map(drop)
    })
}

/// When ghost mode was on after an instant, in order; the last may be on still. What was undone never was.
pub async fn ghosts(db: &Db, user: UserId, since: Instant) -> Result<Vec<Ghost>, DbError> {
    let rows: Vec<GhostRow> =
        on!(db, pool => sqlx::query_as(GHOSTS).bind(user.to_string()).bind(since).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|GhostRow(ghost)| ghost).collect())
}
