//! On which database a story is told: every house that is built within it is built there. And looking into it.

use super::House;
use super::postgres::fresh_database;
use super::wire::Wire;
use airlog::db::Db;
use sqlx::AssertSqlSafe;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

/// One of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

tokio::task_local! {
    static TOLD_ON: Database;
}

/// Tells a story on this database; leaves it out where PostgreSQL is left out.
pub async fn told_on(database: Database, story: impl Future<Output = ()>) {
    if database == Database::Postgres && fresh_database().await.is_none() {
        eprintln!("left out, as AIRLOG_TEST_POSTGRES=off asks");
        return;
    }
    TOLD_ON.scope(database, story).await;
}

/// Makes two tests of each story: `sqlite::name` and `postgres::name`.
macro_rules! on_both {
    ($($story:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $story() {
                let story = Box::pin(super::$story());
                $crate::house::database::told_on($crate::house::database::Database::Sqlite, story).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $story() {
                let story = Box::pin(super::$story());
                $crate::house::database::told_on($crate::house::database::Database::Postgres, story).await;
            })*
        }
    };
}

pub(crate) use on_both;

/// The URL of an empty database of the kind that the story is told on, in `folder` if it is a file; and the wire to
/// it if it is a server.
pub async fn empty(folder: &Path) -> (String, Option<Arc<Wire>>) {
    match TOLD_ON.try_with(|database| *database).unwrap_or(Database::Sqlite) {
        Database::Sqlite => (format!("sqlite://{}", folder.join("airlog.db").display()), None),
        Database::Postgres => {
            let url = fresh_database().await.expect("PostgreSQL");
            let wire = wire_to(&url).await;
            (through(&url, &wire), Some(Arc::new(wire)))
        }
    }
}

/// A wire to the server of a database's URL.
pub async fn wire_to(url: &str) -> Wire {
    Wire::to(host(url).parse::<SocketAddr>().expect("an address")).await
}

/// The URL of the same database through a wire.
pub fn through(url: &str, wire: &Wire) -> String {
    url.replace(host(url), &wire.addr().to_string())
}

fn host(url: &str) -> &str {
    let (_, rest) = url.split_once('@').expect("a user");
    rest.split('/').next().expect("a host")
}

impl House {
    /// The titles in the database, in order.
    pub async fn stored(&self) -> Vec<String> {
        self.sql("SELECT name FROM stream_tracks ORDER BY started_at, id").await
    }

    /// Runs statements that either database understands.
    pub async fn does(&self, statements: &str) {
        let statements = AssertSqlSafe(statements.to_owned());
        match &self.home().db {
            Db::Sqlite(pool) => drop(sqlx::raw_sql(statements).execute(pool).await.expect("a change")),
            Db::Postgres(pool) => drop(sqlx::raw_sql(statements).execute(pool).await.expect("a change")),
        }
    }

    /// How many pieces went to the database, if that is a server, and back.
    pub fn passed_to_database(&self) -> usize {
        self.wire.as_ref().expect("a server").carried()
    }

    /// The database itself.
    pub fn db(&self) -> &Db {
        &self.home().db
    }

    /// The same for a query that is put together.
    pub async fn sql_of(&self, query: &str) -> Vec<String> {
        let query = AssertSqlSafe(query.to_owned());
        match &self.home().db {
            Db::Sqlite(pool) => sqlx::query_scalar(query).fetch_all(pool).await.expect("rows"),
            Db::Postgres(pool) => sqlx::query_scalar(query).fetch_all(pool).await.expect("rows"),
        }
    }

    /// The first column of what a query gives, as text.
    pub async fn sql(&self, query: &'static str) -> Vec<String> {
        match &self.home().db {
            Db::Sqlite(pool) => sqlx::query_scalar(query).fetch_all(pool).await.expect("rows"),
            Db::Postgres(pool) => sqlx::query_scalar(query).fetch_all(pool).await.expect("rows"),
        }
    }
}
