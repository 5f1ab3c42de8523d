//! A bad evening, through the program itself: killed twenty times, frozen, restarted, with wires that fail, companies
//! that refuse and a database that is away, while viewers watch. In the end nothing is lost and nothing doubled.
//!
//! The evening is made from a seed; `AIRLOG_CHAOS_SEED` repeats one. `tests/soak` lives through a long one.

mod fate;
mod log;
mod page;
mod plan;
mod records;
mod stage;
mod table;
mod verdict;
mod witness;

use crate::house::database::{Database, on_both, told_on};
use airlog::base::clock::SystemClock;
use plan::Fault;
use stage::Stage;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use verdict::Tally;
use witness::Witness;

const SEED: u64 = 11;
const EVENING: Duration = Duration::from_mins(2);
const KILLS: usize = 20;
/// How long after the end everything may take to be as it must: the last report comes with the second healing.
const AFTERMATH: Duration = Duration::from_mins(1);
const GLANCE: Duration = Duration::from_millis(500);

/// The seed that is asked for.
fn seed() -> Option<u64> {
    std::env::var("AIRLOG_CHAOS_SEED").ok().map(|seed| seed.parse().expect("AIRLOG_CHAOS_SEED is a number"))
}

async fn nothing_is_lost_in_an_evening_of_chaos() {
    let stage = Stage::set(seed().unwrap_or(SEED), EVENING).await;
    let tally = evening(&stage, EVENING, KILLS).await;
    let happened = tally.heard > 20 && tally.promises > 20 && tally.timed > 5;
    assert!(happened, "too little to prove anything: {tally:?}");
    println!("{}", table::table(&stage, &tally));
}

/// A long evening: its first half is a storm of kills, its second half one life under everything else.
#[tokio::test]
#[ignore = "takes as long as it is asked to; tests/soak runs it"]
async fn soak() {
    let minutes =
        std::env::var("AIRLOG_SOAK_MINUTES").map_or(60, |minutes| minutes.parse().expect("minutes"));
    let database = match std::env::var("AIRLOG_SOAK_DATABASE").as_deref() {
        Ok("postgres") => Database::Postgres,
        _ => Database::Sqlite,
    };
    let length = Duration::from_mins(minutes);
    told_on(database, Box::pin(soaks(length))).await;
}

async fn soaks(length: Duration) {
    let stage = Stage::set(seed().unwrap_or_else(rand::random), length).await;
    let kills = usize::try_from(length.as_secs() / 12).expect("a few kills");
    let tally = tokio::select! {
        tally = evening(&stage, length / 2, kills.max(5)) => tally,
        () = tells(&stage) => unreachable!("it tells for ever"),
    };
    println!("{}", table::table(&stage, &tally));
    assert_eq!(table::outgrown(&stage), None);
}

/// Says each minute how far it is.
async fn tells(stage: &Stage) {
    loop {
        sleep(Duration::from_mins(1)).await;
        println!("{}", table::progress(stage, &stage.records().await).await);
    }
}

/// Lives through the evening, kills until `storm`; fails unless all is well in the end.
async fn evening(stage: &Stage, storm: Duration, kills: usize) -> Tally {
    let faults = plan::schedule(stage.seed, stage.length, storm, kills);
    println!("{}", table::repeat(stage));
    let (blows, weather): (Vec<_>, Vec<_>) =
        faults.iter().copied().partition(|(_, fault): &(_, Fault)| fault.is_blow());
    let witnesses = stage.witnesses();
    let begin = Instant::now() + (stage.span.0 - SystemClock::shared().now()).to_std().unwrap_or_default();
    let end = begin + stage.length;
    let (mut program, ..) = tokio::join!(
        fate::befalls(stage, &blows, begin, end),
        fate::troubles(stage, &weather, begin),
        fate::bob_streams(stage),
        stage.cat_plays_files(),
        stage.lives("ann", &stage.ann),
        stage.lives("bob", &stage.bob),
    );
    let tally = settles(stage, &witnesses, &mut program).await;
    assert!(tally.is_clean(), "{}\n{}\n{tally:#?}", table::schedule(&faults), table::table(stage, &tally));
    assert_eq!(program.ends_on("TERM").await, Some(0));
    tally
}

/// Waits until all is as it must be, or can be waited for no longer.
async fn settles(
    stage: &Stage,
    witnesses: &[Witness],
    program: &mut crate::house::program::Program,
) -> Tally {
    let until = Instant::now() + AFTERMATH;
    loop {
        fate::runs_until(stage, program, Instant::now() + GLANCE).await;
        let tally = verdict::look(stage, witnesses).await;
        if tally.is_clean() || Instant::now() > until {
            return tally;
        }
        sleep(GLANCE).await;
    }
}

on_both! { nothing_is_lost_in_an_evening_of_chaos }
