//! SQL of people and links. Tokens pass through here sealed.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::model::{LinkStatus, NewStreamer, SpotifyLink, User};
use crate::base::clock::Instant;
use crate::base::id::{LinkId, UserId};
use crate::base::seal::SealingKey;
use crate::db::{Db, DbError, from_row, on, parsed};
use chrono_tz::Tz;
use secrecy::SecretString;
use sqlx::Row as _;
use std::collections::HashMap;

const UPSERT_USER: &str = "
    INSERT INTO users (id, twitch_id, login, name, enabled, timezone, retention_days, inserted_at, updated_at)
    VALUES ($1, $2, $3, COALESCE($4, $3), TRUE, COALESCE($5, 'UTC'), $6, $7, $7)
    ON CONFLICT (twitch_id) DO UPDATE SET login = excluded.login, name = COALESCE($4, users.name),
        timezone = COALESCE($5, users.timezone), updated_at = excluded.updated_at
    RETURNING *";
const DROP_LINK: &str = "DELETE FROM spotify_links WHERE user_id = $1";
const INSERT_LINK: &str = "
    INSERT INTO spotify_links
        (id, user_id, client_id, access_token, refresh_token, authorized_at, inserted_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $6, $6)";
const ALL: &str = "SELECT * FROM users ORDER BY login";
const LINKED: &str = "
    SELECT users.*, links.id AS link_id, links.client_id, links.status
    FROM users JOIN spotify_links AS links ON links.user_id = users.id
    WHERE users.enabled
    ORDER BY users.login";
const LINK_STATES: &str = "SELECT user_id, status FROM spotify_links";
const BY_LOGIN: &str = "SELECT * FROM users WHERE login = $1";
const BY_ID: &str = "SELECT * FROM users WHERE id = $1";
const BY_TWITCH_ID: &str = "SELECT * FROM users WHERE twitch_id = $1";
const REMOVE: &str = "DELETE FROM users WHERE login = $1";
const TOKENS: &str = "SELECT client_id, access_token, refresh_token FROM spotify_links WHERE id = $1";
const ANY_SEALED: &str = "SELECT access_token FROM spotify_links ORDER BY updated_at DESC LIMIT 1";
const REPLACE_TOKENS: &str =
    "UPDATE spotify_links SET access_token = $2, refresh_token = $3, updated_at = $4 WHERE id = $1";
const BREAK_LINK: &str =
    "UPDATE spotify_links SET status = 'reconnect_needed', updated_at = $2 WHERE id = $1";

from_row!(User, row => Ok(Self {
    id: parsed("id", row.try_get("id")?)?,
    twitch_id: row.try_get("twitch_id")?,
    login: row.try_get("login")?,
    name: row.try_get("name")?,
    enabled: row.try_get("enabled")?,
    visibility: parsed("visibility", row.try_get("visibility")?)?,
    retention_days: row.try_get("retention_days")?,
    timezone: parsed("timezone", row.try_get("timezone")?)?,
    delay_seconds: row.try_get("delay_seconds")?,
}));

struct Linked(User, SpotifyLink);

from_row!(Linked, row => Ok(Self(User::from_row(row)?, SpotifyLink {
    id: parsed("link_id", row.try_get("link_id")?)?,
    client_id: row.try_get("client_id")?,
    status: parsed("status", row.try_get("status")?)?,
})));

/// A link's tokens as they stand in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedTokens {
    /// Through which app.
    pub client_id: String,
    /// The access token, sealed.
    pub access: String,
    /// The refresh token, sealed.
    pub refresh: String,
}

from_row!(SealedTokens, row => Ok(Self {
    client_id: row.try_get("client_id")?,
    access: row.try_get("access_token")?,
    refresh: row.try_get("refresh_token")?,
}));

/// Names the row and column that a sealed token belongs to.
pub(super) fn seal_row(link: LinkId, column: &str) -> String {
    format!("spotify_links/{link}/{column}")
}

