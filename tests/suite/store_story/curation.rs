//! The list by hand: hidden and restored, corrected and added as often as one likes, undone once.

use super::{Shelf, at, heart, people, play};
use crate::house::database::on_both;
use airlog::base::id::{ActId, PlayId, UserId};
use airlog::curation::model::{Airtime, Listed, Missed, Title};
use airlog::curation::store as hands;
use airlog::curation::store::Undoing;
use airlog::daylist::store as days;
use airlog::db::{Db, Resident};
use airlog::hub::{Ghost, Track};
use airlog::live::model::{Play, Source, Stream};
use airlog::live::{Act, ActKind, Hide};
use std::collections::BTreeMap;

const HOUR: i64 = 3_600;

fn act(second: i64, kind: ActKind) -> Act {
    Act { id: ActId::derived(at(second), &[kind.word()]), kind }
}

fn hide(shelf: &Shelf, second: i64, act: Option<Act>) -> Hide {
    Hide { user_id: shelf.ann.id, at: at(second), act }
}

fn missed(shelf: &Shelf, name: &str, began: i64) -> Track {
    let (artist, started_at) = ("夜のラジオ".to_owned(), Some(at(began)));
    let missed = Missed { name: name.into(), artist, started_at, ..Missed::default() };
    airlog::curation::rules::added(shelf.ann.id, &missed, None, at(HOUR)).expect("a track")
}

async fn three(shelf: &Shelf) -> (Stream, Vec<Play>) {
    let stream = shelf.stream("first", 0).await;
    let plays: Vec<Play> =
        ["a", "b", "c"].iter().zip([10, 20, 30]).map(|(name, second)| play(&stream, name, second)).collect();
    heart::insert_plays(&shelf.db, &plays, at(40)).await.expect("stored");
    (stream, plays)
}

async fn hidden(db: &Db, user: UserId) -> Vec<PlayId> {
    let all = hands::between(db, user, at(0), at(HOUR)).await.expect("an answer");
    all.iter().filter(|play| play.is_hidden()).map(|play| play.track.id).collect()
}

async fn what_an_act_hides_comes_back_once() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let (stream, plays) = three(&shelf).await;
    let live = Airtime { from: stream.started_at, until: None };
    assert_eq!(hands::streams(db, ann, at(HOUR)).await.expect("an answer"), [live]);
    assert!(hands::streams(db, UserId::random(at(0)), at(0)).await.expect("an answer").is_empty());
    let last = act(50, ActKind::HideMinutes);
    heart::hide(db, plays[0].id, &hide(&shelf, 45, None)).await.expect("hidden");
    for play in &plays {
        for _ in 0..2 {
            heart::hide(db, play.id, &hide(&shelf, 50, Some(last))).await.expect("hidden");
        }
    }
    assert_eq!(hidden(db, ann).await.len(), 3);
    assert_eq!(days::hidden_since(db, ann, at(15)).await.expect("an answer").len(), 2);
    assert!(hands::newest(db, ann, 5).await.expect("an answer").is_empty());
    let acts = hands::acts(db, ann, at(49), 5).await.expect("an answer");
    assert_eq!((acts.len(), acts[0].id, acts[0].kind, acts[0].plays), (1, last.id, ActKind::HideMinutes, 2));
    assert!(hands::acts(db, ann, at(50), 5).await.expect("an answer").is_empty(), "long ago");

    let stranger = UserId::random(at(0));
    assert_eq!(hands::undo(db, stranger, last.id, at(60)).await.expect("an answer"), Undoing::Unknown);
    let Undoing::Done(back) = hands::undo(db, ann, last.id, at(60)).await.expect("an answer") else {
        panic!("it was not undone")
    };
    assert_eq!(back.len(), 2, "what was hidden before by itself stays so");
    assert_eq!(hidden(db, ann).await, [plays[0].id]);
    assert_eq!(hands::undo(db, ann, last.id, at(61)).await.expect("an answer"), Undoing::Before);
    assert!(hands::acts(db, ann, at(0), 5).await.expect("an answer").is_empty());

    let restored = hands::restore(db, ann, plays[0].id, at(62)).await.expect("an answer").expect("a play");
    assert_eq!((restored.track.id, restored.is_hidden(), restored.hidden_act), (plays[0].id, false, None));
    assert_eq!(hands::restore(db, stranger, plays[0].id, at(62)).await.expect("an answer"), None);
    db.close().await;
}

async fn a_play_can_be_stored_hidden_and_two_at_once_undo_an_act_once() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let stream = shelf.stream("first", 0).await;
    let ghost = act(5, ActKind::Ghost);
    let on = hands::ghost_since(db, ann, ghost.id, at(5)).await.expect("an answer");
    assert_eq!(on, Some(Ghost { act: ghost.id, from: at(5), until: None }));
    let plays = [play(&stream, "a", 10), play(&stream, "b", 20)];
    let hides = BTreeMap::from([(plays[1].id, hide(&shelf, 20, Some(ghost)))]);
    heart::insert_with(db, &Resident::default(), &plays, &hides, at(30)).await.expect("stored");
    assert_eq!(hidden(db, ann).await, [plays[1].id]);
    let (one, other) =
        tokio::join!(hands::undo(db, ann, ghost.id, at(40)), hands::undo(db, ann, ghost.id, at(40)));
    let done = [one, other].map(|undoing| undoing.expect("an answer"));
    let won = done.iter().filter(|undoing| matches!(undoing, Undoing::Done(back) if back.len() == 1)).count();
    assert_eq!((won, done.contains(&Undoing::Before)), (1, true), "{done:?}");
    assert_eq!(hands::ghost(db, ann).await.expect("an answer"), None, "undone is off");
    assert!(heart::ghosts(db, ann, at(0)).await.expect("an answer").is_empty(), "as if it had never been");
    db.close().await;
}

