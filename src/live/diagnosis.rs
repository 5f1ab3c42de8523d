//! What a test of a link has found, read as what its streamer can do about it. Pure.

use super::ask::Failure;
use super::budget::Rest;
use crate::accounts::TokenError;
use crate::base::clock::Instant;
use crate::clients::oauth::OAuthError;
use crate::clients::spotify::{Forbidden, Item, Player, SpotifyError, Unauthorized};
use chrono::TimeDelta;

/// What a test of a link has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Diagnosis {
    /// A track is in the player.
    Track {
        /// Its title.
        name: String,
        /// All artists, joined.
        artist: String,
        /// False while paused.
        is_playing: bool,
        /// The name of the device, if Spotify says one.
        device: Option<String>,
    },
    /// Nothing plays, or in a private session: Spotify does not tell them apart.
    Nothing,
    /// A podcast episode, which is never listed.
    Podcast,
    /// An advert, which is never listed.
    Advert,
    /// There is no link (any more).
    Unlinked,
    /// Spotify accepts the link no more.
    Lost,
    /// Spotify does not let us look, for this reason.
    Forbidden(Forbidden),
    /// Spotify asks us to wait.
    Rests(Rest),
    /// Our own budget for the client id is spent until then.
    Spent(Instant),
    /// Spotify does not accept the app: its client id or its secret.
    AppRefused,
    /// Spotify does not answer, or says that it is down.
    NoAnswer,
    /// Spotify's answer made no sense.
    Unreadable,
    /// The trouble is ours: the tokens could not be read.
    Ours,
}

impl Diagnosis {
    /// Whether Spotify lets us look.
    #[must_use]
    pub fn is_admitted(&self) -> bool {
        matches!(self, Self::Track { .. } | Self::Nothing | Self::Podcast | Self::Advert)
    }
}

/// What an answer, or that there is none, means. A rest that has no end lasts for `cooldown`.
pub(super) fn diagnose(
    answer: Result<Option<Player>, Failure>,
    cooldown: TimeDelta,
    now: Instant,
) -> Diagnosis {
    match answer {
        Ok(player) => player.map_or(Diagnosis::Nothing, seen),
        Err(Failure::LinkLost) => Diagnosis::Lost,
        Err(Failure::LinkGone) => Diagnosis::Unlinked,
        Err(Failure::NoToken(TokenError::Service(OAuthError::BadClient(_)))) => Diagnosis::AppRefused,
        Err(Failure::NoToken(TokenError::Service(_))) => Diagnosis::NoAnswer,
        Err(Failure::NoToken(_)) => Diagnosis::Ours,
        Err(Failure::Spotify(error)) => refused(&error, cooldown, now),
    }
}

fn seen(player: Player) -> Diagnosis {
    match (player.item, player.currently_playing_type.as_str()) {
        (_, "ad") => Diagnosis::Advert,
        (Some(Item::Episode), _) | (None, "episode") => Diagnosis::Podcast,
        (Some(Item::Track(track)), _) => Diagnosis::Track {
            name: track.name,
            artist: track.artists.into_iter().map(|artist| artist.name).collect::<Vec<_>>().join(", "),
            is_playing: player.is_playing,
            device: player.device.map(|device| device.name).filter(|name| !name.is_empty()),
        },
        _ => Diagnosis::Nothing,
    }
}

fn refused(error: &SpotifyError, cooldown: TimeDelta, now: Instant) -> Diagnosis {
    match *error {
        SpotifyError::NoActiveDevice => Diagnosis::Nothing,
        SpotifyError::Forbidden(reason) => Diagnosis::Forbidden(reason),
        SpotifyError::Unauthorized(Unauthorized::Scope) => Diagnosis::Forbidden(Forbidden::Scope),
        SpotifyError::Unauthorized(Unauthorized::Token) => Diagnosis::Lost,
        SpotifyError::RateLimited { not_before, limit } => {
            Diagnosis::Rests(Rest { until: not_before.unwrap_or(now + cooldown), limit })
        }
        SpotifyError::Status { .. } | SpotifyError::NoAnswer(_) => Diagnosis::NoAnswer,
        SpotifyError::Unreadable { .. } => Diagnosis::Unreadable,
    }
}

#[cfg(test)]
mod tests;
