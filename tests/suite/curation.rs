//! The list by hand: what is hidden vanishes for everybody at once and never returns by itself; corrections and missed
//! tracks are seen live; what was done in one go is undone in one go.

mod browsers;
mod titles;

use crate::house::database::on_both;
use crate::house::outage::Outage;
use crate::house::person::Person;
use crate::house::viewer::Viewer;
use crate::house::{House, text};
use airlog::config::Allow;
use airlog::twins::{Deed, FaultKind};
use chrono::TimeDelta;
use chrono_tz::Tz;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

pub const TRACKS: &str = "/api/v1/me/tracks";

/// A house in which ann is live and logged in.
pub async fn on_air() -> (House, Person) {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    house.goes_live("ann").await;
    (house, ann)
}

/// The same, where looks are rare and healing comes all the time, in a world where Spotify tells of skipped tracks too.
pub async fn healing() -> (House, Person) {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.tracking.poll_interval = Duration::from_secs(1);
        config.tracking.heal_interval = Duration::from_millis(500);
    })
    .await;
    house.twins.with(|world, _| world.history_rules.keeps_skipped = true);
    house.has_streamer("ann").await;
    let ann = house.logged_in("ann").await;
    house.goes_live("ann").await;
    (house, ann)
}

/// Waits until Spotify has been asked twice more what was played.
pub async fn is_healed_again(house: &House) {
    let before = house.healings("ann");
    house.eventually("two more healings", async || (house.healings("ann") >= before + 2).then_some(())).await;
}

/// What becomes of a panic button: status and answer.
pub async fn tries(person: &Person, press: &Value) -> (u16, Value) {
    person.asks(Method::POST, "/api/v1/me/panic", &press.to_string()).await
}

/// Presses a panic button and gives the act.
pub async fn presses(person: &Person, action: &str) -> Value {
    let (status, answer) = tries(person, &json!({"action": action})).await;
    assert_eq!(status, 200, "{answer}");
    answer["act"].clone()
}

/// Undoes an act.
pub async fn undoes(person: &Person, act: &Value) {
    let (status, answer) = tries(person, &json!({"action": "undo", "act": act})).await;
    assert_eq!(status, 200, "{answer}");
}

/// The plays of today as ann sees them: title, and whether it is hidden.
pub async fn sees(ann: &Person) -> Vec<(String, bool)> {
    let (status, day) = ann.asks(Method::GET, TRACKS, "").await;
    assert_eq!(status, 200, "{day}");
    let row = |track: &Value| (text(&track["name"]), !track["hidden_at"].is_null());
    day["tracks"].as_array().expect("tracks").iter().map(row).collect()
}

pub async fn id_of(ann: &Person, title: &str) -> String {
    let (_, day) = ann.asks(Method::GET, TRACKS, "").await;
    let tracks = day["tracks"].as_array().expect("tracks").clone();
    text(&tracks.iter().find(|track| track["name"] == title).expect("the track")["id"])
}

pub async fn now_line(house: &House) -> String {
    house.get("/api/v1/streamers/ann/now.txt").await.1
}

pub async fn leave(house: House, viewers: impl IntoIterator<Item = Viewer>) {
    for viewer in viewers {
        viewer.leaves().await;
    }
    house.closes().await;
}

async fn the_last_track_vanishes_for_whoever_listens_and_comes_back_in_its_place() {
    let (mut house, ann) = on_air().await;
    let first = house.plays_noticed("ann", 0).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    let second = house.plays_noticed("ann", 1).await;
    let told = viewer.sees("track_added").await["track"].clone();
    viewer.sees("now_playing").await;

    let act = presses(&ann, "hide_last").await;
    assert_eq!(viewer.frame().await["id"], told["id"]);
    let silence = viewer.frame().await;
    assert_eq!((&silence["type"], &silence["now_playing"]), (&json!("now_playing"), &Value::Null));
    assert_eq!(house.list("ann").await, [first.as_str()]);
    assert_eq!(now_line(&house).await, "");
    for path in ["/streamers/ann/tracks/today", "/", "/api/v1/streamers/ann"] {
        assert!(!house.get(path).await.1.contains(&second), "{path}");
    }
    let mut newcomer = house.viewer("ann").await;
    let snapshot = newcomer.frame().await;
    assert_eq!(
        (&snapshot["now_playing"], snapshot["tracks"].as_array().map(Vec::len)),
        (&Value::Null, Some(1))
    );
    assert_eq!(sees(&ann).await, [(first.clone(), false), (second.clone(), true)]);

    // The session goes on: the same track is not a new play, whatever happens to the player or to us.
    house.act("ann", Deed::Pause);
    house.looks_again("ann", 2).await;
    house.act("ann", Deed::Resume);
    house.looks_again("ann", 2).await;
    for viewer in [viewer, newcomer] {
        viewer.leaves().await;
    }
    house.stops().await;
    house.opens().await;
    house.looks_again("ann", 3).await;
    assert_eq!((house.stored().await.len(), now_line(&house).await.as_str()), (2, ""));
    assert_eq!(house.list("ann").await, [first.as_str()]);

    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    undoes(&ann, &act).await;
    assert_eq!(viewer.sees("track_added").await["track"], told, "to the letter");
    assert_eq!(viewer.sees("now_playing").await["now_playing"]["track"], told);
    assert_eq!(house.list("ann").await, [first, second]);
    let (status, again) = tries(&ann, &json!({"action": "undo", "act": act})).await;
    assert_eq!((status, text(&again["detail"])), (400, "that was undone already".into()));
    leave(house, [viewer]).await;
}

