//! What it takes to store plays: one, and a full batch.

use crate::evenings::{dusk, play, settle, streams};
use airlog::db::{self, Db};
use airlog::live::model::{Play, Stream};
use airlog::live::store::{PLAYS_AT_ONCE, insert_plays};
use criterion::{BatchSize, Criterion};
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const STREAMERS: usize = 100;

pub fn all(criterion: &mut Criterion) {
    let folder = TempDir::with_prefix("airlog-small-").expect("a folder");
    let runtime = Runtime::new().expect("a runtime");
    let streams = streams(STREAMERS, 0);
    let db = runtime.block_on(opened(&folder, &streams));
    let heard = AtomicUsize::new(0);
    for many in [1, PLAYS_AT_ONCE] {
        let fresh = || next(&streams, &heard, many);
        let store = |plays: Vec<Play>| runtime.block_on(insert_plays(&db, &plays, dusk())).expect("stored");
        criterion.bench_function(&format!("plays are stored in SQLite, {many} at once"), |bencher| {
            bencher.iter_batched(fresh, store, BatchSize::PerIteration);
        });
    }
    runtime.block_on(db.close());
}

async fn opened(folder: &TempDir, streams: &[Stream]) -> Db {
    let url = format!("sqlite://{}", folder.path().join("airlog.db").display());
    let db = db::open(&url).await.expect("a database");
    db::migrate(&db).await.expect("a schema");
    settle(&db, streams).await.expect("streamers");
    db
}

/// Plays that nobody has stored yet.
fn next(streams: &[Stream], heard: &AtomicUsize, many: usize) -> Vec<Play> {
    let first = heard.fetch_add(many, Ordering::Relaxed);
    let one = |count: usize| {
        let place = count % STREAMERS;
        play(&streams[place], place, count / STREAMERS)
    };
    (first..first + many).map(one).collect()
}
