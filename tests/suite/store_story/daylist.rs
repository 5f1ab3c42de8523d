//! What the day list reads: days, streams, neighbours.

use super::{Shelf, at, heart, people, play, streamer};
use crate::house::database::on_both;
use airlog::base::id::GapId;
use airlog::daylist::store as days;
use airlog::live::gaps::{Gap, Reason};
use airlog::live::model::Stream;
use chrono::TimeDelta;

const HOUR: i64 = 3_600;
const MILLISECOND: TimeDelta = TimeDelta::milliseconds(1);

/// Two streams: one of two plays that is over, and one of one play with a gap that is on air.
async fn two_streams(shelf: &Shelf) -> (Stream, Stream) {
    let db = &shelf.db;
    let first = shelf.stream("first", 0).await;
    let plays = [play(&first, "a", 10), play(&first, "b", HOUR)];
    heart::insert_plays(db, &plays, at(HOUR)).await.expect("stored");
    let first = Stream { ended_at: Some(at(2 * HOUR)), ..first };
    heart::put_stream(db, &first, at(2 * HOUR)).await.expect("ended");
    let second = shelf.stream("second", 10 * HOUR).await;
    heart::insert_plays(db, &[play(&second, "c", 11 * HOUR)], at(11 * HOUR)).await.expect("stored");
    let gap = Gap {
        id: GapId::derived(at(12 * HOUR), &["gap"]),
        user_id: shelf.ann.id,
        stream_id: second.id,
        from: at(12 * HOUR),
        to: None,
        reason: Reason::RateLimited,
        healed: false,
    };
    heart::put_gaps(db, &[gap], at(12 * HOUR)).await.expect("a gap");
    (first, second)
}

async fn a_day_is_what_began_in_it() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let (first, second) = two_streams(&shelf).await;
    let names = async |from, to| {
        let tracks = days::between(db, ann, at(from), at(to), None).await.expect("an answer");
        tracks.into_iter().map(|track| track.uri.replace("spotify:track:", "")).collect::<Vec<_>>()
    };
    assert_eq!(names(0, 24 * HOUR).await, ["a", "b", "c"]);
    assert_eq!(names(10, HOUR).await, ["a"], "from its first instant, up to the next day's");
    let known = days::between(db, ann, at(0), at(24 * HOUR), Some(at(11 * HOUR) - MILLISECOND)).await;
    assert_eq!(known.expect("an answer").len(), 2, "one was stored later");
    let since = days::stored_since(db, ann, at(HOUR), at(HOUR)).await.expect("an answer");
    let since: Vec<_> = since.into_iter().map(|(stored, track)| (stored, track.provider_id)).collect();
    assert_eq!(since, [(at(11 * HOUR), Some("c".to_owned()))]);
    let all = days::stored_since(db, ann, at(HOUR), at(0)).await.expect("an answer");
    assert_eq!(all.len(), 2, "what began earlier is not asked for");
    assert!(names(2 * HOUR, 9 * HOUR).await.is_empty());
    let gaps = async |from, to| days::gaps_between(db, ann, at(from), at(to)).await.expect("gaps").len();
    assert_eq!(
        (gaps(0, 12 * HOUR).await, gaps(20 * HOUR, 30 * HOUR).await),
        (0, 1),
        "one that lasts is in every day"
    );
    let between = days::streams_between(db, ann, at(HOUR), at(10 * HOUR + 1)).await.expect("an answer");
    assert_eq!(between.iter().map(|stream| stream.id).collect::<Vec<_>>(), [first.id, second.id]);
    assert!(days::streams_between(db, ann, at(3 * HOUR), at(4 * HOUR)).await.expect("an answer").is_empty());
    db.close().await;
}

async fn a_stream_is_found_by_whoever_it_belongs_to() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let (first, second) = two_streams(&shelf).await;
    let bob = people::add(db, &super::key(), &streamer("bob", "1002"), at(0)).await.expect("bob").id;
    assert_eq!(
        days::stream(db, ann, first.id).await.expect("an answer").expect("it").ended_at,
        first.ended_at
    );
    assert_eq!(days::stream(db, bob, first.id).await.expect("an answer"), None);
    assert_eq!(days::of_stream(db, ann, first.id, None).await.expect("plays").len(), 2);
    let known = days::of_stream(db, ann, first.id, Some(at(HOUR) - MILLISECOND)).await.expect("plays");
    assert!(known.is_empty(), "they were stored together");
    assert!(days::of_stream(db, bob, first.id, None).await.expect("plays").is_empty());
    assert_eq!(days::gaps_of_stream(db, ann, second.id).await.expect("gaps").len(), 1);
    let latest = async |until| days::latest_stream(db, ann, until).await.expect("an answer");
    assert_eq!(latest(None).await.map(|stream| stream.id), Some(second.id));
    assert_eq!(latest(Some(at(9 * HOUR))).await.map(|stream| stream.id), Some(first.id));
    assert_eq!(latest(Some(at(-1))).await, None);
    assert_eq!(days::latest_stream(db, bob, None).await.expect("an answer"), None);
    assert_eq!(days::on_air(db).await.expect("an answer"), [ann]);
    heart::put_stream(db, &Stream { ended_at: Some(at(13 * HOUR)), ..second.clone() }, at(13 * HOUR))
        .await
        .expect("over");
    assert!(days::on_air(db).await.expect("an answer").is_empty());
    assert_eq!(latest(None).await.map(|stream| stream.id), Some(second.id));
    db.close().await;
}

async fn days_with_music_know_their_neighbours() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    two_streams(&shelf).await;
    let before = async |second| days::last_before(db, ann, at(second), None).await.expect("an answer");
    let from = async |second| days::first_from(db, ann, at(second), None).await.expect("an answer");
    assert_eq!((before(10).await, before(11).await), (None, Some(at(10))));
    assert_eq!((from(HOUR).await, from(11 * HOUR + 1).await), (Some(at(HOUR)), None));
    let early = Some(at(HOUR) - MILLISECOND);
    assert_eq!(days::last_before(db, ann, at(HOUR), early).await.expect("an answer"), None);
    assert_eq!(days::first_from(db, ann, at(HOUR), early).await.expect("an answer"), None);
    assert!(days::each_hour(db, ann, at(0), at(24 * HOUR), early).await.expect("an answer").is_empty());
    let hours = days::each_hour(db, ann, at(0), at(24 * HOUR), None).await.expect("an answer");
    let mut firsts: Vec<_> = hours.into_iter().map(|(first, _)| first).collect();
    firsts.sort_unstable();
    assert_eq!(firsts, [at(10), at(HOUR), at(11 * HOUR)]);
    db.close().await;
}

on_both! {
    a_day_is_what_began_in_it,
    a_stream_is_found_by_whoever_it_belongs_to,
    days_with_music_know_their_neighbours,
}
