//! SQL of the keys of programs. A key passes through here as its hash.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::accounts::model::User;
use crate::accounts::roles::ApiKey;
use crate::base::clock::Instant;
use crate::base::id::{KeyId, UserId};
use crate::db::{Db, DbError, from_row, on, parsed};
use sqlx::Row as _;

const PUT_KEY: &str = "
    INSERT INTO api_keys (id, user_id, name, key_hash, scopes, inserted_at) VALUES ($1, $2, $3, $4, $5, $6)";
const KEYS: &str = "
    SELECT id AS key_id, name AS key_name, scopes, inserted_at AS made_at, last_used_at
    FROM api_keys WHERE user_id = $1 ORDER BY id";
const KEY: &str = "
    SELECT users.*, owner.user_id AS house_of, api_keys.id AS key_id, api_keys.name AS key_name, api_keys.scopes,
        api_keys.inserted_at AS made_at, api_keys.last_used_at
    FROM api_keys JOIN users ON users.id = api_keys.user_id LEFT JOIN owner ON owner.user_id = users.id
    WHERE api_keys.key_hash = $1";
const TOUCH_KEY: &str = "UPDATE api_keys SET last_used_at = $2 WHERE id = $1";
const DROP_KEY: &str = "DELETE FROM api_keys WHERE user_id = $1 AND id = $2 RETURNING name";
pub(super) const DROP_KEYS_OF: &str = "DELETE FROM api_keys WHERE user_id = $1";

/// A key, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The streamer.
    pub user: User,
    /// Whether the house is theirs.
    pub is_owner: bool,
    /// Their key.
    pub key: ApiKey,
}

from_row!(ApiKey, row => Ok(Self {
    id: parsed("key_id", row.try_get("key_id")?)?,
    name: row.try_get("key_name")?,
    scopes: parsed("scopes", row.try_get("scopes")?)?,
    made_at: row.try_get("made_at")?,
    last_used_at: row.try_get("last_used_at")?,
}));

from_row!(Holder, row => Ok(Self {
    user: User::from_row(row)?,
    is_owner: row.try_get::<Option<&str>, _>("house_of")?.is_some(),
    key: ApiKey::from_row(row)?,
}));

/// Keeps a key of a streamer's by its hash.
pub async fn put_key(db: &Db, user: UserId, key: &ApiKey, hash: &str) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(PUT_KEY)
        .bind(key.id.to_string())
        .bind(user.to_string())
        .bind(&key.name)
        .bind(hash)
        .bind(key.scopes.to_string())
        .bind(key.made_at)
        .execute(pool)
        .await
        .map(drop))
}

/// A streamer's keys, the oldest first.
pub async fn keys(db: &Db, user: UserId) -> Result<Vec<ApiKey>, DbError> {
    on!(db, pool => sqlx::query_as(KEYS).bind(user.to_string()).fetch_all(pool).await)
}

/// The key of this hash, and whose it is.
pub async fn holder(db: &Db, hash: &str) -> Result<Option<Holder>, DbError> {
    on!(db, pool => sqlx::query_as(KEY).bind(hash).fetch_optional(pool).await)
}

/// Notes that a key is used.
pub async fn touch_key(db: &Db, key: KeyId, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(TOUCH_KEY).bind(key.to_string()).bind(now).execute(pool).await.map(drop))
}

/// Takes a key away, and tells what it was called; none when the streamer has no such key.
pub async fn drop_key(db: &Db, user: UserId, key: KeyId) -> Result<Option<String>, DbError> {
    on!(db, pool => {
        let query = sqlx::query_scalar(DROP_KEY).bind(user.to_string()).bind(key.to_string());
        query.fetch_optional(pool).await
    })
}
