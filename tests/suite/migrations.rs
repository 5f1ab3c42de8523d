//! The schema goes up, and back when it is told to; data is lost only where that was said.

use crate::house::bare::Bare;
use crate::house::database::on_both;
use airlog::base::clock::Instant;
use airlog::db::{self, Db, STEPS};
use std::collections::BTreeSet;

on_both!(
    going_back_with_nothing_to_lose_just_goes,
    going_back_refuses_to_lose_data_unless_told_so,
    each_step_back_says_what_it_alone_would_lose,
    data_of_an_older_schema_is_kept_on_the_way_up,
    a_program_older_than_the_database_says_so,
    a_step_that_was_changed_afterwards_is_noticed,
    a_step_that_failed_keeps_nobody_waiting,
);

/// What the first step has room for, in words that both databases understand.
const HOUSE: &str = "
    INSERT INTO users (id, twitch_id, login, name, inserted_at, updated_at)
    VALUES ('u1', '1001', 'ann', 'Änn 🎧', '2026-11-20T18:00:00+00:00', '2026-11-20T18:00:00+00:00');
    INSERT INTO spotify_links
        (id, user_id, client_id, access_token, refresh_token, authorized_at, inserted_at, updated_at)
    VALUES ('l1', 'u1', 'app', 'sealed', 'sealed too', '2026-11-20T18:00:00+00:00', '2026-11-20T18:00:00+00:00',
        '2026-11-20T18:00:00+00:00');
    INSERT INTO spotify_clients (client_id, not_before, updated_at)
    VALUES ('app', '2026-11-20T18:00:00+00:00', '2026-11-20T18:00:00+00:00');
    INSERT INTO air_evidence (user_id, on_air, source, seen_at, twitch_id, stream_type, started_at, misses)
    VALUES ('u1', TRUE, 'hint', '2026-11-20T18:00:00+00:00', 't1', 'live', '2026-11-20T18:00:00+00:00', 2);
    INSERT INTO streams (id, user_id, twitch_id, started_at, seen_at, inserted_at, updated_at)
    VALUES ('s1', 'u1', 't1', '2026-11-20T18:00:00+00:00', '2026-11-20T18:10:00+00:00',
        '2026-11-20T18:00:00+00:00', '2026-11-20T18:00:00+00:00');
    INSERT INTO stream_tracks
        (id, user_id, stream_id, provider, uri, name, artist, artists, duration_ms, started_at, source, inserted_at,
        updated_at)
    VALUES ('p1', 'u1', 's1', 'spotify', 'spotify:local:a', 'Søng', 'B', '[\"B\"]', 1000,
        '2026-11-20T18:00:01.234+00:00', 'poll', '2026-11-20T18:00:00+00:00', '2026-11-20T18:00:00+00:00');
    INSERT INTO eventsub_messages (id, received_at) VALUES ('m1', '2026-11-20T18:00:00+00:00');";

/// What steps after the first have room for.
const LATER: &str = "
    INSERT INTO gaps (id, user_id, stream_id, from_at, reason, inserted_at, updated_at)
    VALUES ('g1', 'u1', 's1', '2026-11-20T18:01:00+00:00', 'database', '2026-11-20T18:01:00+00:00',
        '2026-11-20T18:01:00+00:00'),
    ('g2', 'u1', 's1', '2026-11-20T18:02:00+00:00', 'database', '2026-11-20T18:01:00+00:00',
        '2026-11-20T18:01:00+00:00');
    UPDATE streams SET followed_until = '2026-11-20T18:10:00+00:00';";

async fn going_back_with_nothing_to_lose_just_goes() {
    let bare = Bare::fresh().await;
    let latest = db::latest_version();
    for version in (0..latest).rev() {
        assert_goes(&bare, &["migrate", "--down-to", &version.to_string()], version).await;
    }
    assert_goes(&bare, &["migrate", "--down-to", "1"], 0).await;
    assert_goes(&bare, &["migrate"], latest).await;
    assert_goes(&bare, &["migrate"], latest).await;
    let (code, said) = bare.runs(&["migrate", "--down-to", &(latest + 1).to_string()]).await;
    assert!(code == Some(1) && said.contains(&format!("a number from 0 to {latest}")), "{said}");
    bare.closes().await;
}

async fn assert_goes(bare: &Bare, arguments: &[&str], version: i64) {
    let (code, said) = bare.runs(arguments).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(&format!("is at migration {version}\n")), "{arguments:?}: {said}");
}

