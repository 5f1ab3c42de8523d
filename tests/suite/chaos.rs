//! Chaos: evenings in which nearly everything goes wrong, on either database. The list must be what was heard, once and
//! in order, and everybody who watched must have it.
//!
//! `AIRLOG_CHAOS_SEED` repeats an evening; `tests/soak` lives through a long one. `AIRLOG_CHAOS_LOG=info` has the
//! program say what it does.

mod evening;
mod plan;
mod verdict;
mod witness;

use crate::house::station::Station;
use evening::Evening;
use plan::Measure;
use std::time::Duration;

/// How long after the end of the stream everything may take to come right.
const AFTERMATH: Duration = Duration::from_mins(1);
/// Within this a live stream is followed again after a start.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(3);
/// The evening of the suite.
const EVENING: Measure =
    Measure { length: Duration::from_mins(2), kills: 19, killed_for: Duration::from_secs(114) };

fn seed() -> Option<u64> {
    std::env::var("AIRLOG_CHAOS_SEED").ok().map(|seed| seed.parse().expect("AIRLOG_CHAOS_SEED is a number"))
}

async fn an_evening(station: Station, seed: u64) {
    println!("chaos: an evening of seed {seed}; AIRLOG_CHAOS_SEED={seed} repeats it");
    let mut evening = Evening::begins(station, seed, EVENING.length).await;
    evening.passes(&EVENING.plan(seed)).await;
    let verdict = evening.ends(AFTERMATH).await.unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
    let tally = &evening.tally;
    println!("chaos: seed {seed}\n{verdict}{tally:?}");
    assert!(tally.unstored.is_empty(), "seed {seed}: viewers had seen {:?}", tally.unstored);
    assert!(tally.kills >= 20, "seed {seed}: killed {} times", tally.kills);
    let slowest = tally.follows.iter().max().expect("starts");
    assert!(*slowest < FOLLOWED_WITHIN, "seed {seed}: followed after {slowest:?}");
    assert!(verdict.reported > 5, "seed {seed}: {verdict}");
    evening.closes().await;
}

/// What a long evening is to be like, from the environment that `tests/soak` sets.
fn long_evening() -> (Measure, u64, bool) {
    let number = |key: &str| std::env::var(key).ok().map(|text| text.parse::<u64>().expect("a number"));
    let length = Duration::from_mins(number("AIRLOG_SOAK_MINUTES").unwrap_or(60));
    let seed = seed().unwrap_or_else(|| rand::random::<u32>().into());
    let kills = u32::try_from(length.as_secs() / 60).expect("few");
    let postgres = std::env::var("AIRLOG_SOAK_DATABASE").is_ok_and(|name| name == "postgres");
    (Measure { length, kills: kills.max(3), killed_for: length * 2 / 3 }, seed, postgres)
}

/// The last life of the program, a third of the evening, may need so much more at its end than at its beginning.
const MORE_MEMORY_KIB: u64 = 16 * 1_024;
const MORE_FILES: usize = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes an hour: tests/soak runs it"]
async fn a_long_evening_of_chaos() {
    let (measure, seed, postgres) = long_evening();
    let station = if postgres { Station::built_on_postgres().await } else { Some(Station::built().await) };
    let station = station.expect("PostgreSQL");
    println!("soak: {:?} of seed {seed}; tests/soak --seed {seed} repeats it", measure.length);
    let mut evening = Evening::begins(station, seed, measure.length).await;
    evening.says_how_it_goes();
    evening.passes(&measure.plan(seed)).await;
    let verdict = evening.ends(AFTERMATH).await;
    evening.says_how_it_went(seed, &verdict);
    let verdict = verdict.unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
    assert!(verdict.is_clean() && evening.tally.unstored.is_empty());
    if let Some((first, last)) = evening.tally.weights() {
        assert!(last.0 <= first.0 + MORE_MEMORY_KIB, "memory: {first:?}, then {last:?}");
        assert!(last.1 <= first.1 + MORE_FILES, "open files: {first:?}, then {last:?}");
    }
    evening.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_evening_of_chaos_on_sqlite() {
    Box::pin(an_evening(Station::built().await, seed().unwrap_or(4))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_evening_of_chaos_on_postgres() {
    if let Some(station) = Station::built_on_postgres().await {
        Box::pin(an_evening(station, seed().unwrap_or(5))).await;
    }
}
