//! Leaving no trace of what was deleted in the database's file.
//!
//! `secure_delete` has SQLite write zeros over what is deleted, but old pages stand in the write-ahead log until that is
//! written back, and copies of rows that were moved once may lie between others. A small file is written anew; in a large
//! one, where that would hold up everybody for long, zeros have to do. PostgreSQL cleans up by itself.

use super::{Db, DbError};
use sqlx::{Row as _, SqlitePool};

/// A file that is larger, in bytes, is not written anew.
const SMALL: i64 = 32 * 1024 * 1024;

/// Cleans the file; false when somebody was in the way and it is to be tried again.
///
/// # Errors
/// Fails when the database does, and says what it says.
pub async fn scrub(db: &Db) -> Result<bool, DbError> {
    match db {
        Db::Sqlite(pool) => sqlite(pool).await,
        Db::Postgres(_) => Ok(true),
    }
}

async fn sqlite(pool: &SqlitePool) -> Result<bool, DbError> {
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(pool).await?;
    let bytes: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(pool).await?;
    if pages.saturating_mul(bytes) <= SMALL {
        sqlx::query("VACUUM").execute(pool).await?;
    }
    let done = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(pool).await?;
    Ok(done.try_get::<i64, _>(0)? == 0)
}
