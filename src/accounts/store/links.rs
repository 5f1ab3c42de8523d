//! SQL of Spotify links. Tokens pass through here sealed.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::{MANY, SealedTokens, among};
use crate::accounts::model::{LinkStatus, LinkView, NewLink, SpotifyLink, User};
use crate::base::clock::Instant;
use crate::base::id::{LinkId, UserId};
use crate::db::{Db, DbError, from_row, on, parsed};
use sqlx::Row as _;
use std::collections::HashMap;

pub(super) const DROP_LINK: &str = "DELETE FROM spotify_links WHERE user_id = $1";
pub(super) const INSERT_LINK: &str = "
    INSERT INTO spotify_links (id, user_id, client_id, access_token, refresh_token, expires_at, scopes, client_secret, authorized_at, inserted_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $9, $8, $8, $8)";
const LINKED: &str = "
    SELECT users.*, links.id AS link_id, links.client_id, links.status
    FROM users JOIN spotify_links AS links ON links.user_id = users.id
    WHERE users.enabled AND users.id > $1
    ORDER BY users.id LIMIT $2";
const LINKED_AMONG: &str = "
    SELECT users.*, links.id AS link_id, links.client_id, links.status
    FROM users JOIN spotify_links AS links ON links.user_id = users.id
    WHERE users.enabled AND users.id IN (";
const LINK_STATES: &str = "SELECT user_id, status FROM spotify_links";
const LINK_OF: &str = "SELECT * FROM spotify_links WHERE user_id = $1";
const TOKENS: &str = "
    SELECT client_id, client_secret, access_token, refresh_token, expires_at FROM spotify_links
    WHERE id = $1 AND status = 'connected'";
const REPLACE_TOKENS: &str = "
    UPDATE spotify_links SET access_token = $2, refresh_token = $3, expires_at = $4, updated_at = $5 WHERE id = $1";
const REPLACE_SECRET: &str = "UPDATE spotify_links SET client_secret = $2, updated_at = $3 WHERE id = $1";
const BREAK_LINK: &str =
    "UPDATE spotify_links SET status = 'reconnect_needed', updated_at = $2 WHERE id = $1";

struct Linked(User, SpotifyLink);

from_row!(Linked, row => Ok(Self(User::from_row(row)?, SpotifyLink {
    id: parsed("link_id", row.try_get("link_id")?)?,
    client_id: row.try_get("client_id")?,
    status: parsed("status", row.try_get("status")?)?,
})));

struct LinkState(UserId, LinkStatus);

from_row!(LinkState, row => Ok(Self(
    parsed("user_id", row.try_get("user_id")?)?,
    parsed("status", row.try_get("status")?)?,
)));

from_row!(LinkView, row => Ok(Self {
    id: parsed("id", row.try_get("id")?)?,
    client_id: row.try_get("client_id")?,
    status: parsed("status", row.try_get("status")?)?,
    authorized_at: row.try_get("authorized_at")?,
}));

/// A link's tokens as they stand in the database, and the secret of the app that it was made through, if that had one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedLink {
    /// The pair.
    pub tokens: SealedTokens,
    /// The secret, sealed.
    pub client_secret: Option<String>,
}

from_row!(SealedLink, row => Ok(Self {
    tokens: SealedTokens::from_row(row)?,
    client_secret: row.try_get("client_secret")?,
}));

/// Names the row and column that a sealed token belongs to.
pub(in crate::accounts) fn seal_row(link: LinkId, column: &str) -> String {
    format!("spotify_links/{link}/{column}")
}

/// Puts a link in place of whatever link the streamer had. Must not be dropped half-way: a cancelled `begin` leaves an
/// open transaction behind.
pub async fn put_link(
    db: &Db,
    user: UserId,
    link: LinkId,
    new: &NewLink,
    sealed: &[String; 2],
    client_secret: Option<&str>,
    now: Instant,
) -> Result<(), DbError> {
    let [access, refresh] = sealed;
    on!(db, pool => {
        let mut tx = pool.begin().await?;
        sqlx::query(DROP_LINK).bind(user.to_string()).execute(&mut *tx).await?;
        sqlx::query(INSERT_LINK)
            .bind(link.to_string())
            .bind(user.to_string())
            .bind(&new.client_id)
            .bind(access)
            .bind(refresh)
            .bind(new.expires_at)
            .bind(new.scopes.join(" "))
            .bind(now)
            .bind(client_secret)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    })
}

/// Removes a streamer's link with its tokens; false when there was none.
pub async fn drop_link(db: &Db, user: UserId) -> Result<bool, DbError> {
    let dropped =
        on!(db, pool => sqlx::query(DROP_LINK).bind(user.to_string()).execute(pool).await?.rows_affected());
    Ok(dropped > 0)
}

/// A streamer's link, if they have one.
pub async fn link_of(db: &Db, user: UserId) -> Result<Option<LinkView>, DbError> {
    on!(db, pool => sqlx::query_as(LINK_OF).bind(user.to_string()).fetch_optional(pool).await)
}

/// The next `most` after this one, by id, who are enabled and linked.
pub async fn linked(db: &Db, after: UserId, most: u32) -> Result<Vec<(User, SpotifyLink)>, DbError> {
    let after = after.to_string();
    let rows: Vec<Linked> =
        on!(db, pool => sqlx::query_as(LINKED).bind(&after).bind(i64::from(most)).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|Linked(user, link)| (user, link)).collect())
}

/// Who of these people is enabled and linked, and how.
pub async fn linked_among(db: &Db, users: &[UserId]) -> Result<HashMap<UserId, SpotifyLink>, DbError> {
    let mut links = HashMap::new();
    for some in users.chunks(MANY) {
        let rows: Vec<Linked> =
            on!(db, pool => among(LINKED_AMONG, some).build_query_as().fetch_all(pool).await)?;
        links.extend(rows.into_iter().map(|Linked(user, link)| (user.id, link)));
    }
    Ok(links)
}

/// What has become of each link.
pub async fn link_states(db: &Db) -> Result<HashMap<UserId, LinkStatus>, DbError> {
    let rows: Vec<LinkState> = on!(db, pool => sqlx::query_as(LINK_STATES).fetch_all(pool).await)?;
    Ok(rows.into_iter().map(|LinkState(user, status)| (user, status)).collect())
}

/// A link's tokens, sealed.
pub async fn tokens(db: &Db, link: LinkId) -> Result<Option<SealedLink>, DbError> {
    on!(db, pool => sqlx::query_as(TOKENS).bind(link.to_string()).fetch_optional(pool).await)
}

/// Puts a new pair in place of the old one, sealed.
pub async fn replace_tokens(db: &Db, link: LinkId, new: &SealedTokens, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(REPLACE_TOKENS)
        .bind(link.to_string())
        .bind(&new.access)
        .bind(&new.refresh)
        .bind(new.expires_at)
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}

/// Puts another secret, sealed, in place of the one that a link was made with: its app has a new one.
pub async fn replace_secret(db: &Db, link: LinkId, secret: &str, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(REPLACE_SECRET)
        .bind(link.to_string())
        .bind(secret)
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}

/// Marks a link that has to be made again.
pub async fn break_link(db: &Db, link: LinkId, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(BREAK_LINK).bind(link.to_string()).bind(now).execute(pool).await.map(drop))
}
