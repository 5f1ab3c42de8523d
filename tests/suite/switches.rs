//! What a streamer decides on the dashboard takes effect at once, in mid-stream too.

use crate::house::House;
use crate::house::database::on_both;
use crate::house::person::Person;
use crate::house::text;
use airlog::config::Allow;
use airlog::twins::Endpoint;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::Value;

async fn with_ann_on_air() -> (House, Person) {
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let ann = house.set_up("ann").await;
    house.goes_live("ann").await;
    (house, ann)
}

async fn chooses(ann: &Person, settings: &str) {
    let (status, answer) = ann.asks(Method::PATCH, "/api/v1/me/settings", settings).await;
    assert_eq!(status, 200, "{answer}");
}

async fn decides(ann: &Person, decision: &str) -> Value {
    let (status, answer) = ann.asks(Method::POST, "/api/v1/me/tracking", decision).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Waits until tracking is in this state.
async fn is(house: &House, ann: &Person, state: &str) {
    house
        .eventually(&format!("tracking is {state}"), async || {
            let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
            (me["tracking"]["state"] == state).then_some(())
        })
        .await;
}

async fn who_is_switched_off_is_not_looked_at_any_more() {
    let (house, ann) = with_ann_on_air().await;
    let first = house.plays_noticed("ann", 0).await;
    chooses(&ann, r#"{"enabled":false}"#).await;
    is(&house, &ann, "disabled").await;
    house.is_live("ann", false).await;
    house.plays("ann", 1);
    let looks = house.twins.with(|world, _| world.calls_of("ann", Endpoint::Player));
    house.has_streamer("bob").await;
    house.goes_live("bob").await;
    house.plays_noticed("bob", 2).await;
    assert_eq!(house.twins.with(|world, _| world.calls_of("ann", Endpoint::Player)), looks);
    let listed = house.list("ann").await;
    assert_eq!(listed, [first]);
    chooses(&ann, r#"{"enabled":true}"#).await;
    is(&house, &ann, "following").await;
    house.closes().await;
}

async fn whoever_makes_the_list_private_sends_strangers_away_and_stays() {
    let (house, ann) = with_ann_on_air().await;
    house.plays_noticed("ann", 0).await;
    let mut stranger = house.viewer("ann").await;
    let mut own = ann.listens("/api/v1/me/live").await;
    stranger.sees("snapshot").await;
    own.sees("snapshot").await;
    chooses(&ann, r#"{"visibility":"private"}"#).await;
    assert_eq!(stranger.closed_with().await, 1008);
    assert_eq!(house.get("/streamers/ann/tracks/today").await.0, 404);
    let second = house.plays_noticed("ann", 1).await;
    assert_eq!(text(&own.sees("track_added").await["track"]["name"]), second);
    assert_eq!(ann.opens("/streamers/ann/tracks/today").await.status, 200, "the streamer reads on");
    own.leaves().await;
    chooses(&ann, r#"{"visibility":"public"}"#).await;
    house.viewer("ann").await.leaves().await;
    house.closes().await;
}

async fn a_delay_holds_for_everybody_but_the_streamer() {
    let (house, ann) = with_ann_on_air().await;
    let first = house.plays_noticed("ann", 0).await;
    chooses(&ann, r#"{"delay_seconds":2}"#).await;
    let mut own = ann.listens("/api/v1/me/live").await;
    own.sees("snapshot").await;
    let second = house.plays("ann", 1);
    assert_eq!(text(&own.sees("track_added").await["track"]["name"]), second);
    assert_eq!(house.list("ann").await, std::slice::from_ref(&first));
    house.lists("ann", &[&first, &second]).await;
    own.leaves().await;
    house.closes().await;
}

async fn another_time_zone_cuts_the_day_anew() {
    let (house, ann) = with_ann_on_air().await;
    let first = house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    assert_eq!(viewer.sees("snapshot").await["date"], "2026-11-20");
    chooses(&ann, r#"{"timezone":"Asia/Tokyo"}"#).await;
    assert_eq!(viewer.sees("snapshot").await["date"], "2026-11-21");
    viewer.leaves().await;
    house.lists("ann", &[&first]).await;
    let day = house.json("/api/v1/streamers/ann/tracks").await;
    assert_eq!((text(&day["date"]), text(&day["timezone"])), ("2026-11-21".into(), "Asia/Tokyo".into()));
    house.closes().await;
}

async fn who_keeps_less_has_less_at_once() {
    let (house, ann) = with_ann_on_air().await;
    house.plays_noticed("ann", 0).await;
    house.clock.shift(TimeDelta::days(3));
    let newest = house.plays_noticed("ann", 1).await;
    chooses(&ann, r#"{"retention_days":1}"#).await;
    house
        .eventually("only today is kept", async || (house.stored().await == [newest.clone()]).then_some(()))
        .await;
    house.closes().await;
}

async fn tracking_is_paused_stopped_and_started_by_hand() {
    let (house, ann) = with_ann_on_air().await;
    house.plays_noticed("ann", 0).await;
    decides(&ann, r#"{"action":"pause","minutes":30}"#).await;
    is(&house, &ann, "paused").await;
    house.clock.shift(TimeDelta::minutes(31));
    is(&house, &ann, "following").await;
    decides(&ann, r#"{"action":"stop"}"#).await;
    is(&house, &ann, "stopped").await;
    decides(&ann, r#"{"action":"auto"}"#).await;
    is(&house, &ann, "following").await;
    house.goes_offline("ann").await;
    is(&house, &ann, "idle").await;
    let started = decides(&ann, r#"{"action":"start","minutes":60}"#).await;
    assert_eq!(text(&started["by_hand"]), "start");
    is(&house, &ann, "following").await;
    for nonsense in
        [r#"{"action":"dance"}"#, r#"{"action":"pause"}"#, r#"{"action":"start","minutes":-1}"#, "[]"]
    {
        let (status, problem) = ann.asks(Method::POST, "/api/v1/me/tracking", nonsense).await;
        assert_eq!(status, 400, "{nonsense}: {problem}");
        assert!(problem["detail"].is_string(), "{problem}");
    }
    house.closes().await;
}

async fn unlinking_takes_the_tokens_and_the_lists_if_asked() {
    let (house, ann) = with_ann_on_air().await;
    let title = house.plays_noticed("ann", 0).await;
    let page = ann.fills_in("/dashboard/unlink", &[("plays", "keep")]).await;
    assert_eq!(page.status, 200);
    assert!(house.sql("SELECT id FROM spotify_links").await.is_empty());
    is(&house, &ann, "unlinked").await;
    assert_eq!(house.stored().await, [title]);
    assert_eq!(ann.links_spotify().await.status, 200);
    ann.fills_in("/dashboard/unlink", &[("plays", "delete")]).await;
    assert!(house.stored().await.is_empty() && house.list("ann").await.is_empty());
    house.closes().await;
}

async fn whoever_throws_us_out_at_twitch_is_let_go_at_once_with_their_lists_if_they_chose_so() {
    let (house, ann) = with_ann_on_air().await;
    house.plays_noticed("ann", 0).await;
    chooses(&ann, r#"{"after_leaving":"delete"}"#).await;
    house.twins.with(|world, now| world.revoke_twitch("ann", now));
    house.eventually("the lists are gone", async || house.stored().await.is_empty().then_some(())).await;
    assert!(house.sql("SELECT id FROM spotify_links").await.is_empty(), "tokens are destroyed");
    assert!(house.sql("SELECT user_id FROM twitch_grants WHERE access_token IS NOT NULL").await.is_empty());
    assert_eq!(ann.opens("/dashboard").await.status, 401, "and the browser is let in no more");
    house.closes().await;
}

on_both! {
    who_is_switched_off_is_not_looked_at_any_more,
    whoever_makes_the_list_private_sends_strangers_away_and_stays,
    a_delay_holds_for_everybody_but_the_streamer,
    another_time_zone_cuts_the_day_anew,
    who_keeps_less_has_less_at_once,
    tracking_is_paused_stopped_and_started_by_hand,
    unlinking_takes_the_tokens_and_the_lists_if_asked,
    whoever_throws_us_out_at_twitch_is_let_go_at_once_with_their_lists_if_they_chose_so,
}
