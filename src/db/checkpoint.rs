//! Putting what SQLite has appended in its place, beside whoever writes. PostgreSQL does so by itself.

use super::{Db, DbError};
use sqlx::Row as _;

/// A log of so many pages is long: twice as many as SQLite appends before it does this itself.
const LONG: i64 = 8_000;

/// Puts in its place what was appended until now, and says whether the log is long all the same. It holds up nobody who reads
/// or writes. But the log begins anew only when nothing was appended meanwhile.
///
/// # Errors
/// Fails when the database does, and says what it says.
pub async fn checkpoint(db: &Db) -> Result<bool, DbError> {
    match db {
        Db::Sqlite(pool) => {
            let done = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(pool).await?;
            // Whether it was in somebody's way, how many pages the log has, and how many of them are in their places.
            Ok(done.try_get::<i64, _>(1)? > LONG)
        }
        Db::Postgres(_) => Ok(false),
    }
}
