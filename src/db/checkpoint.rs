//! Putting what SQLite has appended in its place, beside whoever writes. PostgreSQL does so by itself.

use super::{Db, DbError};

/// Puts in its place what was appended until now. It holds up nobody who reads or writes; SQLite itself has only little left
/// to do when its log is full, which does hold up whoever writes then.
///
/// # Errors
/// Fails when the database does, and says what it says.
pub async fn checkpoint(db: &Db) -> Result<(), DbError> {
    match db {
        Db::Sqlite(pool) => sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(pool).await.map(|_| ()),
        Db::Postgres(_) => Ok(()),
    }
}
