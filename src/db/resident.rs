//! A connection to SQLite that stays with whoever has many statements to run. What SQLite has read of the file it forgets
//! as soon as another connection has written: statements that go round the pool each begin by reading anew. What is seldom
//! written beside may come from another one.

use super::DbError;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqlitePool};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keeps a connection from one statement to the next. PostgreSQL, where all share what was read, has no use for it.
#[derive(Debug, Default)]
pub struct Resident(Mutex<Option<PoolConnection<Sqlite>>>);

impl Resident {
    /// The connection that was kept, or another one. One on which a statement fails is not to be kept.
    pub(crate) async fn take(&self, pool: &SqlitePool) -> Result<PoolConnection<Sqlite>, DbError> {
        let kept = self.kept().take();
        match kept {
            Some(connection) => Ok(connection),
            None => pool.acquire().await,
        }
    }

    /// Keeps it for the next statement.
    pub(crate) fn keep(&self, connection: PoolConnection<Sqlite>) {
        *self.kept() = Some(connection);
    }

    /// Gives it back to the pool: there is nothing to do for now.
    pub fn leave(&self) {
        drop(self.kept().take());
    }

    fn kept(&self) -> MutexGuard<'_, Option<PoolConnection<Sqlite>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
