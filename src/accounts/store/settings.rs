//! SQL of what people chose, and of whose house this is.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::accounts::model::User;
use crate::base::clock::Instant;
use crate::base::id::UserId;
use crate::db::{Db, DbError, on, parsed};

const PUT_SETTINGS: &str = "
    UPDATE users SET enabled = $2, visibility = $3, retention_days = $4, timezone = $5, delay_seconds = $6,
        after_leaving = $7, updated_at = $8
    WHERE id = $1";
const CLAIM_HOUSE: &str =
    "INSERT INTO owner (id, user_id, inserted_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING";
const FORMER_OWNERS: &str = "SELECT COUNT(*) FROM former_owners";
const OWNER: &str = "SELECT user_id FROM owner WHERE id = 1";

/// Keeps what a person chose: everything in `user` that is theirs to choose.
pub async fn put_settings(db: &Db, user: &User, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(PUT_SETTINGS)
        .bind(user.id.to_string())
        .bind(user.enabled)
        .bind(user.visibility.to_string())
        .bind(user.retention_days)
        .bind(user.timezone.name())
        .bind(user.delay_seconds)
        .bind(user.after_leaving.to_string())
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}

/// Makes this person the owner, unless there is one.
pub async fn claim_house(db: &Db, user: UserId, now: Instant) -> Result<(), DbError> {
    on!(db, pool => {
        sqlx::query(CLAIM_HOUSE).bind(user.to_string()).bind(now).execute(pool).await.map(drop)
    })
}

/// Whose house it is, if it is anybody's.
pub async fn owner(db: &Db) -> Result<Option<UserId>, DbError> {
    let owner: Option<String> = on!(db, pool => sqlx::query_scalar(OWNER).fetch_optional(pool).await)?;
    owner.map(|owner| parsed("user_id", &owner)).transpose()
}

/// How many owners have left this house.
pub async fn former_owners(db: &Db) -> Result<i64, DbError> {
    on!(db, pool => sqlx::query_scalar(FORMER_OWNERS).fetch_one(pool).await)
}
