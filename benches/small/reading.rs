//! What it takes to read an answer of Spotify.

use airlog::clients::spotify::Player;
use criterion::Criterion;
use std::hint::black_box;

/// As the documentation has it, with the countries of fifty markets left out.
const ANSWER: &str = r#"{"device":{"id":"74ASZWbe4lXaubB36ztrGX","is_active":true,"is_private_session":false,
"is_restricted":false,"name":"Desk","type":"Computer","volume_percent":59,"supports_volume":true},"repeat_state":"off",
"shuffle_state":false,"context":{"type":"playlist","href":"https://api.spotify.com/v1/playlists/37i9dQZF1DX4WYpdgoIcn6",
"external_urls":{"spotify":"https://open.spotify.com/playlist/37i9dQZF1DX4WYpdgoIcn6"},
"uri":"spotify:playlist:37i9dQZF1DX4WYpdgoIcn6"},"timestamp":1795204800123,"progress_ms":44272,"is_playing":true,
"item":{"album":{"album_type":"album","total_tracks":9,"external_urls":{"spotify":
"https://open.spotify.com/album/2up3OPMp9Tb4dAKM2erWXQ"},"href":"https://api.spotify.com/v1/albums/2up3OPMp9Tb4dAKM2erWXQ",
"id":"2up3OPMp9Tb4dAKM2erWXQ","images":[{"url":"https://i.scdn.co/image/ab67616d0000b273","height":640,"width":640},
{"url":"https://i.scdn.co/image/ab67616d00001e02","height":300,"width":300},
{"url":"https://i.scdn.co/image/ab67616d00004851","height":64,"width":64}],"name":"Low Tide Letters",
"release_date":"2026-03","release_date_precision":"month","type":"album","uri":"spotify:album:2up3OPMp9Tb4dAKM2erWXQ",
"artists":[{"external_urls":{"spotify":"https://open.spotify.com/artist/1"},"href":"https://api.spotify.com/v1/artists/1",
"id":"1","name":"Odd Numbers","type":"artist","uri":"spotify:artist:1"}]},"artists":[{"external_urls":{"spotify":
"https://open.spotify.com/artist/1"},"href":"https://api.spotify.com/v1/artists/1","id":"1","name":"Odd Numbers",
"type":"artist","uri":"spotify:artist:1"}],"disc_number":1,"duration_ms":201000,"explicit":false,"external_ids":
{"isrc":"DEXX12600001"},"external_urls":{"spotify":"https://open.spotify.com/track/11dFghVXANMlKmJXsNCbNl"},
"href":"https://api.spotify.com/v1/tracks/11dFghVXANMlKmJXsNCbNl","id":"11dFghVXANMlKmJXsNCbNl","is_local":false,
"name":"Slow Harbour","popularity":71,"preview_url":null,"track_number":5,"type":"track",
"uri":"spotify:track:11dFghVXANMlKmJXsNCbNl"},"currently_playing_type":"track","actions":{"disallows":{"resuming":true}}}"#;

pub fn all(criterion: &mut Criterion) {
    criterion.bench_function("an answer of Spotify is read", |bencher| {
        bencher.iter(|| serde_json::from_str::<Player>(black_box(ANSWER)).expect("a player"));
    });
}
