//! How little the database is asked: one statement and one commit for a batch of plays, a start that asks no more when many
//! people are known, and pages that lie ready.

use crate::house::House;
use crate::house::bare::Bare;
use crate::house::database::{Database, on_both, told_on};
use airlog::base::clock::{Clock as _, SystemClock};
use airlog::base::id::{StreamId, UserId};
use airlog::db::Db;
use airlog::live::model::{Play, Source, Stream, Track};
use airlog::live::store::{PLAYS_AT_ONCE, put_stream};
use airlog::live::{CAPACITY, Writer};
use airlog::telemetry::Metrics;
use chrono::TimeDelta;
use std::path::Path;
use std::time::Duration;
use tokio_util::task::AbortOnDropHandle;

/// Many.
const PEOPLE: usize = 300;

/// So many people, with nothing but their names.
fn people(many: usize) -> String {
    let person = |number: usize| {
        let id = UserId::derived(SystemClock.now(), &[&number.to_string()]);
        let at = "2026-11-20T18:00:00+00:00";
        format!("('{id}', '{number}', 'person_{number}', 'Person {number}', TRUE, '{at}', '{at}')")
    };
    let rows: Vec<String> = (0..many).map(person).collect();
    let rows = rows.join(", ");
    format!("INSERT INTO users (id, twitch_id, login, name, enabled, inserted_at, updated_at) VALUES {rows}")
}

/// A stream of the only one there is.
async fn on_air(bare: &Bare) -> Stream {
    bare.does(&people(1)).await;
    let now = SystemClock.now();
    let stream = Stream {
        id: StreamId::random(now),
        user_id: bare.sql("SELECT id FROM users").await[0].parse().expect("an id"),
        twitch_id: None,
        started_at: now,
        ended_at: None,
        seen_at: now,
        followed_until: None,
    };
    put_stream(&bare.db, &stream, now).await.expect("a stream");
    stream
}

fn play(stream: &Stream, number: usize) -> Play {
    let track = Track {
        uri: format!("spotify:track:{number}"),
        provider_id: None,
        name: format!("Slow Harbour {number}"),
        artists: vec!["Maren Vale".into()],
        album: None,
        duration_ms: 200_000,
        url: None,
        image_url: None,
    };
    let began = stream.started_at + TimeDelta::minutes(i64::try_from(number).expect("a small number"));
    Play::new(stream, track, began, Source::Poll)
}

/// How many commits brought the plays, as the databases themselves know.
async fn commits(bare: &Bare) -> usize {
    match &bare.db {
        Db::Postgres(_) => {
            let statements = "SELECT DISTINCT xmin::text || '.' || cmin::text FROM stream_tracks";
            bare.sql(statements).await.len()
        }
        Db::Sqlite(_) => commits_in(&std::fs::read(bare.file("airlog.db-wal")).expect("a log")),
    }
}

/// The commits in a write-ahead log: each ends with a page that says how large the database is then.
fn commits_in(log: &[u8]) -> usize {
    let number = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().expect("four bytes"));
    let (header, frames) = log.split_at_checked(32).expect("a header");
    let (page, salt) = (number(&header[8..12]) as usize, &header[16..24]);
    let frames = frames.chunks_exact(24 + page).take_while(|frame| &frame[8..16] == salt);
    frames.filter(|frame| number(&frame[4..8]) > 0).count()
}

async fn a_batch_is_one_commit_however_many_plays_are_in_it() {
    let bare = Bare::fresh().await;
    let stream = on_air(&bare).await;
    let mut reader = None;
    if let Db::Sqlite(pool) = &bare.db {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(pool).await.expect("an empty log");
        // As long as somebody reads, the log does not begin anew.
        let mut reading = pool.begin().await.expect("a reader");
        sqlx::query("SELECT id FROM streams").fetch_all(&mut *reading).await.expect("streams");
        reader = Some(reading);
    }
    let writer = Writer::new(bare.db.clone(), SystemClock::shared(), Metrics::default(), CAPACITY);
    (0..=PLAYS_AT_ONCE).for_each(|number| writer.push(play(&stream, number)));
    let _running = AbortOnDropHandle::new(tokio::spawn(writer.clone().run()));
    writer.flushed().await;
    assert_eq!(bare.sql("SELECT id FROM stream_tracks").await.len(), PLAYS_AT_ONCE + 1);
    assert_eq!(commits(&bare).await, 2, "a full batch, and the one that was left");
    drop(reader);
    bare.closes().await;
}

/// How many statements the program runs until it serves.
async fn queries_of_a_start(bare: &Bare) -> usize {
    let log = bare.file("log");
    let settings = [("AIRLOG_LOG__FILTER", "airlog=info,sqlx=debug"), ("AIRLOG_LOG__FORMAT", "json")];
    let mut program = bare.begins_noted(&["serve"], &settings, &log);
    program.says("Airlog listens on").await;
    assert_eq!(program.ends_on("TERM").await, Some(0));
    statements(&log)
}

fn statements(log: &Path) -> usize {
    let text = std::fs::read_to_string(log).expect("a log");
    let until_up = text.lines().take_while(|line| !line.contains("Airlog is up"));
    until_up.filter(|line| line.contains("\"sqlx::query\"")).count()
}

async fn a_start_asks_no_more_when_many_people_are_known() {
    let bare = Bare::fresh().await;
    // What is swept once a day is no part of a start.
    let now = SystemClock.now();
    for day in [now.date_naive(), now.date_naive() - TimeDelta::days(1)] {
        let done = format!("INSERT INTO sweeps (day, began_at, ended_at) VALUES ('{day}', '{now}', '{now}')");
        bare.does(&done).await;
    }
    let few = queries_of_a_start(&bare).await;
    bare.does(&people(PEOPLE)).await;
    let many = queries_of_a_start(&bare).await;
    // What goes on beside the start asks as well, sooner or later.
    assert!(few > 0 && many < few + PEOPLE / 2, "{few} statements became {many}");
    bare.closes().await;
}

on_both! {
    a_batch_is_one_commit_however_many_plays_are_in_it,
    a_start_asks_no_more_when_many_people_are_known,
}

#[tokio::test]
async fn readers_of_a_live_page_do_not_each_ask_the_database() {
    const READERS: usize = 200;
    const TODAY: &str = "/streamers/ann/tracks/today";
    let story = async {
        let house = House::with(|config| {
            // Nobody is followed here, so nobody has to be asked who is live.
            config.tracking.reconcile_interval = Duration::from_hours(1);
        })
        .await;
        let show = house.has_show("ann").await;
        assert_eq!(house.get(TODAY).await.0, 200);
        let before = house.passed_to_database();
        for _ in 0..READERS {
            assert_eq!(house.get(TODAY).await.0, 200);
        }
        // A question and its answer are two pieces at least. Now and then somebody is looked up anew, and others ask as well.
        let passed = house.passed_to_database() - before;
        assert!(passed < READERS, "{passed} pieces went to the database and back for {READERS} readers");
        drop(show);
        house.closes().await;
    };
    // There the way to the database can be watched.
    told_on(Database::Postgres, Box::pin(story)).await;
}
