//! Retention: what is old goes, of everybody, in batches that hold nobody up; what is kept stays.

use crate::house::database::on_both;
use crate::house::mishaps::Trouble;
use crate::house::sweep::{DONE, Sweeping, named_plays, old_plays};
use crate::house::{House, eventually};
use airlog::base::clock::{Clock as _, Instant};
use airlog::base::id::UserId;
use airlog::base::local_day::{bounds, local_date};
use airlog::base::mishap::Place;
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::time::Duration;

const LEFT: &str = "
    SELECT users.login || ' ' || stream_tracks.name FROM stream_tracks JOIN users ON users.id = user_id
    ORDER BY users.login, started_at";

async fn a_sweep_at_its_time_takes_what_is_old_of_everybody_and_nothing_else() {
    let house = House::start().await;
    let people = [
        ("ann", Tz::UTC, Some(7)),
        ("bob", Tz::Europe__Paris, Some(7)),
        ("cid", Tz::UTC, None),
        // Where it is the 22nd already, and where it is still the 20th, when the sweep is due.
        ("dan", Tz::Pacific__Kiritimati, Some(1)),
        ("eve", Tz::Pacific__Honolulu, Some(1)),
    ];
    let due: Instant = "2026-11-22T10:30:00Z".parse().expect("an instant");
    for (login, zone, days) in people {
        house.has_streamer_in(login, zone).await;
        let first_kept = local_date(due, zone) - TimeDelta::days(days.unwrap_or(7));
        let midnight = bounds(first_kept, zone).0;
        house.does(&named_plays(login, "old", 3, midnight - TimeDelta::milliseconds(1))).await;
        house.does(&named_plays(login, "kept", 1, midnight)).await;
        house.does(&named_plays(login, "today", 1, due - TimeDelta::minutes(1))).await;
        let days = days.map_or_else(|| "NULL".to_owned(), |days| days.to_string());
        house.does(&format!("UPDATE users SET retention_days = {days} WHERE login = '{login}'")).await;
    }
    // Whoever has switched the feature off wants their data kept no longer than before.
    house.does("UPDATE users SET enabled = FALSE WHERE login IN ('bob', 'dan')").await;
    house.clock.shift(due - house.clock.now());
    house.is_swept("2026-11-22").await;
    let left = house.sql(LEFT).await;
    assert_eq!(
        left,
        [
            "ann kept",
            "ann today",
            "bob kept",
            "bob today",
            "cid old",
            "cid old",
            "cid old",
            "cid kept",
            "cid today",
            "dan kept",
            "dan today",
            "eve kept",
            "eve today",
        ]
    );
    assert_eq!(house.counted("airlog_rows_swept_total{table=\"stream_tracks\"}"), 12);
    assert_eq!(house.sql("SELECT CAST(deleted AS TEXT) FROM sweeps ORDER BY day").await, ["0", "12"]);
    house.closes().await;
}

async fn what_the_page_shows_as_kept_is_never_swept_and_the_day_before_is_not_found() {
    let house = House::start().await;
    let zone = Tz::Europe__Paris;
    house.has_streamer_in("ann", zone).await;
    // Between the two, clocks are set back.
    let due: Instant = "2027-10-31T12:00:00Z".parse().expect("an instant");
    let today = local_date(due, zone);
    house.does("UPDATE users SET retention_days = 1").await;
    for before in 0..4 {
        let (begins, ends) = bounds(today - TimeDelta::days(before), zone);
        house.does(&old_plays("ann", 1, begins)).await;
        house.does(&named_plays("ann", "late", 1, ends - TimeDelta::seconds(1))).await;
    }
    house.clock.shift(due - house.clock.now());
    house.is_swept("2027-10-31").await;
    for (before, found) in [(0, 200), (1, 200), (2, 404), (3, 404)] {
        let day = today - TimeDelta::days(before);
        let path = format!("/api/v1/streamers/ann/tracks?date={day}");
        assert_eq!(house.get(&path).await.0, found, "{day}");
        if found == 200 {
            assert_eq!(house.json(&path).await["tracks"].as_array().map(Vec::len), Some(2), "{day} is whole");
        }
    }
    assert_eq!(house.stored().await.len(), 4);
    house.closes().await;
}

