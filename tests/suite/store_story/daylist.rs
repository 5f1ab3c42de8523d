//! What the day list reads: days, streams, neighbours, and what comes up most.

use super::{Shelf, at, heart, people, play, streamer};
use crate::house::database::on_both;
use airlog::base::id::{GapId, PlayId};
use airlog::daylist::model::Sieve;
use airlog::daylist::store as days;
use airlog::live::Hide;
use airlog::live::gaps::{Gap, Reason};
use airlog::live::model::{Play, Stream};
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
    let since: Vec<_> =
        since.into_iter().map(|(stored, track)| (stored, track.provider_id.clone())).collect();
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

/// Two plays of one track and two others, of which one is played by somebody alone.
async fn four_plays(shelf: &Shelf) -> (Stream, Vec<Play>) {
    let stream = shelf.stream("first", 0).await;
    let mut plays: Vec<Play> = [("a", 10), ("b", 900), ("a", HOUR), ("c", 2 * HOUR)]
        .map(|(name, second)| play(&stream, name, second))
        .to_vec();
    plays[1].track.artists = vec!["Ünder".into()];
    plays[2].track.name = "newly named".into();
    heart::insert_plays(&shelf.db, &plays[..3], at(HOUR)).await.expect("stored");
    heart::insert_plays(&shelf.db, &plays[3..], at(2 * HOUR)).await.expect("stored");
    ends(shelf, &stream, 2 * HOUR).await;
    let silent = shelf.stream("silent", 3 * HOUR).await;
    ends(shelf, &silent, 4 * HOUR).await;
    (stream, plays)
}

async fn ends(shelf: &Shelf, stream: &Stream, second: i64) {
    let over = Stream { ended_at: Some(at(second)), ..stream.clone() };
    heart::put_stream(&shelf.db, &over, at(second)).await.expect("ended");
}

async fn what_is_kept_is_counted_without_what_is_hidden_or_not_known_yet() {
    let shelf = Shelf::filled().await;
    let (db, ann) = (&shelf.db, shelf.ann.id);
    let (first, plays) = four_plays(&shelf).await;
    let all = Sieve { from: at(0), until: None, hidden: &[] };
    let tracks = async |sieve, most| {
        let found = days::top_tracks(db, ann, &sieve, most).await.expect("an answer");
        found
            .into_iter()
            .map(|(track, plays)| (track.uri.replace("spotify:track:", ""), plays))
            .collect::<Vec<_>>()
    };
    let named =
        |pairs: &[(&str, i64)]| pairs.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<Vec<_>>();
    assert_eq!(
        tracks(all, 9).await,
        named(&[("a", 2), ("c", 1), ("b", 1)]),
        "of equals what was played last"
    );
    assert_eq!(tracks(all, 1).await, named(&[("a", 2)]));
    let top = days::top_tracks(db, ann, &all, 1).await.expect("an answer");
    assert_eq!(top[0].0.name, "newly named", "as it was played last");
    let artists = async |sieve| days::top_artists(db, ann, &sieve, 9).await.expect("an answer");
    assert_eq!(artists(all).await, named(&[("Ünder", 4), ("Odd, Numbers", 3)]));
    let streams = async |sieve| {
        let found = days::last_streams(db, ann, &sieve, 9).await.expect("an answer");
        found.into_iter().map(|(stream, plays)| (stream.id, plays)).collect::<Vec<_>>()
    };
    assert_eq!(streams(all).await, [(first.id, 4)], "one without music is over");
    let quarters = async |sieve| {
        let mut found = days::each_quarter(db, ann, &sieve).await.expect("an answer");
        found.sort_unstable();
        found
    };
    let each = [(at(10), 1), (at(900), 1), (at(HOUR), 1), (at(2 * HOUR), 1)];
    assert_eq!(quarters(all).await, each);

    let hidden = [plays[3].id, PlayId::random(at(0))];
    for sieve in [
        Sieve { until: Some(at(HOUR)), ..all },
        Sieve { hidden: &hidden[..1], ..all },
        Sieve { hidden: &hidden, ..all },
    ] {
        assert_eq!(tracks(sieve, 9).await, named(&[("a", 2), ("b", 1)]), "{sieve:?}");
        assert_eq!(artists(sieve).await, named(&[("Ünder", 3), ("Odd, Numbers", 2)]), "{sieve:?}");
        assert_eq!((streams(sieve).await, quarters(sieve).await), (vec![(first.id, 3)], each[..3].to_vec()));
    }
    heart::hide(db, plays[3].id, &Hide { user_id: ann, at: at(3 * HOUR), act: None }).await.expect("hidden");
    assert_eq!(tracks(all, 9).await, named(&[("a", 2), ("b", 1)]));
    assert_eq!(
        (artists(all).await.len(), streams(all).await, quarters(all).await.len()),
        (2, vec![(first.id, 3)], 3)
    );
    let late = Sieve { from: at(9 * HOUR), ..all };
    assert!(
        tracks(late, 9).await.is_empty() && artists(late).await.is_empty() && streams(late).await.is_empty()
    );
    db.close().await;
}

on_both! {
    a_day_is_what_began_in_it,
    a_stream_is_found_by_whoever_it_belongs_to,
    days_with_music_know_their_neighbours,
    what_is_kept_is_counted_without_what_is_hidden_or_not_known_yet,
}
