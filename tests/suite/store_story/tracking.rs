//! What streamers decide about tracking, and what they want ignored.

use super::{Shelf, at, heart, people};
use crate::house::database::on_both;
use airlog::base::id::{RuleId, StreamId, UserId};
use airlog::db::is_refused;
use airlog::live::control::{Action, Override};
use airlog::live::gaps::{Gap, Reason};
use airlog::live::ignore::{IgnoreRule, Kind};
use airlog::live::model::{Ignored, Stream};

fn decided(action: Action, stream: Option<StreamId>, made: i64) -> Override {
    Override { action, stream, ends_at: stream.is_none().then(|| at(900)), made_at: at(made) }
}

async fn what_is_decided_by_hand_stands_until_it_is_lifted() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let stream = shelf.stream("first", 0).await;
    let (start, pause) = (decided(Action::Start, None, 1), decided(Action::Pause, None, 2));
    for one in [&start, &pause, &start] {
        heart::put_override(db, ann, one).await.expect("kept");
    }
    let kept = heart::overrides_of(db, ann).await.expect("an answer");
    assert_eq!(kept.0, [pause.clone(), start.clone()]);
    let all = heart::overrides(db).await.expect("an answer");
    assert_eq!((all.len(), all[&ann].get(Action::Start)), (1, Some(&start)));

    // A pass that was about to change what has been decided anew meanwhile changes nothing.
    let anew = decided(Action::Start, None, 5);
    heart::put_override(db, ann, &anew).await.expect("kept");
    heart::bind_override(db, ann, &start, stream.id).await.expect("too late");
    heart::drop_override(db, ann, &start).await.expect("too late");
    assert_eq!(heart::overrides_of(db, ann).await.expect("an answer").get(Action::Start), Some(&anew));
    heart::bind_override(db, ann, &anew, stream.id).await.expect("bound");
    let bound = Override { stream: Some(stream.id), ..anew.clone() };
    assert_eq!(heart::overrides_of(db, ann).await.expect("an answer").get(Action::Start), Some(&bound));
    heart::drop_override(db, ann, &anew).await.expect("gone");
    heart::lift_overrides(db, ann, &[Action::Stop, Action::Pause]).await.expect("gone");
    assert!(heart::overrides(db).await.expect("an answer").is_empty());

    let stop = decided(Action::Stop, Some(stream.id), 6);
    heart::put_override(db, ann, &stop).await.expect("kept");
    let nobody = heart::put_override(db, UserId::random(at(0)), &stop).await;
    assert!(is_refused(&nobody.expect_err("nobody decides")));
    people::remove(db, "ann").await.expect("gone");
    assert!(heart::overrides(db).await.expect("an answer").is_empty(), "it went along");
    db.close().await;
}

async fn the_stream_on_air_is_the_one_that_has_not_ended() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    assert_eq!(heart::open_stream(db, ann).await.expect("an answer"), None);
    let stream = shelf.stream("first", 0).await;
    assert_eq!(heart::open_stream(db, ann).await.expect("an answer"), Some(stream.clone()));
    let ended = Stream { ended_at: Some(at(9)), ..stream };
    heart::put_stream(db, &ended, at(9)).await.expect("ended");
    assert_eq!(heart::open_stream(db, ann).await.expect("an answer"), None);
    db.close().await;
}

async fn a_pause_is_known_while_it_lasts_and_when_it_ended() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let other = Gap::opened(&stream, at(5), Reason::Database);
    let pause = Gap::opened(&stream, at(10), Reason::Paused);
    heart::put_gaps(db, &[other, pause.clone()], at(10)).await.expect("opened");
    let open = heart::open_pauses(db).await.expect("an answer");
    assert_eq!((open.len(), open.get(&stream.id)), (1, Some(&pause)));
    assert_eq!(heart::paused_until(db, stream.id).await.expect("an answer"), None);
    for (from, to) in [(10, 30), (12, 20)] {
        let over = Gap { to: Some(at(to)), ..Gap::opened(&stream, at(from), Reason::Paused) };
        heart::put_gaps(db, &[over], at(31)).await.expect("closed");
    }
    assert!(heart::open_pauses(db).await.expect("an answer").is_empty());
    assert_eq!(heart::paused_until(db, stream.id).await.expect("an answer"), Some(at(30)));
    db.close().await;
}

async fn a_rule_is_there_once_and_belongs_to_its_streamer() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let rule = |second, kind, value: &str| IgnoreRule {
        id: RuleId::derived(at(second), &["rule"]),
        kind,
        value: value.to_owned(),
    };
    let first = rule(1, Kind::Device, "Küche '\"\\");
    let second = rule(2, Kind::Artist, "Küche '\"\\");
    for one in [&first, &second, &first] {
        assert_eq!(&heart::put_ignore_rule(db, ann, one, at(3)).await.expect("kept"), one);
    }
    let again = heart::put_ignore_rule(db, ann, &rule(4, Kind::Device, "Küche '\"\\"), at(4)).await;
    assert_eq!(again.expect("the one that is there"), first);
    let both = [first.clone(), second.clone()];
    assert_eq!(heart::ignore_rules_of(db, ann).await.expect("an answer"), both);
    assert_eq!(heart::ignore_rules(db).await.expect("an answer").get(&ann).expect("rules"), &both);
    let stranger = UserId::random(at(0));
    assert!(!heart::drop_ignore_rule(db, stranger, first.id).await.expect("an answer"), "not theirs");
    assert!(heart::drop_ignore_rule(db, ann, first.id).await.expect("gone"));
    assert!(!heart::drop_ignore_rule(db, ann, first.id).await.expect("gone already"));
    assert_eq!(heart::ignore_rules_of(db, ann).await.expect("an answer"), [second]);
    db.close().await;
}

async fn an_ignored_play_is_remembered_once_and_goes_with_its_stream() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let play = |name: &str, second| Ignored {
        stream_id: stream.id,
        uri: format!("spotify:track:{name}"),
        duration_ms: 201_000,
        started_at: at(second),
    };
    assert_eq!(heart::last_ignored(db, stream.id).await.expect("an answer"), None);
    let all = [play("a", 10), play("b", 20), play("a", 30)];
    for some in [&all[2..], &all[..], &all[..], &[]] {
        heart::put_ignored(db, some, at(40)).await.expect("kept");
    }
    assert_eq!(heart::ignored(db, stream.id).await.expect("an answer"), all);
    assert_eq!(heart::last_ignored(db, stream.id).await.expect("an answer").as_ref(), all.last());
    let nowhere = Ignored { stream_id: StreamId::random(at(0)), ..all[0].clone() };
    assert!(is_refused(&heart::put_ignored(db, &[nowhere], at(41)).await.expect_err("no such stream")));
    people::remove(db, "ann").await.expect("gone");
    assert!(heart::ignored(db, stream.id).await.expect("an answer").is_empty());
    db.close().await;
}

on_both! {
    what_is_decided_by_hand_stands_until_it_is_lifted,
    the_stream_on_air_is_the_one_that_has_not_ended,
    a_pause_is_known_while_it_lasts_and_when_it_ended,
    a_rule_is_there_once_and_belongs_to_its_streamer,
    an_ignored_play_is_remembered_once_and_goes_with_its_stream,
}
