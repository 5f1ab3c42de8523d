//! The sweep: what is old goes in batches, and which sweeps took place.

use super::{Shelf, at, heart, key, people, play, streamer};
use crate::house::database::on_both;
use airlog::audit::{By, Deed, Entry, store as audit};
use airlog::base::clock::Instant;
use airlog::base::id::{AuditId, GapId, StreamId};
use airlog::db::Db;
use airlog::live::crash::Crash;
use airlog::live::gaps::{Gap, Reason};
use airlog::live::model::{Ignored, Jump, Stream};
use airlog::retention::{Common, Erased, Erasure, Personal, store as broom};

async fn the_oldest_plays_of_a_streamer_go_first_and_what_is_kept_stays() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let bob = people::add(db, &key(), &streamer("bob", "1002"), at(0)).await.expect("bob");
    let anns = shelf.stream("anns", 0).await;
    let bobs = Stream { id: StreamId::derived(at(0), &["bobs"]), user_id: bob.id, ..anns.clone() };
    heart::put_stream(db, &bobs, at(0)).await.expect("a stream");
    let all = [play(&anns, "b", 20), play(&anns, "a", 10), play(&anns, "d", 40), play(&anns, "c", 30)];
    heart::insert_plays(db, &all, at(50)).await.expect("stored");
    heart::insert_plays(db, &[play(&bobs, "a", 10)], at(50)).await.expect("stored");

    let sweep = async |most| {
        let deleted = broom::sweep_of(db, Personal::Plays, ann, at(40), most).await.expect("swept");
        let left = heart::plays(db, anns.id).await.expect("an answer");
        let left: Vec<_> = left.into_iter().filter_map(|known| known.play.track.provider_id).collect();
        (deleted, left.concat())
    };
    assert_eq!(sweep(2).await, (2, "cd".to_owned()));
    assert_eq!(sweep(2).await, (1, "d".to_owned()), "what began at the border is kept");
    assert_eq!(sweep(2).await, (0, "d".to_owned()));
    assert_eq!(heart::plays(db, bobs.id).await.expect("an answer").len(), 1, "bob's are bob's");
    db.close().await;
}

async fn a_stream_goes_when_nothing_of_it_is_left_and_takes_along_what_belongs_to_it() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let mut streams = Vec::new();
    for (name, ended) in [("empty", 10), ("full", 20), ("torn", 30), ("later", 90)] {
        let stream = shelf.stream(name, ended - 5).await;
        let stream = Stream { ended_at: Some(at(ended)), ..stream };
        heart::put_stream(db, &stream, at(ended)).await.expect("ended");
        streams.push(stream);
    }
    let on_air = shelf.stream("on air", 95).await;
    let [empty, full, torn, later] = &streams[..] else { panic!("four streams") };
    heart::insert_plays(db, &[play(full, "a", 16)], at(16)).await.expect("stored");
    let gap = |from, to: Option<i64>| Gap {
        id: GapId::derived(at(from), &["gap"]),
        user_id: ann,
        stream_id: torn.id,
        from: at(from),
        to: to.map(at),
        reason: Reason::Database,
        healed: true,
    };
    let gaps = [gap(1, Some(2)), gap(26, Some(50)), gap(27, Some(51)), gap(28, None)];
    heart::put_gaps(db, &gaps, at(29)).await.expect("kept");
    let jump = Jump { play: play(empty, "x", 6).id, stream_id: empty.id, at: at(7) };
    heart::put_jump(db, &jump, at(7)).await.expect("kept");
    heart::put_crash(db, empty.id, &Crash::after(None, at(6), at(7), "no reason", 1.0)).await.expect("kept");

    let sweep = async |what| broom::sweep_of(db, what, ann, at(50), 10).await.expect("swept");
    assert_eq!((sweep(Personal::Gaps).await, sweep(Personal::Gaps).await), (2, 0));
    assert_eq!(heart::gaps(db, torn.id).await.expect("gaps"), gaps[2..], "one outlasts the border");
    assert_eq!((sweep(Personal::Streams).await, sweep(Personal::Streams).await), (1, 0));
    assert!(heart::jumps(db, empty.id).await.expect("jumps").is_empty());
    assert!(heart::crashes_since(db, at(0)).await.expect("crashes").is_empty());
    let left = ids(db, "SELECT id FROM streams ORDER BY started_at").await;
    assert_eq!(left, [full, torn, later, &on_air].map(|stream| stream.id.to_string()));
    db.close().await;
}