async fn a_sweep_that_was_missed_is_done_at_the_start_and_once() {
    let mut house = House::start().await;
    house.has_streamer("ann").await;
    house.does(&old_plays("ann", 3, house.clock.now())).await;
    house.stops().await;
    house.clock.shift(TimeDelta::days(9));
    house.opens().await;
    house.is_swept("2026-11-29").await;
    assert!(house.stored().await.is_empty());
    assert_eq!(house.sql(DONE).await, ["2026-11-20", "2026-11-29"]);
    // What is old again goes tomorrow, or when it is asked for: a restart alone sweeps nothing twice.
    let long_ago = house.clock.now() - TimeDelta::days(9);
    house.does(&old_plays("ann", 1, long_ago)).await;
    house.stops().await;
    house.opens().await;
    let bob = house.has_streamer("bob").await;
    for _ in 0..2 {
        is_swept_now(&house, "bob", bob.id).await;
    }
    assert_eq!(house.sql(LEFT).await, ["ann old"]);
    house.closes().await;
}

/// Has somebody swept who has something old, and waits for it.
async fn is_swept_now(house: &House, login: &str, user: UserId) {
    house.does(&named_plays(login, "swept now", 1, house.clock.now() - TimeDelta::days(9))).await;
    house.retention().sweep_now(user);
    let gone = async || !house.stored().await.contains(&"swept now".to_owned());
    house.eventually("it is swept", async || gone().await.then_some(())).await;
}

async fn who_chooses_to_keep_less_waits_for_no_sweep_and_viewers_see_it_go() {
    let house = House::with(|config| config.tracking.heal_interval = Duration::from_secs(1)).await;
    house.twins.with(|world, _| {
        world.history_rules.keeps_skipped = true;
        world.history_rules.least_heard = Duration::ZERO;
    });
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    house.clock.shift(TimeDelta::minutes(10));
    let ann = house.accounts().by_login("ann").await.expect("a database").expect("ann");
    let first = house.plays_noticed("ann", 0).await;
    house.does(&old_plays("ann", 1, house.clock.now() - TimeDelta::days(1))).await;
    house.clock.shift(TimeDelta::days(2));
    let second = house.plays_noticed("ann", 1).await;
    let mut viewer = house.viewer_with("ann", "view=stream").await;
    assert_eq!(viewer.sees("snapshot").await["tracks"].as_array().map(Vec::len), Some(2));
    house.does("UPDATE users SET retention_days = 1").await;
    house.retention().sweep_now(ann.id);
    viewer.sees("track_removed").await;
    assert_eq!(house.stored().await, [second.as_str()], "{first} was played the day before yesterday");
    let mut newcomer = house.viewer_with("ann", "view=stream").await;
    assert_eq!(newcomer.sees("snapshot").await["tracks"][0]["name"], second.as_str());
    assert_eq!(house.sql("SELECT id FROM streams").await.len(), 1, "it is on air");
    // Spotify still tells of the first, and by the second how to read it.
    let third = house.plays_noticed("ann", 2).await;
    let healings = house.healings("ann");
    house.eventually("it is healed", async || (house.healings("ann") >= healings + 2).then_some(())).await;
    assert_eq!(house.stored().await, [second, third]);
    viewer.leaves().await;
    newcomer.leaves().await;
    house.closes().await;
}

async fn a_panic_in_the_sweep_costs_no_more_than_a_rest() {
    let trouble = Trouble::default();
    let mut house = House::rigged(trouble.rig(), |_| {}).await;
    house.has_streamer("ann").await;
    house.does(&old_plays("ann", 1_200, house.clock.now())).await;
    house.stops().await;
    trouble.strikes(Place::Sweep, "stream_tracks");
    house.clock.shift(TimeDelta::days(9));
    house.opens().await;
    house.is_swept("2026-11-29").await;
    assert!(trouble.has_struck() && house.stored().await.is_empty());
    house.closes().await;
}

/// How long viewers wait at most for what they see to be stored while somebody's years are swept.
const SOON: Duration = Duration::from_secs(1);

