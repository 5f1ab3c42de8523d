//! Fate: does to the program, and to what is around it, what the schedule says.

use super::log::Life;
use super::plan::{Fault, How, Place};
use super::stage::Stage;
use crate::house::program::Program;
use crate::house::wire::Wire;
use airlog::base::clock::SystemClock;
use airlog::twins::{Endpoint, Fault as TwinFault, Times};
use chrono::TimeDelta;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use std::str::FromStr as _;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// How often somebody looks whether the program still runs, and measures it.
const GLANCE: Duration = Duration::from_millis(25);
/// How long whoever manages the service waits before starting again what ended by itself.
const RESTARTED_AFTER: Duration = Duration::from_millis(300);
/// How long bob stays away before he streams again.
const BREAK: Duration = Duration::from_secs(12);

/// The program's fate: it lives, is struck, and lives again, until the schedule is through and the evening over.
pub async fn befalls(stage: &Stage, blows: &[(Duration, Fault)], begin: Instant, end: Instant) -> Program {
    let mut program = starts(stage);
    for (at, blow) in blows {
        runs_until(stage, &mut program, begin + *at).await;
        program = strikes(stage, program, *blow).await;
    }
    runs_until(stage, &mut program, end).await;
    program
}

/// Starts the program: a new life.
fn starts(stage: &Stage) -> Program {
    let began = Instant::now();
    let program = stage.station.serves();
    let life =
        Life { began, ended: None, on_air: stage.on_air_for_long(), followed: None, figures: Vec::new() };
    stage.log().lives.push(life);
    program
}

fn ends(stage: &Stage) {
    let now = Instant::now();
    if let Some(life) = stage.log().lives.last_mut() {
        life.ended.get_or_insert(now);
    }
}

/// Lets it run, and starts it again as a service manager does if it ends by itself: it may while it cannot reach its
/// database.
pub async fn runs_until(stage: &Stage, program: &mut Program, until: Instant) {
    while Instant::now() < until {
        sleep(GLANCE).await;
        if let Some(code) = program.has_ended() {
            ends(stage);
            if !stage.log().storing_is_disturbed(Instant::now()) {
                stage.log().complaints.push(format!("the program ended by itself with {code}"));
            }
            sleep(RESTARTED_AFTER).await;
            *program = starts(stage);
        }
        watches(stage, program).await;
    }
}

/// Notes when all who are on air are followed after a start, and now and then how large the program is.
async fn watches(stage: &Stage, program: &Program) {
    let wanted =
        stage.log().lives.last().filter(|life| life.followed.is_none()).map_or(0, |life| life.on_air.len());
    let all = wanted > 0 && stage.station.sessions().await.is_some_and(|sessions| sessions >= wanted);
    let now = Instant::now();
    let mut log = stage.log();
    let Some(life) = log.lives.last_mut() else { return };
    if all {
        life.followed = Some(now - life.began);
    }
    if life.figures.last().is_none_or(|(at, ..)| now - *at > Duration::from_secs(2)) {
        let (memory, files) = (memory(program.id()), open_files(program.id()));
        life.figures.push((now, memory, files));
    }
}

/// Resident memory in kilobytes.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}

fn open_files(process: u32) -> u64 {
    std::fs::read_dir(format!("/proc/{process}/fd")).map_or(0, |files| files.count() as u64)
}

async fn strikes(stage: &Stage, mut program: Program, blow: Fault) -> Program {
    match blow {
        Fault::Kill { away, a_stream_ends } => {
            if program.has_ended().is_none() {
                program.gets_killed().await;
            }
            stage.log().kills.push(Instant::now());
            ends(stage);
            sleep(away / 2).await;
            if a_stream_ends {
                stage.bob_goes_offline();
            }
            sleep(away / 2).await;
            starts(stage)
        }
        Fault::Freeze { lasts } => {
            let place = stage.log().is_disturbed(lasts);
            program.hears("STOP").await;
            sleep(lasts).await;
            program.hears("CONT").await;
            stage.log().is_over(place);
            program
        }
        _ => restarts(stage, program).await,
    }
}

