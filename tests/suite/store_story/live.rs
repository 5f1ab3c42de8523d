//! The heart: evidence, streams, when they are healed, budgets and crashes.

use super::{Shelf, at, heart, people};
use crate::house::database::on_both;
use airlog::base::clock::whole_millis;
use airlog::base::id::{StreamId, UserId};
use airlog::clients::spotify::Limit;
use airlog::db::is_refused;
use airlog::live::Broadcast;
use airlog::live::budget::{Budget, Rest};
use airlog::live::crash::Crash;
use airlog::live::evidence::{Evidence, Source};
use airlog::live::model::Stream;
use airlog::live::store::Span;
use chrono::TimeDelta;

async fn evidence_is_the_newest_word() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    assert_eq!(heart::evidence_of(db, ann).await.expect("an answer"), None);
    let broadcast = Broadcast { twitch_id: "41".into(), kind: "live".into(), started_at: at(1) };
    let on = Evidence { broadcast: Some(broadcast), source: Source::Hint, seen_at: at(2), misses: 0 };
    let off = Evidence { broadcast: None, source: Source::Streams, seen_at: at(3), misses: 2 };
    for evidence in [&on, &on, &off] {
        heart::put_evidence(db, ann, evidence).await.expect("kept");
        assert_eq!(heart::evidence_of(db, ann).await.expect("an answer").as_ref(), Some(evidence));
    }
    let all = heart::evidence(db, Span::ALL).await.expect("an answer");
    assert_eq!((all.len(), all.get(&ann)), (1, Some(&off)));
    let nobody = heart::put_evidence(db, UserId::random(at(0)), &on).await;
    assert!(is_refused(&nobody.expect_err("nobody is on air")), "trying again cannot help");

    let both = [(UserId::random(at(0)), on.clone()), (ann, on.clone())];
    heart::put_all_evidence(db, &both).await.expect("kept");
    let all = heart::evidence(db, Span::ALL).await.expect("an answer");
    assert_eq!((all.len(), all.get(&ann)), (1, Some(&on)), "whoever is gone is left out");
    heart::put_all_evidence(db, &[(ann, off.clone())]).await.expect("kept");
    assert_eq!(heart::evidence_of(db, ann).await.expect("an answer"), Some(off));
    heart::put_all_evidence(db, &[]).await.expect("nobody");
    db.close().await;
}

async fn a_streamer_has_one_stream_on_air() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let first = shelf.stream("first", 0).await;
    assert_eq!(heart::open_streams(db, Span::ALL).await.expect("an answer"), std::slice::from_ref(&first));
    let second = Stream { id: StreamId::derived(at(9), &["second"]), started_at: at(9), ..first.clone() };
    let refused = heart::put_stream(db, &second, at(9)).await.expect_err("one is on air");
    assert!(is_refused(&refused), "{refused}");

    heart::touch_streams(db, &[shelf.ann.id], at(20)).await.expect("seen");
    heart::note_followed(db, &[first.id], at(21)).await.expect("followed");
    let seen = Stream { seen_at: at(20), followed_until: Some(at(21)), ..first.clone() };
    assert_eq!(heart::last_stream(db, shelf.ann.id).await.expect("an answer"), Some(seen.clone()));
    heart::touch_streams(db, &[], at(30)).await.expect("nobody");

    let ended = Stream { ended_at: Some(at(25)), ..seen };
    for _ in 0..2 {
        heart::put_stream(db, &ended, at(25)).await.expect("ended");
    }
    heart::touch_streams(db, &[shelf.ann.id], at(40)).await.expect("seen");
    assert_eq!(heart::last_stream(db, shelf.ann.id).await.expect("an answer"), Some(ended), "it is over");
    heart::put_stream(db, &second, at(41)).await.expect("the next one");
    assert_eq!(heart::open_streams(db, Span::ALL).await.expect("an answer"), std::slice::from_ref(&second));
    assert_eq!(heart::last_stream(db, shelf.ann.id).await.expect("an answer"), Some(second));
    db.close().await;
}

