//! SQL of what is kept of each Spotify client id: its rest, and its purse.

#![expect(clippy::missing_errors_doc, reason = "each fails when the database does, and says what it says")]

use crate::base::clock::{Instant, whole_millis};
use crate::db::{Db, DbError, on};
use crate::live::budget::Budget;

const BUDGETS: &str = "SELECT client_id, not_before, full_at FROM spotify_clients";
const PUT_BUDGET: &str = "
    INSERT INTO spotify_clients (client_id, not_before, full_at, updated_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (client_id) DO UPDATE SET updated_at = excluded.updated_at,
        not_before = CASE WHEN excluded.not_before > spotify_clients.not_before
            THEN excluded.not_before ELSE spotify_clients.not_before END,
        full_at = CASE WHEN spotify_clients.full_at IS NULL OR excluded.full_at > spotify_clients.full_at
            THEN excluded.full_at ELSE spotify_clients.full_at END";

/// Client id, until when it rests, when its purse is full.
pub type Kept = (String, Instant, Option<Instant>);

/// What is kept of each client id.
pub async fn budgets(db: &Db) -> Result<Vec<Kept>, DbError> {
    on!(db, pool => sqlx::query_as(BUDGETS).fetch_all(pool).await)
}

/// Keeps a purse. Neither a rest nor what was spent is ever made less, in whatever order writes arrive.
pub async fn put_budget(db: &Db, client_id: &str, budget: &Budget, now: Instant) -> Result<(), DbError> {
    on!(db, pool => sqlx::query(PUT_BUDGET)
        .bind(client_id)
        .bind(budget.rests_until().unwrap_or(chrono::DateTime::UNIX_EPOCH))
        .bind(whole_millis(budget.full_at()))
        .bind(now)
        .execute(pool)
        .await
        .map(drop))
}
