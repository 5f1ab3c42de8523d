//! SQL of what is kept of each Spotify client id: its rest, and its purse.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::base::clock::{Instant, whole_millis};
use crate::clients::spotify::Limit;
use crate::db::{Db, DbError, from_row, on};
use crate::live::budget::{Budget, Rest};
use sqlx::Row as _;

const BUDGETS: &str = "SELECT client_id, not_before, is_quota, full_at FROM spotify_clients";
const PUT_BUDGET: &str = "
    INSERT INTO spotify_clients (client_id, not_before, is_quota, full_at, updated_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (client_id) DO UPDATE SET updated_at = excluded.updated_at,
        is_quota = CASE WHEN excluded.not_before > spotify_clients.not_before
            THEN excluded.is_quota ELSE spotify_clients.is_quota END,
        not_before = CASE WHEN excluded.not_before > spotify_clients.not_before
            THEN excluded.not_before ELSE spotify_clients.not_before END,
        full_at = CASE WHEN spotify_clients.full_at IS NULL OR excluded.full_at > spotify_clients.full_at
            THEN excluded.full_at ELSE spotify_clients.full_at END";

/// What is kept of one client id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub client_id: String,
    /// Its longest rest; it may be over.
    pub rest: Rest,
    /// When its purse is full.
    pub full_at: Option<Instant>,
}

from_row!(Kept, row => Ok(Self {
    client_id: row.try_get("client_id")?,
    rest: Rest {
        until: row.try_get("not_before")?,
        limit: if row.try_get::<Option<bool>, _>("is_quota")?.unwrap_or(false) { Limit::Quota } else { Limit::Rate },
    },
    full_at: row.try_get("full_at")?,
}));

/// What is kept of each client id.
pub async fn budgets(db: &Db) -> Result<Vec<Kept>, DbError> {
    on!(db, pool => sqlx::query_as(BUDGETS).fetch_all(pool).await)
}

/// Keeps a purse. Neither a rest nor what was spent is ever made less, in whatever order writes arrive.
pub async fn put_budget(db: &Db, client_id: &str, budget: &Budget, now: Instant) -> Result<(), DbError> {
    let none = Rest { until: chrono::DateTime::UNIX_EPOCH, limit: Limit::Rate };
    let rest = budget.longest_rest().unwrap_or(none);
    on!(db, pool => sqlx::query(PUT_BUDGET)
        .bind(client_id)
        .bind(rest.until)
        .bind((rest.limit == Limit::Quota).then_some(true))
        .bind(whole_millis(budget.full_at()))
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}
