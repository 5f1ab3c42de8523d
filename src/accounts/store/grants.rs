//! SQL of what Twitch granted. Tokens pass through here sealed.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use super::SealedTokens;
use super::keys::DROP_KEYS_OF;
use super::links::DROP_LINK;
use super::logins::DROP_LOGINS_OF;
use crate::accounts::model::{GrantStatus, User};
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::db::{Db, DbError, on, parsed};

const PUT_GRANT: &str = "
    INSERT INTO twitch_grants (user_id, status, access_token, refresh_token, scopes, expires_at, validated_at,
        inserted_at, updated_at)
    VALUES ($1, 'valid', $2, $3, $4, $5, $6, $6, $6)
    ON CONFLICT (user_id) DO UPDATE SET status = 'valid', access_token = excluded.access_token,
        refresh_token = excluded.refresh_token, scopes = excluded.scopes, expires_at = excluded.expires_at,
        validated_at = excluded.validated_at, inserted_at = excluded.inserted_at, updated_at = excluded.updated_at";
const GRANT_TOKENS: &str = "
    SELECT '' AS client_id, access_token, refresh_token, expires_at FROM twitch_grants
    WHERE user_id = $1 AND status = 'valid'";
const REPLACE_GRANT: &str = "
    UPDATE twitch_grants SET access_token = $2, refresh_token = $3, expires_at = $4, updated_at = $5
    WHERE user_id = $1 AND status = 'valid'";
const END_GRANT: &str = "
    UPDATE twitch_grants SET status = 'refused', access_token = NULL, refresh_token = NULL, updated_at = $2
    WHERE user_id = $1 AND status = 'valid'";
/// What was granted later than somebody left is a new beginning. Twitch tells of it once for each subscription.
const REVOKE_GRANT: &str = "
    UPDATE twitch_grants SET status = 'revoked', access_token = NULL, refresh_token = NULL, updated_at = $3
    WHERE user_id = $1 AND inserted_at <= $2 AND status <> 'revoked'";
const STOP_FOLLOWING: &str = "UPDATE users SET enabled = FALSE, updated_at = $2 WHERE id = $1";
const GRANT_STATUS: &str = "SELECT status FROM twitch_grants WHERE user_id = $1";
const WITH_GRANT: &str = "
    SELECT users.* FROM users JOIN twitch_grants ON twitch_grants.user_id = users.id
    WHERE twitch_grants.status = 'valid' ORDER BY users.login";
const GONE_WITH_LISTS: &str = "
    SELECT users.id FROM users JOIN twitch_grants ON twitch_grants.user_id = users.id
    WHERE twitch_grants.status = 'revoked' AND users.after_leaving = 'delete'";
const ENDING_BEFORE: &str =
    "SELECT user_id FROM twitch_grants WHERE status = 'valid' AND expires_at < $1 ORDER BY expires_at";
const VALIDATED_BEFORE: &str =
    "SELECT user_id FROM twitch_grants WHERE status = 'valid' AND validated_at < $1 ORDER BY validated_at";
const NOTE_VALIDATED: &str = "UPDATE twitch_grants SET validated_at = $2 WHERE user_id = $1";

/// Names the row and column that a sealed token belongs to.
pub(in crate::accounts) fn grant_row(user: UserId, column: &str) -> String {
    format!("twitch_grants/{user}/{column}")
}

/// Puts what Twitch has just granted in place of what it granted before.
pub async fn put_grant(
    db: &Db,
    user: UserId,
    tokens: &SealedTokens,
    scopes: &[String],
    now: Instant,
) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(PUT_GRANT)
        .bind(user.to_string())
        .bind(&tokens.access)
        .bind(&tokens.refresh)
        .bind(scopes.join(" "))
        .bind(tokens.expires_at)
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}

/// The tokens of a grant that works, sealed.
pub async fn grant_tokens(db: &Db, user: UserId) -> Result<Option<SealedTokens>, DbError> {
    on!(db, pool => sqlx::query_as(GRANT_TOKENS).bind(user.to_string()).fetch_optional(pool).await)
}

/// Puts a new pair in place of the old one, sealed; not where the grant has ended meanwhile.
pub async fn replace_grant(db: &Db, user: UserId, new: &SealedTokens, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(REPLACE_GRANT)
        .bind(user.to_string())
        .bind(&new.access)
        .bind(&new.refresh)
        .bind(new.expires_at)
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}

/// Destroys the tokens of a grant that Twitch refuses.
pub async fn end_grant(db: &Db, user: UserId, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(END_GRANT).bind(user.to_string()).bind(now).execute(pool).await.map(drop))
}

/// Lets somebody go who left at that time: their tokens are destroyed, those of Spotify too, they are followed no more,
/// and none of their browsers and programs is let in. False when they have come back since, have never logged in, or were
/// let go already. Must not be dropped half-way: a cancelled `begin` leaves an open transaction behind.
pub async fn let_go(db: &Db, user: UserId, left_at: Instant, now: Instant) -> Result<bool, DbError> {
    on!(db, pool => {
        let (mut tx, user) = (pool.begin().await?, user.to_string());
        let revoked = sqlx::query(REVOKE_GRANT).bind(&user).bind(left_at).bind(now).execute(&mut *tx).await?;
        if revoked.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(STOP_FOLLOWING).bind(&user).bind(now).execute(&mut *tx).await?;
        sqlx::query(DROP_LINK).bind(&user).execute(&mut *tx).await?;
        sqlx::query(DROP_LOGINS_OF).bind(&user).execute(&mut *tx).await?;
        sqlx::query(DROP_KEYS_OF).bind(&user).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(true)
    })
}

/// What has become of a person's grant; none for one who never logged in.
pub async fn grant_status(db: &Db, user: UserId) -> Result<Option<GrantStatus>, DbError> {
    let status: Option<String> =
        on!(db, pool => sqlx::query_scalar(GRANT_STATUS).bind(user.to_string()).fetch_optional(pool).await)?;
    status.map(|status| parsed("status", &status)).transpose()
}

/// Everybody whose grant works, by login.
pub async fn with_grant(db: &Db) -> Result<Vec<User>, DbError> {
    on!(db, pool => sqlx::query_as(WITH_GRANT).fetch_all(pool).await)
}

/// Whose access token ends before `then`, the first to end first.
pub async fn grants_ending_before(db: &Db, then: Instant) -> Result<Vec<UserId>, DbError> {
    people(db, ENDING_BEFORE, then).await
}

/// Whose tokens were last validated before `then`, the longest ago first.
pub async fn grants_validated_before(db: &Db, then: Instant) -> Result<Vec<UserId>, DbError> {
    people(db, VALIDATED_BEFORE, then).await
}

async fn people(db: &Db, query: &'static str, then: Instant) -> Result<Vec<UserId>, DbError> {
    let ids: Vec<String> = on!(db, pool => sqlx::query_scalar(query).bind(then).fetch_all(pool).await)?;
    ids.iter().map(|id| parsed("user_id", id)).collect()
}

/// Who has left and chose that their lists go with them.
pub async fn gone_with_their_lists(db: &Db) -> Result<Vec<UserId>, DbError> {
    let ids: Vec<String> = on!(db, pool => sqlx::query_scalar(GONE_WITH_LISTS).fetch_all(pool).await)?;
    ids.iter().map(|id| parsed("id", id)).collect()
}

/// Notes that a token was found good.
pub async fn note_validated(db: &Db, user: UserId, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(NOTE_VALIDATED).bind(user.to_string()).bind(now).execute(pool).await.map(drop))
}
