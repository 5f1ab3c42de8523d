//! No token in logs, answers, frames, `Debug` or the database: an evening with everything that happens to tokens, and a
//! search for each of them in all that it leaves behind.

use crate::house::database::on_both;
use crate::house::secrets::{Eavesdropper, betrayed, with_secrets};
use crate::house::viewer::Viewer;
use crate::house::{House, brisk, text};
use airlog::config::{Allow, EventSub};
use airlog::twins::{Deed, Endpoint, Fault, FaultKind, RetryAfter, Rotation, Times};
use reqwest::Method;
use std::time::Duration;

/// Whatever a stranger may ask for, and some of what there is not.
const PATHS: [&str; 16] = [
    "/",
    "/streamers/ann",
    "/streamers/ann/tracks/today",
    "/streamers/ann/tracks/2026-11-19",
    "/streamers/nobody/tracks/today",
    "/overlay/ann/now-playing",
    "/api/v1/streamers/ann",
    "/api/v1/streamers/ann/tracks",
    "/api/v1/streamers/nobody",
    "/api/v1/streamers/ann/now.txt",
    "/api/openapi.json",
    "/docs",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/webhooks/twitch",
];

/// What fails at Spotify in an evening, and what a look that met it is counted as.
const FAILURES: [(FaultKind, &str); 5] = [
    (FaultKind::Status(503), "no_answer"),
    (FaultKind::Html, "unreadable"),
    (FaultKind::Torn, "unreadable"),
    (FaultKind::RateLimited(RetryAfter::Seconds(1)), "rate_limited"),
    // After this nobody looks until the server has been started again.
    (FaultKind::PermissionsMissing, "forbidden"),
];

/// An evening, and everything that left the house in it.
async fn an_evening(house: &mut House, title: &mut String) -> String {
    let mut all = Vec::new();
    house.has_streamer("ann").await;
    house.lets_us_in("ann").await;
    house.act("ann", Deed::Rotate { rotation: Rotation::Always });
    house.goes_live("ann").await;
    let mut viewer = house.viewer("ann").await;
    let mut reader = house.viewer_with("ann", "format=html").await;
    *title = house.plays_noticed("ann", 0).await;
    all.push(viewer.sees("track_added").await.to_string());
    all.push(reader.sees("track_added").await.to_string());
    all.push(house.event_after("/api/v1/streamers/ann/events", None).await);
    tokens_are_renewed(house).await;
    for (kind, found) in FAILURES {
        let counter = format!("airlog_looks_total{{found=\"{found}\"}}");
        let before = house.counted(&counter);
        house.breaks("ann", kind);
        house.counts(&counter, before + 1).await;
        house.mends("ann");
    }
    for path in PATHS {
        all.push(house.everything_said(path).await);
    }
    all.push(house.everything_shown());
    all.push(somebody_logs_in(house).await);
    house.stops().await;
    house.opens().await;
    house.plays_noticed("ann", 1).await;
    grants_are_lost(house).await;
    all.push(house.everything_said("/api/v1/streamers/ann").await);
    all.push(house.everything_shown());
    viewer.leaves().await;
    reader.leaves().await;
    all.concat()
}

/// Somebody's overlay of a private list listens until its key is rolled.
async fn an_overlay_listens(house: &House) -> String {
    let overlay = house.rolls_key("bob").await;
    assert_eq!(house.get(&format!("/overlay/k/{overlay}/now-playing?style=bar")).await.0, 200);
    assert_eq!(house.get(&format!("/overlay/k/{overlay}/nothing")).await.0, 404);
    let live = format!("/api/v1/overlay/{overlay}/live");
    assert_eq!(house.get(&live).await.0, 400);
    let mut viewer = Viewer::comes(house.addr(), &live).await.expect("an upgrade");
    viewer.sees("snapshot").await;
    house.rolls_key("bob").await;
    assert_eq!(viewer.closed_with().await, 1008);
    assert_eq!(house.get(&live).await.0, 404);
    overlay
}

