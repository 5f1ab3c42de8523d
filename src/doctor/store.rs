//! SQL of what the doctor looks at. It only reads, and says of an older schema that it cannot.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::model::{Grant, Link};
use crate::db::{Db, DbError, from_row, on, parsed};
use sqlx::Row as _;

const LINKS: &str = "
    SELECT users.login, links.status, links.scopes, links.authorized_at
    FROM spotify_links AS links JOIN users ON users.id = links.user_id ORDER BY users.login";
const GRANTS: &str = "
    SELECT users.login, users.twitch_id, users.enabled, twitch_grants.status
    FROM users LEFT JOIN twitch_grants ON twitch_grants.user_id = users.id ORDER BY users.login";

from_row!(Link, row => Ok(Self {
    login: row.try_get("login")?,
    status: parsed("status", row.try_get("status")?)?,
    scopes: row.try_get::<Option<String>, _>("scopes")?.unwrap_or_default(),
    authorized_at: row.try_get("authorized_at")?,
}));

from_row!(Grant, row => Ok(Self {
    login: row.try_get("login")?,
    twitch_id: row.try_get("twitch_id")?,
    enabled: row.try_get("enabled")?,
    status: row.try_get::<Option<&str>, _>("status")?.map(|status| parsed("status", status)).transpose()?,
}));

/// All links to Spotify, by login.
pub async fn links(db: &Db) -> Result<Vec<Link>, DbError> {
    on!(db, pool => sqlx::query_as(LINKS).fetch_all(pool).await)
}

/// Everybody here, by login.
pub async fn grants(db: &Db) -> Result<Vec<Grant>, DbError> {
    on!(db, pool => sqlx::query_as(GRANTS).fetch_all(pool).await)
}
