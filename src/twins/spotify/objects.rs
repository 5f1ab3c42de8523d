//! The objects of Spotify's Web API, written down after its contract: tracks, local files, episodes, devices.

use crate::twins::world::{Album, Artist, Device, Item, ItemKind, Scene, Track, local_uri};
use serde_json::{Value, json};
use std::time::Duration;

/// Whole milliseconds, as Spotify counts.
pub(super) fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

/// The state of a player. `covers` is the address covers are found under.
pub(super) fn player(scene: &Scene, episodes: bool, covers: &str) -> Value {
    let mut state = currently_playing(scene, episodes, covers);
    state["device"] = device();
    if let Some(name) = &scene.device_name {
        state["device"]["name"] = json!(name);
    }
    state["repeat_state"] = json!("off");
    state["shuffle_state"] = json!(false);
    state["smart_shuffle"] = json!(false);
    state
}

/// The same without the device.
pub(super) fn currently_playing(scene: &Scene, episodes: bool, covers: &str) -> Value {
    let unknown = scene.item.kind == ItemKind::Unknown;
    json!({
        "timestamp": if unknown { 0 } else { scene.changed_at.timestamp_millis() },
        "context": scene.playlist.as_deref().map(context),
        "progress_ms": (!unknown).then(|| millis(scene.progress)),
        "is_playing": scene.is_playing,
        "item": item(&scene.item, episodes, covers),
        "currently_playing_type": kind(&scene.item.kind),
        "actions": {"disallows": disallows(scene)},
    })
}

/// An item; an episode only for who asked for episodes, an ad never.
pub(super) fn item(item: &Item, episodes: bool, covers: &str) -> Value {
    match &item.kind {
        ItemKind::Track(found) => track(found, item.length, covers),
        ItemKind::Local { title, artist, album } => local(title, artist, album, item.length),
        ItemKind::Episode { title } if episodes => episode(title, item.length, covers),
        ItemKind::Episode { .. } | ItemKind::Ad | ItemKind::Unknown => Value::Null,
    }
}

/// A track of the catalogue, as long as it lasts here.
pub(super) fn track(track: &Track, length: Duration, covers: &str) -> Value {
    let mut body = linked("track", &track.id);
    body["album"] = album(&track.album, covers);
    body["artists"] = track.artists.iter().map(artist).collect();
    body["disc_number"] = json!(1);
    body["duration_ms"] = json!(millis(length));
    body["explicit"] = json!(false);
    body["external_ids"] = json!({"isrc": format!("GBTWN26{:05}", track.number)});
    body["is_local"] = json!(false);
    body["is_playable"] = json!(true);
    body["name"] = json!(track.name);
    body["preview_url"] = Value::Null;
    body["track_number"] = json!(track.number);
    body
}

/// The one device everybody has.
pub(super) fn device() -> Value {
    json!({
        "id": "0d1834e2a5f04fcf8e3cdd1a2b0c5f7e", "is_active": true, "is_private_session": false,
        "is_restricted": false, "name": "Desk", "type": "Computer", "volume_percent": 55, "supports_volume": true,
    })
}

/// The list of devices.
pub(super) fn devices(place: Device) -> Value {
    let list = if place == Device::There { json!([device()]) } else { json!([]) };
    json!({"devices": list})
}

/// The playlist something is played from.
pub(super) fn context(id: &str) -> Value {
    let mut body = linked("playlist", id);
    if let Some(fields) = body.as_object_mut() {
        fields.remove("id");
    }
    body
}

fn kind(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Track(_) | ItemKind::Local { .. } => "track",
        ItemKind::Episode { .. } => "episode",
        ItemKind::Ad => "ad",
        ItemKind::Unknown => "unknown",
    }
}

fn disallows(scene: &Scene) -> Value {
    match (&scene.item.kind, scene.is_playing) {
        (ItemKind::Ad, _) => json!({
            "resuming": true, "seeking": true, "skipping_next": true, "skipping_prev": true,
            "interrupting_playback": true, "transferring_playback": true,
        }),
        (_, true) => json!({"resuming": true}),
        (_, false) => json!({"pausing": true}),
    }
}

/// What every object with an id has.
fn linked(kind: &str, id: &str) -> Value {
    json!({
        "external_urls": {"spotify": format!("https://open.spotify.com/{kind}/{id}")},
        "href": format!("https://api.spotify.com/v1/{kind}s/{id}"),
        "id": id,
        "type": kind,
        "uri": format!("spotify:{kind}:{id}"),
    })
}

fn artist(artist: &Artist) -> Value {
    let mut body = linked("artist", &artist.id);
    body["name"] = json!(artist.name);
    body
}

fn album(album: &Album, covers: &str) -> Value {
    let image =
        |size: u32| json!({"url": format!("{covers}/{}.svg", album.id), "height": size, "width": size});
    let mut body = linked("album", &album.id);
    body["album_type"] = json!("album");
    body["total_tracks"] = json!(4);
    body["images"] = json!([image(640), image(300), image(64)]);
    body["name"] = json!(album.name);
    body["release_date"] = json!(album.release_date);
    body["release_date_precision"] = json!("day");
    body["artists"] = album.artists.iter().map(artist).collect();
    body
}

