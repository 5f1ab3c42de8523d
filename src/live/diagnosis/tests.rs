//! Each outcome of a look, and what it means.

use super::*;
use crate::clients::spotify::Limit;
use serde_json::{Value, json};

const COOLDOWN: TimeDelta = TimeDelta::minutes(5);

fn now() -> Instant {
    chrono::DateTime::from_timestamp(1_795_204_800, 0).expect("an instant")
}

fn of(failure: Failure) -> Diagnosis {
    diagnose(Err(failure), COOLDOWN, now())
}

fn sees(body: &Value) -> Diagnosis {
    diagnose(Ok(Some(serde_json::from_str(&body.to_string()).expect("a player"))), COOLDOWN, now())
}

fn limited(not_before: Option<Instant>, limit: Limit) -> Failure {
    Failure::Spotify(SpotifyError::RateLimited { not_before, limit })
}

#[test]
fn each_failure_has_its_diagnosis() {
    let service = |error| Failure::NoToken(TokenError::Service(error));
    let later = now() + TimeDelta::hours(24);
    let rests = |until, limit| Diagnosis::Rests(Rest { until, limit });
    let table = [
        (Failure::LinkLost, Diagnosis::Lost),
        (Failure::LinkGone, Diagnosis::Unlinked),
        (service(OAuthError::BadClient("invalid_client".into())), Diagnosis::AppRefused),
        (service(OAuthError::Transient("status 503".into())), Diagnosis::NoAnswer),
        (Failure::NoToken(TokenError::Stopping), Diagnosis::Ours),
        (Failure::Spotify(SpotifyError::Unauthorized(Unauthorized::Token)), Diagnosis::Lost),
        (
            Failure::Spotify(SpotifyError::Unauthorized(Unauthorized::Scope)),
            Diagnosis::Forbidden(Forbidden::Scope),
        ),
        (limited(Some(later), Limit::Quota), rests(later, Limit::Quota)),
        (limited(None, Limit::Rate), rests(now() + COOLDOWN, Limit::Rate)),
        (Failure::Spotify(SpotifyError::NoActiveDevice), Diagnosis::Nothing),
        (Failure::Spotify(SpotifyError::Status { status: 503 }), Diagnosis::NoAnswer),
        (Failure::Spotify(SpotifyError::NoAnswer("timeout")), Diagnosis::NoAnswer),
        (Failure::Spotify(SpotifyError::Unreadable { shape: "odd".into() }), Diagnosis::Unreadable),
    ];
    for (failure, expected) in table {
        let told = format!("{failure:?}");
        assert_eq!(of(failure), expected, "{told}");
    }
}

#[test]
fn each_reason_of_a_403_is_named() {
    for reason in [
        Forbidden::PremiumRequired,
        Forbidden::NotAllowListed,
        Forbidden::OwnerLapsed,
        Forbidden::Scope,
        Forbidden::Other,
    ] {
        let diagnosis = of(Failure::Spotify(SpotifyError::Forbidden(reason)));
        assert_eq!(diagnosis, Diagnosis::Forbidden(reason));
        assert!(!diagnosis.is_admitted());
    }
}

#[test]
fn what_a_look_sees_is_told_as_it_is() {
    let track = json!({"type": "track", "uri": "spotify:track:a", "name": "Slow Harbour", "duration_ms": 1,
        "artists": [{"name": "Mira"}, {"name": "Odd Numbers"}]});
    let player = |item: &Value, kind: &str| json!({"item": item, "currently_playing_type": kind, "is_playing": true, "device": {"name": "Desk"}});
    let expected = Diagnosis::Track {
        name: "Slow Harbour".into(),
        artist: "Mira, Odd Numbers".into(),
        is_playing: true,
        device: Some("Desk".into()),
    };
    assert_eq!(sees(&player(&track, "track")), expected);
    let episode = json!({"type": "episode", "id": "e"});
    assert_eq!(sees(&player(&episode, "episode")), Diagnosis::Podcast);
    assert_eq!(sees(&player(&Value::Null, "episode")), Diagnosis::Podcast);
    assert_eq!(sees(&player(&Value::Null, "ad")), Diagnosis::Advert);
    assert_eq!(sees(&player(&Value::Null, "unknown")), Diagnosis::Nothing);
    assert_eq!(diagnose(Ok(None), COOLDOWN, now()), Diagnosis::Nothing);
    assert!(Diagnosis::Nothing.is_admitted() && Diagnosis::Advert.is_admitted());
}
