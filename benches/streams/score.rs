//! What everybody hears: one long mix each, so that a player is looked at once a minute; and what the star hears, whose
//! tracks are so short that each look finds another.

use chrono::TimeDelta;
use std::time::Duration;

/// How long a mix lasts.
const MIX: Duration = Duration::from_hours(3);
/// How long a track of the star lasts.
const SHORT: Duration = Duration::from_millis(100);
/// The longest time between two looks, and how long after the end of a track it is looked for, as configured.
const INTERVAL: TimeDelta = TimeDelta::seconds(60);
const PROBE_DELAY: TimeDelta = TimeDelta::milliseconds(1_500);

/// What one player shows.
pub struct Scene {
    /// Which track.
    pub track: String,
    pub length: Duration,
    pub progress: Duration,
}

impl Scene {
    /// What the player of this streamer shows, so long after all began.
    pub fn of(number: u32, since: Duration) -> Self {
        // Everybody began at another time, within ten minutes.
        let progress = since + Duration::from_millis(u64::from(number) * 7_919 % 600_000);
        Self { track: format!("mix{number}"), length: MIX, progress }
    }

    /// The same of the star.
    pub fn of_star(since: Duration) -> Self {
        let (since, length) = (since.as_micros(), SHORT.as_micros());
        let progress = Duration::from_micros(u64::try_from(since % length).unwrap_or_default());
        Self { track: format!("short{}", since / length), length: SHORT, progress }
    }

    /// In how long whoever has just seen this is to look again: the time until the end in even parts.
    pub fn next_look(&self) -> Duration {
        let remaining = TimeDelta::from_std(self.length.saturating_sub(self.progress)).unwrap_or_default();
        let probe = remaining + PROBE_DELAY;
        let (wait, usual) = (probe.num_milliseconds(), INTERVAL.num_milliseconds());
        let parts = i32::try_from((wait + usual - 1) / usual).unwrap_or(i32::MAX).max(1);
        (probe / parts).to_std().unwrap_or_default()
    }

    /// As Spotify writes it, with all that we do not read.
    pub fn body(&self) -> String {
        let Self { track, length, progress } = self;
        format!(
            r#"{{"device":{{"id":"0d1834e2a5f04fcf8e3cdd1a2b0c5f7e","is_active":true,"is_private_session":false,"is_restricted":false,"name":"Desk","type":"Computer","volume_percent":55,"supports_volume":true}},"repeat_state":"off","shuffle_state":false,"smart_shuffle":false,"timestamp":1795204800123,"context":{{"type":"playlist","href":"https://api.spotify.com/v1/playlists/37i9dQZF1DX0XUsuxWHRQd","external_urls":{{"spotify":"https://open.spotify.com/playlist/37i9dQZF1DX0XUsuxWHRQd"}},"uri":"spotify:playlist:37i9dQZF1DX0XUsuxWHRQd"}},"progress_ms":{progress},"is_playing":true,"item":{{"album":{{"album_type":"album","artists":[{{"external_urls":{{"spotify":"https://open.spotify.com/artist/0k17h0D3J5VfsdmQ1iZtE9"}},"href":"https://api.spotify.com/v1/artists/0k17h0D3J5VfsdmQ1iZtE9","id":"0k17h0D3J5VfsdmQ1iZtE9","name":"Maren Vale","type":"artist","uri":"spotify:artist:0k17h0D3J5VfsdmQ1iZtE9"}}],"external_urls":{{"spotify":"https://open.spotify.com/album/1bt6q2SruMsBtcerNVtpZB"}},"href":"https://api.spotify.com/v1/albums/1bt6q2SruMsBtcerNVtpZB","id":"1bt6q2SruMsBtcerNVtpZB","images":[{{"height":640,"url":"https://i.scdn.co/image/ab67616d0000b273e5a95573f1b91234630fd2cf","width":640}},{{"height":300,"url":"https://i.scdn.co/image/ab67616d00001e02e5a95573f1b91234630fd2cf","width":300}},{{"height":64,"url":"https://i.scdn.co/image/ab67616d00004851e5a95573f1b91234630fd2cf","width":64}}],"is_playable":true,"name":"Low Tide Letters","release_date":"2025-04-11","release_date_precision":"day","total_tracks":12,"type":"album","uri":"spotify:album:1bt6q2SruMsBtcerNVtpZB"}},"artists":[{{"external_urls":{{"spotify":"https://open.spotify.com/artist/0k17h0D3J5VfsdmQ1iZtE9"}},"href":"https://api.spotify.com/v1/artists/0k17h0D3J5VfsdmQ1iZtE9","id":"0k17h0D3J5VfsdmQ1iZtE9","name":"Maren Vale","type":"artist","uri":"spotify:artist:0k17h0D3J5VfsdmQ1iZtE9"}}],"disc_number":1,"duration_ms":{length},"explicit":false,"external_ids":{{"isrc":"GBTWN2600001"}},"external_urls":{{"spotify":"https://open.spotify.com/track/{track}"}},"href":"https://api.spotify.com/v1/tracks/{track}","id":"{track}","is_local":false,"is_playable":true,"name":"{track}","preview_url":null,"track_number":1,"type":"track","uri":"spotify:track:{track}"}},"currently_playing_type":"track","actions":{{"disallows":{{"resuming":true}}}}}}"#,
            length = length.as_millis(),
            progress = progress.as_millis(),
        )
    }
}
