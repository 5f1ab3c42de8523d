//! SQL of people here; of their links, grants and logins each in a file of its own. Tokens pass through sealed.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

mod apps;
mod devices;
mod grants;
mod keys;
mod links;
mod logins;
mod moderators;
mod settings;

pub use apps::{app_of, drop_app, put_app};
pub use devices::{device_login, device_turn, end_device_login, put_device_login, take_device_login};
pub(super) use grants::grant_row;
pub use grants::{
    end_grant, gone_with_their_lists, grant_status, grant_tokens, grants_ending_before,
    grants_validated_before, let_go, note_validated, put_grant, replace_grant, with_grant,
};
pub use keys::{Holder, drop_key, holder, keys, put_key, touch_key};
pub(super) use links::seal_row;
pub use links::{
    SealedLink, break_link, drop_link, link_of, link_states, linked, linked_among, put_link, replace_secret,
    replace_tokens, tokens,
};
pub use logins::{drop_login, drop_logins_of, flow, login, put_flow, put_login, take_flow, touch_login};
pub use moderators::{
    bind_moderator, drop_moderator, forget_helper, helped_by, logged_in_for_themselves, moderators,
    name_moderator, streamers,
};
pub use settings::{claim_house, former_owners, owner, put_settings};

use super::model::{NewStreamer, NewUser, User};
use crate::base::clock::Instant;
use crate::base::id::{LinkId, UserId};
use crate::base::seal::SealingKey;
use crate::db::{Db, DbError, from_row, on, parsed};
use chrono_tz::Tz;
use links::{DROP_LINK, INSERT_LINK};
use secrecy::SecretString;
use sqlx::{Database, Encode, QueryBuilder, Row as _, Type};

/// How many people one statement names: either database takes more.
const MANY: usize = 1_000;

const UPSERT_USER: &str = "
    INSERT INTO users (id, twitch_id, login, name, enabled, timezone, retention_days, inserted_at, updated_at)
    VALUES ($1, $2, $3, COALESCE($4, $3), $8, COALESCE($5, 'UTC'), $6, $7, $7)
    ON CONFLICT (twitch_id) DO UPDATE SET login = excluded.login, name = COALESCE($4, users.name),
        timezone = COALESCE($9, users.timezone), updated_at = excluded.updated_at
    RETURNING *";
/// Whoever held this login has another one now that we have not heard of; no login at Twitch begins with `~`.
const FREE_LOGIN: &str = "UPDATE users SET login = '~' || twitch_id WHERE login = $1 AND twitch_id <> $2";
const KEEP_FORMER: &str = "
    INSERT INTO former_logins (login, user_id, inserted_at)
    SELECT login, id, $3 FROM users WHERE twitch_id = $2 AND login <> $1 AND login NOT LIKE '~%'
    ON CONFLICT (login) DO UPDATE SET user_id = excluded.user_id, inserted_at = excluded.inserted_at";
const DROP_FORMER: &str = "DELETE FROM former_logins WHERE login = $1";
const RENAME: &str = "
    UPDATE users SET login = $2, name = $3, updated_at = $4 WHERE twitch_id = $1 AND (login <> $2 OR name <> $3)";
const ALL: &str = "SELECT * FROM users WHERE leaving_at IS NULL ORDER BY login";
const BY_LOGIN: &str = "SELECT * FROM users WHERE login = $1";
const BY_FORMER_LOGIN: &str = "
    SELECT users.* FROM former_logins JOIN users ON users.id = former_logins.user_id WHERE former_logins.login = $1";
/// Who is leaving is nobody any more.
const BY_ID: &str = "SELECT * FROM users WHERE id = $1 AND leaving_at IS NULL";
const SOME: &str = "SELECT * FROM users WHERE leaving_at IS NULL AND id IN (";
const BY_TWITCH_ID: &str = "SELECT * FROM users WHERE twitch_id = $1";
const REMOVE: &str = "DELETE FROM users WHERE login = $1";

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
    after_leaving: parsed("after_leaving", row.try_get::<Option<&str>, _>("after_leaving")?.unwrap_or("keep"))?,
}));

/// A pair of tokens as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedTokens {
    /// Through which app; empty where there is only one.
    pub client_id: String,
    /// The access token, sealed.
    pub access: String,
    /// The refresh token, sealed.
    pub refresh: String,
    /// When the access token ends, if that is known.
    pub expires_at: Option<Instant>,
}

