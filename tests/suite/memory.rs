//! Public pages come from memory: the same bytes for whoever reads a language, until anything changes that is on them.

use crate::curation::on_air;
use crate::house::database::on_both;
use crate::house::{House, text};
use airlog::base::clock::Clock as _;
use airlog::hub::Event;
use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Method;
use reqwest::header::LOCATION;

const TODAY: &str = "/streamers/ann/tracks/today";

/// A page as somebody follows it who asks again and again, as browsers do.
struct Reading<'a> {
    house: &'a House,
    path: String,
    name: String,
}

impl<'a> Reading<'a> {
    async fn of(house: &'a House, path: &str) -> Self {
        let (name, text) = house.get_unless(path, "\"nothing\"").await;
        assert!(text.is_some(), "{path}");
        Self { house, path: path.to_owned(), name }
    }

    /// The next answer is that there is nothing new, once what was told is stored too.
    async fn is_known(&mut self) {
        let (house, path) = (self.house, &self.path);
        let name = std::mem::take(&mut self.name);
        self.name = house
            .eventually("the page is the same twice", async || {
                let (before, _) = house.get_unless(path, &name).await;
                let (after, text) = house.get_unless(path, &before).await;
                text.is_none().then_some(after)
            })
            .await;
    }

    /// Whether this stands on it, already at the first look.
    async fn now_has(&mut self, text: &str, is_there: bool) {
        let (_, page) = self.house.get(&self.path).await;
        assert_eq!(page.contains(text), is_there, "{text} on {}", self.path);
        self.is_known().await;
    }
}

async fn a_page_is_the_same_until_a_frame_tells_of_something_new() {
    let house = House::with_ann_live().await;
    let mut english = Reading::of(&house, TODAY).await;
    let mut french = Reading::of(&house, &format!("{TODAY}?lang=fr")).await;
    assert_ne!(english.name, french.name, "languages are kept apart");
    english.is_known().await;
    let title = house.plays_noticed("ann", 0).await;
    for page in [&mut english, &mut french] {
        page.now_has(&title, true).await;
    }
    let id = text(&house.json("/api/v1/streamers/ann").await["stream"]["id"]);
    let mut stream = Reading::of(&house, &format!("/streamers/ann/streams/{id}")).await;
    let next = house.plays_noticed("ann", 1).await;
    stream.now_has(&next, true).await;
    house.goes_offline("ann").await;
    for page in [&mut english, &mut stream] {
        page.now_has("data-state=\"off\"", true).await;
    }
    house.closes().await;
}