/// Logs in, links, reads and logs out; what their browser holds is a secret too.
async fn somebody_logs_in(house: &House) -> String {
    let bob = house.set_up("bob").await;
    let mut shown = bob.opens("/dashboard").await.body;
    for path in ["/api/v1/me", "/api/v1/me/settings"] {
        shown += &bob.asks(Method::GET, path, "").await.1.to_string();
    }
    shown += &bob.listens("/api/v1/me/live").await.sees("snapshot").await.to_string();
    assert_eq!(bob.fills_in("/dashboard/unlink", &[("plays", "keep")]).await.status, 200);
    let key = text(&bob.makes_key("deck", &["read"]).await["key"]);
    let deck = house.program(&key);
    shown += &deck.asks(Method::GET, "/api/v1/me", "").await.1.to_string();
    shown += &bob.opens("/dashboard/team").await.body;
    let overlay = Box::pin(an_overlay_listens(house)).await;
    shown += &bob.asks(Method::GET, "/api/v1/me/audit", "").await.1.to_string();
    house.keeps_secret(&overlay);
    house.keeps_secret(key.trim_start_matches("airlog_"));
    house.keeps_secret(bob.cookies().split(['=', ';']).nth(1).expect("a cookie"));
    assert_eq!(bob.fills_in("/auth/logout", &[]).await.path, "/");
    shown
}

/// Both companies renew what has expired.
async fn tokens_are_renewed(house: &House) {
    let (before, ann) = (house.refreshes("ann"), house.streamer("ann").await);
    let fault = Fault::new(FaultKind::Status(500));
    house.act(
        "ann",
        Deed::Fault(Fault { endpoint: Some(Endpoint::RefreshGrant), times: Times::Once, ..fault }),
    );
    house.act("ann", Deed::ExpireToken);
    let tried_again = async || (house.refreshes("ann") >= before + 2).then_some(());
    house.eventually("a new pair, at the second try", tried_again).await;
    house.twins.with(|world, now| world.expire_twitch_token("ann", now));
    let refused = house.grants().access_token(ann.id).await.expect("a token");
    house.grants().refresh(ann.id, refused).await.expect("a new one");
}

/// Spotify and then Twitch let us in no more.
async fn grants_are_lost(house: &House) {
    house.act("ann", Deed::RevokeLink);
    house.act("ann", Deed::ExpireToken);
    let broken = async || house.sql("SELECT status FROM spotify_links").await == ["reconnect_needed"];
    house.eventually("the link is broken", async || broken().await.then_some(())).await;
    let ann = house.streamer("ann").await;
    let refused = house.grants().access_token(ann.id).await.expect("a token");
    house.act("ann", Deed::RevokeTwitch);
    let lost = house.grants().refresh(ann.id, refused).await;
    let said = format!("{:?}", lost.as_ref().map(drop));
    assert!(lost.is_err() && betrayed(&house.secrets(), &said).is_empty(), "{said}");
}

async fn nothing_is_betrayed(eventsub: EventSub) {
    let eavesdropper = Eavesdropper::listens();
    let mut house = House::paced(brisk(), |config| {
        config.twitch.eventsub = eventsub;
        config.accounts.allow = Allow::Anyone;
        config.tracking.heal_interval = Duration::from_secs(1);
        with_secrets(config);
    })
    .await;
    let mut title = String::new();
    let said = an_evening(&mut house, &mut title).await;
    let stored = house.everything_stored().await;
    let secrets = house.secrets();
    house.closes().await;
    let logged = eavesdropper.heard();
    assert!(secrets.len() > 15, "many tokens came by: {}", secrets.len());
    assert!(
        said.contains(&title) && stored.contains(&title) && logged.contains("TRACE"),
        "this was searched"
    );
    for (place, text) in [("said", &said), ("stored", &stored), ("logged", &logged)] {
        assert_eq!(betrayed(&secrets, text), Vec::<&str>::new(), "{place}");
    }
}

async fn no_secret_leaves_a_house_that_is_told_by_webhook() {
    Box::pin(nothing_is_betrayed(EventSub::Webhook)).await;
}

async fn no_secret_leaves_a_house_that_listens_on_sockets() {
    Box::pin(nothing_is_betrayed(EventSub::Websocket)).await;
}

on_both! {
    no_secret_leaves_a_house_that_is_told_by_webhook,
    no_secret_leaves_a_house_that_listens_on_sockets,
}

#[test]
fn even_a_part_of_a_secret_is_found() {
    let secrets = ["BQ0123456789abcdefghijklmnopqrstuv".to_owned()];
    for text in ["a BQ0123456789… b", "…klmnopqrstuv", "Bearer BQ0123456789abcdefghijklmnopqrstuv"] {
        assert_eq!(betrayed(&secrets, text).len(), 1, "{text}");
    }
    assert!(betrayed(&secrets, "BQ01234… is not much").is_empty());
}