from_row!(SealedTokens, row => Ok(Self {
    client_id: row.try_get("client_id")?,
    access: row.try_get("access_token")?,
    refresh: row.try_get("refresh_token")?,
    expires_at: row.try_get("expires_at")?,
}));

/// Adds a streamer and their link, in place of an earlier one. Must not be dropped half-way: a cancelled `begin` leaves
/// an open transaction behind.
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
            .bind(true)
            .bind(new.timezone.map(Tz::name))
            .fetch_one(&mut *tx)
            .await?;
        sqlx::query(DROP_LINK).bind(user.id.to_string()).execute(&mut *tx).await?;
        sqlx::query(INSERT_LINK)
            .bind(link.to_string())
            .bind(user.id.to_string())
            .bind(&new.client_id)
            .bind(&access)
            .bind(&refresh)
            .bind(None::<Instant>)
            .bind(None::<&str>)
            .bind(now)
            .bind(None::<&str>)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(user)
    })
}

/// Greets a person who has logged in: one who is new gets an account that is not enabled, one who is known keeps what
/// they chose and is called as Twitch calls them now. Must not be dropped half-way, as [`add`].
pub async fn greet(db: &Db, new: &NewUser, now: Instant) -> Result<User, DbError> {
    on!(db, pool => {
        let mut tx = pool.begin().await?;
        sqlx::query(FREE_LOGIN).bind(&new.login).bind(&new.twitch_id).execute(&mut *tx).await?;
        sqlx::query(KEEP_FORMER).bind(&new.login).bind(&new.twitch_id).bind(now).execute(&mut *tx).await?;
        sqlx::query(DROP_FORMER).bind(&new.login).execute(&mut *tx).await?;
        let user: User = sqlx::query_as(UPSERT_USER)
            .bind(UserId::random(now).to_string())
            .bind(&new.twitch_id)
            .bind(&new.login)
            .bind(&new.name)
            .bind(new.timezone.map(Tz::name))
            .bind(new.retention_days.map(i64::from))
            .bind(now)
            .bind(false)
            .bind(None::<&str>)
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(user)
    })
}

/// Calls a person as Twitch calls them now; false when that is nothing new. Must not be dropped half-way, as [`add`].
pub async fn rename(
    db: &Db,
    twitch_id: &str,
    login: &str,
    name: &str,
    now: Instant,
) -> Result<bool, DbError> {
    on!(db, pool => {
        let mut tx = pool.begin().await?;
        sqlx::query(FREE_LOGIN).bind(login).bind(twitch_id).execute(&mut *tx).await?;
        sqlx::query(KEEP_FORMER).bind(login).bind(twitch_id).bind(now).execute(&mut *tx).await?;
        sqlx::query(DROP_FORMER).bind(login).execute(&mut *tx).await?;
        let done = sqlx::query(RENAME).bind(twitch_id).bind(login).bind(name).bind(now).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    })
}

/// Everybody, by login.
pub async fn all(db: &Db) -> Result<Vec<User>, DbError> {
    on!(db, pool => sqlx::query_as(ALL).fetch_all(pool).await)
}

/// The streamer with this login, in lower case.
pub async fn by_login(db: &Db, login: &str) -> Result<Option<User>, DbError> {
    on!(db, pool => sqlx::query_as(BY_LOGIN).bind(login).fetch_optional(pool).await)
}

/// The streamer who had this login, in lower case, before they had another.
pub async fn by_former_login(db: &Db, login: &str) -> Result<Option<User>, DbError> {
    on!(db, pool => sqlx::query_as(BY_FORMER_LOGIN).bind(login).fetch_optional(pool).await)
}

/// The streamer with our id.
pub async fn by_id(db: &Db, id: UserId) -> Result<Option<User>, DbError> {
    on!(db, pool => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(pool).await)
}

/// Those of these streamers who are there.
pub async fn some(db: &Db, users: &[UserId]) -> Result<Vec<User>, DbError> {
    let mut people = Vec::new();
    for some in users.chunks(MANY) {
        let rows: Vec<User> = on!(db, pool => among(SOME, some).build_query_as().fetch_all(pool).await)?;
        people.extend(rows);
    }
    Ok(people)
}

/// A statement that ends with the ids of these people.
fn among<D: Database>(select: &'static str, users: &[UserId]) -> QueryBuilder<D>
where
    String: for<'q> Encode<'q, D> + Type<D>,
{
    let mut query = QueryBuilder::new(select);
    let mut list = query.separated(", ");
    for user in users {
        list.push_bind(user.to_string());
    }
    query.push(")");
    query
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
