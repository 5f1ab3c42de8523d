//! Opening a database by its URL, with the settings each of them needs.

use super::Db;
use anyhow::Context as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr as _;
use std::time::Duration;

/// How long a task waits for a free connection before it is told that the database is busy.
const ACQUIRE: Duration = Duration::from_secs(10);

/// The same for one that is only looked at.
const LOOK: Duration = Duration::from_secs(5);

/// What each connection to SQLite keeps of the file when it has read so much of it, in KiB (as a negative number).
const CACHE: &str = "-16000";

/// The size of a page of a new file, in bytes. Batches touch many rows that lie beside each other: they write half as many
/// pages as with SQLite's own choice.
const PAGE: u32 = 8_192;

/// How many pages SQLite appends before it puts them in their places: 32 MB.
const CHECKPOINT: &str = "4000";

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

/// Opens the database at `url` to look at it: nothing is made and nothing is changed.
///
/// # Errors
/// Says why it could not be opened, without the URL.
pub async fn open_to_read(url: &str) -> anyhow::Result<Db> {
    if url.starts_with("sqlite:") {
        let options = SqliteConnectOptions::from_str(url).context("its URL is not valid")?.read_only(true);
        let pool = SqlitePoolOptions::new().max_connections(2).acquire_timeout(LOOK);
        let pool = pool.connect_with(options.busy_timeout(LOOK)).await;
        return Ok(Db::Sqlite(pool.context("it cannot be read as an SQLite database")?));
    }
    let options =
        PgConnectOptions::from_str(url).map_err(|_| anyhow::anyhow!("its URL is not valid"))?.options([
            ("default_transaction_read_only", "on"),
            ("statement_timeout", STATEMENT),
            ("client_min_messages", "warning"),
        ]);
    let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(LOOK).connect_with(options).await;
    Ok(Db::Postgres(pool.context("the server cannot be reached, or does not let us in")?))
}

async fn sqlite(url: &str) -> anyhow::Result<sqlx::SqlitePool> {
    let options = SqliteConnectOptions::from_str(url)
        .context("database.url is not a valid SQLite URL, like sqlite://airlog.db")?
        .create_if_missing(true)
        .page_size(PAGE)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        // What is deleted is gone from the file, see `scrub.rs`.
        .pragma("secure_delete", "ON")
        // A night's leaves of the indexes stay in memory, and one checkpoint has many batches: each writes a leaf anew.
        .pragma("cache_size", CACHE)
        .pragma("wal_autocheckpoint", CHECKPOINT)
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
