//! Plays, gaps and jumps: written as often as one likes, there once.

use super::{Shelf, at, heart, people, play};
use crate::house::database::on_both;
use airlog::base::id::{GapId, UserId};
use airlog::daylist::store as days;
use airlog::db::{Db, is_refused};
use airlog::live::Hide;
use airlog::live::gaps::{Gap, Reason};
use airlog::live::model::{Jump, Play, Stream};

async fn a_play_is_there_once_as_it_was_however_often_it_is_written() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let all = ["a", "b", "c"].iter().zip([10, 20, 30]).map(|(name, second)| play(&stream, name, second));
    let all: Vec<Play> = all.collect();
    for some in [&all[1..2], &all[..], &all[..], &[]] {
        heart::insert_plays(db, some, at(40)).await.expect("stored");
    }
    let stored = heart::plays(db, stream.id).await.expect("an answer");
    let stored: Vec<Play> = stored.into_iter().map(|known| known.play).collect();
    assert_eq!(stored, all, "in order, to the letter and to the millisecond");
    assert_eq!(heart::last_play(db, stream.id).await.expect("an answer").as_ref(), all.last());

    // The same track of the same streamer at the same instant is the same play, whatever its id.
    let twin = Play { id: play(&stream, "x", 30).id, ..all[2].clone() };
    heart::insert_plays(db, &[twin], at(41)).await.expect("left as it is");
    heart::drop_play(db, all[0].id).await.expect("dropped");
    heart::drop_play(db, all[0].id).await.expect("it is gone already");
    let hide = Hide { user_id: shelf.ann.id, at: at(42), act: None };
    heart::hide(db, all[1].id, &hide).await.expect("hidden");
    heart::drop_play(db, all[1].id).await.expect("somebody has decided about it meanwhile");
    assert_eq!(heart::plays(db, stream.id).await.expect("an answer").len(), 2);
    db.close().await;
}

async fn what_can_never_be_stored_is_told_from_what_may_be_later() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let nobodys = Play { user_id: UserId::random(at(0)), ..play(&stream, "a", 10) };
    let refused = heart::insert_plays(db, &[play(&stream, "b", 20), nobodys], at(40)).await;
    assert!(is_refused(&refused.expect_err("nobody's play")));
    assert!(
        heart::plays(db, stream.id).await.expect("an answer").is_empty(),
        "one statement, all or nothing"
    );
    let mut endless = play(&stream, "c", 30);
    endless.track.duration_ms = -1;
    assert!(is_refused(&heart::insert_plays(db, &[endless], at(40)).await.expect_err("no length")));
    db.close().await;
    let gone = heart::insert_plays(db, &[play(&stream, "d", 40)], at(41)).await.expect_err("no database");
    assert!(!is_refused(&gone), "this may be tried again");
}

/// What `PostgreSQL` cannot hold must not stand in the way of everything behind it. `SQLite` holds it.
async fn what_does_not_fit_is_held_or_refused_for_good() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let mut nul = play(&stream, "nul", 10);
    nul.track.name = "a\0b".into();
    // No two parts are alike, so that nothing can be packed.
    let endless: String =
        (0..500).map(|second| play(&stream, &second.to_string(), second).id.to_string()).collect();
    for odd in [nul, play(&stream, &endless, 20)] {
        match heart::insert_plays(db, std::slice::from_ref(&odd), at(40)).await {
            Ok(()) => {
                assert_eq!(heart::last_play(db, stream.id).await.expect("an answer"), Some(odd));
            }
            Err(error) => assert!(is_refused(&error), "tried again for ever: {error}"),
        }
    }
    db.close().await;
}

async fn a_play_that_was_removed_does_not_return() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let removed = play(&stream, "a", 10);
    heart::insert_plays(db, std::slice::from_ref(&removed), at(20)).await.expect("stored");
    let hide = "UPDATE stream_tracks SET hidden_at = '2026-11-20T20:00:00+00:00'";
    match db {
        Db::Sqlite(pool) => drop(sqlx::query(hide).execute(pool).await.expect("hidden")),
        Db::Postgres(pool) => drop(sqlx::query(hide).execute(pool).await.expect("hidden")),
    }
    heart::insert_plays(db, std::slice::from_ref(&removed), at(30)).await.expect("left as it is");
    let known = heart::plays(db, stream.id).await.expect("an answer");
    assert!(known.len() == 1 && known[0].hidden && known[0].play == removed, "{known:?}");
    assert!(days::of_stream(db, shelf.ann.id, stream.id, None).await.expect("an answer").is_empty());
    assert_eq!(days::first_from(db, shelf.ann.id, at(0), None).await.expect("an answer"), None);
    db.close().await;
}

