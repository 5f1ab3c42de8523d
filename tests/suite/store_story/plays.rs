//! Plays, gaps and jumps: written as often as one likes, there once.

use super::{Shelf, at, heart, people, play};
use crate::house::database::on_both;
use airlog::base::id::{GapId, UserId};
use airlog::db::is_refused;
use airlog::live::gaps::{Gap, Reason};
use airlog::live::model::{Jump, Play};

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
    let starts: Vec<_> = heart::gaps(db, stream.id).await.expect("gaps").iter().map(|gap| gap.from).collect();
    assert_eq!(starts, [at(10), at(30), at(50)]);
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
    a_gap_closes_once_and_heals_for_good,
    a_jump_is_remembered_once_and_goes_with_its_stream,
}
