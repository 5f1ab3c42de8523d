//! What a link to Airlog looks like elsewhere: the picture of an evening, the tags that lead to it, the icons; and pages
//! that load nothing from other hosts where covers are switched off.

use crate::house::browser::Browser;
use crate::house::{House, text};
use chrono_tz::Tz;
use reqwest::{Method, Response};
use serde_json::Value;

const TODAY: &str = "/streamers/ann/tracks/today/share.png";

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().expect("text")
}

/// The bytes of a picture, which is a PNG of the size that the tags promise.
async fn picture(house: &House, path: &str) -> Vec<u8> {
    let answer = house.answer(path).await;
    assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (200, "image/png"), "{path}");
    let png = answer.bytes().await.expect("a picture").to_vec();
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    assert_eq!((&png[1..4], number(16), number(20)), (&b"PNG"[..], 1200, 630), "{path}");
    png
}

/// What the tags of a page say, by their name.
fn tag(page: &str, name: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("\"{name}\" content=\"")).unwrap_or_else(|| panic!("{name}: {page}"));
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn an_evening_has_a_picture_that_shows_what_the_page_shows() {
    let (house, ann) = House::with_ann_logged_in(Tz::UTC).await;
    house.goes_live("ann").await;
    let empty = picture(&house, TODAY).await;
    house.plays_noticed("ann", 0).await;
    let one = picture(&house, TODAY).await;
    assert_eq!(one, picture(&house, TODAY).await, "drawn or remembered, it is the same");
    house.plays_noticed("ann", 1).await;
    let two = picture(&house, TODAY).await;
    assert!(empty != one && one != two && two != picture(&house, &format!("{TODAY}?lang=fr")).await);

    let stream = text(&house.json("/api/v1/streamers/ann").await["stream"]["id"]);
    let of_stream = format!("/streamers/ann/streams/{stream}/share.png");
    assert_ne!(picture(&house, &of_stream).await, two, "it is called otherwise");
    assert_eq!(
        picture(&house, "/streamers/ann/share.png").await,
        two,
        "the latest day stands for its streamer"
    );
    picture(&house, "/share.png").await;

    let (_, day) = ann.asks(Method::GET, "/api/v1/me/tracks", "").await;
    let latest = format!("/api/v1/me/tracks/{}", text(&day["tracks"][1]["id"]));
    assert!(ann.status_of("DELETE", &latest, "").await < 300);
    assert_ne!(picture(&house, TODAY).await, two, "what is hidden is not on it");
    house.closes().await;
}

#[tokio::test]
async fn a_picture_is_kept_asked_about_again_and_hidden_where_the_list_is() {
    let house = House::with_ann_live().await;
    house.plays_noticed("ann", 0).await;
    let answer = house.answer(&format!("{TODAY}?lang=fr")).await;
    let (etag, kept) = (header(&answer, "etag").to_owned(), header(&answer, "cache-control"));
    assert_eq!(kept, "public, no-cache");
    assert!(answer.headers().get("set-cookie").is_none(), "whoever draws a preview has chosen no language");
    let french = format!("{TODAY}?lang=fr");
    let known = house.answer_with(&french, "if-none-match", &format!("\"x\", W/{etag}")).await;
    assert_eq!((known.status().as_u16(), header(&known, "etag")), (304, etag.as_str()));
    assert!(known.headers().get("set-cookie").is_none(), "nor has whoever has it already");
    assert_eq!(house.answer_with(TODAY, "if-none-match", &etag).await.status().as_u16(), 200, "in English");
    let yesterday = house.twins.with(|_, now| (now - chrono::TimeDelta::days(1)).date_naive());
    let answer = house.answer(&format!("/streamers/ann/tracks/{yesterday}/share.png")).await;
    assert_eq!(header(&answer, "cache-control"), "public, no-cache");

    let unknown = house.get("/streamers/nobody/tracks/today/share.png").await;
    for path in ["tracks/2026-02-30", "tracks/tomorrow", "streams/1"] {
        assert_eq!(house.get(&format!("/streamers/ann/{path}/share.png")).await, unknown, "{path}");
    }
    house.sql("UPDATE users SET visibility = 'private' RETURNING id").await;
    for path in [TODAY, "/streamers/ann/share.png"] {
        assert_eq!(house.get(path).await, unknown, "{path}");
    }
    house.closes().await;
}

