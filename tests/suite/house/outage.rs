//! The database goes away, or takes nothing more.

use super::House;
use airlog::db::Db;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};

/// How a database fails.
#[derive(Debug, Clone, Copy)]
pub enum Outage {
    /// Somebody else holds the lock.
    Locked,
    /// There is no room for another row.
    DiskFull,
}

/// An outage that lasts; call [`Ongoing::ends`] to end it.
pub enum Ongoing {
    Locked(SqliteConnection),
    DiskFull(SqlitePool),
}

const FILLER_USER: &str = "
    INSERT INTO users (id, twitch_id, login, name, inserted_at, updated_at)
    VALUES ('filler', 'filler', 'filler', '', '', '') RETURNING id";
/// Rows so small that none fits any more when the disk is called full.
const FILLER: &str = "
    INSERT INTO stream_tracks (id, user_id, provider, uri, name, artist, artists, duration_ms, started_at, source,
        inserted_at, updated_at)
    SELECT 'filler ' || count(*), 'filler', 'manual', count(*), '', '', '[]', 0, '', 'manual', '', ''
    FROM stream_tracks";

impl House {
    /// From now on the database answers nobody. What waits to be stored is lost with it, so stories wait for that first.
    pub async fn loses_database(&self) {
        self.home().db.close().await;
    }

    /// From now on nothing can be written, in this way.
    pub async fn suffers(&self, outage: Outage) -> Ongoing {
        let Db::Sqlite(pool) = &self.home().db else { panic!("SQLite is meant") };
        match outage {
            Outage::Locked => Ongoing::Locked(lock(pool).await),
            Outage::DiskFull => {
                self.sql(FILLER_USER).await;
                fill(pool).await;
                Ongoing::DiskFull(pool.clone())
            }
        }
    }
}

impl Ongoing {
    /// The database can be written again.
    pub async fn ends(self) {
        match self {
            Self::Locked(mut connection) => {
                sqlx::query("ROLLBACK").execute(&mut connection).await.expect("no lock");
            }
            Self::DiskFull(pool) => {
                limit_pages(&pool, "PRAGMA max_page_count = 4294967294").await;
                sqlx::query("DELETE FROM users WHERE id = 'filler'").execute(&pool).await.expect("room");
            }
        }
    }
}

async fn lock(pool: &SqlitePool) -> SqliteConnection {
    let mut connection = pool.acquire().await.expect("a connection").detach();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.expect("a lock");
    connection
}

/// Allows the file no further page, and fills what is left of it.
async fn fill(pool: &SqlitePool) {
    limit_pages(pool, "PRAGMA max_page_count = 1").await;
    loop {
        if let Err(error) = sqlx::query(FILLER).execute(pool).await {
            assert!(error.to_string().contains("full"), "{error}");
            return;
        }
    }
}

/// Each connection has a limit of its own.
async fn limit_pages(pool: &SqlitePool, limit: &'static str) {
    let mut all: Vec<PoolConnection<Sqlite>> = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        let mut connection = pool.acquire().await.expect("a connection");
        sqlx::query(limit).execute(&mut *connection).await.expect("a limit");
        all.push(connection);
    }
}
