//! One look at a streamer's player: token, call, at most one refresh, a few tries. Performed in a task of its own;
//! what it comes back with is an input of the rules.

use super::model::{Sight, Track};
use super::rules::Look;
use crate::accounts::{LinkError, Links, SpotifyLink};
use crate::base::backoff::Backoff;
use crate::clients::spotify::{Item, Player, SpotifyError, SpotifyPlayer, TrackItem, Unauthorized};
use crate::telemetry::Metrics;
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often one look is tried when Spotify is down.
pub(super) const TRIES: u32 = 3;
const RETRY: Backoff = Backoff { first: Duration::from_millis(500), most: Duration::from_secs(4) };

/// What it takes to look.
#[derive(Debug, Clone)]
pub struct Eye {
    pub(super) player: SpotifyPlayer,
    pub(super) links: Links,
    pub(super) metrics: Metrics,
    /// Whether an unreadable answer has been logged already since the last readable one.
    pub(super) puzzled: Arc<AtomicBool>,
}

impl Eye {
    /// Looks, whatever happens: every failure is a kind of [`Look`].
    pub(super) async fn look(&self, link: &SpotifyLink) -> Look {
        let (look, label) = match self.links.access_token(link.id).await {
            Ok(token) => self.look_with(link, token).await,
            Err(error) => no_token(&error),
        };
        self.metrics.look(label);
        look
    }

    async fn look_with(&self, link: &SpotifyLink, token: SecretString) -> (Look, &'static str) {
        let refused = match self.try_often(&token).await {
            Err(SpotifyError::Unauthorized(Unauthorized::Token)) => token,
            result => return self.read(result),
        };
        match self.links.refresh(link.id, refused).await {
            Ok(fresh) => match self.try_often(&fresh).await {
                Err(SpotifyError::Unauthorized(Unauthorized::Token)) => self.refused_twice(link).await,
                result => self.read(result),
            },
            Err(error) => no_token(&error),
        }
    }

    /// Tries again, with growing waits, as long as Spotify is down.
    async fn try_often(&self, token: &SecretString) -> Result<Option<Player>, SpotifyError> {
        let mut failures = 0;
        loop {
            let result = self.player.look(token).await;
            failures += 1;
            match &result {
                Err(SpotifyError::NoAnswer(_) | SpotifyError::Status { .. }) if failures < TRIES => {
                    tokio::time::sleep(RETRY.wait(failures, rand::random())).await;
                }
                _ => return result,
            }
        }
    }

    fn read(&self, result: Result<Option<Player>, SpotifyError>) -> (Look, &'static str) {
        if !matches!(result, Err(SpotifyError::Unreadable { .. })) {
            self.puzzled.store(false, Ordering::Relaxed);
        }
        match result {
            Ok(player) => player
                .and_then(sight)
                .map_or((Look::Nothing, "nothing"), |sight| (Look::Track(sight), "track")),
            Err(SpotifyError::NoActiveDevice) => (Look::Nothing, "nothing"),
            Err(SpotifyError::RateLimited { not_before }) => (Look::Wait { not_before }, "rate_limited"),
            Err(error @ (SpotifyError::Forbidden(_) | SpotifyError::Unauthorized(_))) => {
                tracing::warn!(%error, "tracking stands still");
                (Look::Forbidden, "forbidden")
            }
            Err(SpotifyError::Unreadable { shape }) => self.unreadable(&shape),
            Err(error) => {
                tracing::debug!(%error, tries = TRIES, "no observation");
                (Look::Unknown, "no_answer")
            }
        }
    }

    /// Logged once until an answer can be read again.
    fn unreadable(&self, shape: &str) -> (Look, &'static str) {
        if !self.puzzled.swap(true, Ordering::Relaxed) {
            tracing::warn!(shape, "Spotify's answer cannot be read");
        }
        (Look::Unreadable, "unreadable")
    }

    /// A second refusal, of a fresh token, counts like `invalid_grant`.
    async fn refused_twice(&self, link: &SpotifyLink) -> (Look, &'static str) {
        if let Err(error) = self.links.mark_broken(link.id).await {
            tracing::warn!(%error, "a broken link is not marked");
        }
        (Look::LinkLost, "link_lost")
    }
}

fn no_token(error: &LinkError) -> (Look, &'static str) {
    if let LinkError::ReconnectNeeded | LinkError::Gone = error {
        return (Look::LinkLost, "link_lost");
    }
    tracing::warn!(%error, "no access token for a look");
    (Look::Unknown, "no_token")
}

/// What counts: a track, from the catalogue or a local file.
fn sight(player: Player) -> Option<Sight> {
    match player.item {
        Some(Item::Track(track)) if player.currently_playing_type == "track" => Some(Sight {
            track: read_track(*track),
            progress_ms: player.progress_ms.unwrap_or(0),
            is_playing: player.is_playing,
        }),
        _ => None,
    }
}

fn read_track(mut item: TrackItem) -> Track {
    let album = item.album;
    Track {
        uri: clean(item.uri),
        provider_id: item.id,
        name: clean(item.name),
        artists: item
            .artists
            .into_iter()
            .map(|artist| clean(artist.name))
            .filter(|name| !name.is_empty())
            .collect(),
        duration_ms: item.duration_ms.max(0),
        url: item.external_urls.remove("spotify"),
        image_url: album.as_ref().and_then(|album| cover(&album.images)),
        album: album.map(|album| clean(album.name)).filter(|name| !name.is_empty()),
    }
}

/// Text that either database can hold: PostgreSQL takes no NUL.
fn clean(mut text: String) -> String {
    text.retain(|letter| letter != '\0');
    text
}

/// The smallest cover that is still sharp at 300 pixels, else the first.
fn cover(images: &[crate::clients::spotify::Image]) -> Option<String> {
    let sharp = images.iter().filter(|image| image.width.is_some_and(|width| width >= 300));
    sharp.min_by_key(|image| image.width).or(images.first()).map(|image| image.url.clone())
}
