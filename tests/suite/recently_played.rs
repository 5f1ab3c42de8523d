//! What Spotify remembers of an evening, read by the client that healing uses.

use crate::house::PATIENCE;
use airlog::base::clock::{Instant, SharedClock, ShiftedClock};
use airlog::clients::spotify::{Forbidden, Limit, Recent, SpotifyError, SpotifyPlayer, Unauthorized};
use airlog::twins::{Cue, Endpoint, Fault, FaultKind, RetryAfter, TrackRef, Twins, World};
use chrono::{DateTime, TimeDelta};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;

/// Ann, who listens by the twin, and a client with her token.
struct Evening {
    twins: Twins,
    player: SpotifyPlayer,
    token: SecretString,
}

impl Evening {
    async fn comes() -> Self {
        let clock: SharedClock = Arc::new(ShiftedClock::starting_at(began() + TimeDelta::hours(2)));
        let any = "127.0.0.1:0".parse().expect("an address");
        let twins = Twins::start(any, World::new(7), clock.clone()).await.expect("twins");
        let http = airlog::clients::http_client(PATIENCE).expect("a client");
        let player = SpotifyPlayer::new(http, &twins.spotify_api_url(), clock);
        let token = twins.grant("ann").access_token.into();
        Self { twins, player, token }
    }

    /// An evening on which ann has played so many tracks of a minute each, from the first of the catalogue.
    async fn after(tracks: usize) -> Self {
        let cues: Vec<Cue> = (0..tracks).map(|n| Cue::lasting(TrackRef(n), Duration::from_mins(1))).collect();
        let evening = Self::comes().await;
        evening.twins.with(|world, _| world.play_all("ann", &cues, began()));
        evening
    }

    fn title(&self, track: usize) -> String {
        self.twins.with(|world, _| world.catalogue.track(TrackRef(track)).name.clone())
    }

    async fn recent(&self) -> Result<Vec<Recent>, SpotifyError> {
        self.player.recent(&self.token).await
    }

    /// What asking gives while this is wrong with recently-played.
    async fn refusal(&self, kind: FaultKind) -> SpotifyError {
        let fault = Fault::new(kind).at(Endpoint::RecentlyPlayed).once();
        self.twins.with(|world, now| world.fault("ann", fault, now));
        self.recent().await.expect_err("a refusal")
    }
}

/// When the first track began, two hours before the story.
fn began() -> Instant {
    DateTime::parse_from_rfc3339("2026-11-20T18:00:00Z").expect("an instant").to_utc()
}

#[tokio::test]
async fn the_newest_fifty_plays_come_with_one_call_oldest_first() {
    let evening = Evening::after(60).await;
    evening.twins.with(|world, _| world.history_rules.depth = 100);
    let told = evening.recent().await.expect("an answer");
    let told: Vec<_> = told.into_iter().map(|play| (play.track.name, play.played_at)).collect();
    let heard: Vec<_> = (10..60)
        .zip(10..)
        .map(|(n, minute)| (evening.title(n), began() + TimeDelta::minutes(minute)))
        .collect();
    assert_eq!(told, heard);
    assert_eq!(evening.twins.with(|world, _| world.calls_of("ann", Endpoint::RecentlyPlayed)), 1);
    evening.twins.stop().await;
}

#[tokio::test]
async fn who_has_played_nothing_has_no_history() {
    let evening = Evening::comes().await;
    assert!(evening.recent().await.expect("an answer").is_empty());
    evening.twins.stop().await;
}

#[tokio::test]
async fn refusals_are_the_same_as_for_a_look() {
    let evening = Evening::after(1).await;
    let expired = evening.refusal(FaultKind::TokenExpired).await;
    assert!(matches!(expired, SpotifyError::Unauthorized(Unauthorized::Token)), "{expired:?}");
    let missing = evening.refusal(FaultKind::PermissionsMissing).await;
    assert!(matches!(missing, SpotifyError::Unauthorized(Unauthorized::Scope)), "{missing:?}");
    let premium = evening.refusal(FaultKind::PremiumRequired).await;
    assert!(matches!(premium, SpotifyError::Forbidden(Forbidden::PremiumRequired)), "{premium:?}");
    let device = evening.refusal(FaultKind::NoActiveDevice).await;
    assert!(matches!(device, SpotifyError::NoActiveDevice), "{device:?}");
    let unknown = evening.refusal(FaultKind::NotFound).await;
    assert!(matches!(unknown, SpotifyError::Status { status: 404 }), "{unknown:?}");
    let down = evening.refusal(FaultKind::Status(503)).await;
    assert!(matches!(down, SpotifyError::Status { status: 503 }), "{down:?}");
    assert_eq!(evening.recent().await.expect("an answer").len(), 1, "nothing of it stays");
    evening.twins.stop().await;
}

#[tokio::test]
async fn a_rate_limit_of_hours_says_until_when() {
    let evening = Evening::comes().await;
    let limited = evening.refusal(FaultKind::QuotaExceeded(RetryAfter::Seconds(36_000))).await;
    let SpotifyError::RateLimited { not_before: Some(until), limit: Limit::Quota } = limited else {
        panic!("{limited:?}")
    };
    assert!(until >= began() + TimeDelta::hours(12), "{until}");
    evening.twins.stop().await;
}

#[tokio::test]
async fn nonsense_is_no_empty_history() {
    let evening = Evening::after(1).await;
    for kind in [FaultKind::Nonsense, FaultKind::Html, FaultKind::Torn] {
        let refusal = evening.refusal(kind).await;
        assert!(matches!(refusal, SpotifyError::Unreadable { .. }), "{kind:?}: {refusal:?}");
    }
    evening.twins.stop().await;
}