async fn the_last_ten_minutes_vanish_and_two_who_undo_that_at_once_do_it_once() {
    let (house, ann) = on_air().await;
    let first = house.plays_noticed("ann", 0).await;
    let second = house.plays_noticed("ann", 1).await;
    // It may have been on repeat for all that time.
    house.clock.shift(TimeDelta::minutes(20));
    let third = house.plays_noticed("ann", 2).await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    let act = presses(&ann, "hide_minutes").await;
    for _ in 0..2 {
        viewer.sees("track_removed").await;
    }
    assert_eq!(house.list("ann").await, [first.as_str()]);
    let (_, panic) = ann.asks(Method::GET, "/api/v1/me/panic", "").await;
    assert_eq!((&panic["acts"][0]["id"], &panic["acts"][0]["tracks"]), (&act, &json!(2)));
    let undo = json!({"action": "undo", "act": act});
    let both = tokio::join!(tries(&ann, &undo), tries(&ann, &undo));
    let mut statuses = [both.0.0, both.1.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    assert_eq!(house.list("ann").await, [first, second, third]);
    let (status, refused) = tries(&ann, &json!({"action": "hide_minutes", "minutes": 0})).await;
    assert_eq!((status, text(&refused["detail"])), (400, "`minutes` is a number from 1 to 1440".into()));
    let log = house.sql("SELECT deed FROM audit ORDER BY id").await;
    assert_eq!(log, ["minutes_hidden", "undone"]);
    leave(house, [viewer]).await;
}

async fn healing_never_brings_back_what_was_removed() {
    let (mut house, ann) = healing().await;
    let first = house.plays_noticed("ann", 0).await;
    house.clock.shift(TimeDelta::minutes(1));
    house.breaks("ann", FaultKind::Status(503));
    house.looks_again("ann", 1).await;
    let second = house.plays("ann", 1);
    house.clock.shift(TimeDelta::minutes(1));
    let third = house.plays("ann", 2);
    house.mends("ann");
    house.lists("ann", &[&first, &second, &third]).await;
    for title in [&first, &second] {
        let path = format!("{TRACKS}/{}", id_of(&ann, title).await);
        for _ in 0..2 {
            assert_eq!(ann.asks(Method::DELETE, &path, "").await.0, 204, "once more is fine");
        }
    }
    is_healed_again(&house).await;
    house.stops().await;
    house.opens().await;
    is_healed_again(&house).await;
    assert_eq!(house.list("ann").await, [third.as_str()]);
    assert_eq!(house.stored().await.len(), 3);
    let path = format!("{TRACKS}/{}/restore", id_of(&ann, &second).await);
    assert_eq!(ann.asks(Method::POST, &path, "").await.0, 200);
    assert_eq!(house.list("ann").await, [second, third]);
    house.closes().await;
}

async fn what_is_hidden_before_it_is_stored_is_stored_hidden() {
    let (mut house, ann) = on_air().await;
    let mut viewer = house.viewer("ann").await;
    viewer.sees("snapshot").await;
    let lock = house.suffers(Outage::Locked).await;
    let title = house.plays("ann", 0);
    viewer.sees("track_added").await;
    let unlocking = async {
        viewer.sees("track_removed").await;
        assert_eq!(
            viewer.sees("now_playing").await["now_playing"],
            Value::Null,
            "nobody waits for the database"
        );
        let mut newcomer = house.viewer("ann").await;
        assert_eq!(newcomer.frame().await["tracks"], json!([]));
        newcomer.leaves().await;
        lock.ends().await;
    };
    tokio::join!(presses(&ann, "hide_last"), unlocking);
    house.eventually("it is stored", async || (house.stored().await.len() == 1).then_some(())).await;
    house
        .eventually("and hidden", async || (sees(&ann).await == [(title.clone(), true)]).then_some(()))
        .await;
    viewer.leaves().await;
    house.stops().await;
    house.opens().await;
    house.looks_again("ann", 3).await;
    assert!(house.list("ann").await.is_empty());
    assert_eq!(house.stored().await, [title]);
    house.closes().await;
}

async fn what_is_hidden_and_not_stored_so_yet_is_told_of_no_past_day_and_no_past_stream() {
    let (house, ann) = on_air().await;
    let title = house.plays_noticed("ann", 0).await;
    house.eventually("it is stored", async || (house.stored().await.len() == 1).then_some(())).await;
    house.goes_offline("ann").await;
    let (_, day) = ann.asks(Method::GET, TRACKS, "").await;
    let (id, began) = (text(&day["tracks"][0]["id"]), text(&day["tracks"][0]["started_at"]));
    let stream = house.sql("SELECT id FROM streams").await.remove(0);
    house.clock.shift(TimeDelta::days(1));
    // Her login is renewed while that can be written.
    assert_eq!(ann.asks(Method::GET, TRACKS, "").await.0, 200);
    let paths = [format!("tracks/{}", &began[..10]), format!("streams/{stream}")];
    let paths = paths.map(|path| format!("/streamers/ann/{path}"));
    for path in &paths {
        assert!(house.get(path).await.1.contains(&title), "{path}");
    }
    let lock = house.suffers(Outage::Locked).await;
    let unlocking = async {
        for path in &paths {
            let is_gone = async || (!house.get(path).await.1.contains(&title)).then_some(());
            house.eventually("nobody reads of it", is_gone).await;
        }
        assert_eq!(house.sql("SELECT id FROM stream_tracks WHERE hidden_at IS NULL").await, [id.as_str()]);
        lock.ends().await;
    };
    let path = format!("{TRACKS}/{id}");
    let (hidden, ()) = tokio::join!(ann.asks(Method::DELETE, &path, ""), unlocking);
    assert_eq!(hidden.0, 204);
    house.closes().await;
}

async fn what_a_moderator_hides_the_streamer_undoes_and_reads_of() {
    let (house, ann) = House::of_ann().await;
    house.person("mod");
    assert_eq!(ann.names("mod").await.status, 200);
    let moderator = house.logged_in("mod").await;
    house.goes_live("ann").await;
    let title = house.plays_noticed("ann", 0).await;
    let hide = r#"{"action":"hide_last"}"#;
    let (status, answer) = moderator.asks(Method::POST, "/api/v1/me/panic?streamer=ann", hide).await;
    assert_eq!(status, 200, "{answer}");
    assert!(house.list("ann").await.is_empty());
    let page = moderator.opens("/dashboard/list?streamer=ann").await;
    assert!(page.status == 200 && page.body.contains("/dashboard/list?streamer=ann"), "{}", page.body);
    assert!(
        page.body.contains("href=\"?streamer=ann&#38;date="),
        "the other language, still of ann: {}",
        page.body
    );
    undoes(&ann, &answer["act"]).await;
    assert_eq!(house.list("ann").await, [title.as_str()]);
    let id = id_of(&ann, &title).await;
    let hidden =
        moderator.fills_in("/dashboard/list?streamer=ann", &[("action", "hide"), ("track", &id)]).await;
    assert!(hidden.status == 200 && hidden.path == "/dashboard/list", "{}", hidden.body);
    assert!(house.list("ann").await.is_empty());
    let log = ann.reads_log().await;
    let told =
        log.iter().filter(|line| line.starts_with("mod track_hidden") && line.ends_with(&title)).count();
    assert!(told == 2 && log.iter().any(|line| line.starts_with("streamer undone")), "{log:?}");
    house.closes().await;
}

async fn a_delay_holds_back_no_removal_and_tells_nothing_that_was_removed() {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    ann.chooses(&json!({"delay_seconds": 600})).await;
    let (mut host, mut viewer) = (house.staff(&ann).await, house.viewer("ann").await);
    viewer.sees("snapshot").await;
    house.goes_live_before("ann", &mut host).await;
    let first = house.plays_before("ann", 0, &mut host).await;
    house.clock.shift(TimeDelta::minutes(3));
    let second = house.plays_before("ann", 1, &mut host).await;
    let act = presses(&ann, "hide_last").await;
    host.sees("track_removed").await;
    house.clock.shift(TimeDelta::minutes(3));
    let third = house.plays_before("ann", 2, &mut host).await;
    house.clock.shift(TimeDelta::minutes(5));
    assert_eq!(viewer.sees("track_added").await["track"]["name"], first);
    // It was told, and vanishes without waiting.
    let path = format!("{TRACKS}/{}", id_of(&ann, &first).await);
    assert_eq!(ann.asks(Method::DELETE, &path, "").await.0, 204);
    assert_eq!(viewer.sees("track_removed").await["id"], path.rsplit('/').next().expect("an id"));
    house.clock.shift(TimeDelta::minutes(6));
    assert_eq!(viewer.sees("track_added").await["track"]["name"], third, "the second is never told");
    undoes(&ann, &act).await;
    assert_eq!(viewer.sees("track_added").await["track"]["name"], second, "it would have been told long ago");
    assert_eq!(house.list("ann").await, [second, third]);
    leave(house, [viewer, host]).await;
}

on_both! {
    the_last_track_vanishes_for_whoever_listens_and_comes_back_in_its_place,
    the_last_ten_minutes_vanish_and_two_who_undo_that_at_once_do_it_once,
    healing_never_brings_back_what_was_removed,
    what_is_hidden_before_it_is_stored_is_stored_hidden,
    what_is_hidden_and_not_stored_so_yet_is_told_of_no_past_day_and_no_past_stream,
    what_a_moderator_hides_the_streamer_undoes_and_reads_of,
    a_delay_holds_back_no_removal_and_tells_nothing_that_was_removed,
}
