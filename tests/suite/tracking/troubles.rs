//! What the streamer is told stands in the way, and that it is gone when it is.

use crate::house::House;
use crate::house::database::on_both;
use crate::house::mishaps::Trouble;
use airlog::base::mishap::Place;
use airlog::clients::spotify::Forbidden;
use airlog::live::Doing;
use airlog::twins::{Deed, FaultKind, RetryAfter};

async fn is_doing(house: &House, what: &str, is: impl Fn(&Doing) -> bool) {
    let status = house.status_is("ann", what, |status| is(&status.doing)).await;
    assert_eq!(status.is_tracking, status.doing == Doing::Following);
}

async fn is_followed(house: &House) {
    is_doing(house, "she is followed", |doing| *doing == Doing::Following).await;
}

async fn what_spotify_says_is_shown_and_passes() {
    let house = House::with_ann_live().await;
    let seen = house.status_is("ann", "a look has come back", |status| status.last_look_at.is_some()).await;
    assert_eq!(seen.doing, Doing::Following);
    let looked = seen.last_look_at;
    house.breaks("ann", FaultKind::Status(503));
    is_doing(&house, "Spotify is down", |doing| *doing == Doing::SpotifyDown).await;
    house.mends("ann");
    is_followed(&house).await;
    assert!(house.status("ann").await.last_look_at > looked);
    house.breaks("ann", FaultKind::Nonsense);
    is_doing(&house, "nonsense", |doing| *doing == Doing::SpotifyUnreadable).await;
    house.mends("ann");
    is_followed(&house).await;
    house.breaks("ann", FaultKind::RateLimited(RetryAfter::Seconds(2)));
    is_doing(&house, "a rest", |doing| matches!(doing, Doing::Resting { until: Some(_) })).await;
    house.mends("ann");
    is_followed(&house).await;
    house.closes().await;
}

async fn what_only_a_person_can_change_is_named() {
    let mut house = House::with_ann_live().await;
    is_followed(&house).await;
    let reasons = [
        (FaultKind::PremiumRequired, Forbidden::PremiumRequired),
        (FaultKind::NotAllowListed, Forbidden::NotAllowListed),
        (FaultKind::OwnerLapsed, Forbidden::OwnerLapsed),
        (FaultKind::PermissionsMissing, Forbidden::Scope),
    ];
    for (fault, reason) in reasons {
        // A new session looks at once, as at the start of a stream.
        house.stops().await;
        house.breaks("ann", fault);
        house.opens().await;
        is_doing(&house, "the reason", |doing| *doing == Doing::Standing(reason)).await;
        house.mends("ann");
    }
    house.stops().await;
    house.act("ann", Deed::RevokeLink);
    house.act("ann", Deed::ExpireToken);
    house.opens().await;
    is_doing(&house, "the link is lost", |doing| *doing == Doing::ReconnectNeeded).await;
    house.sql("DELETE FROM spotify_links RETURNING id").await;
    is_doing(&house, "there is no link", |doing| *doing == Doing::Unlinked).await;
    house.closes().await;
}

async fn a_crash_loop_is_shown_until_a_look_has_come_back() {
    let trouble = Trouble::default();
    let house = House::rigged(trouble.rig(), |_| {}).await;
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    is_followed(&house).await;
    trouble.strikes_often(Place::Session, "ann", 3);
    let is_loop = |doing: &Doing| matches!(doing, Doing::CrashLoop { times: 3, reason, .. } if reason.contains("struck at Session"));
    is_doing(&house, "a crash loop", is_loop).await;
    is_followed(&house).await;
    house.closes().await;
}

on_both! {
    what_spotify_says_is_shown_and_passes,
    what_only_a_person_can_change_is_named,
    a_crash_loop_is_shown_until_a_look_has_come_back,
}
