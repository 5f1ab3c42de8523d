//! One look at a streamer's player. Performed in a task of its own; what it comes back with is an input of the rules.

use super::ask::{Asker, Failure, TRIES};
use super::board::Trouble;
use super::budget::Purpose;
use super::healing::Report;
use super::ignore::{IgnoreRule, ignores};
use super::model::{Sight, Track, Whence};
use super::rules::Look;
use crate::accounts::SpotifyLink;
use crate::base::clock::Instant;
use crate::clients::spotify::{Item, Player, Recent, SpotifyError, SpotifyPlayer, TrackItem};
use crate::telemetry::{Learned, Metrics};
use chrono::TimeDelta;
use std::sync::atomic::{AtomicBool, Ordering};

const ONE_YEAR: TimeDelta = TimeDelta::days(365);
/// More letters of a file's name than either database can index tell no two files apart.
const LONGEST_URI: usize = 600;

/// What it takes to look.
#[derive(Debug)]
pub struct Eye {
    pub(super) player: SpotifyPlayer,
    pub(super) asker: Asker,
    pub(super) metrics: Metrics,
    /// Whether an unreadable answer has been logged already since the last readable one.
    pub(super) puzzled: AtomicBool,
}

/// What came of a look.
#[derive(Debug)]
pub(super) struct Glance {
    /// For the rules.
    pub(super) look: Look,
    /// For the streamer: what stood in the way.
    pub(super) trouble: Option<Trouble>,
    /// When the answer had been read; none without one.
    pub(super) learned: Option<Learned>,
}

impl Glance {
    /// The look itself failed.
    pub(super) fn failed() -> Self {
        Self { look: Look::Unknown, trouble: Some(Trouble::SpotifyDown), learned: None }
    }
}

impl Eye {
    /// Looks, whatever happens: every failure is a kind of [`Look`].
    pub(super) async fn look(&self, link: &SpotifyLink) -> Glance {
        let question = |token| async move { self.player.look(&token).await };
        let answer = self.asker.ask(link, Purpose::Look, question).await;
        let learned = answer.is_ok().then(Learned::now);
        let trouble = answer.as_ref().err().and_then(Trouble::of);
        let (look, label) = match answer {
            Ok(player) => self.read(Ok(player)),
            Err(Failure::Spotify(error)) => self.read(Err(error)),
            Err(Failure::LinkLost) => (Look::LinkLost, "link_lost"),
            Err(Failure::LinkGone) => (Look::LinkGone, "link_gone"),
            Err(Failure::NoToken(error)) => {
                tracing::warn!(%error, "no access token for a look");
                (Look::Unknown, "no_token")
            }
        };
        self.metrics.look(label);
        Glance { look, trouble, learned }
    }

    fn read(&self, result: Result<Option<Player>, SpotifyError>) -> (Look, &'static str) {
        if !matches!(result, Err(SpotifyError::Unreadable { .. })) {
            self.puzzled.store(false, Ordering::Relaxed);
        }
        match result {
            Ok(player) => player
                .and_then(sight)
                .map_or((Look::Nothing, "nothing"), |sight| (Look::Track(Box::new(sight)), "track")),
            Err(SpotifyError::NoActiveDevice) => (Look::Nothing, "nothing"),
            Err(SpotifyError::RateLimited { not_before, limit }) => {
                (Look::Wait { not_before, limit }, "rate_limited")
            }
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
}

/// What counts: a track, from the catalogue or a local file.
fn sight(player: Player) -> Option<Sight> {
    let context = player.context.uri().map(str::to_owned);
    let whence = Whence { context, device: player.device.map(|device| device.name) };
    match player.item {
        Some(Item::Track(track)) if player.currently_playing_type == "track" => Some(Sight {
            track: read_track(*track),
            progress_ms: player.progress_ms.unwrap_or(0),
            is_playing: player.is_playing,
            whence,
        }),
        _ => None,
    }
}

/// A track as Spotify describes it.
pub(super) fn read_track(mut item: TrackItem) -> Track {
    let album = item.album;
    Track {
        uri: clean(item.uri).chars().take(LONGEST_URI).collect(),
        provider_id: item.id,
        name: clean(item.name),
        artists: item
            .artists
            .into_iter()
            .map(|artist| clean(artist.name))
            .filter(|name| !name.is_empty())
            .collect(),
        duration_ms: item.duration_ms.clamp(0, Track::LONGEST_MS),
        url: item.external_urls.remove("spotify"),
        image_url: album.as_ref().and_then(|album| cover(&album.images)),
        album: album.map(|album| clean(album.name)).filter(|name| !name.is_empty()),
    }
}

/// A report as Spotify tells it, which does not say on what device; none if it tells of another age.
pub(super) fn read_report(recent: Recent, rules: &[IgnoreRule], now: Instant) -> Option<Report> {
    let Recent { track, played_at, context } = recent;
    let whence = Whence { context: context.uri().map(str::to_owned), device: None };
    let plausible = (played_at - now).abs() < ONE_YEAR;
    plausible.then(|| read_track(track)).map(|track| {
        let is_ignored = ignores(rules, &track, &whence);
        Report { track, played_at, is_ignored }
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::spotify::Context;
    use serde_json::json;

    fn report(duration_ms: i64, played_at: Instant) -> Option<i64> {
        let track = json!({"uri": "spotify:track:a", "name": "A\u{0}", "duration_ms": duration_ms});
        let track = serde_json::from_value(track).expect("a track");
        read_report(Recent { track, played_at, context: Context::default() }, &[], Instant::UNIX_EPOCH)
            .map(|report| report.track.duration_ms)
    }

    #[test]
    fn a_report_that_no_calendar_counts_with_is_none() {
        let now = Instant::UNIX_EPOCH;
        assert_eq!(report(i64::MAX, now), Some(Track::LONGEST_MS));
        assert_eq!(report(i64::MIN, now), Some(0));
        assert_eq!(report(1, Instant::MAX_UTC), None);
        assert_eq!(report(1, Instant::MIN_UTC), None);
    }

    #[test]
    fn a_key_is_one_that_either_database_can_index() {
        let uri = format!("spotify:local:::{}:201", "é".repeat(5_000));
        let track = serde_json::from_value(json!({"uri": uri, "name": "A", "duration_ms": 1}));
        assert!(read_track(track.expect("a track")).uri.len() <= 2_400);
    }
}
