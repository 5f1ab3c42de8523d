//! What the heart knows, as viewers see it.

use super::gaps::Gap;
use super::model::{Play, Source, Stream, Track};
use super::rules::Now;
use crate::hub;

/// What plays.
pub(super) fn now_playing(now: &Now) -> hub::NowPlaying {
    hub::NowPlaying { track: track(&now.play), is_playing: now.is_playing, progress_ms: now.progress_ms }
}

/// A gap as viewers see it.
pub(super) fn gap(gap: &Gap) -> hub::Gap {
    hub::Gap { id: gap.id, from: gap.from, to: gap.to, healed: gap.healed, reason: gap.reason.word() }
}

/// A play as viewers see it.
pub(super) fn track(play: &Play) -> hub::Track {
    let Play { track, .. } = play;
    hub::TrackFacts {
        id: play.id,
        provider: if play.source == Source::Manual { "manual" } else { "spotify" },
        provider_id: track.provider_id.clone(),
        uri: track.uri.clone(),
        name: track.name.clone(),
        artist: track.artists.join(", "),
        artists: track.artists.clone(),
        album: track.album.clone(),
        duration_ms: track.duration_ms,
        started_at: play.started_at,
        url: track.url.clone(),
        image_url: track.image_url.clone(),
        source: play.source.word(),
    }
    .into()
}

/// The play of `stream` that viewers see as this track; none if it is of another stream, or no look saw it.
pub(super) fn play(stream: &Stream, seen: &hub::Track) -> Option<Play> {
    let source = Source::of(seen.source).filter(|source| *source == Source::Poll)?;
    let track = Track {
        uri: seen.uri.clone(),
        provider_id: seen.provider_id.clone(),
        name: seen.name.clone(),
        artists: seen.artists.clone(),
        album: seen.album.clone(),
        duration_ms: seen.duration_ms,
        url: seen.url.clone(),
        image_url: seen.image_url.clone(),
    };
    let play = Play::new(stream, track, seen.started_at, source);
    (play.id == seen.id).then_some(play)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Instant;
    use crate::base::id::{StreamId, UserId};

    fn stream(name: &str) -> Stream {
        let at = Instant::UNIX_EPOCH;
        Stream {
            id: StreamId::derived(at, &[name]),
            user_id: UserId::derived(at, &["ann"]),
            twitch_id: None,
            started_at: at,
            ended_at: None,
            seen_at: at,
            followed_until: None,
        }
    }

    #[test]
    fn a_play_that_viewers_see_is_the_play_it_was_made_from() {
        let uri = "spotify:track:a".to_owned();
        let (name, artists) = ("A".to_owned(), vec!["B".to_owned()]);
        let (provider_id, album, url, image_url) = (None, None, None, None);
        let track = Track { uri, provider_id, name, artists, album, duration_ms: 1, url, image_url };
        let seen = Play::new(&stream("first"), track, Instant::UNIX_EPOCH, Source::Poll);
        assert_eq!(play(&stream("first"), &super::track(&seen)), Some(seen.clone()));
        assert_eq!(play(&stream("second"), &super::track(&seen)), None, "it is of another stream");
    }
}
