//! What `GET /me/player/recently-played` answers, as far as we read it. One entry that is not as we know it must
//! not hide the other plays.

use super::wire::{Context, Item, TrackItem};
use crate::base::clock::{Instant, read_instant};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A play that Spotify reports.
#[derive(Debug, Clone)]
pub struct Recent {
    /// What was played.
    pub track: TrackItem,
    /// When: the start of the play or its end, Spotify does not say which. It may differ between two answers.
    pub played_at: Instant,
    /// What it was played from.
    pub context: Context,
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Entry {
    track: Item,
    #[serde(deserialize_with = "read_instant")]
    played_at: Instant,
    #[serde(default)]
    context: Context,
}

impl Entry {
    /// None for what is no music.
    fn play(self) -> Option<Recent> {
        match self.track {
            Item::Track(track) => {
                Some(Recent { track: *track, played_at: self.played_at, context: self.context })
            }
            Item::Episode | Item::Other => None,
        }
    }
}

/// Reads a page: its plays, oldest first, without the entries that cannot be read.
///
/// # Errors
/// When it is no page, or none of its entries can be read: then the shape has changed, and "nothing was played"
/// would be untrue.
pub(super) fn read(body: &str) -> serde_json::Result<Vec<Recent>> {
    let Page { items } = serde_json::from_str(body)?;
    let (readable, broken): (Vec<_>, Vec<_>) =
        items.into_iter().map(|item| serde_json::from_str::<Entry>(item.get())).partition(Result::is_ok);
    if let (true, Some(Err(error))) = (readable.is_empty(), broken.into_iter().next()) {
        return Err(error);
    }
    // Spotify's order decides between plays of the same instant.
    let mut plays: Vec<_> = readable.into_iter().rev().flatten().filter_map(Entry::play).collect();
    plays.sort_by_key(|play| play.played_at);
    Ok(plays)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn track(number: u32) -> Value {
        let artist = json!({"external_urls": {"spotify": "https://open.spotify.com/artist/aR1"},
            "href": "https://api.spotify.com/v1/artists/aR1", "id": "aR1", "name": "Twin Artist", "type": "artist",
            "uri": "spotify:artist:aR1"});
        json!({"album": {"album_type": "album", "total_tracks": 2, "id": "aL1", "name": "Twin Album",
                "images": [{"url": "https://i.scdn.co/image/x", "height": null, "width": null}],
                "release_date": "2024-03-01", "type": "album", "uri": "spotify:album:aL1", "artists": [artist]},
            "artists": [artist], "disc_number": 1, "duration_ms": 201_000, "explicit": false,
            "external_urls": {"spotify": format!("https://open.spotify.com/track/tR{number}")},
            "id": format!("tR{number}"), "is_local": false, "is_playable": true, "name": format!("Song {number}"),
            "preview_url": null, "type": "track", "uri": format!("spotify:track:tR{number}")})
    }

    fn entry(track: &Value, played_at: &str) -> Value {
        json!({"track": track, "played_at": played_at, "context": null})
    }

    fn page(items: &[Value]) -> String {
        json!({"href": "https://api.spotify.com/v1/me/player/recently-played?limit=50", "limit": 50, "next": null,
            "cursors": {"after": "1795204500321", "before": "1795204500321"}, "items": items})
        .to_string()
    }

    fn titles(items: &[Value]) -> Vec<String> {
        let plays = read(&page(items)).expect("a page");
        plays.into_iter().map(|play| play.track.name).collect()
    }

    #[test]
    fn a_play_is_a_track_and_a_whole_millisecond() {
        let plays = read(&page(&[entry(&track(1), "2026-11-20T19:55:00.321987Z")])).expect("a page");
        let [Recent { track, played_at, .. }] = &plays[..] else { panic!("{plays:?}") };
        assert_eq!(played_at.to_rfc3339(), "2026-11-20T19:55:00.321+00:00");
        assert_eq!((track.uri.as_str(), track.duration_ms), ("spotify:track:tR1", 201_000));
        assert_eq!(track.album.as_ref().map(|album| album.name.as_str()), Some("Twin Album"));
    }

    #[test]
    fn plays_come_oldest_first_in_whatever_order_they_are_told() {
        let told = [
            entry(&track(4), "2026-11-20T19:55:00.321Z"),
            entry(&track(3), "2026-11-20T19:50:00Z"),
            entry(&track(2), "2026-11-20T19:50:00Z"),
            entry(&track(1), "2026-11-20T19:45:00Z"),
        ];
        assert_eq!(titles(&told), ["Song 1", "Song 2", "Song 3", "Song 4"]);
        let mixed = [told[3].clone(), told[0].clone(), told[1].clone()];
        assert_eq!(titles(&mixed), ["Song 1", "Song 3", "Song 4"]);
    }

    #[test]
    fn a_listener_without_history_has_an_empty_page() {
        let empty = r#"{"href":"https://api.spotify.com/v1/me/player/recently-played?limit=50","limit":50,"next":null,
            "cursors":null,"items":[]}"#;
        assert!(read(empty).expect("a page").is_empty());
        assert!(read(r#"{"items":[]}"#).expect("a page").is_empty());
    }

    #[test]
    fn an_entry_that_cannot_be_read_hides_no_other() {
        let mut nameless = track(2);
        nameless["name"] = Value::Null;
        let told = [
            entry(&track(5), "2026-11-20T19:55:00Z"),
            entry(&Value::Null, "2026-11-20T19:50:00Z"),
            entry(&nameless, "2026-11-20T19:45:00Z"),
            entry(&track(3), "last night"),
            json!({"track": track(4)}),
            json!("a play"),
            entry(&track(1), "2026-11-20T19:40:00Z"),
        ];
        assert_eq!(titles(&told), ["Song 1", "Song 5"]);
    }

    #[test]
    fn what_is_no_music_is_no_play_and_no_error() {
        let episode = json!({"id": "eP1", "type": "episode", "uri": "spotify:episode:eP1", "name": "Ep 1",
            "duration_ms": 1_800_000});
        let hologram = json!({"id": "x", "type": "hologram"});
        let told = [episode, hologram].map(|item| entry(&item, "2026-11-20T19:55:00Z"));
        assert!(titles(&told).is_empty());
    }

    #[test]
    fn a_body_of_another_shape_is_an_error_and_not_an_empty_page() {
        for body in ["", "<html>", "[]", "{}", r#"{"items":null}"#, r#"{"items":{}}"#, r#"{"items":[{"#] {
            assert!(read(body).is_err(), "{body}");
        }
        let renamed = json!({"item": track(1), "played_at": "2026-11-20T19:55:00Z"});
        assert!(read(&page(&[renamed.clone(), renamed])).is_err());
    }
}
