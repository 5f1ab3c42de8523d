//! SQL of browsers that are logged in, and of consents that browsers were sent away for. Tokens, states and verifiers
//! pass through here hashed or sealed.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::accounts::model::{Flow, Login, User};
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::db::{Db, DbError, from_row, on, parsed};
use chrono_tz::Tz;
use sqlx::Row as _;

const PUT_LOGIN: &str = "
    INSERT INTO logins (token_hash, user_id, inserted_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)";
const LOGIN: &str = "
    SELECT users.*, logins.seen_at, owner.user_id AS house_of
    FROM logins JOIN users ON users.id = logins.user_id LEFT JOIN owner ON owner.user_id = users.id
    WHERE logins.token_hash = $1 AND logins.expires_at > $2 AND users.leaving_at IS NULL";
const TOUCH_LOGIN: &str = "UPDATE logins SET seen_at = $2, expires_at = $3 WHERE token_hash = $1";
const DROP_LOGIN: &str = "DELETE FROM logins WHERE token_hash = $1";
pub(super) const DROP_LOGINS_OF: &str = "DELETE FROM logins WHERE user_id = $1";
const PUT_FLOW: &str = "
    INSERT INTO auth_flows (state_hash, browser_hash, provider, user_id, client_id, redirect_uri, verifier, timezone,
        is_owner, origin, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const FLOW: &str = "SELECT * FROM auth_flows WHERE state_hash = $1";
const TAKE_FLOW: &str = "DELETE FROM auth_flows WHERE state_hash = $1 RETURNING *";
const DROP_FLOWS: &str = "DELETE FROM auth_flows WHERE expires_at < $1";

from_row!(Login, row => Ok(Self {
    seen_at: row.try_get("seen_at")?,
    is_owner: row.try_get::<Option<&str>, _>("house_of")?.is_some(),
    user: User::from_row(row)?,
}));

from_row!(Flow, row => {
    let user: Option<&str> = row.try_get("user_id")?;
    let timezone: Option<&str> = row.try_get("timezone")?;
    Ok(Self {
        browser_hash: row.try_get("browser_hash")?,
        provider: parsed("provider", row.try_get("provider")?)?,
        user: user.map(|user| parsed("user_id", user)).transpose()?,
        client_id: row.try_get("client_id")?,
        redirect_uri: row.try_get("redirect_uri")?,
        verifier: row.try_get("verifier")?,
        timezone: timezone.map(|zone| parsed::<Tz>("timezone", zone)).transpose()?,
        is_owner: row.try_get("is_owner")?,
        origin: row.try_get("origin")?,
        expires_at: row.try_get("expires_at")?,
    })
});

/// Lets a browser in that holds the token of this hash.
pub async fn put_login(
    db: &Db,
    token_hash: &str,
    user: UserId,
    now: Instant,
    until: Instant,
) -> Result<(), DbError> {
    on!(db, pool => {
        let query = sqlx::query(PUT_LOGIN).bind(token_hash).bind(user.to_string()).bind(now).bind(until);
        query.execute(pool).await.map(drop)
    })
}

/// Who holds the token of this hash, if it is good now.
pub async fn login(db: &Db, token_hash: &str, now: Instant) -> Result<Option<Login>, DbError> {
    on!(db, pool => sqlx::query_as(LOGIN).bind(token_hash).bind(now).fetch_optional(pool).await)
}

/// Notes that a browser was here, and is let in until then.
pub async fn touch_login(db: &Db, token_hash: &str, now: Instant, until: Instant) -> Result<(), DbError> {
    on!(db, pool => {
        sqlx::query(TOUCH_LOGIN).bind(token_hash).bind(now).bind(until).execute(pool).await.map(drop)
    })
}

/// Lets a browser in no more.
pub async fn drop_login(db: &Db, token_hash: &str) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(DROP_LOGIN).bind(token_hash).execute(pool).await.map(drop))
}

/// Lets no browser of a person in any more.
pub async fn drop_logins_of(db: &Db, user: UserId) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(DROP_LOGINS_OF).bind(user.to_string()).execute(pool).await.map(drop))
}

/// Remembers a consent that a browser is sent away for; forgets those that nobody came back from in time.
pub async fn put_flow(db: &Db, state_hash: &str, flow: &Flow, now: Instant) -> Result<(), DbError> {
    on!(db, pool => {
        sqlx::query(DROP_FLOWS).bind(now).execute(pool).await?;
        sqlx::query(PUT_FLOW)
            .bind(state_hash)
            .bind(&flow.browser_hash)
            .bind(flow.provider.to_string())
            .bind(flow.user.map(|user| user.to_string()))
            .bind(&flow.client_id)
            .bind(&flow.redirect_uri)
            .bind(flow.verifier.as_deref())
            .bind(flow.timezone.map(Tz::name))
            .bind(flow.is_owner)
            .bind(flow.origin.as_deref())
            .bind(flow.expires_at)
            .execute(pool)
            .await
            .map(drop)
    })
}

/// The consent of this state, which stays.
pub async fn flow(db: &Db, state_hash: &str) -> Result<Option<Flow>, DbError> {
    on!(db, pool => sqlx::query_as(FLOW).bind(state_hash).fetch_optional(pool).await)
}

/// Takes the consent of this state out: it is given once.
pub async fn take_flow(db: &Db, state_hash: &str) -> Result<Option<Flow>, DbError> {
    on!(db, pool => sqlx::query_as(TAKE_FLOW).bind(state_hash).fetch_optional(pool).await)
}