async fn what_is_done_to_a_past_day_is_seen_at_once() {
    let (house, ann) = on_air().await;
    let title = house.plays_noticed("ann", 0).await;
    house.goes_offline("ann").await;
    let id = text(&house.json("/api/v1/streamers/ann/tracks").await["tracks"][0]["id"]);
    house.clock.shift(TimeDelta::days(1));
    let mut day = Reading::of(&house, "/streamers/ann/tracks/2026-11-20").await;
    let track = format!("/api/v1/me/tracks/{id}");
    assert_eq!(ann.asks(Method::DELETE, &track, "").await.0, 204);
    day.now_has(&title, false).await;
    assert_eq!(ann.asks(Method::POST, &format!("{track}/restore"), "").await.0, 200);
    day.now_has(&title, true).await;
    assert_eq!(ann.asks(Method::PATCH, &track, r#"{"name":"Slow Harbour, live"}"#).await.0, 200);
    day.now_has("Slow Harbour, live", true).await;
    ann.chooses(&serde_json::json!({"visibility": "private"})).await;
    assert_eq!(house.get(&day.path).await.0, 404);
    house.closes().await;
}

async fn a_page_is_made_once_for_a_hundred_who_ask_and_anew_for_a_track() {
    let house = House::with_ann_live().await;
    let title = house.plays_noticed("ann", 0).await;
    Reading::of(&house, TODAY).await.is_known().await;
    let (pages, made) = a_hundred_ask(&house).await;
    assert!(pages.iter().all(|page| page.contains(&title)));
    assert!(made <= 1, "the page lay there, unless a minute was over: {made} were made");
    let next = house.plays_noticed("ann", 1).await;
    let (pages, made) = a_hundred_ask(&house).await;
    assert!(pages.iter().all(|page| page.contains(&next)), "at once, to everybody");
    assert!((1..=3).contains(&made), "as it was told, and as it was stored: {made} were made");
    house.closes().await;
}

/// What a hundred are answered who ask at once, and how many pages were made for them.
async fn a_hundred_ask(house: &House) -> (Vec<String>, u64) {
    let before = house.counted("airlog_pages_made_total");
    let pages = join_all((0..100).map(async |_| house.get(TODAY).await.1)).await;
    (pages, house.counted("airlog_pages_made_total") - before)
}

async fn what_a_streamer_chooses_holds_for_the_next_request_however_many_ask_meanwhile() {
    let (house, ann) = on_air().await;
    house.plays_noticed("ann", 0).await;
    for visibility in ["private", "public"].repeat(5) {
        let crowd = join_all((0..20).map(async |_| house.get(TODAY).await.0));
        let chooses = async {
            ann.chooses(&serde_json::json!({"visibility": visibility})).await;
            house.get(TODAY).await.0
        };
        let (crowd, after) = tokio::join!(crowd, chooses);
        assert_eq!(after, if visibility == "private" { 404 } else { 200 });
        assert!(crowd.iter().all(|status| [200, 404].contains(status)), "{crowd:?}");
    }
    ann.chooses(&serde_json::json!({"timezone": "Asia/Tokyo"})).await;
    assert!(house.get(TODAY).await.1.contains("Asia/Tokyo"));
    house.closes().await;
}

async fn who_is_called_otherwise_or_leaves_is_so_for_the_next_request() {
    let (house, ann) = on_air().await;
    house.plays_noticed("ann", 0).await;
    assert_eq!(house.get(TODAY).await.0, 200);
    let id = house.accounts().by_login("ann").await.expect("a database").expect("ann").twitch_id;
    house.accounts().renamed(&id, "anna", "Anna the Second", house.clock.now()).await.expect("renamed");
    let elsewhere = house.answer(TODAY).await;
    assert_eq!(elsewhere.status(), 307);
    let path = elsewhere.headers()[LOCATION].to_str().expect("a path").to_owned();
    assert_eq!(path, "/streamers/anna/tracks/today");
    assert!(house.get(&path).await.1.contains("Anna the Second"));
    assert_eq!(ann.asks(Method::DELETE, "/api/v1/me", "").await.0, 200);
    for path in [TODAY, &path] {
        assert_eq!(house.get(path).await.0, 404, "{path}");
    }
    house.closes().await;
}

async fn what_another_process_stores_holds_within_a_minute() {
    let house = House::start().await;
    let show = house.has_show("ann").await;
    let after = async |seconds| {
        house.clock.shift(TimeDelta::seconds(seconds));
        house.get(TODAY).await
    };
    assert_eq!(house.get(TODAY).await.0, 200);
    house.does("UPDATE users SET visibility = 'private'").await;
    assert_eq!(after(5).await.0, 404, "what may not be read is gone sooner");
    house.does("UPDATE users SET visibility = 'public', name = 'Ann the First'").await;
    assert!(after(60).await.1.contains("Ann the First"));
    house.does("DELETE FROM users").await;
    assert_eq!(after(5).await.0, 404);
    drop(show);
    house.closes().await;
}

async fn a_track_is_on_a_page_that_was_asked_for_just_before_the_database_went_away() {
    let house = House::start().await;
    let show = house.has_show("ann").await;
    assert_eq!(house.get(TODAY).await.0, 200);
    house.loses_database().await;
    assert_eq!(house.get(TODAY).await.0, 200, "as it lay there");
    show.tells(&[Event::TrackAdded { track: show.track("Slow Harbour") }]);
    let (status, page) = house.get(TODAY).await;
    assert!(status == 200 && page.contains("Slow Harbour"), "{status}: {page}");
    house.closes().await;
}

on_both! {
    a_track_is_on_a_page_that_was_asked_for_just_before_the_database_went_away,
    what_a_streamer_chooses_holds_for_the_next_request_however_many_ask_meanwhile,
    what_another_process_stores_holds_within_a_minute,
    who_is_called_otherwise_or_leaves_is_so_for_the_next_request,
    a_page_is_made_once_for_a_hundred_who_ask_and_anew_for_a_track,
    a_page_is_the_same_until_a_frame_tells_of_something_new,
    what_is_done_to_a_past_day_is_seen_at_once,
}

#[tokio::test]
async fn pages_that_do_not_change_are_not_sent_twice() {
    let house = House::start().await;
    for path in ["/", "/docs", "/privacy"] {
        Reading::of(&house, path).await.is_known().await;
    }
    house.closes().await;
}
