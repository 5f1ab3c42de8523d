//! SQL of overlays: keys and presets. A key passes through here as its hash, and sealed.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::model::{Preset, Source};
use crate::base::clock::Instant;
use crate::base::id::{PresetId, UserId};
use crate::base::seal::SealingKey;
use crate::base::token;
use crate::db::{Db, DbError, from_row, on, parsed};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::Row as _;

const PUT_KEY: &str = "
    INSERT INTO overlay_keys (user_id, key_hash, sealed_key, inserted_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id) DO UPDATE
    SET key_hash = excluded.key_hash, sealed_key = excluded.sealed_key, inserted_at = excluded.inserted_at";
const SEALED_KEY: &str = "SELECT sealed_key FROM overlay_keys WHERE user_id = $1";
const HOLDER: &str = "SELECT user_id FROM overlay_keys WHERE key_hash = $1";
const ADD: &str = "
    INSERT INTO overlay_presets (id, user_id, name, source, query, css, inserted_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
const CHANGE: &str = "
    UPDATE overlay_presets SET name = $3, source = $4, query = $5, css = $6, updated_at = $7
    WHERE id = $1 AND user_id = $2";
const DROP: &str = "DELETE FROM overlay_presets WHERE id = $1 AND user_id = $2 RETURNING name";
const OF: &str = "SELECT * FROM overlay_presets WHERE user_id = $1 ORDER BY id";
const ONE: &str = "SELECT * FROM overlay_presets WHERE id = $1";

/// A preset, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// The streamer.
    pub user: UserId,
    /// Their preset.
    pub preset: Preset,
}

from_row!(Owned, row => Ok(Self {
    user: parsed("user_id", row.try_get("user_id")?)?,
    preset: Preset {
        id: parsed("id", row.try_get("id")?)?,
        name: row.try_get("name")?,
        source: Source::of(row.try_get("source")?).unwrap_or_default(),
        query: row.try_get("query")?,
        css: row.try_get("css")?,
        updated_at: row.try_get("updated_at")?,
    },
}));

/// What a key is sealed for.
#[must_use]
pub fn sealed_for(user: UserId) -> String {
    format!("overlay_keys/{user}/key")
}

/// Gives a streamer a key in place of the one they had.
pub async fn put_key(
    db: &Db,
    seal: &SealingKey,
    user: UserId,
    key: &SecretString,
    now: Instant,
) -> Result<(), DbError> {
    let (hash, sealed) = (token::hash(key.expose_secret()), seal.seal(&sealed_for(user), key));
    on!(db, pool => {
        let query = sqlx::query(PUT_KEY).bind(user.to_string()).bind(&hash).bind(&sealed).bind(now);
        query.execute(pool).await.map(drop)
    })
}

/// A streamer's key, sealed; none when they never had one.
pub async fn sealed_key(db: &Db, user: UserId) -> Result<Option<String>, DbError> {
    on!(db, pool => sqlx::query_scalar(SEALED_KEY).bind(user.to_string()).fetch_optional(pool).await)
}

/// Whose key has this hash; none when it is nobody's, or no longer.
pub async fn key_holder(db: &Db, hash: &str) -> Result<Option<UserId>, DbError> {
    let found: Option<String> =
        on!(db, pool => sqlx::query_scalar(HOLDER).bind(hash).fetch_optional(pool).await)?;
    found.map(|user| parsed("user_id", &user)).transpose()
}

/// Keeps a new preset of a streamer's.
pub async fn add_preset(db: &Db, user: UserId, preset: &Preset) -> Result<(), DbError> {
    save(db, ADD, user, preset).await.map(drop)
}

/// Keeps a preset in place of the one with its id; false when the streamer has no such one.
pub async fn change_preset(db: &Db, user: UserId, preset: &Preset) -> Result<bool, DbError> {
    save(db, CHANGE, user, preset).await.map(|saved| saved > 0)
}

async fn save(db: &Db, sql: &'static str, user: UserId, preset: &Preset) -> Result<u64, DbError> {
    on!(db, pool => sqlx::query(sql)
        .bind(preset.id.to_string())
        .bind(user.to_string())
        .bind(&preset.name)
        .bind(preset.source.word())
        .bind(&preset.query)
        .bind(&preset.css)
        .bind(preset.updated_at)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))
}

/// Removes a preset, and tells what it was called; none when the streamer has no such one.
pub async fn drop_preset(db: &Db, user: UserId, preset: PresetId) -> Result<Option<String>, DbError> {
    on!(db, pool => {
        let query = sqlx::query_scalar(DROP).bind(preset.to_string()).bind(user.to_string());
        query.fetch_optional(pool).await
    })
}

/// A streamer's presets, the oldest first.
pub async fn presets(db: &Db, user: UserId) -> Result<Vec<Preset>, DbError> {
    let found: Vec<Owned> = on!(db, pool => sqlx::query_as(OF).bind(user.to_string()).fetch_all(pool).await)?;
    Ok(found.into_iter().map(|owned| owned.preset).collect())
}

/// A preset, and whose it is; none when there is none of this id.
pub async fn preset(db: &Db, id: PresetId) -> Result<Option<Owned>, DbError> {
    on!(db, pool => sqlx::query_as(ONE).bind(id.to_string()).fetch_optional(pool).await)
}
