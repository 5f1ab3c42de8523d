//! Whose overlay a page is, and how it looks: presets, and the keys of private ones. A page is always there.

use crate::house::database::on_both;
use crate::house::{House, PATIENCE};
use airlog::audit::By;
use airlog::config::Allow;
use airlog::overlay::PresetError;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::Value;
use std::num::NonZeroU32;
use tokio::time::timeout;

const RED: &str = ".title { color: red }";

async fn open_house() -> House {
    House::with(|config| config.accounts.allow = Allow::Anyone).await
}

/// Ann's preset is light, a bar, and has a stylesheet: whether a page shows it.
async fn is_dressed(house: &House, path: &str) -> bool {
    let (status, page) = house.get(path).await;
    assert_eq!(status, 200, "{path}");
    let [theme, sheet] = ["data-theme=\"light\"", "href=\"/overlay/css/"].map(|part| page.contains(part));
    assert_eq!(theme, sheet, "all of it or nothing: {page}");
    theme
}

async fn a_preset_dresses_the_overlays_of_its_streamer_and_nobody_elses() {
    let house = open_house().await;
    let (ann, _bob) = (house.set_up("ann").await, house.set_up("bob").await);
    let [anns, bobs] = [house.rolls_key("ann").await, house.rolls_key("bob").await];
    let typed = "?theme=light&style=bar&anim=slide&demo=1&preset=x";
    let preset = house.saves("ann", "  Bottom  left", typed, RED).await;
    assert_eq!((preset.name.as_str(), preset.query.as_str()), ("Bottom left", "style=bar&theme=light"));
    let id = preset.id;
    for (path, dressed) in [
        ("ann/now-playing".to_owned(), true),
        ("ANN/tracks".to_owned(), true),
        (format!("k/{anns}/now-playing"), true),
        (format!("k/{anns}/tracks"), true),
        ("bob/now-playing".to_owned(), false),
        ("nobody/now-playing".to_owned(), false),
        (format!("k/{bobs}/now-playing"), false),
        ("k/nothing/tracks".to_owned(), false),
    ] {
        assert_eq!(is_dressed(&house, &format!("/overlay/{path}?preset={id}")).await, dressed, "{path}");
    }
    let (_, page) = house.get(&format!("/overlay/ann/now-playing?style=vinyl&preset={id}&theme=x")).await;
    assert!(
        page.contains("data-style=\"vinyl\" data-theme=\"light\"") && !page.contains("data-demo"),
        "{page}"
    );

    assert_eq!(house.get(&format!("/overlay/css/{id}")).await, (200, RED.to_owned()));
    assert_eq!(house.get("/overlay/css/nothing").await, (200, String::new()));
    assert!(
        house.get("/overlay/css/now-playing").await.1.contains("streamers/css/live"),
        "a login like others"
    );
    let told = ann.asks(Method::GET, "/api/v1/me/export", "").await.1;
    assert_eq!((&told["overlay_presets"][0]["css"], told["overlay_key"].is_object()), (&RED.into(), true));
    assert!(!told.to_string().contains(&anns), "{told}");

    let [anns, bobs] = [house.streamer("ann").await.id, house.streamer("bob").await.id];
    let remove =
        async |user| house.overlays().remove_preset(&By::Streamer, user, id).await.expect("an answer");
    assert_eq!((remove(bobs).await, remove(anns).await, remove(anns).await), (false, true, false));
    assert!(!is_dressed(&house, &format!("/overlay/ann/now-playing?preset={id}")).await);
    let lines = ann.asks(Method::GET, "/api/v1/me/audit", "").await.1;
    let deeds: Vec<&Value> =
        lines["entries"].as_array().expect("lines").iter().map(|line| &line["deed"]).collect();
    assert!(
        ["overlay_key_rolled", "preset_saved", "preset_removed"]
            .iter()
            .all(|deed| deeds.contains(&&Value::from(*deed))),
        "{lines}"
    );
    house.closes().await;
}