async fn what_has_an_age_of_its_own_goes_by_it() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    for (number, second) in [("1", 10), ("2", 20), ("3", 30)] {
        for insert in INSERTS {
            run(db, insert, number, &shelf.ann.id.to_string(), at(second)).await;
        }
    }
    heart::put_crash(db, stream.id, &Crash::after(None, at(5), at(10), "no reason", 0.0))
        .await
        .expect("kept");
    for (what, left) in [
        (Common::Messages, "SELECT id FROM eventsub_messages ORDER BY id"),
        (Common::Logins, "SELECT token_hash FROM logins ORDER BY token_hash"),
        (Common::Flows, "SELECT state_hash FROM auth_flows ORDER BY state_hash"),
        (Common::FormerLogins, "SELECT login FROM former_logins ORDER BY login"),
        (Common::Clients, "SELECT client_id FROM spotify_clients ORDER BY client_id"),
        (Common::Sweeps, "SELECT day FROM sweeps ORDER BY day"),
        (Common::Audit, "SELECT id FROM audit ORDER BY id"),
    ] {
        let sweep = async |before, most| broom::sweep(db, what, at(before), most).await.expect("swept");
        assert_eq!((sweep(10, 9).await, sweep(30, 1).await, sweep(30, 9).await), (0, 1, 1), "{what:?}");
        assert_eq!(ids(db, left).await, ["3"], "{what:?}");
    }
    for (before, deleted) in [(10, 0), (11, 1), (11, 0)] {
        assert_eq!(broom::sweep(db, Common::Crashes, at(before), 9).await.expect("swept"), deleted);
    }
    db.close().await;
}

/// A rest that Spotify asked for, and an empty purse, are kept however long ago they were written.
async fn a_client_id_that_rests_or_has_spent_is_not_forgotten() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let ann = shelf.ann.id.to_string();
    run(db, INSERTS[4], "resting", &ann, at(10)).await;
    run(
        db,
        "UPDATE spotify_clients SET not_before = $3 WHERE client_id = $1 AND $2 <> ''",
        "resting",
        &ann,
        at(90),
    )
    .await;
    run(db, INSERTS[4], "spent", &ann, at(10)).await;
    run(
        db,
        "UPDATE spotify_clients SET full_at = $3 WHERE client_id = $1 AND $2 <> ''",
        "spent",
        &ann,
        at(90),
    )
    .await;
    assert_eq!(broom::sweep(db, Common::Clients, at(90), 9).await.expect("swept"), 0);
    assert_eq!(broom::sweep(db, Common::Clients, at(91), 9).await.expect("swept"), 2);
    db.close().await;
}

async fn a_sweep_is_done_once_it_has_ended_and_adds_up_what_it_deleted() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let day = "2026-11-20".parse().expect("a day");
    assert!(!broom::is_done(db, day).await.expect("an answer"));
    for (began, deleted) in [(0, 500), (60, 41)] {
        broom::begin(db, day, at(began)).await.expect("begun");
        broom::add(db, day, deleted).await.expect("added");
        assert!(!broom::is_done(db, day).await.expect("an answer"), "it was interrupted");
    }
    broom::end(db, day, at(70)).await.expect("ended");
    assert!(broom::is_done(db, day).await.expect("an answer"));
    assert!(!broom::is_done(db, day.succ_opt().expect("tomorrow")).await.expect("an answer"));
    assert_eq!(ids(db, "SELECT CAST(deleted AS TEXT) FROM sweeps").await, ["541"]);
    assert_eq!(
        broom::sweep(db, Common::Sweeps, at(1), 9).await.expect("swept"),
        1,
        "it began when it first did"
    );
    db.close().await;
}

