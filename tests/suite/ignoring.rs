//! Ignore rules: what they name never enters the list, not by healing either, nor after a restart.

use crate::house::House;
use crate::house::database::on_both;
use airlog::live::ignore::{BadRule, Kind};
use airlog::twins::{Deed, TrackRef};
use chrono::TimeDelta;
use std::time::Duration;

const PLAYLIST: &str = "37i9dQZF1DX0XUsuxWHRQd";

/// A house that heals all the time, in a world where Spotify tells of skipped tracks too.
async fn house() -> House {
    let house = House::with(|config| config.tracking.heal_interval = Duration::from_millis(500)).await;
    house.twins.with(|world, _| world.history_rules.keeps_skipped = true);
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    house
}

async fn ignores(house: &House, kind: Kind, text: &str) {
    let ann = house.id_of("ann").await;
    house.controls().ignore(ann, kind, text).await.expect("a rule");
}

/// What she plays from now on comes from this playlist, out of this device.
fn whence(house: &House, playlist: Option<&str>, device: Option<&str>) {
    let (playlist, device) = (playlist.map(str::to_owned), device.map(str::to_owned));
    house.act("ann", Deed::Whence { playlist, device });
}

fn minute(house: &House) {
    house.clock.shift(TimeDelta::minutes(1));
}

/// Waits until Spotify has been asked twice more what was played.
async fn is_healed_again(house: &House) {
    let before = house.healings("ann");
    house.eventually("two more healings", async || (house.healings("ann") >= before + 2).then_some(())).await;
}

/// Waits until so many plays were ignored.
async fn ignored(house: &House, count: usize) {
    house
        .eventually(&format!("{count} plays were ignored"), async || {
            (house.sql("SELECT uri FROM ignored_plays").await.len() == count).then_some(())
        })
        .await;
}

fn artist(house: &House, number: usize) -> String {
    house.twins.with(|world, _| world.catalogue.track(TrackRef(number)).artists[0].name.clone())
}

async fn a_playlist_a_device_and_an_artist_never_enter_the_list() {
    let house = house().await;
    ignores(&house, Kind::Playlist, &format!("https://open.spotify.com/playlist/{PLAYLIST}?si=1")).await;
    ignores(&house, Kind::Device, " kitchen ").await;
    ignores(&house, Kind::Artist, &artist(&house, 3).to_uppercase()).await;
    let first = house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    minute(&house);
    whence(&house, Some(PLAYLIST), None);
    house.plays("ann", 1);
    while !viewer.sees("now_playing").await["now_playing"].is_null() {}
    ignored(&house, 1).await;
    minute(&house);
    whence(&house, Some("0000000000000000000000"), Some("Kitchen"));
    house.plays("ann", 2);
    ignored(&house, 2).await;
    minute(&house);
    whence(&house, None, None);
    house.plays("ann", 3);
    ignored(&house, 3).await;
    minute(&house);
    // Something else was heard in between, although nobody says what: it is a new play.
    let again = house.plays_noticed("ann", 0).await;
    assert_eq!(viewer.sees("track_added").await["track"]["name"], again);
    viewer.leaves().await;
    is_healed_again(&house).await;
    house.lists("ann", &[&first, &again]).await;
    assert_eq!(house.sql("SELECT uri FROM ignored_plays").await.len(), 3);
    house.closes().await;
}

async fn a_rule_takes_effect_in_mid_stream_and_its_end_does_too() {
    let house = House::with(|config| config.tracking.poll_interval = Duration::from_mins(1)).await;
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    let ann = house.id_of("ann").await;
    let song = house.plays("ann", 0);
    // Nobody looks for a minute, unless there is a reason.
    ignores(&house, Kind::Artist, "nobody of this name").await;
    house.lists("ann", &[&song]).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    ignores(&house, Kind::Artist, &artist(&house, 0)).await;
    while !viewer.sees("now_playing").await["now_playing"].is_null() {}
    let rules = house.controls().ignored(ann).await.expect("rules");
    assert_eq!(rules.len(), 2);
    assert!(house.controls().heed(ann, rules[1].id).await.expect("gone"));
    assert!(!house.controls().heed(ann, rules[1].id).await.expect("gone already"));
    assert_eq!(viewer.sees("now_playing").await["now_playing"]["track"]["name"], song);
    viewer.leaves().await;
    house.lists("ann", &[&song]).await;
    house.closes().await;
}

async fn after_a_restart_what_was_ignored_stays_out_and_keeps_plays_apart() {
    let mut house = house().await;
    ignores(&house, Kind::Device, "Kitchen").await;
    let first = house.plays_noticed("ann", 0).await;
    minute(&house);
    whence(&house, None, Some("Kitchen"));
    house.plays("ann", 1);
    ignored(&house, 1).await;
    house.stops().await;
    house.opens().await;
    house.looks_again("ann", 2).await;
    minute(&house);
    house.stops().await;
    whence(&house, None, None);
    house.plays("ann", 0);
    house.opens().await;
    house.lists("ann", &[&first, &first]).await;
    is_healed_again(&house).await;
    house.lists("ann", &[&first, &first]).await;
    assert_eq!(house.sql("SELECT uri FROM ignored_plays").await.len(), 1);
    house.closes().await;
}

async fn what_nobody_saw_is_judged_by_the_rules_when_it_is_healed() {
    let mut house = house().await;
    ignores(&house, Kind::Playlist, PLAYLIST).await;
    let first = house.plays_noticed("ann", 0).await;
    minute(&house);
    house.stops().await;
    whence(&house, Some(PLAYLIST), None);
    house.plays("ann", 1);
    minute(&house);
    whence(&house, None, None);
    let third = house.plays("ann", 2);
    minute(&house);
    let fourth = house.plays("ann", 3);
    house.opens().await;
    house.lists("ann", &[&first, &third, &fourth]).await;
    ignored(&house, 1).await;
    // What it kept out stays out when the rule is gone.
    let ann = house.id_of("ann").await;
    let rules = house.controls().ignored(ann).await.expect("rules");
    house.controls().heed(ann, rules[0].id).await.expect("gone");
    is_healed_again(&house).await;
    house.lists("ann", &[&first, &third, &fourth]).await;
    house.closes().await;
}

async fn a_rule_is_kept_once_and_what_is_none_is_refused() {
    let house = house().await;
    let ann = house.id_of("ann").await;
    let controls = house.controls();
    let first = controls.ignore(ann, Kind::Device, "Kitchen").await.expect("a rule");
    assert_eq!(controls.ignore(ann, Kind::Device, " kitchen").await.expect("the same"), first);
    let wrong = controls.ignore(ann, Kind::Playlist, "my playlist").await.expect_err("no playlist");
    assert_eq!(wrong.downcast_ref(), Some(&BadRule::NoPlaylist));
    assert_eq!(controls.ignored(ann).await.expect("rules"), [first]);
    house.closes().await;
}

on_both! {
    a_playlist_a_device_and_an_artist_never_enter_the_list,
    a_rule_takes_effect_in_mid_stream_and_its_end_does_too,
    after_a_restart_what_was_ignored_stays_out_and_keeps_plays_apart,
    what_nobody_saw_is_judged_by_the_rules_when_it_is_healed,
    a_rule_is_kept_once_and_what_is_none_is_refused,
}
