//! The database goes away, or takes nothing more.

use super::House;
use super::wire::Wire;
use airlog::db::Db;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Sqlite, SqliteConnection, SqlitePool};
use std::sync::Arc;

/// How a database fails.
#[derive(Debug, Clone, Copy)]
pub enum Outage {
    /// Somebody else holds the lock.
    Locked,
    /// There is no room for another row.
    DiskFull,
    /// Nobody answers.
    Unreachable,
}

/// An outage that lasts; call [`Ongoing::ends`] to end it.
pub enum Ongoing {
    LockedFile(SqliteConnection),
    LockedTable(PgConnection),
    FullFile(SqlitePool),
    FullServer(PgPool),
    CutWire(Arc<Wire>),
}

const FILLER_USER: &str = "
    INSERT INTO users (id, twitch_id, login, name, inserted_at, updated_at)
    VALUES ('filler', 'filler', 'filler', '', '', '')";
/// Rows so small that none fits any more when the disk is called full.
const FILLER: &str = "
    INSERT INTO stream_tracks (id, user_id, provider, uri, name, artist, artists, duration_ms, started_at, source,
        inserted_at, updated_at)
    SELECT 'filler ' || count(*), 'filler', 'manual', count(*), '', '', '[]', 0, '', 'manual', '', ''
    FROM stream_tracks";
/// What a server says that has no room left.
const NO_ROOM: [&str; 2] = [
    "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
     'BEGIN RAISE EXCEPTION ''No space left on device'' USING ERRCODE = ''disk_full''; END'",
    "CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON stream_tracks FOR EACH ROW EXECUTE FUNCTION no_room()",
];

impl House {
    /// From now on the database answers nobody. What viewers have been told may not be stored yet: that comes first.
    pub async fn loses_database(&self) {
        let writer = &self.home().writer;
        self.eventually("what was told is stored", async || (writer.pending() == 0).then_some(())).await;
        self.home().db.close().await;
    }

    /// From now on nothing can be written, in this way.
    pub async fn suffers(&self, outage: Outage) -> Ongoing {
        match (outage, &self.home().db) {
            (Outage::Locked, Db::Sqlite(pool)) => Ongoing::LockedFile(lock_file(pool).await),
            (Outage::Locked, Db::Postgres(pool)) => Ongoing::LockedTable(lock_table(pool).await),
            (Outage::DiskFull, Db::Sqlite(pool)) => {
                fill(pool).await;
                Ongoing::FullFile(pool.clone())
            }
            (Outage::DiskFull, Db::Postgres(pool)) => {
                for statement in NO_ROOM {
                    sqlx::query(statement).execute(pool).await.expect("a trigger");
                }
                Ongoing::FullServer(pool.clone())
            }
            (Outage::Unreachable, _) => {
                let wire = self.wire.clone().expect("a wire to the database");
                wire.cut().await;
                Ongoing::CutWire(wire)
            }
        }
    }
}

impl Ongoing {
    /// The database can be written again.
    pub async fn ends(self) {
        match self {
            Self::LockedFile(mut connection) => {
                sqlx::query("ROLLBACK").execute(&mut connection).await.expect("no lock");
            }
            Self::LockedTable(mut connection) => {
                sqlx::query("ROLLBACK").execute(&mut connection).await.expect("no lock");
            }
            Self::FullFile(pool) => {
                limit_pages(&pool, "PRAGMA max_page_count = 4294967294").await;
                sqlx::query("DELETE FROM users WHERE id = 'filler'").execute(&pool).await.expect("room");
            }
            Self::FullServer(pool) => {
                sqlx::query("DROP FUNCTION no_room CASCADE").execute(&pool).await.expect("room");
            }
            Self::CutWire(wire) => wire.mend(),
        }
    }
}

async fn lock_file(pool: &SqlitePool) -> SqliteConnection {
    let mut connection = pool.acquire().await.expect("a connection").detach();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.expect("a lock");
    connection
}

/// Others may read the table, as they may a locked file.
async fn lock_table(pool: &PgPool) -> PgConnection {
    let mut connection = pool.acquire().await.expect("a connection").detach();
    sqlx::query("BEGIN").execute(&mut connection).await.expect("a transaction");
    let lock = "LOCK TABLE stream_tracks, gaps IN EXCLUSIVE MODE";
    sqlx::query(lock).execute(&mut connection).await.expect("a lock");
    connection
}

/// Allows the file no further page, and fills what is left of it.
async fn fill(pool: &SqlitePool) {
    sqlx::query(FILLER_USER).execute(pool).await.expect("a user");
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