async fn what_a_streamer_wants_deleted_goes_and_is_stored_no_more() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    assert!(!broom::has_lists(db, ann).await.expect("an answer"));
    let over = shelf.stream("over", 0).await;
    let over = Stream { ended_at: Some(at(40)), ..over };
    heart::put_stream(db, &over, at(40)).await.expect("ended");
    let on_air = shelf.stream("on air", 50).await;
    let gap = |second| Gap {
        id: GapId::derived(at(second), &["gap"]),
        user_id: ann,
        stream_id: on_air.id,
        from: at(second),
        to: None,
        reason: Reason::Database,
        healed: false,
    };
    let jump = |second| Jump { play: play(&on_air, "b", 50).id, stream_id: on_air.id, at: at(second) };
    let ignored = |second| Ignored {
        stream_id: on_air.id,
        uri: "spotify:track:i".into(),
        duration_ms: 1,
        started_at: at(second),
    };
    let store_all = async || {
        let plays = [play(&over, "a", 10), play(&on_air, "b", 59), play(&on_air, "c", 60)];
        heart::insert_plays(db, &plays, at(70)).await.expect("stored");
        heart::put_gaps(db, &[gap(59), gap(60)], at(70)).await.expect("stored");
        heart::put_ignored(db, &[ignored(59), ignored(60)], at(70)).await.expect("stored");
        for second in [59, 60] {
            heart::put_jump(db, &jump(second), at(70)).await.expect("stored");
        }
    };
    store_all().await;
    assert!(broom::has_lists(db, ann).await.expect("an answer"));
    assert_eq!(broom::erased_before(db, ann).await.expect("an answer"), None);
    let (older, wish) = (Erasure { user: ann, before: at(5) }, Erasure { user: ann, before: at(60) });
    for one in [older, wish] {
        broom::wish(db, one).await.expect("stored");
        assert_eq!(broom::open_wishes(db).await.expect("wishes"), [one]);
    }
    broom::end_wish(db, older, at(61)).await.expect("there is a newer one");
    assert_eq!(broom::open_wishes(db).await.expect("wishes"), [wish]);

    for (second, deed) in [(58, Deed::TrackHidden), (59, Deed::SettingChanged), (60, Deed::TrackAdded)] {
        let about = "a title".into();
        let line = Entry { id: AuditId::random(at(second)), at: at(second), by: By::Streamer, deed, about };
        audit::put(db, ann, &line).await.expect("noted");
    }
    for (what, rows) in Erased::ALL.into_iter().zip([2, 1, 1, 1, 1, 1]) {
        let erase = async |most| broom::erase(db, what, wish, most).await.expect("deleted");
        assert_eq!((erase(1).await, erase(9).await, erase(9).await), (1, rows - 1, 0), "{what:?}");
    }
    let told = audit::newest(db, ann, None, 9).await.expect("a log");
    assert_eq!(told.iter().map(|line| line.about.as_str()).collect::<Vec<_>>(), ["a title", "a title", ""]);
    broom::end_wish(db, wish, at(62)).await.expect("ended");
    assert!(broom::open_wishes(db).await.expect("wishes").is_empty());
    assert_eq!(broom::erased_before(db, ann).await.expect("an answer"), Some(at(60)));
    heart::put_stream(db, &over, at(70)).await.expect("there again");
    store_all().await;
    assert_eq!(heart::gaps(db, on_air.id).await.expect("gaps"), [gap(60)]);
    assert_eq!(heart::jumps(db, on_air.id).await.expect("jumps"), [jump(60)]);
    assert_eq!(heart::ignored(db, on_air.id).await.expect("ignored"), [ignored(60)]);
    let left = ids(db, "SELECT provider_id FROM stream_tracks").await;
    assert_eq!(left, ["c"], "what begins later is kept");
    db.close().await;
}

/// A row of each kind: its key, whose it is, and its instant.
const INSERTS: [&str; 7] = [
    "INSERT INTO eventsub_messages (id, received_at) SELECT $1, $3 WHERE $2 <> ''",
    "INSERT INTO logins (token_hash, user_id, inserted_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $3)",
    "INSERT INTO auth_flows (state_hash, browser_hash, provider, user_id, client_id, redirect_uri, is_owner, expires_at)
     VALUES ($1, '', 'twitch', $2, '', '', FALSE, $3)",
    "INSERT INTO former_logins (login, user_id, inserted_at) VALUES ($1, $2, $3)",
    "INSERT INTO spotify_clients (client_id, not_before, updated_at) SELECT $1, $3, $3 WHERE $2 <> ''",
    "INSERT INTO sweeps (day, began_at) SELECT $1, $3 WHERE $2 <> ''",
    "INSERT INTO audit (id, user_id, actor, actor_name, deed, about, inserted_at)
     VALUES ($1, $2, 'streamer', '', 'tracked', '', $3)",
];

async fn run(db: &Db, statement: &'static str, key: &str, user: &str, at: Instant) {
    let done = match db {
        Db::Sqlite(pool) => sqlx::query(statement)
            .bind(key)
            .bind(user)
            .bind(at)
            .execute(pool)
            .await
            .map(|done| done.rows_affected()),
        Db::Postgres(pool) => sqlx::query(statement)
            .bind(key)
            .bind(user)
            .bind(at)
            .execute(pool)
            .await
            .map(|done| done.rows_affected()),
    };
    assert_eq!(done.expect("a row"), 1);
}

async fn ids(db: &Db, query: &'static str) -> Vec<String> {
    match db {
        Db::Sqlite(pool) => sqlx::query_scalar(query).fetch_all(pool).await.expect("rows"),
        Db::Postgres(pool) => sqlx::query_scalar(query).fetch_all(pool).await.expect("rows"),
    }
}

on_both! {
    the_oldest_plays_of_a_streamer_go_first_and_what_is_kept_stays,
    a_stream_goes_when_nothing_of_it_is_left_and_takes_along_what_belongs_to_it,
    what_has_an_age_of_its_own_goes_by_it,
    a_client_id_that_rests_or_has_spent_is_not_forgotten,
    a_sweep_is_done_once_it_has_ended_and_adds_up_what_it_deleted,
    what_a_streamer_wants_deleted_goes_and_is_stored_no_more,
}
