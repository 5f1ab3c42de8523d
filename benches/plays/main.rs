//! How many plays a second are stored: through the writer as it is, and in the naive ways, side by side in one run.
//!
//! `cargo bench --bench plays -- --plays 200000` prints a table for SQLite and, where it is installed, PostgreSQL.

mod alone;
#[path = "../shared/evenings.rs"]
mod evenings;
mod naive;
mod options;
#[path = "../../tests/suite/house/postgres.rs"]
#[expect(dead_code, reason = "part of it is the suite's")]
mod postgres;
mod stopwatch;
mod table;
mod through_writer;

use airlog::db::{self, Db};
use airlog::live::model::Play;
use anyhow::Context as _;
use clap::Parser as _;
use options::Options;
use postgres::Server;
use stopwatch::Run;
use table::Line;
use tempfile::TempDir;

/// Plays a second.
const SQLITE: f64 = 40_000.0;
const POSTGRES: f64 = 50_000.0;
/// As a careful operator sets a small server; all else, and with it whether a commit is safe, is the default.
const SETTINGS: [&str; 1] = ["shared_buffers=256MB"];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut lines = on_sqlite(&options).await?;
    if options.sqlite_only || postgres::found("initdb").is_none() {
        eprintln!("PostgreSQL is left out");
    } else {
        lines.extend(on_postgres(&options).await?);
    }
    print!("{}", table::text(&lines));
    Ok(())
}

async fn on_sqlite(options: &Options) -> anyhow::Result<Vec<Line>> {
    let folder = TempDir::with_prefix("airlog-plays-")?;
    let mut files = 0;
    let fresh = async || {
        files += 1;
        format!("sqlite://{}", folder.path().join(format!("{files}.db")).display())
    };
    measured("SQLite", SQLITE, options, fresh).await
}

async fn on_postgres(options: &Options) -> anyhow::Result<Vec<Line>> {
    let server = Server::start(&SETTINGS).await;
    measured("PostgreSQL", POSTGRES, options, async || server.fresh().await).await
}

/// The lines of one database; each way gets an empty one of its own, the last one empties the writer's.
async fn measured(
    database: &'static str,
    target: f64,
    options: &Options,
    mut fresh: impl AsyncFnMut() -> String,
) -> anyhow::Result<Vec<Line>> {
    let plays = evening(options);
    let few = &plays[..plays.len().min(options.naive as usize)];
    let mut runs: Vec<(&'static str, Run)> = Vec::new();
    let db = opened(&fresh().await, options).await?;
    runs.push(("a transaction for each play", naive::one_by_one(&db, few).await?));
    db.close().await;
    let db = opened(&fresh().await, options).await?;
    runs.push(("a transaction of single rows", naive::in_one_transaction(&db, few).await?));
    db.close().await;
    let db = opened(&fresh().await, options).await?;
    runs.push(("Airlog's writer", through_writer::run(&db, &plays).await?));
    runs.push(("the database alone, copying", alone::copied(&db, plays.len()).await?));
    db.close().await;
    let floor = runs.first().map_or(1.0, |(_, run)| run.per_second());
    let line = |(way, run): (&'static str, Run)| {
        let target = way.starts_with("Airlog").then_some(target);
        Line { database, way, ratio: run.per_second() / floor, run, target }
    };
    Ok(runs.into_iter().map(line).collect())
}

async fn opened(url: &str, options: &Options) -> anyhow::Result<Db> {
    let db = db::open(url).await?;
    db::migrate(&db).await.context("migrating")?;
    evenings::settle(&db, &evenings::streams(options.streamers as usize, 0)).await.context("settling")?;
    Ok(db)
}

/// All plays of an evening in the order in which they begin.
fn evening(options: &Options) -> Vec<Play> {
    let streams = evenings::streams(options.streamers as usize, 0);
    let all = (0..).flat_map(|number| {
        streams.iter().enumerate().map(move |(place, stream)| evenings::play(stream, place, number))
    });
    all.take(options.plays as usize).collect()
}