/// As many as may wait after an outage with thousands of streams on air: more than one statement can name.
async fn any_number_of_gaps_is_written_at_once() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let gap = |from| Gap {
        id: GapId::derived(at(from), &["gap"]),
        user_id: shelf.ann.id,
        stream_id: stream.id,
        from: at(from),
        to: None,
        reason: Reason::Database,
        healed: false,
    };
    let gaps: Vec<_> = (0..7_500).map(gap).collect();
    heart::put_gaps(db, &gaps, at(0)).await.expect("kept");
    assert_eq!(heart::gaps(db, stream.id).await.expect("gaps"), gaps);
    db.close().await;
}

async fn a_stream_ends_with_the_gap_that_is_open() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let open = Gap::opened(&stream, at(10), Reason::LinkLost);
    heart::put_gaps(db, std::slice::from_ref(&open), at(10)).await.expect("opened");
    let over = Stream { ended_at: Some(at(40)), ..stream.clone() };
    let closed = heart::end_stream(db, &over, at(40), at(60)).await.expect("ended");
    assert_eq!(closed, [Gap { to: Some(at(40)), ..open }]);
    assert_eq!(heart::open_stream(db, shelf.ann.id).await.expect("an answer"), None);
    assert_eq!(heart::open_gap(db, stream.id).await.expect("an answer"), None);
    let again = heart::end_stream(db, &over, at(41), at(61)).await.expect("ended still");
    assert!(again.is_empty(), "a gap closes once");
    db.close().await;
}

async fn a_gap_closes_once_and_heals_for_good() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let gap = |from, to: Option<i64>, healed| Gap {
        id: GapId::derived(at(from), &["gap"]),
        user_id: shelf.ann.id,
        stream_id: stream.id,
        from: at(from),
        to: to.map(at),
        reason: Reason::Database,
        healed,
    };
    let (open, closed, healed) = (gap(10, None, false), gap(10, Some(20), false), gap(10, Some(20), true));
    heart::put_gaps(db, &[], at(10)).await.expect("nothing");
    heart::put_gaps(db, std::slice::from_ref(&open), at(10)).await.expect("opened");
    assert_eq!(heart::open_gap(db, stream.id).await.expect("an answer"), Some(open.clone()));
    // In whatever order the words arrive, a gap is neither opened again nor unhealed.
    for word in [&closed, &open, &healed, &closed] {
        heart::put_gaps(db, std::slice::from_ref(word), at(21)).await.expect("kept");
    }
    assert_eq!(heart::gaps(db, stream.id).await.expect("an answer"), std::slice::from_ref(&healed));
    assert_eq!(heart::open_gap(db, stream.id).await.expect("an answer"), None);

    heart::put_gaps(db, &[gap(50, None, false), gap(30, None, false)], at(50)).await.expect("two more");
    let ended = heart::close_gaps(db, stream.id, at(40), at(60)).await.expect("closed with the stream");
    let ends: Vec<_> = ended.iter().map(|gap| (gap.from, gap.to)).collect();
    assert!(ends.contains(&(at(30), Some(at(40)))) && ends.contains(&(at(50), Some(at(50)))), "{ends:?}");
    assert!(heart::close_gaps(db, stream.id, at(41), at(61)).await.expect("an answer").is_empty());

    // What a session says in its last moment: closed by the next pass, once its stream is over.
    heart::put_gaps(db, &[gap(70, None, false)], at(70)).await.expect("a last word");
    assert!(heart::close_stale_gaps(db, at(71)).await.expect("an answer").is_empty(), "its stream is on air");
    let over = Stream { ended_at: Some(at(65)), ..stream.clone() };
    heart::put_stream(db, &over, at(72)).await.expect("ended");
    let stale = heart::close_stale_gaps(db, at(73)).await.expect("an answer");
    assert_eq!(stale, [gap(70, Some(70), false)], "no gap ends before it begins");
    let starts: Vec<_> = heart::gaps(db, stream.id).await.expect("gaps").iter().map(|gap| gap.from).collect();
    assert_eq!(starts, [at(10), at(30), at(50), at(70)]);
    db.close().await;
}

async fn a_jump_is_remembered_once_and_goes_with_its_stream() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let played = play(&stream, "a", 10).id;
    let jump = |second| Jump { play: played, stream_id: stream.id, at: at(second) };
    for second in [30, 20, 30] {
        heart::put_jump(db, &jump(second), at(40)).await.expect("kept");
    }
    assert_eq!(heart::jumps(db, stream.id).await.expect("an answer"), [jump(20), jump(30)]);
    people::remove(db, "ann").await.expect("gone");
    assert!(heart::jumps(db, stream.id).await.expect("an answer").is_empty());
    db.close().await;
}

on_both! {
    a_play_is_there_once_as_it_was_however_often_it_is_written,
    what_can_never_be_stored_is_told_from_what_may_be_later,
    what_does_not_fit_is_held_or_refused_for_good,
    a_play_that_was_removed_does_not_return,
    any_number_of_gaps_is_written_at_once,
    a_stream_ends_with_the_gap_that_is_open,
    a_gap_closes_once_and_heals_for_good,
    a_jump_is_remembered_once_and_goes_with_its_stream,
}
