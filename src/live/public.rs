//! What the heart knows, as viewers see it.

use super::gaps::Gap;
use super::model::{Play, Source};
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
    hub::Track {
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
}
