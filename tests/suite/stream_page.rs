//! One stream whole: across the streamer's midnight, with its gaps, for those who may read the list.

use crate::house::{House, text};
use airlog::accounts::{User, Visibility};
use airlog::base::clock::Clock as _;
use airlog::twins::FaultKind;
use chrono::TimeDelta;
use chrono_tz::Tz;

/// The page of the stream that is on air.
async fn current(house: &House) -> String {
    let profile = house.json("/api/v1/streamers/ann").await;
    format!("/streamers/ann/streams/{}", text(&profile["stream"]["id"]))
}

/// Whether the page is there and these stand on it in this order.
async fn reads(house: &House, path: &str, parts: &[&str]) -> bool {
    let (status, page) = house.get(path).await;
    let places: Vec<_> = parts.iter().map(|part| page.find(part)).collect();
    status == 200 && places.iter().all(Option::is_some) && places.is_sorted()
}

#[tokio::test]
async fn a_stream_is_whole_across_midnight_and_both_days_lead_to_it() {
    let house = House::start().await;
    // In Kolkata midnight is at half past six in the evening, UTC; the story begins at six.
    house.has_streamer_in("ann", Tz::Asia__Kolkata).await;
    house.goes_live("ann").await;
    let before = house.plays_noticed("ann", 0).await;
    house.clock.shift(TimeDelta::minutes(40));
    let after = house.plays_noticed("ann", 1).await;
    let path = current(&house).await;
    assert!(reads(&house, &path, &["On air", "2 tracks", "datetime=\"PT24", &after, ">0:0", &before]).await);
    for (day, title, missing) in [("2026-11-20", &before, &after), ("2026-11-21", &after, &before)] {
        let (_, page) = house.get(&format!("/streamers/ann/tracks/{day}")).await;
        assert!(page.contains(&path) && page.contains(title) && !page.contains(missing), "{day}: {page}");
        assert!(reads(&house, &path, &[&format!("href=\"/streamers/ann/tracks/{day}\"")]).await, "{day}");
    }

    house.goes_offline("ann").await;
    assert!(reads(&house, &path, &["Ended", "id=\"length\">40:", "2 tracks", &after, &before]).await);
    let (_, french) = house.get(&format!("{path}?lang=fr")).await;
    assert!(french.contains("Terminé") && french.contains("Stream du vendredi 20 novembre"), "{french}");
    house.closes().await;
}

#[tokio::test]
async fn gaps_stand_in_their_place_on_the_page_of_a_stream() {
    let house = House::with_ann_live().await;
    let before = house.plays_noticed("ann", 0).await;
    house.breaks("ann", FaultKind::Status(503));
    let path = current(&house).await;
    let words = "Spotify did not answer";
    house
        .eventually("the gap is on the page", async || {
            reads(&house, &path, &["class=\"gap\"", words, &before]).await.then_some(())
        })
        .await;
    house.mends("ann");
    let after = house.plays_noticed("ann", 1).await;
    assert!(reads(&house, &path, &[&after, &before]).await);
    house
        .eventually("the gap is healed and leaves the page", async || {
            let (status, page) = house.get(&path).await;
            // What live gaps are made from stands behind the list.
            let (list, _) = page.split_once("<template")?;
            (status == 200 && !list.contains(words)).then_some(())
        })
        .await;
    house.closes().await;
}

#[tokio::test]
async fn what_is_not_a_stream_of_this_streamer_is_the_same_404() {
    let house = House::with_ann_live().await;
    house.has_streamer("bob").await;
    let path = current(&house).await;
    let (_, missing) = house.get("/streamers/nobody/streams/1").await;
    let id = path.rsplit('/').next().expect("an id");
    for other in [
        format!("/streamers/bob/streams/{id}"),
        format!("/streamers/nobody/streams/{id}"),
        format!("/streamers/ann/streams/{}", id.to_uppercase()),
        format!("/streamers/ann/streams/{}", id.replace('-', "")),
        "/streamers/ann/streams/01a1fab7-6c52-7bb8-b54a-1f9f21c85c84".to_owned(),
        "/streamers/ann/streams/today".to_owned(),
        "/streamers/ann/streams/%00".to_owned(),
    ] {
        assert_eq!(house.get(&other).await, (404, missing.clone()), "{other}");
    }
    assert_eq!(house.get(&path).await.0, 200);
    let (ann, now) = (house.id_of("ann").await, house.clock.now());
    let is_private = |ann: &mut User| ann.visibility = Visibility::Private;
    house.accounts().change(ann, is_private, now).await.expect("a database");
    assert_eq!(house.get(&path).await, (404, missing), "a private list has no streams");
    house.closes().await;
}

#[tokio::test]
async fn a_play_found_out_later_says_so_and_stands_in_its_place() {
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    house.goes_offline("ann").await;
    let path = format!("/streamers/ann/streams/{}", house.sql("SELECT id FROM streams").await[0]);
    house
        .sql(
            "INSERT INTO stream_tracks (id, user_id, stream_id, provider, uri, name, artist, artists, duration_ms,
                started_at, source, inserted_at, updated_at)
             SELECT '0193d1a0-0000-7000-8000-000000000001', user_id, id, 'spotify', 'spotify:track:x', 'Overheard',
                'Y', '[\"Y\"]', 1000, started_at, 'backfill', started_at, started_at
             FROM streams RETURNING id",
        )
        .await;
    assert!(reads(&house, &path, &[&first, "data-source=\"backfill\"", "Overheard"]).await);
    house.closes().await;
}

#[tokio::test]
async fn a_stream_without_music_is_an_empty_page_for_as_long_as_it_would_be_kept() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    // It is the 20th, and lists are kept for seven days.
    house
        .sql(
            "INSERT INTO streams (id, user_id, started_at, ended_at, seen_at, inserted_at, updated_at)
             SELECT '01a1fab7-6c52-7bb8-b54a-00000000000' || streams.column1, users.id, streams.column2, streams.column2,
                streams.column2, streams.column2, streams.column2
             FROM users, (VALUES (1, '2026-11-13T10:00:00.000+00:00'), (2, '2026-11-12T10:00:00.000+00:00')) AS streams
             RETURNING id",
        )
        .await;
    let path = |number: u8| format!("/streamers/ann/streams/01a1fab7-6c52-7bb8-b54a-00000000000{number}");
    assert!(reads(&house, &path(1), &["Ended", "0 tracks", "No music on this stream."]).await);
    assert_eq!(house.get(&path(2)).await.0, 404);
    house.closes().await;
}

#[tokio::test]
async fn the_stream_on_air_is_there_while_the_database_is_away() {
    let house = House::with_ann_live().await;
    let title = house.plays_noticed("ann", 0).await;
    let path = current(&house).await;
    house.loses_database().await;
    assert!(reads(&house, &path, &["On air", "1 track", &title]).await);
    let (_, day) = house.get("/streamers/ann/tracks/today").await;
    assert!(day.contains(&path), "{day}");
    house.closes().await;
}
