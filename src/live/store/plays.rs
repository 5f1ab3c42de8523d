//! SQL of plays, and of the jumps at which one may have to be split.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::base::clock::Instant;
use crate::base::id::{PlayId, StreamId};
use crate::db::{Db, DbError, from_row, on, parsed};
use crate::live::healing::Known;
use crate::live::model::{Jump, Play, Source, Track};
use sqlx::Row as _;

// What a person added says nothing about the player.
const LAST_PLAY: &str = "
    SELECT * FROM stream_tracks WHERE stream_id = $1 AND source <> 'manual'
    ORDER BY started_at DESC, id DESC LIMIT 1";
const PLAYS: &str = "
    SELECT * FROM stream_tracks WHERE stream_id = $1 AND source <> 'manual' ORDER BY started_at, id";
const BY_HAND: &str = "
    SELECT * FROM stream_tracks WHERE stream_id = $1 AND source = 'manual' ORDER BY started_at, id";
const DROP_PLAY: &str =
    "DELETE FROM stream_tracks WHERE id = $1 AND hidden_at IS NULL AND corrected_at IS NULL";
const JUMPS: &str = "SELECT * FROM jumps WHERE stream_id = $1 ORDER BY at";
const PUT_JUMP: &str = "
    INSERT INTO jumps (play_id, stream_id, at, inserted_at)
    SELECT $1, id, $3, $4 FROM streams WHERE id = $2 AND NOT EXISTS (
        SELECT 1 FROM erasures WHERE erasures.user_id = streams.user_id AND $3 < erasures.before_at)
    ON CONFLICT DO NOTHING";

from_row!(Play, row => Ok(Self {
    id: parsed("id", row.try_get("id")?)?,
    user_id: parsed("user_id", row.try_get("user_id")?)?,
    stream_id: parsed("stream_id", row.try_get("stream_id")?)?,
    track: Track {
        uri: row.try_get("uri")?,
        provider_id: row.try_get("provider_id")?,
        name: row.try_get("name")?,
        artists: serde_json::from_str(row.try_get("artists")?).map_err(|error| DbError::Decode(error.into()))?,
        album: row.try_get("album")?,
        duration_ms: row.try_get("duration_ms")?,
        url: row.try_get("url")?,
        image_url: row.try_get("image_url")?,
    },
    started_at: row.try_get("started_at")?,
    source: Source::of(row.try_get("source")?).unwrap_or(Source::Poll),
}));

struct KnownRow(Known);

from_row!(KnownRow, row => {
    let instant = |column| row.try_get::<Option<Instant>, _>(column);
    let (hidden, corrected) = (instant("hidden_at")?.is_some(), instant("corrected_at")?.is_some());
    Ok(Self(Known { hidden, corrected, play: Play::from_row(row)? }))
});

from_row!(Jump, row => Ok(Self {
    play: parsed("play_id", row.try_get("play_id")?)?,
    stream_id: parsed("stream_id", row.try_get("stream_id")?)?,
    at: row.try_get("at")?,
}));

/// The play of a stream that was heard last, hidden ones too.
pub async fn last_play(db: &Db, stream: StreamId) -> Result<Option<Play>, DbError> {
    on!(db, pool => sqlx::query_as(LAST_PLAY).bind(stream.to_string()).fetch_optional(pool).await)
}

/// The plays of a stream that people added, by their start.
pub async fn by_hand(db: &Db, stream: StreamId) -> Result<Vec<Play>, DbError> {
    on!(db, pool => sqlx::query_as(BY_HAND).bind(stream.to_string()).fetch_all(pool).await)
}

/// The plays of a stream that were heard, by their start; those that the streamer removed too.
pub async fn plays(db: &Db, stream: StreamId) -> Result<Vec<Known>, DbError> {
    let rows: Vec<KnownRow> =
        on!(db, pool => sqlx::query_as(PLAYS).bind(stream.to_string()).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|KnownRow(known)| known).collect())
}

/// Takes a play out that turned out to be a part of its neighbour, unless somebody has hidden or corrected it meanwhile.
pub async fn drop_play(db: &Db, play: PlayId) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(DROP_PLAY).bind(play.to_string()).execute(pool).await.map(drop))
}

/// The jumps of a stream, in order.
pub async fn jumps(db: &Db, stream: StreamId) -> Result<Vec<Jump>, DbError> {
    on!(db, pool => sqlx::query_as(JUMPS).bind(stream.to_string()).fetch_all(pool).await)
}

/// Keeps a jump; doing so twice changes nothing.
pub async fn put_jump(db: &Db, jump: &Jump, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(PUT_JUMP)
        .bind(jump.play.to_string())
        .bind(jump.stream_id.to_string())
        .bind(jump.at)
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}
