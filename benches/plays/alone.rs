//! What the database does alone: it copies the same plays from a table beside, one batch after the other, as large as the
//! writer's and in the order in which the writer would take them. Nothing is sent, bound or read.

use crate::stopwatch::{Run, Stopwatch};
use airlog::db::Db;
use airlog::live::CAPACITY;
use airlog::live::store::PLAYS_AT_ONCE;
use anyhow::Context as _;
use sqlx::AssertSqlSafe;

const COLUMNS: &str = "id, user_id, stream_id, provider, provider_id, uri, name, artist, artists, album, duration_ms, \
    url, image_url, started_at, source, inserted_at, updated_at";

/// Stores anew the plays that are stored.
pub async fn copied(db: &Db, plays: usize) -> anyhow::Result<Run> {
    for statement in set_aside(db) {
        run(db, &statement).await.context("setting plays aside")?;
    }
    let batches: Vec<String> = (0..plays).step_by(PLAYS_AT_ONCE).map(copy).collect();
    let watch = Stopwatch::start();
    match db {
        // Like the writer, on one connection: what was read of the file stays in its memory.
        Db::Sqlite(pool) => {
            let mut connection = pool.acquire().await?;
            for batch in &batches {
                sqlx::query(AssertSqlSafe(batch.as_str())).execute(&mut *connection).await?;
            }
        }
        Db::Postgres(_) => {
            for batch in &batches {
                run(db, batch).await?;
            }
        }
    }
    Ok(watch.stop(plays))
}

/// The writer sees so many at a time, and takes them streamer by streamer.
fn set_aside(db: &Db) -> [String; 3] {
    let came =
        "SELECT stream_tracks.*, row_number() OVER (ORDER BY started_at, id) AS came FROM stream_tracks";
    let order = format!("(came - 1) / {CAPACITY}, user_id, id");
    let places =
        format!("SELECT {COLUMNS}, row_number() OVER (ORDER BY {order}) AS place FROM ({came}) AS plays");
    [
        format!("CREATE TABLE beside AS {places}"),
        "CREATE INDEX beside_by_place ON beside (place)".to_owned(),
        match db {
            Db::Sqlite(_) => "DELETE FROM stream_tracks".to_owned(),
            // What is only deleted stands in the way of what comes.
            Db::Postgres(_) => "TRUNCATE stream_tracks".to_owned(),
        },
    ]
}

fn copy(first: usize) -> String {
    let last = first + PLAYS_AT_ONCE;
    format!(
        "INSERT INTO stream_tracks ({COLUMNS}) SELECT {COLUMNS} FROM beside \
         WHERE place > {first} AND place <= {last} ORDER BY place"
    )
}

async fn run(db: &Db, statement: &str) -> anyhow::Result<()> {
    let sql = AssertSqlSafe(statement);
    match db {
        Db::Sqlite(pool) => sqlx::query(sql).execute(pool).await.map(|_| ())?,
        Db::Postgres(pool) => sqlx::query(sql).persistent(false).execute(pool).await.map(|_| ())?,
    }
    Ok(())
}