/// Asks it to stop and starts it again.
async fn restarts(stage: &Stage, mut program: Program) -> Program {
    if program.has_ended().is_none() {
        let code = program.ends_on("TERM").await;
        if code != Some(0) && !stage.log().storing_is_disturbed(Instant::now()) {
            stage.log().complaints.push(format!("asked to stop, the program ended with {code:?}"));
        }
    }
    ends(stage);
    starts(stage)
}

/// What goes wrong around the program, one after the other.
pub async fn troubles(stage: &Stage, weather: &[(Duration, Fault)], begin: Instant) {
    for (at, fault) in weather {
        sleep_until(begin + *at).await;
        let (Fault::Spotify { lasts, .. }
        | Fault::Twitch { lasts, .. }
        | Fault::Wire { lasts, .. }
        | Fault::Database { lasts }) = *fault
        else {
            continue;
        };
        let is_database = matches!(fault, Fault::Database { .. });
        let place = is_database.then(|| stage.log().is_disturbed(lasts));
        strains(stage, *fault).await;
        if let Some(place) = place {
            stage.log().is_over(place);
        }
    }
}

async fn strains(stage: &Stage, fault: Fault) {
    match fault {
        Fault::Spotify { kind, lasts } => company(stage, TwinFault::new(kind), lasts).await,
        Fault::Twitch { kind, lasts } => {
            company(stage, TwinFault::new(kind).at(Endpoint::Streams), lasts).await;
        }
        Fault::Wire { place, how, lasts } => wire(stage, place, how, lasts).await,
        Fault::Database { lasts } => database(stage, lasts).await,
        _ => {}
    }
}

async fn company(stage: &Stage, fault: TwinFault, lasts: Duration) {
    let fault = fault.times(millis(lasts));
    stage.station.twins.with(|world, now| world.fault_for_all(fault, now));
    sleep(lasts).await;
}

fn millis(lasts: Duration) -> Times {
    Times::Millis(u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX))
}

async fn wire(stage: &Stage, place: Place, how: How, lasts: Duration) {
    let wire = match place {
        Place::Spotify => &stage.spotify,
        Place::Twitch => &stage.twitch,
        Place::Viewers => &stage.viewers,
    };
    spoils(wire, how).await;
    sleep(lasts).await;
    wire.slows(Duration::ZERO);
    wire.breaks(0);
    wire.mend();
}

async fn spoils(wire: &Wire, how: How) {
    match how {
        How::Slow(by) => wire.slows(by),
        How::Loses(per_mille) => wire.breaks(per_mille),
        How::Cut => wire.cut().await,
        How::Stalled => wire.stall(),
        How::HalfOpen => wire.half_open(),
    }
}

/// Somebody else locks the file, or the server cannot be reached.
async fn database(stage: &Stage, lasts: Duration) {
    if let Some(wire) = &stage.database {
        wire.cut().await;
        sleep(lasts).await;
        wire.mend();
    } else if let Some(lock) = lock(&stage.database_url).await {
        sleep(lasts).await;
        drop(lock);
    }
}

/// A lock; none if the program was at it all the time.
async fn lock(url: &str) -> Option<SqliteConnection> {
    let mut connection = SqliteConnectOptions::from_str(url).ok()?.connect().await.ok()?;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.ok()?;
    Some(connection)
}

/// bob streams from the beginning, and again a while after each end.
pub async fn bob_streams(stage: &Stage) {
    super::stage::sleep_until(stage.span.0).await;
    while SystemClock::shared().now() + TimeDelta::seconds(2) < stage.span.1 {
        stage.bob_goes_live();
        bob_is_live_no_more(stage).await;
        super::stage::sleep_until((SystemClock::shared().now() + BREAK).min(stage.span.1)).await;
    }
}

/// Until he has left, or the evening is over.
async fn bob_is_live_no_more(stage: &Stage) {
    let has_left = || stage.bobs.lock().expect("spans").last().is_none_or(|(_, to)| to.is_some());
    while !has_left() {
        if SystemClock::shared().now() >= stage.span.1 {
            stage.bob_goes_offline();
        }
        sleep(GLANCE).await;
    }
}
