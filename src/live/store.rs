//! SQL of the heart: evidence, streams, plays, cooldowns.

use super::evidence::{Broadcast, Evidence, Source};
use super::gaps::{Gap, Reason};
use super::model::{Play, Stream, Track};
use crate::base::clock::Instant;
use crate::base::id::{StreamId, UserId};
use crate::db::{Db, DbError, from_row, on, parsed};
use sqlx::{QueryBuilder, Row as _};
use std::collections::HashMap;

const EVIDENCE: &str = "SELECT * FROM air_evidence";
const EVIDENCE_OF: &str = "SELECT * FROM air_evidence WHERE user_id = $1";
const PUT_EVIDENCE: &str = "
    INSERT INTO air_evidence (user_id, on_air, source, seen_at, twitch_id, stream_type, started_at, misses)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (user_id) DO UPDATE SET on_air = excluded.on_air, source = excluded.source,
        seen_at = excluded.seen_at, twitch_id = excluded.twitch_id, stream_type = excluded.stream_type,
        started_at = excluded.started_at, misses = excluded.misses";
const OPEN_STREAMS: &str = "SELECT * FROM streams WHERE ended_at IS NULL";
const LAST_STREAM: &str =
    "SELECT * FROM streams WHERE user_id = $1 ORDER BY started_at DESC, id DESC LIMIT 1";
const PUT_STREAM: &str = "
    INSERT INTO streams (id, user_id, twitch_id, started_at, ended_at, seen_at, inserted_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
    ON CONFLICT (id) DO UPDATE SET twitch_id = excluded.twitch_id, ended_at = excluded.ended_at,
        seen_at = excluded.seen_at, updated_at = excluded.updated_at";
const LAST_PLAY: &str =
    "SELECT * FROM stream_tracks WHERE stream_id = $1 ORDER BY started_at DESC, id DESC LIMIT 1";
const INSERT_PLAYS: &str = "
    INSERT INTO stream_tracks (id, user_id, stream_id, provider, provider_id, uri, name, artist, artists, album,
        duration_ms, url, image_url, started_at, source, inserted_at, updated_at) ";
const INSERT_GAPS: &str = "
    INSERT INTO gaps (id, user_id, stream_id, from_at, to_at, reason, healed, inserted_at, updated_at) ";
const UPDATE_GAPS: &str = "
    ON CONFLICT (id) DO UPDATE SET to_at = COALESCE(gaps.to_at, excluded.to_at),
        healed = gaps.healed OR excluded.healed, updated_at = excluded.updated_at";
const OPEN_GAP: &str =
    "SELECT * FROM gaps WHERE stream_id = $1 AND to_at IS NULL ORDER BY from_at DESC LIMIT 1";
const CLOSE_GAPS: &str = "
    UPDATE gaps SET to_at = CASE WHEN from_at > $2 THEN from_at ELSE $2 END, updated_at = $3
    WHERE stream_id = $1 AND to_at IS NULL RETURNING *";
const COOLDOWNS: &str = "SELECT client_id, not_before FROM spotify_clients WHERE not_before > $1";
const PUT_COOLDOWN: &str = "
    INSERT INTO spotify_clients (client_id, not_before, updated_at) VALUES ($1, $2, $3)
    ON CONFLICT (client_id) DO UPDATE SET not_before = excluded.not_before, updated_at = excluded.updated_at
    WHERE excluded.not_before > spotify_clients.not_before";

from_row!(Gap, row => Ok(Self {
    id: parsed("id", row.try_get("id")?)?,
    user_id: parsed("user_id", row.try_get("user_id")?)?,
    stream_id: parsed("stream_id", row.try_get("stream_id")?)?,
    from: row.try_get("from_at")?,
    to: row.try_get("to_at")?,
    reason: Reason::of(row.try_get("reason")?).unwrap_or(Reason::SpotifyDown),
    healed: row.try_get("healed")?,
}));

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
}));

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
}));

pub(super) async fn evidence(db: &Db) -> Result<HashMap<UserId, Evidence>, DbError> {
    let rows: Vec<EvidenceRow> = on!(db, pool => sqlx::query_as(EVIDENCE).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|EvidenceRow(user, evidence)| (user, evidence)).collect())
}

pub(super) async fn evidence_of(db: &Db, user: UserId) -> Result<Option<Evidence>, DbError> {
    let row: Option<EvidenceRow> =
        on!(db, pool => sqlx::query_as(EVIDENCE_OF).bind(user.to_string()).fetch_optional(pool).await)?;
    Ok(row.map(|EvidenceRow(_, evidence)| evidence))
}

pub(super) async fn put_evidence(db: &Db, user: UserId, evidence: &Evidence) -> Result<(), DbError> {
    let broadcast = evidence.broadcast.as_ref();
    let source = match evidence.source {
        Source::Hint => "hint",
        Source::Streams => "streams",
    };
    on!(db, pool => sqlx::query(PUT_EVIDENCE)
        .bind(user.to_string())
        .bind(broadcast.is_some())
        .bind(source)
        .bind(evidence.seen_at)
        .bind(broadcast.map(|broadcast| broadcast.twitch_id.as_str()))
        .bind(broadcast.map(|broadcast| broadcast.kind.as_str()))
        .bind(broadcast.map(|broadcast| broadcast.started_at))
        .bind(evidence.misses)
        .execute(pool)
        .await
        .map(drop))
}

