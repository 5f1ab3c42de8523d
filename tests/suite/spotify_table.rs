//! Each row of the table "Spotify says, the session does" once: the evening goes on after any of them.

use crate::house::House;
use airlog::twins::{Deed, Endpoint, Fault, FaultKind, RetryAfter, Rotation};
use std::time::Duration;

/// Ann is live with one track in her list; then her player breaks in this way, so often as to be seen.
async fn evening_broken_by(kind: FaultKind, found: &str) -> (House, String) {
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    house.breaks("ann", kind);
    house.counts(&format!("airlog_looks_total{{found=\"{found}\"}}"), 1).await;
    (house, first)
}

/// After the break the next track is noticed, and the list is what was heard.
async fn goes_on(house: House, first: String) {
    house.mends("ann");
    let second = house.plays_noticed("ann", 1).await;
    house.lists("ann", &[&first, &second]).await;
    house.closes().await;
}

#[tokio::test]
async fn no_active_device_is_idle() {
    let (house, first) = evening_broken_by(FaultKind::NoActiveDevice, "nothing").await;
    goes_on(house, first).await;
}

#[tokio::test]
async fn a_server_error_is_tried_again_and_then_waited_out() {
    let (house, first) = evening_broken_by(FaultKind::Status(503), "no_answer").await;
    assert!(house.looks("ann") >= 4, "three tries for one look");
    goes_on(house, first).await;
}

#[tokio::test]
async fn a_player_that_never_answers_is_given_up_each_time() {
    let house = House::with(|config| config.tracking.request_timeout = Duration::from_millis(700)).await;
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    house.breaks("ann", FaultKind::Hang);
    house.counts("airlog_looks_total{found=\"no_answer\"}", 1).await;
    goes_on(house, first).await;
}

#[tokio::test]
async fn nonsense_is_no_observation() {
    for kind in [FaultKind::Nonsense, FaultKind::Html, FaultKind::Torn] {
        let (house, first) = evening_broken_by(kind, "unreadable").await;
        goes_on(house, first).await;
    }
}

#[tokio::test]
async fn a_rate_limit_rests_the_client_id_and_is_kept() {
    let (house, first) =
        evening_broken_by(FaultKind::RateLimited(RetryAfter::Seconds(1)), "rate_limited").await;
    house
        .eventually("the cooldown is stored", async || {
            (house.sql("SELECT client_id FROM spotify_clients").await.len() == 1).then_some(())
        })
        .await;
    goes_on(house, first).await;
}

#[tokio::test]
async fn a_rate_limit_of_hours_is_remembered_over_a_restart_and_not_asked_again() {
    let (mut house, _) =
        evening_broken_by(FaultKind::RateLimited(RetryAfter::Date(36_000)), "rate_limited").await;
    house
        .eventually("the cooldown is stored", async || {
            (house.sql("SELECT client_id FROM spotify_clients").await.len() == 1).then_some(())
        })
        .await;
    let looks = house.looks("ann");
    house.stops().await;
    house.opens().await;
    house
        .eventually("she is followed again", async || (house.counted("airlog_sessions") == 1).then_some(()))
        .await;
    house.has_streamer("bob").await;
    house.goes_live("bob").await;
    house.has_streamer_with_app("cleo", "an-app-of-her-own").await;
    house.goes_live("cleo").await;
    house.looks_again("cleo", 3).await;
    assert_eq!(house.looks("ann"), looks, "nobody looked");
    assert_eq!(house.looks("bob"), 0, "the cooldown belongs to the client id, and bob uses the same");
    house.closes().await;
}

#[tokio::test]
async fn a_rate_limit_without_a_time_rests_for_the_default() {
    let (house, first) = evening_broken_by(FaultKind::RateLimited(RetryAfter::Absent), "rate_limited").await;
    goes_on(house, first).await;
}

#[tokio::test]
async fn an_expired_token_is_refreshed_once_and_the_look_repeated() {
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    house.act("ann", Deed::ExpireToken);
    let second = house.plays_noticed("ann", 1).await;
    assert_eq!(house.refreshes("ann"), 1);
    house.lists("ann", &[&first, &second]).await;
    house.closes().await;
}

#[tokio::test]
async fn rotated_refresh_tokens_are_kept_each_time() {
    let house = House::with_ann_live().await;
    house.act("ann", Deed::Rotate { rotation: Rotation::Always });
    for number in 0..3 {
        house.act("ann", Deed::ExpireToken);
        house.plays_noticed("ann", number).await;
    }
    assert_eq!(house.refreshes("ann"), 3);
    house.closes().await;
}

#[tokio::test]
async fn a_second_refusal_after_a_refresh_ends_the_link() {
    let (house, first) = evening_broken_by(FaultKind::TokenInvalid, "link_lost").await;
    assert_eq!(house.refreshes("ann"), 1);
    assert_eq!(house.sql("SELECT status FROM spotify_links").await, ["reconnect_needed"]);
    assert_eq!(house.list("ann").await, [first], "what was seen stays");
    house.closes().await;
}

#[tokio::test]
async fn invalid_grant_ends_the_link_and_is_never_retried() {
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    house.act("ann", Deed::RevokeLink);
    house.counts("airlog_looks_total{found=\"link_lost\"}", 1).await;
    house
        .eventually("tracking has stopped", async || (house.counted("airlog_sessions") == 0).then_some(()))
        .await;
    let refreshes = house.refreshes("ann");
    house.has_streamer("bob").await;
    house.goes_live("bob").await;
    house.looks_again("bob", 3).await;
    assert_eq!(house.refreshes("ann"), refreshes);
    assert_eq!(house.list("ann").await, [first]);
    house.closes().await;
}

#[tokio::test]
async fn a_refresh_that_fails_for_now_is_tried_again() {
    let house = House::with_ann_live().await;
    let first = house.plays_noticed("ann", 0).await;
    let fault = Fault { endpoint: Some(Endpoint::RefreshGrant), ..Fault::new(FaultKind::Status(503)) };
    house.act("ann", Deed::Fault(fault));
    house.act("ann", Deed::ExpireToken);
    house.counts("airlog_looks_total{found=\"no_token\"}", 1).await;
    assert_eq!(house.sql("SELECT status FROM spotify_links").await, ["connected"]);
    goes_on(house, first).await;
}

#[tokio::test]
async fn what_spotify_forbids_makes_tracking_stand_still_and_deletes_nothing() {
    for kind in [
        FaultKind::PremiumRequired,
        FaultKind::NotAllowListed,
        FaultKind::OwnerLapsed,
        FaultKind::ScopeMissing,
        FaultKind::PermissionsMissing,
    ] {
        let (house, first) = evening_broken_by(kind, "forbidden").await;
        assert_eq!(house.refreshes("ann"), 0, "a refresh does not help");
        assert_eq!(house.sql("SELECT status FROM spotify_links").await, ["connected"]);
        let looks = house.looks("ann");
        house.has_streamer("bob").await;
        house.goes_live("bob").await;
        house.looks_again("bob", 3).await;
        assert_eq!(house.looks("ann"), looks, "it stands still");
        assert_eq!(house.list("ann").await, [first]);
        house.closes().await;
    }
}

#[tokio::test]
async fn each_stream_start_looks_again_after_a_standstill() {
    let house = House::with_ann_live().await;
    house.breaks("ann", FaultKind::PremiumRequired);
    house.counts("airlog_looks_total{found=\"forbidden\"}", 1).await;
    house.mends("ann");
    house.goes_offline("ann").await;
    let song = house.plays("ann", 0);
    house.goes_live("ann").await;
    house.lists("ann", &[&song]).await;
    house.closes().await;
}