#[tokio::test]
async fn tags_lead_to_the_whole_address_and_names_are_only_text() {
    let house = House::with(|config| {
        config.server.public_url = Some("https://airlog.example".parse().expect("a URL"));
    })
    .await;
    house.has_streamer("ann").await;
    house.sql("UPDATE users SET name = 'A\"><b>nn' RETURNING id").await;
    let (_, page) = house.get("/streamers/ann/tracks/2026-11-20?lang=fr").await;
    let path = "https://airlog.example/streamers/ann/tracks/2026-11-20";
    assert_eq!(tag(&page, "og:url"), path);
    for name in ["og:image", "twitter:image"] {
        assert_eq!(tag(&page, name), format!("{path}/share.png?lang=fr"));
    }
    assert_eq!(
        (tag(&page, "og:locale"), tag(&page, "twitter:card")),
        ("fr_FR".into(), "summary_large_image".into())
    );
    assert_eq!(tag(&page, "og:title"), "A&#34;&#62;&#60;b&#62;nn · vendredi 20 novembre · Airlog");
    let (_, home) = house.get("/").await;
    assert_eq!(tag(&home, "og:image"), "https://airlog.example/share.png?lang=en");
    assert!(!house.get("/streamers/nobody").await.1.contains("og:"), "nothing leads to what is not there");
    house.closes().await;
}

#[tokio::test]
async fn icons_are_where_browsers_and_phones_look_for_them() {
    let house = House::start().await;
    let manifest = house.json("/manifest.webmanifest?lang=fr").await;
    assert_eq!((&manifest["start_url"], &manifest["lang"]), (&Value::from("/"), &Value::from("fr")));
    let mut paths = vec!["/favicon.ico".to_owned()];
    paths.extend(manifest["icons"].as_array().expect("icons").iter().map(|icon| text(&icon["src"])));
    for path in paths {
        let answer = house.answer(&path).await;
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        assert!(header(&answer, "content-type").starts_with("image/"), "{path}");
    }
    let answer = house.answer("/manifest.webmanifest").await;
    assert_eq!(header(&answer, "content-type"), "application/manifest+json");
    house.closes().await;
}

/// Whether somewhere in there is the address of a cover.
fn shows_cover(text: &str) -> bool {
    text.contains("/covers/")
}

#[tokio::test]
async fn without_covers_no_page_and_no_row_carries_one_and_programs_still_get_them() {
    let house = House::with(|config| config.pages.covers = false).await;
    house.has_streamer("ann").await;
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    let stream = text(&house.json("/api/v1/streamers/ann").await["stream"]["id"]);
    let mut viewer = house.viewer_with("ann", "format=html").await;
    let snapshot = viewer.sees("snapshot").await;
    assert!(!shows_cover(&text(&snapshot["html"])), "{snapshot}");
    for path in ["/", "/streamers/ann/tracks/today", &format!("/streamers/ann/streams/{stream}")] {
        let answer = house.answer(path).await;
        let policy = header(&answer, "content-security-policy");
        assert!(policy.contains("img-src 'self';"), "{policy}");
        let page = answer.text().await.expect("a page");
        assert!(
            !shows_cover(&page) && page.contains("data-hue=") && page.contains("data-covers=\"off\""),
            "{page}"
        );
    }
    let overlay = house.get("/overlay/ann/now-playing").await.1;
    assert!(overlay.contains("data-covers=\"off\""), "{overlay}");

    let browser = Browser::start().await;
    if let Some(browser) = &browser {
        browser.open(&house.url("/streamers/ann/tracks/today")).await;
        browser.wait_count("li[data-track-id]", 1).await;
    }
    let second = house.plays_noticed("ann", 1).await;
    let row = viewer.sees("track_added").await;
    assert!(!shows_cover(&text(&row["html"])), "{row}");
    viewer.leaves().await;
    if let Some(browser) = browser {
        browser.wait_count("li[data-track-id]", 2).await;
        browser
            .wait_until(&format!("document.querySelector('#now h2').innerText === {}", Value::from(second)))
            .await;
        let foreign = browser.requests().await.into_iter().filter(|url| !url.starts_with(&house.url("/")));
        assert_eq!(foreign.collect::<Vec<_>>(), Vec::<String>::new());
        assert_eq!(browser.console_errors().await, Vec::<String>::new(), "nor is one tried");
        browser.close().await;
    }
    assert!(shows_cover(&house.get("/api/v1/streamers/ann/tracks?date=today").await.1));
    house.closes().await;
}
