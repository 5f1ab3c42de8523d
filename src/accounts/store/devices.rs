//! SQL of logins by device code. The device code passes through sealed, the browser is known by a hash.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::accounts::model::{DeviceLogin, DeviceOutcome};
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::db::{Db, DbError, from_row, on, parsed};
use chrono::TimeDelta;
use chrono_tz::Tz;
use sqlx::Row as _;

const DROP_OLD: &str = "DELETE FROM device_logins WHERE expires_at < $1";
const PUT: &str = "
    INSERT INTO device_logins (browser_hash, client_id, device_code, user_code, verification_uri, interval_seconds,
        login, timezone, is_owner, asked_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (browser_hash) DO UPDATE SET client_id = excluded.client_id, device_code = excluded.device_code,
        user_code = excluded.user_code, verification_uri = excluded.verification_uri,
        interval_seconds = excluded.interval_seconds, login = excluded.login, timezone = excluded.timezone,
        is_owner = excluded.is_owner, asked_at = excluded.asked_at, expires_at = excluded.expires_at,
        outcome = NULL, user_id = NULL";
const GET: &str = "SELECT * FROM device_logins WHERE browser_hash = $1";
const TURN: &str = "
    UPDATE device_logins SET asked_at = $3 WHERE browser_hash = $1 AND outcome IS NULL AND asked_at <= $2";
const END: &str = "
    UPDATE device_logins SET outcome = $3, user_id = $4 WHERE browser_hash = $1 AND device_code = $2";
const TAKE: &str = "
    DELETE FROM device_logins WHERE browser_hash = $1 AND outcome = 'confirmed' RETURNING user_id";

from_row!(DeviceLogin, row => {
    let timezone: Option<&str> = row.try_get("timezone")?;
    let outcome: Option<&str> = row.try_get("outcome")?;
    Ok(Self {
        client_id: row.try_get("client_id")?,
        device_code: row.try_get("device_code")?,
        user_code: row.try_get("user_code")?,
        verification_uri: row.try_get("verification_uri")?,
        interval: TimeDelta::seconds(row.try_get("interval_seconds")?),
        login: row.try_get("login")?,
        timezone: timezone.map(|zone| parsed::<Tz>("timezone", zone)).transpose()?,
        is_owner: row.try_get("is_owner")?,
        asked_at: row.try_get("asked_at")?,
        outcome: outcome.map(|outcome| parsed("outcome", outcome)).transpose()?,
        expires_at: row.try_get("expires_at")?,
    })
});

/// Remembers a login that a browser has begun, in place of an earlier one; forgets those that are long over.
pub async fn put_device_login(
    db: &Db,
    browser_hash: &str,
    login: &DeviceLogin,
    now: Instant,
) -> Result<(), DbError> {
    on!(db, pool => {
        sqlx::query(DROP_OLD).bind(now - TimeDelta::hours(1)).execute(pool).await?;
        sqlx::query(PUT)
            .bind(browser_hash)
            .bind(&login.client_id)
            .bind(&login.device_code)
            .bind(&login.user_code)
            .bind(&login.verification_uri)
            .bind(login.interval.num_seconds())
            .bind(login.login.as_deref())
            .bind(login.timezone.map(Tz::name))
            .bind(login.is_owner)
            .bind(login.asked_at)
            .bind(login.expires_at)
            .execute(pool)
            .await
            .map(drop)
    })
}

/// The login that a browser has begun, and what has become of it.
pub async fn device_login(db: &Db, browser_hash: &str) -> Result<Option<DeviceLogin>, DbError> {
    on!(db, pool => sqlx::query_as(GET).bind(browser_hash).fetch_optional(pool).await)
}

/// Whether Twitch may be asked about a login now: it waits, and was last asked about before `since`. Of many that want to
/// ask at once one may.
pub async fn device_turn(db: &Db, browser_hash: &str, since: Instant, now: Instant) -> Result<bool, DbError> {
    let taken = on!(db, pool => {
        sqlx::query(TURN).bind(browser_hash).bind(since).bind(now).execute(pool).await?.rows_affected()
    });
    Ok(taken > 0)
}

/// Notes what has become of a login, unless the browser has begun another one since.
pub async fn end_device_login(
    db: &Db,
    browser_hash: &str,
    device_code: &str,
    outcome: DeviceOutcome,
    user: Option<UserId>,
) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(END)
        .bind(browser_hash)
        .bind(device_code)
        .bind(outcome.to_string())
        .bind(user.map(|user| user.to_string()))
        .execute(pool)
        .await
        .map(drop))
}

/// Takes out a login that is confirmed: by whom. It is given once.
pub async fn take_device_login(db: &Db, browser_hash: &str) -> Result<Option<UserId>, DbError> {
    let user: Option<Option<String>> =
        on!(db, pool => sqlx::query_scalar(TAKE).bind(browser_hash).fetch_optional(pool).await)?;
    user.flatten().map(|user| parsed("user_id", &user)).transpose()
}
