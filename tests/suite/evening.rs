//! The main job: a streamer goes live, and every viewer sees each track the moment it is noticed.

use crate::house::{House, text};
use airlog::config::EventSub;
use airlog::twins::{BroadcastKind, Deed};
use std::time::Duration;

#[tokio::test]
async fn a_streamer_goes_live_and_viewers_see_each_track() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    let mut viewer = house.viewer("ann").await;
    assert_eq!(viewer.frame().await["live"], false, "she is not live yet");

    let first = house.plays("ann", 0);
    house.goes_live("ann").await;
    viewer.sees("stream_started").await;
    let added = viewer.sees("track_added").await;
    assert_eq!(text(&added["track"]["name"]), first);
    let now = viewer.sees("now_playing").await;
    assert_eq!(now["now_playing"]["track"]["id"], added["track"]["id"]);

    let second = house.plays("ann", 1);
    assert_eq!(text(&viewer.sees("track_added").await["track"]["name"]), second);
    house.lists("ann", &[&first, &second]).await;

    house.goes_offline("ann").await;
    viewer.sees("stream_ended").await;
    viewer.leaves().await;
    house.lists("ann", &[&first, &second]).await;
    house.closes().await;
}

#[tokio::test]
async fn one_track_after_another_is_noticed_by_the_probe_not_by_the_timer() {
    let house = House::with(|config| config.tracking.poll_interval = Duration::from_mins(10)).await;
    house.has_streamer("ann").await;
    let first = house.plays_for("ann", 0, Duration::from_secs(4));
    house.goes_live("ann").await;
    let second = house.twins.with(|world, now| {
        let next = airlog::twins::TrackRef(1);
        world.queue("ann", next, now);
        world.catalogue.track(next).name.clone()
    });
    house.lists("ann", &[&first, &second]).await;
    house.closes().await;
}

#[tokio::test]
async fn an_evening_of_pauses_adverts_podcasts_and_local_files() {
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;

    house.act("ann", Deed::Pause);
    house.looks_again("ann", 2).await;
    house.act("ann", Deed::Resume);
    house.looks_again("ann", 2).await;

    house.act("ann", Deed::Ad { millis: 600_000 });
    house.looks_again("ann", 2).await;
    house.act("ann", Deed::Episode { millis: 600_000 });
    house.looks_again("ann", 2).await;
    house.act("ann", Deed::Private { on: true });
    house.looks_again("ann", 2).await;
    house.act("ann", Deed::Private { on: false });
    house.act("ann", Deed::StopPlayer);
    house.looks_again("ann", 2).await;
    assert_eq!(house.list("ann").await, [first.as_str()], "none of that is music");

    house.act("ann", Deed::Local { millis: 240_000 });
    house.counts("airlog_plays_stored_total", 2).await;
    let second = house.plays_noticed("ann", 1).await;
    let again = house.plays_noticed("ann", 0).await;
    let list = house.list("ann").await;
    assert_eq!((&list[0], &list[2], &list[3]), (&first, &second, &again));
    let uris = house.sql("SELECT uri FROM stream_tracks WHERE provider_id IS NULL AND url IS NULL").await;
    assert!(uris.len() == 1 && uris[0].starts_with("spotify:local:"), "{uris:?}");
    house.closes().await;
}

#[tokio::test]
async fn the_same_song_opens_two_streams_in_a_row() {
    let house = House::with(|config| config.tracking.stream_grace = Duration::from_millis(10)).await;
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    let song = house.plays_noticed("ann", 0).await;
    house.goes_offline("ann").await;
    house.clock.shift(chrono::TimeDelta::minutes(1));
    house.plays("ann", 0);
    house.goes_live("ann").await;
    house.lists("ann", &[&song, &song]).await;
    assert_eq!(house.sql("SELECT id FROM streams").await.len(), 2);
    house.closes().await;
}

#[tokio::test]
async fn a_short_break_is_the_same_stream() {
    let house = House::with_ann_live().await;
    let song = house.plays_noticed("ann", 0).await;
    house.goes_offline("ann").await;
    house.goes_live("ann").await;
    house.looks_again("ann", 2).await;
    house.lists("ann", &[&song]).await;
    assert_eq!(house.sql("SELECT id FROM streams").await.len(), 1);
    house.closes().await;
}

#[tokio::test]
async fn without_any_webhook_reconciling_finds_who_is_live() {
    let house = House::with(|config| config.twitch.eventsub = EventSub::Websocket).await;
    house.has_streamer("ann").await;
    let song = house.plays("ann", 0);
    house.act("ann", Deed::GoLive { kind: BroadcastKind::Live });
    house.lists("ann", &[&song]).await;
    house.act("ann", Deed::GoOffline);
    house.is_live("ann", false).await;
    house.closes().await;
}

#[tokio::test]
async fn a_rerun_is_not_followed() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    house.subscribes("ann").await;
    house.plays("ann", 0);
    house.act("ann", Deed::GoLive { kind: BroadcastKind::Rerun });
    house.counts("airlog_webhooks_total{outcome=\"taken\"}", 1).await;
    house.has_streamer("bob").await;
    house.plays("bob", 1);
    house.goes_live("bob").await;
    house.looks_again("bob", 2).await;
    assert_eq!(house.looks("ann"), 0, "nobody looked at her player");
    house.closes().await;
}

#[tokio::test]
async fn two_streamers_do_not_mix() {
    let house = House::with_ann_live().await;
    house.has_streamer("bob").await;
    house.goes_live("bob").await;
    let anns = house.plays_noticed("ann", 0).await;
    let bobs = house.plays_noticed("bob", 1).await;
    assert_eq!(house.list("ann").await, [anns]);
    assert_eq!(house.list("bob").await, [bobs]);
    house.closes().await;
}

#[tokio::test]
async fn every_column_of_a_play_is_what_its_name_says() {
    let house = House::with_ann_live().await;
    house.plays_noticed("ann", 0).await;
    let track = house.twins.with(|world, _| world.catalogue.track(airlog::twins::TrackRef(0)).clone());
    let rows = house
        .sql(
            "SELECT json_array(provider, provider_id, uri, name, artist, json(artists), album, url, source,
                hidden_at, corrected_at, stream_id = (SELECT id FROM streams), user_id = (SELECT id FROM users))
            FROM stream_tracks",
        )
        .await;
    let row: serde_json::Value = serde_json::from_str(&rows[0]).expect("JSON");
    let uri = track.uri();
    let id = uri.strip_prefix("spotify:track:").expect("a catalogue id");
    let artist = track.artist();
    let artists: Vec<&str> = artist.split(", ").collect();
    assert_eq!(
        row,
        serde_json::json!([
            "spotify",
            id,
            uri,
            track.name,
            artist,
            artists,
            track.album.name,
            format!("https://open.spotify.com/track/{id}"),
            "poll",
            null,
            null,
            1,
            1
        ])
    );
    house.closes().await;
}