async fn going_back_refuses_to_lose_data_unless_told_so() {
    let bare = Bare::fresh().await;
    bare.does(HOUSE).await;
    bare.does(LATER).await;
    let (code, said) = bare.runs(&["migrate", "--down-to", "1"]).await;
    assert_eq!(code, Some(1), "{said}");
    for part in ["migration 1", "gaps: 2 rows", "streams.followed_until: 1 value;", "--lose-data"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(!said.contains("jumps") && !said.contains("heal_at"), "nothing is in them: {said}");
    assert_eq!(db::version(&bare.db).await.expect("a version"), db::latest_version());
    assert_eq!(bare.sql("SELECT id FROM gaps ORDER BY id").await, ["g1", "g2"]);

    assert_goes(&bare, &["migrate", "--down-to", "1", "--lose-data"], 1).await;
    assert_goes(&bare, &["migrate"], db::latest_version()).await;
    assert!(bare.sql("SELECT id FROM gaps").await.is_empty());
    assert_eq!(bare.sql("SELECT name FROM stream_tracks").await, ["Søng"]);
    bare.closes().await;
}

async fn each_step_back_says_what_it_alone_would_lose() {
    let bare = Bare::fresh().await;
    bare.does(HOUSE).await;
    bare.does(LATER).await;
    let mut said = BTreeSet::new();
    for step in STEPS.iter().rev() {
        let losses = db::losses(&bare.db, step.number - 1).await.expect("an answer");
        assert!(losses.iter().all(|loss| step.adds.contains(&loss.what) && loss.count > 0), "{losses:?}");
        said.extend(losses.into_iter().map(|loss| loss.what));
        db::revert_to(&bare.db, step.number - 1).await.expect("a step back");
        assert_eq!(db::losses(&bare.db, step.number - 1).await.expect("an answer"), []);
    }
    assert!(said.is_superset(&BTreeSet::from(["gaps", "streams.followed_until"])));
    assert!(STEPS[0].adds.iter().all(|table| said.contains(table)), "{said:?}");
    bare.closes().await;
}

async fn data_of_an_older_schema_is_kept_on_the_way_up() {
    for number in STEPS.iter().map(|step| step.number) {
        let bare = Bare::fresh().await;
        db::revert_to(&bare.db, number).await.expect("an older schema");
        bare.does(HOUSE).await;
        let before = everything(&bare).await;
        db::migrate(&bare.db).await.expect("the newest schema");
        assert_eq!(everything(&bare).await, before, "from migration {number}");
        bare.closes().await;
    }
}

/// What stands in the first step's tables.
async fn everything(bare: &Bare) -> (Vec<Vec<String>>, Vec<Instant>) {
    let mut texts = Vec::new();
    for query in [
        "SELECT login || name || visibility || timezone || CAST(retention_days AS TEXT) FROM users",
        "SELECT access_token || refresh_token || status FROM spotify_links",
        "SELECT client_id FROM spotify_clients",
        "SELECT twitch_id || source || CAST(misses AS TEXT) FROM air_evidence WHERE on_air",
        "SELECT id || user_id || twitch_id FROM streams WHERE ended_at IS NULL",
        "SELECT id || stream_id || name || artists FROM stream_tracks",
        "SELECT id FROM eventsub_messages",
    ] {
        let rows = bare.sql(query).await;
        assert_eq!(rows.len(), 1, "{query}");
        texts.push(rows);
    }
    (texts, instants(bare, "SELECT started_at FROM stream_tracks UNION SELECT seen_at FROM streams").await)
}

async fn instants(bare: &Bare, query: &'static str) -> Vec<Instant> {
    let mut instants: Vec<Instant> = match &bare.db {
        Db::Sqlite(pool) => sqlx::query_scalar(query).fetch_all(pool).await.expect("instants"),
        Db::Postgres(pool) => sqlx::query_scalar(query).fetch_all(pool).await.expect("instants"),
    };
    instants.sort();
    instants
}

async fn a_program_older_than_the_database_says_so() {
    let bare = Bare::fresh().await;
    let next = db::latest_version() + 1;
    bare.does(&format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES ({next}, 'of tomorrow', TRUE, '', 0)"
    ))
    .await;
    for arguments in [&["serve"][..], &["migrate"], &["migrate", "--down-to", "1"], &["streamer", "list"]] {
        let (code, said) = bare.runs(arguments).await;
        assert_eq!(code, Some(1), "{said}");
        let sentence = format!("holds migration {next}, and this version of Airlog knows none after");
        assert!(said.contains(&sentence), "{arguments:?}: {said}");
        assert!(said.contains(&format!("--down-to {}", db::latest_version())), "{said}");
    }
    assert_eq!(db::version(&bare.db).await.expect("a version"), next);
    bare.closes().await;
}

async fn a_step_that_was_changed_afterwards_is_noticed() {
    let bare = Bare::fresh().await;
    bare.does("UPDATE _sqlx_migrations SET checksum = '' WHERE version = 1").await;
    let (code, said) = bare.runs(&["migrate"]).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("migration 1 was previously applied but has been modified"), "{said}");
    bare.closes().await;
}

async fn a_step_that_failed_keeps_nobody_waiting() {
    let bare = Bare::fresh().await;
    bare.does(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (99, 'of tomorrow', TRUE, '', 0)",
    )
    .await;
    assert!(db::migrate(&bare.db).await.is_err());
    assert!(db::revert_to(&bare.db, 0).await.is_err());
    let (code, said) = bare.runs(&["migrate"]).await;
    assert!(code == Some(1) && said.contains("migration 99"), "it was let in at once: {said}");
    bare.closes().await;
}

#[test]
fn every_file_on_disk_is_a_step_and_every_step_goes_up_and_down_on_both() {
    let numbers: Vec<_> = STEPS.iter().map(|step| step.number).collect();
    assert_eq!(numbers, (1..=db::latest_version()).collect::<Vec<_>>());
    assert!(STEPS.iter().all(|step| step.name.starts_with(&format!("{:04}_", step.number))));
    let expected: BTreeSet<_> =
        STEPS.iter().flat_map(|step| ["up", "down"].map(|way| format!("{}.{way}.sql", step.name))).collect();
    for database in ["sqlite", "postgres"] {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(&folder).expect("a folder");
        let files: BTreeSet<_> =
            files.map(|file| file.expect("a file").file_name().into_string().expect("a name")).collect();
        assert_eq!(files, expected, "in {folder}; the list of steps is in src/db/migrate.rs");
    }
}