async fn everybody_is_on_one_page_of_a_book() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let off = Evidence { broadcast: None, source: Source::Hint, seen_at: at(1), misses: 0 };
    heart::put_evidence(db, ann, &off).await.expect("kept");
    let stream = shelf.stream("tonight", 0).await;
    let (nobody, everybody) = (UserId::random(at(-1_000)), UserId::random(at(9_000_000)));
    let ends = [UserId::FIRST, nobody, ann, everybody, UserId::LAST];
    let pages = ends.windows(2).map(|ends| Span { after: ends[0], upto: ends[1] });
    for (number, page) in pages.enumerate() {
        let evidence = heart::evidence(db, page).await.expect("an answer");
        let streams = heart::open_streams(db, page).await.expect("an answer");
        let is_hers = number == 1;
        assert_eq!((evidence.contains_key(&ann), streams.contains(&stream)), (is_hers, is_hers), "{page:?}");
        assert_eq!(page.has(ann), is_hers);
    }
    db.close().await;
}

async fn streams_are_healed_when_they_are_due_and_no_stream_is_forgotten() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let due = async |second| heart::due(db, at(second)).await.expect("an answer").len();
    assert_eq!((due(-1).await, due(0).await), (0, 1), "a new stream is due at once");
    heart::heal_at(db, stream.id, Some(at(100)), at(0)).await.expect("planned");
    assert_eq!((due(99).await, due(100).await), (0, 1));
    // Something happened while it was healed: that healing must not put it off.
    heart::heal_soon(db, stream.id, at(50)).await.expect("hastened");
    heart::heal_at(db, stream.id, Some(at(900)), at(49)).await.expect("an answer");
    assert_eq!(due(50).await, 1);
    heart::heal_at(db, stream.id, None, at(60)).await.expect("never again");
    assert_eq!(due(10_000).await, 0);
    heart::heal_open(db, at(70)).await.expect("at a start");
    assert_eq!((due(69).await, due(70).await), (0, 1), "what is on air is healed at a start");
    db.close().await;
}

async fn neither_a_rest_nor_what_was_spent_is_made_less() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let full = Budget::new(Some(60), TimeDelta::minutes(1), at(0));
    let mut early = full.clone();
    early.rest(Rest { until: at(100), limit: Limit::Quota });
    let mut shorter = full.clone();
    shorter.rest(Rest { until: at(99), limit: Limit::Rate });
    early.spend(1, at(10));
    for budget in [&early, &full, &shorter, &early] {
        heart::put_budget(db, "app", budget, at(20)).await.expect("kept");
    }
    let kept = heart::budgets(db).await.expect("an answer");
    let (rest, full_at) = (Rest { until: at(100), limit: Limit::Quota }, Some(whole_millis(early.full_at())));
    assert_eq!(kept, [heart::Kept { client_id: "app".to_owned(), rest, full_at }]);
    db.close().await;
}

async fn the_last_crash_of_a_session_is_kept_with_its_stream() {
    let shelf = Shelf::filled().await;
    let db = &shelf.db;
    let stream = shelf.stream("first", 0).await;
    let first = Crash::after(None, at(0), at(5), "no reason \0 at all", 1.0 / 3.0);
    let second = Crash::after(Some(&first), at(6), at(7), "the same", 1.0);
    for crash in [&first, &second, &second] {
        heart::put_crash(db, stream.id, crash).await.expect("kept");
        let kept = heart::crashes_since(db, at(0)).await.expect("an answer");
        assert_eq!(kept.get(&stream.id), Some(crash), "however odd the rest that the dice gave");
    }
    let kept = heart::crashes_since(db, at(7)).await.expect("an answer");
    assert_eq!(kept.get(&stream.id), Some(&second));
    assert_eq!(second.rests_until - second.failed_at, TimeDelta::seconds(2));
    assert!(heart::crashes_since(db, at(8)).await.expect("an answer").is_empty());
    people::remove(db, "ann").await.expect("gone");
    assert!(heart::crashes_since(db, at(0)).await.expect("an answer").is_empty(), "it went along");
    db.close().await;
}

on_both! {
    evidence_is_the_newest_word,
    a_streamer_has_one_stream_on_air,
    everybody_is_on_one_page_of_a_book,
    streams_are_healed_when_they_are_due_and_no_stream_is_forgotten,
    neither_a_rest_nor_what_was_spent_is_made_less,
    the_last_crash_of_a_session_is_kept_with_its_stream,
}