pub(super) async fn open_streams(db: &Db) -> Result<Vec<Stream>, DbError> {
    on!(db, pool => sqlx::query_as(OPEN_STREAMS).fetch_all(pool).await)
}

pub(super) async fn last_stream(db: &Db, user: UserId) -> Result<Option<Stream>, DbError> {
    on!(db, pool => sqlx::query_as(LAST_STREAM).bind(user.to_string()).fetch_optional(pool).await)
}

/// Writes a stream as it is now, whether or not it was known.
pub(super) async fn put_stream(db: &Db, stream: &Stream, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(PUT_STREAM)
        .bind(stream.id.to_string())
        .bind(stream.user_id.to_string())
        .bind(stream.twitch_id.as_deref())
        .bind(stream.started_at)
        .bind(stream.ended_at)
        .bind(stream.seen_at)
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}

/// Notes when the open streams of these people were seen on air.
pub(super) async fn touch_streams(db: &Db, users: &[UserId], seen_at: Instant) -> Result<(), DbError> {
    if users.is_empty() {
        return Ok(());
    }
    on!(db, pool => {
        let mut query = QueryBuilder::new("UPDATE streams SET seen_at = ");
        query.push_bind(seen_at).push(", updated_at = ").push_bind(seen_at).push(" WHERE ended_at IS NULL AND user_id IN (");
        let mut ids = query.separated(", ");
        for user in users {
            ids.push_bind(user.to_string());
        }
        query.push(")").build().execute(pool).await.map(drop)
    })
}

pub(super) async fn last_play(db: &Db, stream: StreamId) -> Result<Option<Play>, DbError> {
    on!(db, pool => sqlx::query_as(LAST_PLAY).bind(stream.to_string()).fetch_optional(pool).await)
}

/// Inserts plays in one statement. A play that is there already is left as it is.
pub(super) async fn insert_plays(db: &Db, plays: &[Play], now: Instant) -> Result<(), DbError> {
    if plays.is_empty() {
        return Ok(());
    }
    on!(db, pool => {
        let mut query = QueryBuilder::new(INSERT_PLAYS);
        query.push_values(plays, |mut row, play| {
            let track = &play.track;
            row.push_bind(play.id.to_string())
                .push_bind(play.user_id.to_string())
                .push_bind(play.stream_id.to_string())
                .push_bind("spotify")
                .push_bind(track.provider_id.clone())
                .push_bind(track.uri.clone())
                .push_bind(track.name.clone())
                .push_bind(track.artists.join(", "))
                .push_bind(serde_json::json!(track.artists).to_string())
                .push_bind(track.album.clone())
                .push_bind(track.duration_ms)
                .push_bind(track.url.clone())
                .push_bind(track.image_url.clone())
                .push_bind(play.started_at)
                .push_bind("poll")
                .push_bind(now)
                .push_bind(now);
        });
        query.push(" ON CONFLICT DO NOTHING").build().execute(pool).await.map(drop)
    })
}

/// Writes gaps as they are now. One that was closed is not opened again.
pub(super) async fn put_gaps(db: &Db, gaps: &[Gap], now: Instant) -> Result<(), DbError> {
    if gaps.is_empty() {
        return Ok(());
    }
    on!(db, pool => {
        let mut query = QueryBuilder::new(INSERT_GAPS);
        query.push_values(gaps, |mut row, gap| {
            row.push_bind(gap.id.to_string())
                .push_bind(gap.user_id.to_string())
                .push_bind(gap.stream_id.to_string())
                .push_bind(gap.from)
                .push_bind(gap.to)
                .push_bind(gap.reason.word())
                .push_bind(gap.healed)
                .push_bind(now)
                .push_bind(now);
        });
        query.push(UPDATE_GAPS).build().execute(pool).await.map(drop)
    })
}

/// The gap of a stream that is open.
pub(super) async fn open_gap(db: &Db, stream: StreamId) -> Result<Option<Gap>, DbError> {
    on!(db, pool => sqlx::query_as(OPEN_GAP).bind(stream.to_string()).fetch_optional(pool).await)
}

/// Closes the gaps of a stream that has ended, and gives them.
pub(super) async fn close_gaps(
    db: &Db,
    stream: StreamId,
    to: Instant,
    now: Instant,
) -> Result<Vec<Gap>, DbError> {
    on!(db, pool => sqlx::query_as(CLOSE_GAPS).bind(stream.to_string()).bind(to).bind(now).fetch_all(pool).await)
}

pub(super) async fn cooldowns(db: &Db, now: Instant) -> Result<Vec<(String, Instant)>, DbError> {
    on!(db, pool => sqlx::query_as(COOLDOWNS).bind(now).fetch_all(pool).await)
}

pub(super) async fn put_cooldown(
    db: &Db,
    client_id: &str,
    until: Instant,
    now: Instant,
) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(PUT_COOLDOWN).bind(client_id).bind(until).bind(now).execute(pool).await.map(drop))
}
