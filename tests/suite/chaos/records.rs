//! What stands in the database, read by the harness itself.

use airlog::base::clock::Instant;
use airlog::db::{self, Db};

const ROWS: &str = "
    SELECT t.id, t.uri, t.started_at FROM stream_tracks t JOIN users u ON u.id = t.user_id
    WHERE u.login = $1 AND t.hidden_at IS NULL ORDER BY t.started_at, t.id";
const GAPS: &str = "
    SELECT g.from_at, g.to_at FROM gaps g JOIN users u ON u.id = g.user_id WHERE u.login = $1 ORDER BY g.from_at";
const OPEN: &str = "
    SELECT id FROM streams WHERE ended_at IS NULL UNION ALL SELECT id FROM gaps WHERE to_at IS NULL";

/// A play as it is stored: id, uri, start.
pub type Row = (String, String, Instant);
/// A gap as it is stored: from when, until when.
pub type Gap = (Instant, Option<Instant>);

/// The database, read.
pub struct Records {
    db: Db,
}

macro_rules! read {
    ($self:ident, $pool:ident => $query:expr) => {
        match &$self.db {
            Db::Sqlite($pool) => $query.await.expect("an answer of the database"),
            Db::Postgres($pool) => $query.await.expect("an answer of the database"),
        }
    };
}

impl Records {
    pub async fn at(url: &str) -> Self {
        Self { db: db::open(url).await.expect("the program's database") }
    }

    /// The plays of a streamer in their order.
    pub async fn rows(&self, login: &str) -> Vec<Row> {
        read!(self, pool => sqlx::query_as(ROWS).bind(login).fetch_all(pool))
    }

    /// The gaps of a streamer in their order.
    pub async fn gaps(&self, login: &str) -> Vec<Gap> {
        read!(self, pool => sqlx::query_as(GAPS).bind(login).fetch_all(pool))
    }

    /// Streams and gaps that have no end.
    pub async fn open_ends(&self) -> Vec<String> {
        let ids: Vec<(String,)> = read!(self, pool => sqlx::query_as(OPEN).fetch_all(pool));
        ids.into_iter().map(|(id,)| id).collect()
    }
}