async fn a_page_is_another_as_soon_as_what_it_is_made_of_is() {
    let house = open_house().await;
    let _ann = house.set_up("ann").await;
    let preset = house.saves("ann", "mine", "style=bar", RED).await;
    let path = format!("/overlay/ann/now-playing?preset={}", preset.id);
    let answer = house.answer(&path).await;
    for (name, expected) in
        [("cache-control", "no-cache"), ("referrer-policy", "no-referrer"), ("content-language", "en")]
    {
        assert_eq!(answer.headers()[name], expected, "{name}");
    }
    assert!(answer.headers()["vary"].to_str().expect("text").contains("accept-language"));
    let name = answer.headers()["etag"].to_str().expect("text").to_owned();
    let page = answer.text().await.expect("a body");
    assert!(page.contains(&format!("data-version={name}")), "{name} in {page}");
    assert_eq!(house.get_unless(&path, &name).await, (name.clone(), None));
    let css = format!("/overlay/css/{}", preset.id);
    let sheet = house.answer(&css).await;
    let kinds: Vec<_> = sheet.headers().get_all("content-type").iter().collect();
    assert_eq!(kinds, ["text/css; charset=utf-8"], "one, so that browsers take it");
    let (sheet, _) = house.get_unless(&css, "none").await;

    for (query, css) in [("style=bar", ".title { color: blue }"), ("style=vinyl", RED)] {
        house.tries_to_save("ann", Some(preset.id), "mine", query, css).await.expect("saved over");
        let (other, page) = house.get_unless(&path, &name).await;
        assert!(other != name && page.is_some(), "{query} {css}");
    }
    assert_eq!(house.get_unless(&css, &sheet).await, (sheet, None), "it is what it was at first");
    house.closes().await;
}

async fn who_asks_too_often_gets_the_usual_look_and_no_language_is_remembered() {
    let house = House::with(|config| config.limits.requests_per_minute = NonZeroU32::new(1)).await;
    house.has_streamer("ann").await;
    let preset = house.saves("ann", "mine", "theme=light", RED).await;
    let other = house.saves("ann", "other", "theme=light", RED).await;
    let path = |id| format!("/overlay/ann/now-playing?lang=fr&preset={id}");
    for _ in 0..2 {
        assert!(is_dressed(&house, &path(preset.id)).await, "what is remembered costs nothing");
        assert_eq!(house.get(&format!("/overlay/css/{}", preset.id)).await, (200, RED.to_owned()));
    }
    let path = path(other.id);
    assert!(!is_dressed(&house, &path).await);
    let answer = house.answer(&path).await;
    assert!(!answer.headers().contains_key("etag"), "to be renewed: {answer:?}");
    assert!(!answer.headers().contains_key("set-cookie"), "{answer:?}");
    assert_eq!(answer.headers()["content-language"], "fr");
    house.closes().await;
}

async fn a_preset_that_cannot_be_kept_is_refused_with_a_reason() {
    let house = open_house().await;
    let (_ann, _bob) = (house.set_up("ann").await, house.set_up("bob").await);
    let mine = house.saves("ann", "mine", "", "").await;
    let other = house.saves("ann", "other", "", "").await;
    let save = async |login, id, name: &str, css| house.tries_to_save(login, id, name, "", css).await;
    assert!(matches!(save("ann", None, " mine ", "").await, Err(PresetError::Taken)));
    assert!(matches!(save("ann", Some(other.id), "mine", "").await, Err(PresetError::Taken)));
    assert!(matches!(save("bob", Some(mine.id), "mine", "").await, Err(PresetError::Gone)));
    assert!(matches!(save("ann", None, "\u{200b}", "").await, Err(PresetError::Name)));
    assert!(matches!(save("ann", None, "new", "@import 'x'").await, Err(PresetError::Css(_))));
    house.saves("bob", "mine", "", "").await;
    for number in 2..50 {
        house.saves("ann", &format!("preset {number}"), "", "").await;
    }
    assert!(matches!(save("ann", None, "one more", "").await, Err(PresetError::TooMany)));
    save("ann", Some(mine.id), "still mine", "").await.expect("an old one may be saved over");
    let ann = house.streamer("ann").await.id;
    let all = house.overlays().presets(ann).await.expect("presets");
    assert_eq!((all.len(), all[0].name.as_str()), (50, "still mine"));
    house.closes().await;
}