async fn a_live_stream_is_stored_as_ever_while_a_long_list_is_swept() {
    let house = House::with_ann_live().await;
    house.has_streamer("bob").await;
    house.does(&old_plays("bob", MANY, house.clock.now() - TimeDelta::days(30))).await;
    let mut viewer = house.viewer("ann").await;
    house.clock.shift(TimeDelta::hours(11));
    let begun = async || (house.counted(SWEPT) > 0).then_some(());
    house.eventually("the sweep has begun", begun).await;
    let mut waits = Vec::new();
    for number in 0..5 {
        let title = house.plays("ann", number);
        assert_eq!(viewer.sees("track_added").await["track"]["name"], title.as_str());
        let told = tokio::time::Instant::now();
        house
            .eventually("it is stored", async || house.sql(OF_ANN).await.contains(&title).then_some(()))
            .await;
        waits.push(told.elapsed());
    }
    assert!(house.counted(SWEPT) < MANY as u64, "the sweep goes on meanwhile");
    assert!(waits.iter().all(|wait| *wait < SOON), "stored after {waits:?}");
    house.is_swept("2026-11-21").await;
    assert_eq!(house.stored().await.len(), 5);
    viewer.leaves().await;
    house.closes().await;
}

const SWEPT: &str = "airlog_rows_swept_total{table=\"stream_tracks\"}";
const OF_ANN: &str = "
    SELECT stream_tracks.name FROM stream_tracks JOIN users ON users.id = user_id WHERE users.login = 'ann'";
const MANY: usize = 100_000;

/// Longer than anybody waits.
const AN_HOUR: Duration = Duration::from_hours(1);

async fn a_sweep_stops_between_two_batches_and_goes_on_after_the_next_start() {
    let sweeping = Sweeping::of(35).await;
    let deleted = "SELECT CAST(deleted AS TEXT) FROM sweeps WHERE ended_at IS NULL";
    // It rests after the first batch; a stop does not wait for the rest to end.
    let first = sweeping.begins(AN_HOUR);
    eventually("a batch is gone", async || (sweeping.left().await == 26).then_some(())).await;
    first.stop(AN_HOUR).await;
    assert_eq!(sweeping.bare.sql(deleted).await, ["10"]);
    let second = sweeping.begins(AN_HOUR);
    eventually("another one is", async || (sweeping.left().await == 16).then_some(())).await;
    second.stop(AN_HOUR).await;
    assert_eq!(sweeping.bare.sql(deleted).await, ["20"]);
    let third = sweeping.begins(Duration::ZERO);
    eventually("it is done", async || (sweeping.bare.sql(DONE).await.len() == 1).then_some(())).await;
    assert_eq!(sweeping.left().await, 1);
    assert_eq!(sweeping.bare.sql("SELECT CAST(deleted AS TEXT) FROM sweeps").await, ["35"]);
    third.stop(AN_HOUR).await;
    sweeping.bare.closes().await;
}

async fn a_sweep_that_was_killed_goes_on_too() {
    let sweeping = Sweeping::of(35).await;
    let first = sweeping.begins(AN_HOUR);
    eventually("a batch is gone", async || (sweeping.left().await == 26).then_some(())).await;
    drop(first);
    let second = sweeping.begins(Duration::ZERO);
    eventually("it is done", async || (sweeping.bare.sql(DONE).await.len() == 1).then_some(())).await;
    assert_eq!(sweeping.left().await, 1);
    second.stop(AN_HOUR).await;
    sweeping.bare.closes().await;
}

on_both! {
    a_sweep_at_its_time_takes_what_is_old_of_everybody_and_nothing_else,
    what_the_page_shows_as_kept_is_never_swept_and_the_day_before_is_not_found,
    a_sweep_that_was_missed_is_done_at_the_start_and_once,
    who_chooses_to_keep_less_waits_for_no_sweep_and_viewers_see_it_go,
    a_panic_in_the_sweep_costs_no_more_than_a_rest,
    a_live_stream_is_stored_as_ever_while_a_long_list_is_swept,
    a_sweep_stops_between_two_batches_and_goes_on_after_the_next_start,
    a_sweep_that_was_killed_goes_on_too,
}
