//! Opening a database by its URL, with the settings each of them needs.

use super::Db;
use anyhow::Context as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr as _;
use std::time::Duration;

/// How long a task waits for a free connection before it is told that the database is busy.
const ACQUIRE: Duration = Duration::from_secs(10);

/// How long PostgreSQL may work on one statement.
const STATEMENT: &str = "60s";

/// Opens the database at `url` (`sqlite://…` or `postgres://…`); an SQLite file is made when missing.
///
/// # Errors
/// Says which database could not be opened and what to look at.
pub async fn open(url: &str) -> anyhow::Result<Db> {
    if url.starts_with("sqlite:") {
        sqlite(url).await.map(Db::Sqlite)
    } else {
        postgres(url).await.map(Db::Postgres)
    }
}

async fn sqlite(url: &str) -> anyhow::Result<sqlx::SqlitePool> {
    let options = SqliteConnectOptions::from_str(url)
        .context("database.url is not a valid SQLite URL, like sqlite://airlog.db")?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        // What is deleted is gone from the file, see `scrub.rs`.
        .pragma("secure_delete", "ON")
        .busy_timeout(Duration::from_secs(5));
    let file = options.get_filename().display().to_string();
    SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(ACQUIRE)
        .connect_with(options)
        .await
        .with_context(|| {
            format!("cannot open the SQLite file {file}; check that its folder exists and is writable")
        })
}

async fn postgres(url: &str) -> anyhow::Result<sqlx::PgPool> {
    let options = PgConnectOptions::from_str(url)
        .context("database.url is not a valid PostgreSQL URL, like postgres://user@host/airlog")?
        .options([("statement_timeout", STATEMENT), ("client_min_messages", "warning")]);
    PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(ACQUIRE)
        .connect_with(options)
        .await
        .context("cannot reach PostgreSQL; check database.url, and that the server runs and lets us in")
}