/// Adds a streamer and their link, in place of an earlier one. Must not be dropped half-way: a cancelled `begin` leaves an open transaction behind.
pub async fn add(db: &Db, key: &SealingKey, new: &NewStreamer, now: Instant) -> Result<User, DbError> {
    let link = LinkId::random(now);
    let seal = |column, token: &SecretString| key.seal(&seal_row(link, column), token);
    let (access, refresh) = (seal("access", &new.access_token), seal("refresh", &new.refresh_token));
    on!(db, pool => {
        let mut tx = pool.begin().await?;
        let user: User = sqlx::query_as(UPSERT_USER)
            .bind(UserId::random(now).to_string())
            .bind(&new.twitch_id)
            .bind(new.login.to_lowercase())
            .bind(new.name.as_deref())
            .bind(new.timezone.map(Tz::name))
            .bind(new.retention_days.map(i64::from))
            .bind(now)
            .fetch_one(&mut *tx)
            .await?;
        sqlx::query(DROP_LINK).bind(user.id.to_string()).execute(&mut *tx).await?;
        sqlx::query(INSERT_LINK)
            .bind(link.to_string())
            .bind(user.id.to_string())
            .bind(&new.client_id)
            .bind(&access)
            .bind(&refresh)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(user)
    })
}

/// Everybody, by login.
pub async fn all(db: &Db) -> Result<Vec<User>, DbError> {
    on!(db, pool => sqlx::query_as(ALL).fetch_all(pool).await)
}

/// Who is enabled and linked, by login.
pub async fn linked(db: &Db) -> Result<Vec<(User, SpotifyLink)>, DbError> {
    let rows: Vec<Linked> = on!(db, pool => sqlx::query_as(LINKED).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|Linked(user, link)| (user, link)).collect())
}

struct LinkState(UserId, LinkStatus);

from_row!(LinkState, row => Ok(Self(
    parsed("user_id", row.try_get("user_id")?)?,
    parsed("status", row.try_get("status")?)?,
)));

/// What has become of each link.
pub async fn link_states(db: &Db) -> Result<HashMap<UserId, LinkStatus>, DbError> {
    let rows: Vec<LinkState> = on!(db, pool => sqlx::query_as(LINK_STATES).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|LinkState(user, status)| (user, status)).collect())
}

/// The streamer with this login, in lower case.
pub async fn by_login(db: &Db, login: &str) -> Result<Option<User>, DbError> {
    on!(db, pool => sqlx::query_as(BY_LOGIN).bind(login).fetch_optional(pool).await)
}

/// The streamer with our id.
pub async fn by_id(db: &Db, id: UserId) -> Result<Option<User>, DbError> {
    on!(db, pool => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(pool).await)
}

/// The streamer with Twitch's id.
pub async fn by_twitch_id(db: &Db, twitch_id: &str) -> Result<Option<User>, DbError> {
    on!(db, pool => sqlx::query_as(BY_TWITCH_ID).bind(twitch_id).fetch_optional(pool).await)
}

/// Removes a streamer and all that is kept about them; false when there is none.
pub async fn remove(db: &Db, login: &str) -> Result<bool, DbError> {
    let removed = on!(db, pool => sqlx::query(REMOVE).bind(login).execute(pool).await?.rows_affected());
    Ok(removed > 0)
}

/// A link's tokens, sealed.
pub async fn tokens(db: &Db, link: LinkId) -> Result<Option<SealedTokens>, DbError> {
    on!(db, pool => sqlx::query_as(TOKENS).bind(link.to_string()).fetch_optional(pool).await)
}

/// A sealed token, the newest, if there is one.
pub async fn any_sealed(db: &Db) -> Result<Option<String>, DbError> {
    on!(db, pool => sqlx::query_scalar(ANY_SEALED).fetch_optional(pool).await)
}

/// Puts a new pair in place of the old one, sealed.
pub async fn replace_tokens(
    db: &Db,
    link: LinkId,
    access: &str,
    refresh: &str,
    now: Instant,
) -> Result<(), DbError> {
    on!(db, pool => {
        let query = sqlx::query(REPLACE_TOKENS).bind(link.to_string()).bind(access).bind(refresh).bind(now);
        query.execute(pool).await.map(drop)
    })
}

/// Marks a link that has to be made again.
pub async fn break_link(db: &Db, link: LinkId, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(BREAK_LINK).bind(link.to_string()).bind(now).execute(pool).await.map(drop))
}