async fn ghost_mode_is_on_once_and_remembered_when_it_is_off() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    assert_eq!(hands::end_ghost(db, ann, at(1)).await.expect("an answer"), None);
    let [first, second] = [10, 11].map(|second| act(second, ActKind::Ghost).id);
    for id in [first, second] {
        let ghost = hands::ghost_since(db, ann, id, at(10)).await.expect("an answer").expect("it is on");
        assert_eq!(ghost.act, first, "it was on already");
    }
    assert_eq!(hands::ghost(db, ann).await.expect("an answer").map(|ghost| ghost.act), Some(first));
    assert_eq!(hands::end_ghost(db, ann, at(20)).await.expect("an answer"), Some(first));
    assert_eq!(hands::ghost(db, ann).await.expect("an answer"), None);
    hands::ghost_since(db, ann, second, at(30)).await.expect("on again");
    let ghosts = heart::ghosts(db, ann, at(0)).await.expect("an answer");
    let over = Ghost { act: first, from: at(10), until: Some(at(20)) };
    assert_eq!(ghosts, [over, Ghost { act: second, from: at(30), until: None }]);
    assert_eq!(heart::ghosts(db, ann, at(20)).await.expect("an answer").len(), 1);
    people::remove(db, "ann").await.expect("gone");
    assert!(heart::ghosts(db, ann, at(0)).await.expect("an answer").is_empty());
    db.close().await;
}

async fn a_correction_holds_and_the_first_title_is_remembered() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let (stream, plays) = three(&shelf).await;
    let before =
        Title::of(&hands::play(db, ann, plays[1].id).await.expect("an answer").expect("a play").track);
    let title = |name: &str| Title { name: name.into(), artists: vec!["A".into(), "B".into()], album: None };
    for (name, was) in [("right", before.clone()), ("righter", title("right"))] {
        let said = title(name);
        let corrected = hands::correct(db, ann, plays[1].id, (&said, &was), at(50)).await.expect("an answer");
        let Listed { track, corrected_at, original, .. } = corrected.expect("a play");
        assert_eq!((Title::of(&track), track.artist.as_str()), (said, "A, B"));
        assert_eq!((corrected_at, original), (Some(at(50)), Some(before.clone())));
    }
    heart::insert_plays(db, &plays, at(60)).await.expect("left as it is");
    let known = heart::plays(db, stream.id).await.expect("an answer");
    let touched: Vec<_> =
        known.iter().map(|known| (known.corrected, known.play.track.name.as_str())).collect();
    assert_eq!((touched[1], touched[0].0), ((true, "righter"), false));
    let nobody = UserId::random(at(0));
    let refused = hands::correct(db, nobody, plays[1].id, (&before, &before), at(60)).await;
    assert_eq!(refused.expect("an answer"), None);
    assert_eq!(hands::play(db, nobody, plays[1].id).await.expect("an answer"), None);
    db.close().await;
}

async fn a_missed_track_is_there_once_and_says_nothing_about_the_player() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let offline = missed(&shelf, "before the stream", -100);
    assert!(hands::add(db, ann, &offline, None, at(40)).await.expect("added"));
    let (stream, plays) = three(&shelf).await;
    let during = missed(&shelf, "during the stream", 35);
    assert!(hands::add(db, ann, &during, None, at(40)).await.expect("added"));
    assert!(!hands::add(db, ann, &during, None, at(41)).await.expect("it is there"));
    let same = hands::same(db, ann, &during).await.expect("an answer").expect("a play");
    assert_eq!((same.track, same.noticed_at), (during.clone(), at(40)), "to the letter");
    let by_hand = heart::by_hand(db, stream.id).await.expect("an answer");
    assert_eq!(
        by_hand.iter().map(|play| (play.id, play.source)).collect::<Vec<_>>(),
        [(during.id, Source::Manual)]
    );
    assert_eq!(heart::last_play(db, stream.id).await.expect("an answer").as_ref(), plays.last());
    assert_eq!(heart::plays(db, stream.id).await.expect("an answer").len(), 3);
    let ghost = act(5, ActKind::Ghost).id;
    let kept = missed(&shelf, "in ghost mode", 36);
    assert!(hands::add(db, ann, &kept, Some(ghost), at(41)).await.expect("added"));
    assert_eq!(hidden(db, ann).await, [kept.id]);
    assert_eq!(hands::newest(db, ann, 2).await.expect("an answer").len(), 2);
    db.close().await;
}

on_both! {
    what_an_act_hides_comes_back_once,
    a_play_can_be_stored_hidden_and_two_at_once_undo_an_act_once,
    ghost_mode_is_on_once_and_remembered_when_it_is_off,
    a_correction_holds_and_the_first_title_is_remembered,
    a_missed_track_is_there_once_and_says_nothing_about_the_player,
}
