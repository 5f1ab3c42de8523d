//! The Spotify twin: accounts, the player's reading half of the Web API, covers.

mod accounts;
mod covers;
mod errors;
mod objects;
mod player;
mod recent;

use super::shared::Shared;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

/// What Airlog asks for, and what [`super::Twins::grant`] gives.
pub(super) const SCOPES: &[&str] =
    &["user-read-playback-state", "user-read-currently-playing", "user-read-recently-played"];

/// Everything under `/spotify`.
pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/accounts/authorize", get(accounts::ask).post(accounts::answer))
        .route("/accounts/api/token", post(accounts::token))
        .route("/v1/me", get(player::me))
        .route("/v1/me/player", get(player::state))
        .route("/v1/me/player/currently-playing", get(player::currently_playing))
        .route("/v1/me/player/recently-played", get(recent::recently_played))
        .route("/v1/me/player/queue", get(player::queue))
        .route("/v1/me/player/devices", get(player::devices))
        .route("/v1/{*path}", get(errors::no_service))
        .route("/covers/{file}", get(covers::cover))
}

#[cfg(test)]
mod tests {
    use crate::base::clock::SystemClock;
    use crate::twins::{
        Act, Cue, Deed, Endpoint, Fault, FaultKind, SPOTIFY_CLIENT_ID, TrackRef, Twins, World,
    };
    use serde_json::Value;
    use std::time::Duration;

    struct Listener {
        twins: Twins,
        http: reqwest::Client,
        token: String,
    }

    impl Listener {
        async fn start() -> Self {
            let any = "127.0.0.1:0".parse().expect("an address");
            let twins = Twins::start(any, World::new(1), SystemClock::shared()).await.expect("a free port");
            let token = twins.grant("ann").access_token;
            let http = reqwest::Client::builder().no_proxy().build().expect("a client");
            Self { twins, http, token }
        }

        async fn get(&self, path: &str) -> (u16, reqwest::header::HeaderMap, String) {
            let url = format!("{}{path}", self.twins.spotify_api_url());
            let answer = self.http.get(url).bearer_auth(&self.token).send().await.expect("an answer");
            (answer.status().as_u16(), answer.headers().clone(), answer.text().await.expect("a body"))
        }

        async fn json(&self, path: &str) -> Value {
            serde_json::from_str(&self.get(path).await.2).expect("JSON")
        }

        async fn refresh(&self, token: &str) -> (u16, Value) {
            let url = format!("{}/api/token", self.twins.spotify_accounts_url());
            let form =
                [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", SPOTIFY_CLIENT_ID)];
            let answer = self.http.post(url).form(&form).send().await.expect("an answer");
            (answer.status().as_u16(), answer.json().await.expect("JSON"))
        }
    }

    #[tokio::test]
    async fn an_evening_over_http() {
        let mut ann = Listener::start().await;
        assert_eq!(ann.get("/me/player").await.0, 204);
        ann.twins.perform(&Act::of("ann", Deed::Play(Cue::lasting(TrackRef(0), Duration::from_mins(1)))));
        let state = ann.json("/me/player").await;
        assert_eq!(state["item"]["name"], "Slow Harbour");
        assert_eq!(state["item"]["duration_ms"], 60_000);
        assert_eq!(state["item"]["artists"][1]["name"], "Odd Numbers");
        assert_eq!(state["currently_playing_type"], "track");
        let cover = state["item"]["album"]["images"][0]["url"].as_str().expect("an address").to_owned();
        assert!(
            ann.http
                .get(cover)
                .send()
                .await
                .expect("a cover")
                .text()
                .await
                .expect("text")
                .starts_with("<svg")
        );

        let link = ann.twins.grant("ann");
        ann.twins.perform(&Act::of("ann", Deed::ExpireToken));
        let (status, _, body) = ann.get("/me/player").await;
        assert_eq!(
            (status, body.as_str()),
            (401, r#"{"error":{"message":"The access token expired","status":401}}"#)
        );
        let refresh_token = link.refresh_token.expect("a refresh token");
        let (status, fresh) = ann.refresh(&refresh_token).await;
        assert_eq!((status, &fresh["refresh_token"]), (200, &Value::Null));
        ann.token = fresh["access_token"].as_str().expect("a token").to_owned();

        ann.twins.with(|world, now| world.fault("ann", Fault::rate_limit(30), now));
        let (status, headers, _) = ann.get("/me/player").await;
        assert_eq!((status, headers["retry-after"].to_str().expect("text")), (429, "30"));
        ann.twins.with(|world, _| world.clear_faults("ann"));
        assert_eq!(ann.get("/me/player/recently-played?limit=5").await.0, 200);

        ann.twins.perform(&Act::of("ann", Deed::RevokeLink));
        let (status, refusal) = ann.refresh(&refresh_token).await;
        assert_eq!((status, &refusal["error"]), (400, &Value::from("invalid_grant")));
        assert_eq!(ann.twins.with(|world, _| world.calls(Endpoint::RefreshGrant)), 2);
        ann.twins.stop().await;
    }

    #[tokio::test]
    async fn stopping_does_not_wait_for_an_answer_that_hangs() {
        let ann = Listener::start().await;
        ann.twins.with(|world, now| world.fault("ann", Fault::new(FaultKind::Hang), now));
        let url = format!("{}/me/player", ann.twins.spotify_api_url());
        let hanging = tokio::spawn(ann.http.get(url).bearer_auth(&ann.token).send());
        while ann.twins.with(|world, _| world.calls_of("ann", Endpoint::Player)) == 0 {
            tokio::task::yield_now().await;
        }
        tokio::time::timeout(Duration::from_secs(1), ann.twins.stop()).await.expect("stopped in time");
        assert_eq!(hanging.await.expect("no panic").expect("an answer").status(), 504);
    }
}
