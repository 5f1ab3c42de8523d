//! Two minutes of a real evening through the program itself: what the twins say was heard is what the list says.
//!
//! The ground truth is that of the bench, twenty times faster. Half-way the program is killed and started again.

use crate::house::station::Station;
use airlog::base::clock::{Clock as _, Instant, SystemClock};
use airlog::twins::{Act, Deed, Fault, Mix, StreamDay, TruePlay, truth};
use chrono::TimeDelta;
use serde_json::Value;
use std::time::Duration;

const TIMES: i32 = 20;
const LENGTH: TimeDelta = TimeDelta::minutes(2);
/// Spotify reports what was heard for longer: 30 s, twenty times faster.
const REPORTED: Duration = Duration::from_millis(1_500);
/// How long after the end the list may take to be whole.
const AFTERMATH: TimeDelta = TimeDelta::seconds(15);

/// A station, and what is heard there.
struct Evening {
    station: Station,
    day: StreamDay,
}

impl Evening {
    async fn begins() -> Self {
        let station = Station::built().await;
        station.twins.with(|world, _| {
            world.history_rules.least_heard = REPORTED;
            world.history_rules.keeps_skipped = true;
        });
        station.has_streamer("ann").await;
        let start = SystemClock.now() + TimeDelta::seconds(6);
        Self { station, day: StreamDay::slice(11, &Mix::standard(), start, LENGTH, TIMES) }
    }

    /// Lives until then, act by act.
    async fn passes(&self, done: &mut usize, until: Instant) {
        while let Some((at, deed)) = self.day.acts.get(*done).filter(|(at, _)| *at <= until) {
            sleep_until(*at).await;
            self.station.twins.perform(&Act::of("ann", deed.clone()));
            *done += 1;
        }
        sleep_until(until).await;
    }

    /// What was heard on air for longer than Spotify keeps silent about.
    fn truth(&self) -> Vec<TruePlay> {
        let mut plays = self.station.twins.with(|world, now| truth(world.heard("ann", now), &self.day));
        plays.retain(|play| play.on_air > Duration::ZERO);
        plays
    }
}

async fn sleep_until(at: Instant) {
    let wait = (at - SystemClock.now()).to_std().unwrap_or_default();
    tokio::time::sleep(wait).await;
}

/// Whether the rows stand for plays of the truth in order, each for one.
fn is_true(rows: &[Value], truth: &[TruePlay]) -> bool {
    let mut plays = truth.iter();
    rows.iter().all(|row| plays.any(|play| row["uri"] == play.uri))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_minutes_of_an_evening_are_listed_as_they_were_heard() {
    let evening = Evening::begins().await;
    let (start, end) = evening.day.streams[0];
    let (mut done, program) = (0, evening.station.serves());
    evening.passes(&mut done, start + LENGTH / 4).await;
    evening.station.twins.perform(&Act::of("ann", Deed::Fault(Fault::rate_limit(4))));
    evening.passes(&mut done, start + LENGTH / 2).await;
    program.gets_killed().await;
    evening.passes(&mut done, start + LENGTH / 2 + TimeDelta::seconds(6)).await;
    let program = evening.station.serves();
    evening.passes(&mut done, end + AFTERMATH).await;

    let (truth, rows) = (evening.truth(), evening.station.list("ann").await.expect("a list"));
    let names: Vec<&Value> = rows.iter().map(|row| &row["uri"]).collect();
    assert!(is_true(&rows, &truth), "{names:#?} of {truth:#?}");
    let reported = truth.iter().filter(|play| play.on_air > REPORTED * 6 / 5);
    let missing: Vec<&TruePlay> =
        reported.filter(|play| !rows.iter().any(|row| row["uri"] == play.uri)).collect();
    assert!(missing.is_empty(), "{missing:#?} not in {names:#?}");
    assert!(truth.len() > 8, "{} plays", truth.len());
    assert_eq!(program.ends_on("TERM").await, Some(0));
    evening.station.twins.stop().await;
}