fn local(title: &str, artist: &str, album: &str, length: Duration) -> Value {
    let uri = local_uri(title, artist, album, length);
    json!({
        "album": {
            "album_type": null, "artists": [], "external_urls": {}, "href": null, "id": null, "images": [],
            "name": album, "release_date": null, "release_date_precision": null, "type": "album", "uri": null,
        },
        "artists": [{"external_urls": {}, "href": null, "id": null, "name": artist, "type": "artist", "uri": null}],
        "disc_number": 0, "duration_ms": millis(length), "explicit": false, "external_ids": {},
        "external_urls": {}, "href": null, "id": null, "is_local": true, "name": title, "preview_url": null,
        "track_number": 0, "type": "track", "uri": uri,
    })
}

fn episode(title: &str, length: Duration, covers: &str) -> Value {
    let image = json!([{"url": format!("{covers}/podcast.svg"), "height": 640, "width": 640}]);
    let mut show = linked("show", "5tw1nShow0000000000000");
    show["name"] = json!("Late Signals");
    show["description"] = json!("Stories from the coast.");
    show["html_description"] = json!("Stories from the coast.");
    show["copyrights"] = json!([]);
    show["explicit"] = json!(false);
    show["images"] = image.clone();
    show["is_externally_hosted"] = json!(false);
    show["languages"] = json!(["en"]);
    show["media_type"] = json!("audio");
    show["total_episodes"] = json!(41);
    let mut body = linked("episode", "5tw1nEpisode0000000041");
    body["name"] = json!(title);
    body["description"] = json!("A keeper, a lamp, a night.");
    body["html_description"] = json!("<p>A keeper, a lamp, a night.</p>");
    body["duration_ms"] = json!(millis(length));
    body["explicit"] = json!(false);
    body["images"] = image;
    body["is_externally_hosted"] = json!(false);
    body["is_playable"] = json!(true);
    body["languages"] = json!(["en"]);
    body["release_date"] = json!("2026-11-01");
    body["release_date_precision"] = json!("day");
    body["audio_preview_url"] = Value::Null;
    body["resume_point"] = json!({"fully_played": false, "resume_position_ms": 0});
    body["show"] = show;
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twins::world::{Cue, TrackRef, World};
    use chrono::DateTime;

    fn keys(value: &Value) -> Vec<&str> {
        value.as_object().expect("an object").keys().map(String::as_str).collect()
    }

    fn scene(act: impl FnOnce(&mut World, crate::base::clock::Instant)) -> Scene {
        let now = DateTime::from_timestamp(1_795_204_800, 0).expect("an instant");
        let mut world = World::new(1);
        act(&mut world, now);
        world.now_playing("ann", now + Duration::from_secs(4)).expect("something is on")
    }

    #[test]
    fn the_state_of_a_player_has_the_fields_of_the_contract() {
        let scene = scene(|world, now| world.play_all("ann", &[Cue::from(TrackRef(0))], now));
        let state = player(&scene, true, "http://covers");
        assert_eq!(
            keys(&state).join(" "),
            "actions context currently_playing_type device is_playing item progress_ms repeat_state \
             shuffle_state smart_shuffle timestamp"
        );
        assert_eq!(
            keys(&state["item"]).join(" "),
            "album artists disc_number duration_ms explicit external_ids external_urls href id is_local \
             is_playable name preview_url track_number type uri"
        );
        assert_eq!(state["progress_ms"], 4_000);
        assert_eq!(state["timestamp"], 1_795_204_800_000_u64);
        assert_eq!(state["context"]["type"], "playlist");
    }

    #[test]
    fn a_local_file_has_no_id_but_an_address_of_its_own() {
        let scene = scene(|world, now| world.play_local("ann", "Demo", "Me", Duration::from_mins(3), now));
        let item = item(&scene.item, false, "");
        assert_eq!(item["uri"], "spotify:local:Me:My+Tape:Demo:180");
        assert_eq!((&item["id"], &item["is_local"]), (&Value::Null, &json!(true)));
    }

    #[test]
    fn an_episode_is_shown_to_who_asks_for_it_an_ad_and_the_unknown_to_nobody() {
        let podcast = scene(|world, now| world.start_episode("ann", "One", Duration::from_mins(30), now));
        assert_eq!(currently_playing(&podcast, false, "")["item"], Value::Null);
        assert_eq!(currently_playing(&podcast, true, "")["item"]["show"]["type"], "show");
        let ad = scene(|world, now| world.start_ad("ann", Duration::from_secs(30), now));
        let ad = player(&ad, true, "");
        assert_eq!((&ad["item"], &ad["currently_playing_type"]), (&Value::Null, &json!("ad")));
        assert_eq!(ad["actions"]["disallows"]["skipping_next"], true);
        let unknown = scene(|world, now| world.play_unknown("ann", now));
        let unknown = player(&unknown, true, "");
        assert_eq!((&unknown["timestamp"], &unknown["progress_ms"]), (&json!(0), &Value::Null));
    }
}
