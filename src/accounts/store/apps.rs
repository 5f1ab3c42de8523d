//! SQL of the Spotify apps that streamers bring. Secrets pass through here sealed.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::accounts::model::SealedApp;
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::db::{Db, DbError, from_row, on};
use sqlx::Row as _;

const APP_OF: &str = "SELECT client_id, client_secret, updated_at FROM spotify_apps WHERE user_id = $1";
const PUT_APP: &str = "
    INSERT INTO spotify_apps (user_id, client_id, client_secret, inserted_at, updated_at) VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT (user_id) DO UPDATE SET client_id = excluded.client_id, client_secret = excluded.client_secret,
        updated_at = excluded.updated_at";
const DROP_APP: &str = "DELETE FROM spotify_apps WHERE user_id = $1";

from_row!(SealedApp, row => Ok(Self {
    client_id: row.try_get("client_id")?,
    client_secret: row.try_get("client_secret")?,
    updated_at: row.try_get("updated_at")?,
}));

/// The app that a streamer has brought, if any.
pub async fn app_of(db: &Db, user: UserId) -> Result<Option<SealedApp>, DbError> {
    on!(db, pool => sqlx::query_as(APP_OF).bind(user.to_string()).fetch_optional(pool).await)
}

/// Puts an app in place of whatever app the streamer had.
pub async fn put_app(
    db: &Db,
    user: UserId,
    client_id: &str,
    client_secret: Option<&str>,
    now: Instant,
) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(PUT_APP)
        .bind(user.to_string())
        .bind(client_id)
        .bind(client_secret)
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}

/// Removes a streamer's app with its secret; false when there was none.
pub async fn drop_app(db: &Db, user: UserId) -> Result<bool, DbError> {
    let dropped =
        on!(db, pool => sqlx::query(DROP_APP).bind(user.to_string()).execute(pool).await?.rows_affected());
    Ok(dropped > 0)
}
