//! SQL of people who help streamers.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::accounts::model::User;
use crate::accounts::roles::Moderator;
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::db::{Db, DbError, from_row, on};
use sqlx::Row as _;

/// Whoever was named by this login has another one now that we have not heard of; no login at Twitch begins with `~`.
const FREE: &str = "
    UPDATE moderators SET login = '~' || twitch_id WHERE user_id = $1 AND login = $2 AND twitch_id <> $3";
/// Somebody who is known by another login already need not be named by this one as well.
const FOLD: &str = "
    DELETE FROM moderators WHERE user_id = $1 AND login = $2 AND twitch_id IS NULL
        AND EXISTS (SELECT 1 FROM moderators AS known WHERE known.user_id = $1 AND known.twitch_id = $3)";
const CALL: &str = "UPDATE moderators SET login = $2 WHERE user_id = $1 AND twitch_id = $3";
const NAME: &str = "
    INSERT INTO moderators (user_id, login, twitch_id, inserted_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id, login) DO UPDATE SET twitch_id = COALESCE(moderators.twitch_id, excluded.twitch_id)";
const FREE_ALL: &str = "UPDATE moderators SET login = '~' || twitch_id WHERE login = $1 AND twitch_id <> $2";
const FOLD_ALL: &str = "
    DELETE FROM moderators WHERE login = $1 AND twitch_id IS NULL
        AND user_id IN (SELECT known.user_id FROM moderators AS known WHERE known.twitch_id = $2)";
const CALL_ALL: &str = "UPDATE moderators SET login = $1 WHERE twitch_id = $2";
const BIND: &str = "UPDATE moderators SET twitch_id = $2 WHERE login = $1 AND twitch_id IS NULL";
const DROP: &str = "DELETE FROM moderators WHERE user_id = $1 AND login = $2 RETURNING *, login AS now_login";
const ALL: &str = "
    SELECT moderators.*, COALESCE(users.login, moderators.login) AS now_login
    FROM moderators LEFT JOIN users ON users.twitch_id = moderators.twitch_id
    WHERE moderators.user_id = $1 ORDER BY now_login";
const HELPED: &str = "
    SELECT users.* FROM moderators JOIN users ON users.id = moderators.user_id
    WHERE moderators.twitch_id = $1 ORDER BY users.login";
const FOR_THEMSELVES: &str = "
    SELECT * FROM users WHERE leaving_at IS NULL AND id IN (SELECT user_id FROM logins)
        AND NOT EXISTS (SELECT 1 FROM moderators WHERE moderators.twitch_id = users.twitch_id)
    ORDER BY login";
const STREAMERS: &str = "
    SELECT * FROM users WHERE enabled
        OR NOT EXISTS (SELECT 1 FROM moderators WHERE moderators.twitch_id = users.twitch_id)
        OR EXISTS (SELECT 1 FROM owner WHERE owner.user_id = users.id)
        OR EXISTS (SELECT 1 FROM spotify_links WHERE spotify_links.user_id = users.id)
        OR EXISTS (SELECT 1 FROM stream_tracks WHERE stream_tracks.user_id = users.id)
    ORDER BY login";
/// Somebody who is here for nothing but to help, and helps nobody any more.
const FORGET: &str = "
    DELETE FROM users WHERE id = $1 AND NOT enabled
        AND NOT EXISTS (SELECT 1 FROM owner WHERE owner.user_id = users.id)
        AND NOT EXISTS (SELECT 1 FROM moderators WHERE moderators.twitch_id = users.twitch_id)
        AND NOT EXISTS (SELECT 1 FROM moderators WHERE moderators.user_id = users.id)
        AND NOT EXISTS (SELECT 1 FROM api_keys WHERE api_keys.user_id = users.id)
        AND NOT EXISTS (SELECT 1 FROM spotify_links WHERE spotify_links.user_id = users.id)
        AND NOT EXISTS (SELECT 1 FROM streams WHERE streams.user_id = users.id)
        AND NOT EXISTS (SELECT 1 FROM stream_tracks WHERE stream_tracks.user_id = users.id)";

from_row!(Moderator, row => Ok(Self {
    named: row.try_get("login")?,
    login: row.try_get("now_login")?,
    twitch_id: row.try_get("twitch_id")?,
    since: row.try_get("inserted_at")?,
}));

/// Has somebody help a streamer, if they do not already: by Twitch's id where that is known, else by the login until its
/// holder logs in. Must not be dropped half-way: a cancelled `begin` leaves an open transaction behind.
pub async fn name_moderator(
    db: &Db,
    user: UserId,
    login: &str,
    twitch_id: Option<&str>,
    now: Instant,
) -> Result<(), DbError> {
    on!(db, pool => {
        let mut tx = pool.begin().await?;
        if twitch_id.is_some() {
            for sql in [FREE, FOLD, CALL] {
                let query = sqlx::query(sql).bind(user.to_string()).bind(login).bind(twitch_id);
                query.execute(&mut *tx).await?;
            }
        }
        let query = sqlx::query(NAME).bind(user.to_string()).bind(login).bind(twitch_id).bind(now);
        query.execute(&mut *tx).await?;
        tx.commit().await
    })
}

/// Somebody has shown that this login and this id of Twitch's are theirs: whoever was named by the login, and is not known
/// yet, is them from now on. Must not be dropped half-way, as [`name_moderator`].
pub async fn bind_moderator(db: &Db, twitch_id: &str, login: &str) -> Result<(), DbError> {
    on!(db, pool => {
        let mut tx = pool.begin().await?;
        for sql in [FREE_ALL, FOLD_ALL, CALL_ALL, BIND] {
            sqlx::query(sql).bind(login).bind(twitch_id).execute(&mut *tx).await?;
        }
        tx.commit().await
    })
}

/// Has somebody help a streamer no more, and tells who that was; none when nobody is named so.
pub async fn drop_moderator(db: &Db, user: UserId, named: &str) -> Result<Option<Moderator>, DbError> {
    on!(db, pool => sqlx::query_as(DROP).bind(user.to_string()).bind(named).fetch_optional(pool).await)
}

/// Who helps a streamer, by login.
pub async fn moderators(db: &Db, user: UserId) -> Result<Vec<Moderator>, DbError> {
    on!(db, pool => sqlx::query_as(ALL).bind(user.to_string()).fetch_all(pool).await)
}

/// Whom the person with this id of Twitch's helps, by login.
pub async fn helped_by(db: &Db, twitch_id: &str) -> Result<Vec<User>, DbError> {
    on!(db, pool => sqlx::query_as(HELPED).bind(twitch_id).fetch_all(pool).await)
}

/// Everybody who is logged in anywhere and helps nobody.
pub async fn logged_in_for_themselves(db: &Db) -> Result<Vec<User>, DbError> {
    on!(db, pool => sqlx::query_as(FOR_THEMSELVES).fetch_all(pool).await)
}

/// Everybody who streams here, or may be about to, by login: all but those who do nothing but help.
pub async fn streamers(db: &Db) -> Result<Vec<User>, DbError> {
    on!(db, pool => sqlx::query_as(STREAMERS).fetch_all(pool).await)
}

/// Deletes the account of somebody who was here for nothing but to help, and helps nobody any more; false for others.
pub async fn forget_helper(db: &Db, user: UserId) -> Result<bool, DbError> {
    let gone =
        on!(db, pool => sqlx::query(FORGET).bind(user.to_string()).execute(pool).await?.rows_affected());
    Ok(gone > 0)
}
