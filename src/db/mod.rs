//! The database: SQLite embedded, PostgreSQL when wanted, behind one type.
//!
//! A store writes each statement once, as a `const` with `$1` parameters, and runs it through [`on!`], which
//! expands the body for either driver. Rows are read by [`from_row!`], likewise once.

mod away;
mod checkpoint;
mod losses;
mod migrate;
mod open;
mod resident;
mod scrub;
pub mod sealed;

pub use away::or_remembered;
pub use checkpoint::checkpoint;
pub use losses::{Loss, losses};
pub use migrate::{
    MigrateError, STEPS, Step, latest_version, revert_to, run as migrate, version, version_to_read,
};
pub use open::{open, open_to_read};
pub use resident::Resident;
pub use scrub::scrub;

use sqlx::error::ErrorKind;
use sqlx::postgres::PgDatabaseError;
use sqlx::{PgPool, SqlitePool};

/// A pool of connections to one of the two databases.
#[derive(Debug, Clone)]
pub enum Db {
    /// The embedded database.
    Sqlite(SqlitePool),
    /// A server.
    Postgres(PgPool),
}

/// What went wrong in the database.
pub type DbError = sqlx::Error;

impl Db {
    /// Closes all connections, after the work on them has ended.
    pub async fn close(&self) {
        on!(self, pool => pool.close().await);
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What the driver says when it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        on!(self, pool => sqlx::query("SELECT 1").execute(pool).await.map(drop))
    }
}

/// Whether the database refused the row itself (a constraint, a text it cannot hold), so that trying again cannot help.
#[must_use]
pub fn is_refused(error: &DbError) -> bool {
    error.as_database_error().is_some_and(|error| {
        // SQLSTATE classes: 22 are data exceptions, in 54 something is too large, for example for an index.
        let unfit = |code: &str| code.starts_with("22") || code.starts_with("54");
        error.try_downcast_ref::<PgDatabaseError>().is_some_and(|error| unfit(error.code()))
            || error.kind() != ErrorKind::Other
    })
}

/// Runs one body on whichever database it is: `on!(db, pool => sqlx::query(SQL).execute(pool).await)`.
macro_rules! on {
    ($db:expr, $pool:ident => $body:expr) => {
        match $db {
            $crate::db::Db::Sqlite($pool) => $body,
            $crate::db::Db::Postgres($pool) => $body,
        }
    };
}

/// Reads a type from a row of either database: `from_row!(User, row => Ok(User { … }))`.
macro_rules! from_row {
    ($type:ty, $row:ident => $body:expr) => {
        impl<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> for $type {
            fn from_row($row: &'r sqlx::sqlite::SqliteRow) -> Result<Self, sqlx::Error> {
                $body
            }
        }
        impl<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> for $type {
            fn from_row($row: &'r sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
                $body
            }
        }
    };
}

pub(crate) use {from_row, on};

/// Reads a column that holds the text of a typed value: an id, a state.
pub(crate) fn parsed<T>(column: &str, text: &str) -> Result<T, DbError>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error| DbError::ColumnDecode { index: column.to_owned(), source: Box::new(error) })
}
