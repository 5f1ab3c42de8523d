//! SQL of the list by hand: plays as those see them who may change them, and what was done in one go.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

mod acts;

pub use acts::{Undoing, acts, end_ghost, ghost, ghost_since, undo};

use super::model::{Airtime, Listed, Title};
use crate::base::clock::Instant;
use crate::base::id::{ActId, PlayId, UserId};
use crate::db::{Db, DbError, from_row, on, parsed};
use crate::hub::Track;
use sqlx::Row as _;

const BETWEEN: &str = "
    SELECT * FROM stream_tracks WHERE user_id = $1 AND started_at >= $2 AND started_at < $3
    ORDER BY started_at, id";
const PLAY: &str = "SELECT * FROM stream_tracks WHERE user_id = $1 AND id = $2";
const SAME: &str = "SELECT * FROM stream_tracks WHERE user_id = $1 AND uri = $2 AND started_at = $3";
const NEWEST: &str = "
    SELECT * FROM stream_tracks WHERE user_id = $1 AND hidden_at IS NULL
    ORDER BY started_at DESC, id DESC LIMIT $2";
const STREAMS: &str = "
    SELECT started_at, ended_at FROM streams
    WHERE user_id = $1 AND (ended_at IS NULL OR ended_at > $2) ORDER BY started_at, id";
const RESTORE: &str = "
    UPDATE stream_tracks SET hidden_at = NULL, hidden_act = NULL, updated_at = $3
    WHERE user_id = $1 AND id = $2 RETURNING *";
const CORRECT: &str = "
    UPDATE stream_tracks SET name = $3, artist = $4, artists = $5, album = $6,
        original = COALESCE(original, $7), corrected_at = $8, updated_at = $8
    WHERE user_id = $1 AND id = $2 RETURNING *";
/// A play of a stream is the stream's.
const ADD: &str = "
    INSERT INTO stream_tracks (id, user_id, stream_id, provider, uri, name, artist, artists, album, duration_ms, url,
        started_at, source, hidden_at, hidden_act, inserted_at, updated_at)
    VALUES ($1, $2, (SELECT id FROM streams WHERE user_id = $2 AND started_at <= $10
            AND (ended_at IS NULL OR ended_at > $10) ORDER BY started_at DESC LIMIT 1),
        'manual', $3, $4, $5, $6, $7, $8, $9, $10, 'manual', $11, $12, $13, $13)
    ON CONFLICT DO NOTHING";

from_row!(Listed, row => {
    let (act, original): (Option<&str>, Option<&str>) = (row.try_get("hidden_act")?, row.try_get("original")?);
    let original = original.map(serde_json::from_str::<Title>).transpose();
    Ok(Self {
        track: Track::from_row(row)?,
        hidden_at: row.try_get("hidden_at")?,
        hidden_act: act.map(|act| parsed("hidden_act", act)).transpose()?,
        corrected_at: row.try_get("corrected_at")?,
        original: original.map_err(|error| DbError::Decode(error.into()))?,
        noticed_at: row.try_get("inserted_at")?,
    })
});

from_row!(Airtime, row => Ok(Self { from: row.try_get("started_at")?, until: row.try_get("ended_at")? }));

/// When the streams of a streamer were on air that ended after `then` or have not ended, in order.
pub async fn streams(db: &Db, user: UserId, then: Instant) -> Result<Vec<Airtime>, DbError> {
    on!(db, pool => sqlx::query_as(STREAMS).bind(user.to_string()).bind(then).fetch_all(pool).await)
}

/// The plays of a streamer that began in `from..to`, hidden ones too, in order.
pub async fn between(db: &Db, user: UserId, from: Instant, to: Instant) -> Result<Vec<Listed>, DbError> {
    on!(db, pool => {
        sqlx::query_as(BETWEEN).bind(user.to_string()).bind(from).bind(to).fetch_all(pool).await
    })
}

/// A play, if it is this streamer's.
pub async fn play(db: &Db, user: UserId, id: PlayId) -> Result<Option<Listed>, DbError> {
    on!(db, pool => {
        sqlx::query_as(PLAY).bind(user.to_string()).bind(id.to_string()).fetch_optional(pool).await
    })
}

/// The play of a streamer that is the same as this one: of the same track, begun at the same instant.
pub async fn same(db: &Db, user: UserId, track: &Track) -> Result<Option<Listed>, DbError> {
    on!(db, pool => {
        let query = sqlx::query_as(SAME).bind(user.to_string()).bind(&track.uri).bind(track.started_at);
        query.fetch_optional(pool).await
    })
}

/// The plays that began last, of those that everybody sees; at most so many.
pub async fn newest(db: &Db, user: UserId, most: i64) -> Result<Vec<Listed>, DbError> {
    on!(db, pool => sqlx::query_as(NEWEST).bind(user.to_string()).bind(most).fetch_all(pool).await)
}

/// Shows a play again, and gives it as it is now; none when it is not there.
pub async fn restore(db: &Db, user: UserId, id: PlayId, now: Instant) -> Result<Option<Listed>, DbError> {
    on!(db, pool => {
        let query = sqlx::query_as(RESTORE).bind(user.to_string()).bind(id.to_string()).bind(now);
        query.fetch_optional(pool).await
    })
}

/// Calls a play by this title from now on, keeps what it was called `before` anybody corrected it, and gives it as it is
/// now; none when it is not there.
pub async fn correct(
    db: &Db,
    user: UserId,
    id: PlayId,
    (title, before): (&Title, &Title),
    now: Instant,
) -> Result<Option<Listed>, DbError> {
    on!(db, pool => sqlx::query_as(CORRECT)
        .bind(user.to_string())
        .bind(id.to_string())
        .bind(&title.name)
        .bind(title.artist())
        .bind(serde_json::json!(title.artists).to_string())
        .bind(&title.album)
        .bind(serde_json::json!(before).to_string())
        .bind(now)
        .fetch_optional(pool)
        .await)
}

/// Adds a play by hand, hidden by this act if there is one; false when it is there already.
pub async fn add(
    db: &Db,
    user: UserId,
    track: &Track,
    hidden_by: Option<ActId>,
    now: Instant,
) -> Result<bool, DbError> {
    on!(db, pool => {
        let query = sqlx::query(ADD)
            .bind(track.id.to_string())
            .bind(user.to_string())
            .bind(&track.uri)
            .bind(&track.name)
            .bind(&track.artist)
            .bind(serde_json::json!(track.artists).to_string())
            .bind(&track.album)
            .bind(track.duration_ms)
            .bind(&track.url)
            .bind(track.started_at)
            .bind(hidden_by.map(|_| now))
            .bind(hidden_by.map(|act| act.to_string()))
            .bind(now);
        query.execute(pool).await.map(|done| done.rows_affected() > 0)
    })
}