async fn a_key_opens_until_it_is_rolled_and_outlives_a_new_seal() {
    let mut house = open_house().await;
    let ann = house.set_up("ann").await;
    let id = house.streamer("ann").await.id;
    assert!(house.overlays().key(id).await.expect("an answer").is_none());
    let first = house.rolls_key("ann").await;
    assert_eq!(house.holder_of(&first).await.as_deref(), Some("ann"));
    let preset = house.saves("ann", "mine", "theme=light", RED).await;
    let page = |key: &str| format!("/overlay/k/{key}/now-playing?preset={}", preset.id);
    assert!(is_dressed(&house, &page(&first)).await);
    let tracks = house.answer(&format!("/overlay/k/{first}/tracks")).await;
    assert_eq!(tracks.headers()["cache-control"], "private, no-cache");
    assert!(tracks.text().await.expect("a page").contains("data-live=\"\""), "it knows its own address");

    let rolled = house.overlays().rolled(id, SecretString::from(first.as_str()));
    let rolled = tokio::spawn(rolled);
    let second = house.rolls_key("ann").await;
    timeout(PATIENCE, rolled).await.expect("told in time").expect("no panic");
    assert_eq!((house.holder_of(&first).await, house.holder_of("nothing").await), (None, None));
    assert!(!is_dressed(&house, &page(&first)).await && is_dressed(&house, &page(&second)).await);

    house.stops().await;
    house.rotates_keys().await;
    house.opens().await;
    let key = house.overlays().key(id).await.expect("it opens").expect("a key");
    let still = tokio::spawn(house.overlays().rolled(id, key));
    assert_eq!(house.holder_of(&second).await.as_deref(), Some("ann"));
    let (status, gone) = ann.asks(Method::DELETE, "/api/v1/me", "").await;
    assert_eq!(
        (status, &gone["deleted"]["overlay_keys"], &gone["deleted"]["overlay_presets"]),
        (200, &1.into(), &1.into()),
        "{gone}"
    );
    timeout(PATIENCE, still).await.expect("told in time").expect("no panic");
    assert_eq!(house.holder_of(&second).await, None);
    assert!(!is_dressed(&house, &page(&second)).await);
    house.closes().await;
}

async fn pages_are_there_while_the_database_is_away() {
    let house = open_house().await;
    let _ann = house.set_up("ann").await;
    let (old, key) = (house.rolls_key("ann").await, house.rolls_key("ann").await);
    let preset = house.saves("ann", "mine", "theme=light", RED).await;
    let other = house.saves("ann", "other", "theme=light", RED).await;
    let pages = ["ann".to_owned(), format!("k/{key}")];
    let pages = pages.map(|door| format!("/overlay/{door}/now-playing?preset={}", preset.id));
    for page in &pages {
        assert!(is_dressed(&house, page).await);
    }
    let names = [house.answer(&pages[0]).await, house.answer(&pages[1]).await]
        .map(|page| page.headers()["etag"].clone());
    house.loses_database().await;
    for (page, name) in pages.iter().zip(names) {
        assert!(is_dressed(&house, page).await);
        assert_eq!(house.answer(page).await.headers()["etag"], name, "nothing to renew");
    }
    assert_eq!(house.get(&format!("/overlay/css/{}", preset.id)).await, (200, RED.to_owned()));
    let holder = async |key: &str| house.overlays().holder(&SecretString::from(key)).await;
    assert!(holder(&key).await.is_ok_and(|holder| holder.is_some()));
    assert!(holder(&old).await.is_err(), "nobody knows, and nobody remembers it");
    for unknown in
        [format!("/overlay/ann/now-playing?preset={}", other.id), format!("/overlay/css/{}", other.id)]
    {
        let answer = house.answer(&unknown).await;
        assert!(answer.status() == 200 && !answer.headers().contains_key("etag"), "{answer:?}");
        let page = answer.text().await.expect("a body");
        assert!(page.is_empty() || page.contains("data-version=\"\""), "to be renewed: {page}");
    }
    house.closes().await;
}

on_both! {
    a_preset_dresses_the_overlays_of_its_streamer_and_nobody_elses,
    a_page_is_another_as_soon_as_what_it_is_made_of_is,
    a_preset_that_cannot_be_kept_is_refused_with_a_reason,
    who_asks_too_often_gets_the_usual_look_and_no_language_is_remembered,
    a_key_opens_until_it_is_rolled_and_outlives_a_new_seal,
    pages_are_there_while_the_database_is_away,
}
