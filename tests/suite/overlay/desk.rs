//! Where overlays are made: presets by name, the private address, the file for OBS, and the page as hands and eyes have it.

mod browser;

use crate::house::House;
use crate::house::person::Person;
use airlog::config::Allow;
use serde_json::Value;

const DESK: &str = "/dashboard/overlay";

async fn open_house() -> House {
    House::with(|config| config.accounts.allow = Allow::Anyone).await
}

/// What stands in the field of this id, as a browser reads it.
fn field(html: &str, id: &str) -> String {
    let (_, tag) = html.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no #{id} in {html}"));
    let tag = tag.split('>').next().expect("a tag");
    let (_, value) = tag.split_once("value=\"").unwrap_or_else(|| panic!("#{id} has no value: {tag}"));
    plain(value.split('"').next().expect("a value"))
}

/// The address of this attribute, where it first stands.
fn address(html: &str, attribute: &str) -> String {
    let (_, rest) = html.split_once(attribute).unwrap_or_else(|| panic!("no {attribute} in {html}"));
    plain(rest.trim_start_matches("=\"").split('"').next().expect("a value"))
}

fn plain(text: &str) -> String {
    text.replace("&#38;", "&").replace("&#34;", "\"")
}

/// The path of an address of the house.
fn path_of(house: &House, address: &str) -> String {
    let path = address.strip_prefix(house.url("").trim_end_matches('/'));
    path.unwrap_or_else(|| panic!("{address} is not ours")).to_owned()
}

/// The id of the only preset.
async fn preset(house: &House) -> String {
    house.sql("SELECT id FROM overlay_presets").await.remove(0)
}

#[tokio::test]
async fn a_preset_is_kept_changed_and_deleted_by_form_and_nothing_typed_is_lost() {
    let house = open_house().await;
    let (ann, bob) = (house.set_up("ann").await, house.logged_in("bob").await);
    let save = "/dashboard/overlay/presets";
    let query = "shown=1&source=now-playing&style=bar&theme=light&accent=own&accent_own=%23112233&show=title&scene=busy";
    let page =
        ann.fills_in(save, &[("name", "Main cam"), ("css", ".title { color: red }"), ("query", query)]).await;
    assert!(
        page.status == 200 && page.body.contains("Saved. An overlay that uses this preset"),
        "{}",
        page.body
    );
    let id = preset(&house).await;
    let url = field(&page.body, "url");
    assert_eq!(path_of(&house, &url), format!("/overlay/ann/now-playing?preset={id}"));
    assert!(page.body.contains(".title { color: red }</textarea>"), "{}", page.body);
    assert!(
        page.body.contains("value=\"bar\" checked")
            && page.body.contains("value=\"busy\" form=\"look\" checked")
    );
    let overlay = house.get(&path_of(&house, &url)).await.1;
    assert!(overlay.contains("data-style=\"bar\"") && overlay.contains("data-theme=\"light\""), "{overlay}");

    // What is chosen over it is seen and not yet sent to OBS; saved over it, the same address shows it.
    let changed = format!(
        "preset={id}&shown=1&source=now-playing&style=vinyl&theme=dark&accent=&show=cover&show=title"
    );
    let page = ann.opens(&format!("{DESK}?{changed}")).await.body;
    assert!(page.contains("is not saved yet") && field(&page, "url") == url, "{page}");
    let preview = house.get(&address(&page, "iframe src")).await.1;
    assert!(preview.contains("data-style=\"vinyl\"") && preview.contains("data-theme=\"dark\""), "{preview}");
    let fields = [("preset", &*id), ("name", "Main cam"), ("css", ""), ("query", &changed)];
    let page = ann.fills_in(save, &fields).await.body;
    assert!(page.contains("whatever you save there is seen in OBS by itself"), "{page}");
    assert!(house.get(&path_of(&house, &url)).await.1.contains("data-style=\"vinyl\""));

    // What is refused comes back as it was typed, with why.
    for (name, css, why) in [
        ("Main cam", "", "There is a preset of this name already."),
        ("", "", "A preset needs a name of at most 40 letters."),
        (
            "Other",
            "a {}\nb { background: url(x) }",
            "Line 2 of your CSS is not accepted: url(x) loads something",
        ),
    ] {
        let page =
            ann.fills_in(save, &[("name", name), ("css", css), ("query", "style=ticker&theme=glass")]).await;
        assert!(page.status == 400 && page.body.contains(why), "{why}: {}", page.body);
        assert!(page.body.contains(&format!("{css}</textarea>")) && field(&page.body, "name") == name);
        assert!(page.body.contains("value=\"ticker\" checked"), "{}", page.body);
    }

    // Nobody else's.
    let theirs = [("preset", &*id), ("name", "x"), ("css", ""), ("query", "")];
    assert_eq!(bob.fills_in(save, &theirs).await.status, 400);
    assert_eq!(bob.fills_in("/dashboard/overlay/presets/remove", &[("preset", &id)]).await.status, 404);
    let page = bob.opens(&format!("{DESK}?preset={id}")).await.body;
    assert!(!page.contains("Main cam") && !page.contains(&id), "{page}");

    let page = ann.fills_in("/dashboard/overlay/presets/remove", &[("preset", &id)]).await;
    assert!(page.status == 200 && page.body.contains("The preset is gone.") && !page.body.contains(&id));
    assert!(house.get(&path_of(&house, &url)).await.1.contains("data-style=\"card\""));
    house.closes().await;
}

async fn goes_private(ann: &Person) {
    let page = ann.fills_in("/dashboard/settings", &[("key", "visibility"), ("value", "private")]).await;
    assert_eq!(page.status, 200);
}

async fn goes_public(ann: &Person) {
    let page = ann.fills_in("/dashboard/settings", &[("key", "visibility"), ("value", "public")]).await;
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn a_private_address_is_made_hidden_on_the_page_and_rolled() {
    let house = open_house().await;
    let ann = house.set_up("ann").await;
    let page = ann.opens(DESK).await.body;
    assert!(!page.contains("/dashboard/overlay/key"), "a public list needs no key: {page}");
    goes_private(&ann).await;
    let page = ann.opens(&format!("{DESK}?style=bar")).await.body;
    assert!(page.contains("Make an address") && address(&page, "iframe src").ends_with("&demo=1"), "{page}");

    let key = "/dashboard/overlay/key";
    let page = ann.fills_in(key, &[("query", "shown=1&style=bar&theme=light")]).await.body;
    assert!(
        page.contains("never show it on stream") && page.contains("/overlay/k/••••••••/now-playing?"),
        "{page}"
    );
    let first = path_of(&house, &field(&page, "secret"));
    assert!(
        first.starts_with("/overlay/k/") && first.ends_with("/now-playing?style=bar&theme=light"),
        "{first}"
    );
    assert_eq!(address(&page, "iframe src"), first, "it is looked at through its own door");
    let preset =
        ann.fills_in("/dashboard/overlay/presets", &[("name", "mine"), ("query", "style=vinyl")]).await.body;
    assert!(field(&preset, "secret").contains("?preset="));

    let again = ann.fills_in(key, &[("query", "style=bar&theme=light")]).await.body;
    let second = path_of(&house, &field(&again, "secret"));
    assert!(again.contains("The old one stopped at once") && first != second, "{again}");
    let door = |path: &str| path.split('/').nth(3).expect("a key").to_owned();
    assert_eq!(house.holder_of(&door(&first)).await, None);
    assert_eq!(house.holder_of(&door(&second)).await.as_deref(), Some("ann"));

    goes_public(&ann).await;
    let page = ann.opens(DESK).await.body;
    assert!(!page.contains("/overlay/k/") && page.contains("Make a new private address"), "{page}");
    house.closes().await;
}

/// The browser source of a downloaded collection.
async fn downloaded(ann: &Person, path: &str) -> Value {
    let answer = ann.answer(path).await;
    let name = answer.headers()["content-disposition"].to_str().expect("text").to_owned();
    assert!(name.starts_with("attachment; filename=\"airlog-") && name.ends_with(".json\""), "{name}");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let collection: Value = serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON");
    let sources = collection["sources"].as_array().expect("sources");
    sources.iter().find(|source| source["id"] == "browser_source").expect("a browser source").clone()
}

#[tokio::test]
async fn the_file_for_obs_opens_the_overlay_that_was_chosen() {
    let house = open_house().await;
    let ann = house.set_up("ann").await;
    let page = ann.opens(&format!("{DESK}?shown=1&source=tracks&count=7&theme=light&demo=1")).await.body;
    assert_eq!(
        path_of(&house, &field(&page, "url")),
        "/overlay/ann/tracks?theme=light&count=7",
        "not the demo"
    );
    let source = downloaded(&ann, &address(&page, "id=\"send\" data-fresh href")).await;
    assert_eq!(source["settings"]["url"], field(&page, "url"));
    assert_eq!((&source["settings"]["width"], &source["settings"]["height"]), (&480.into(), &560.into()));
    let url = source["settings"]["url"].as_str().expect("a URL");
    let (status, overlay) = house.get(&path_of(&house, url)).await;
    assert!(status == 200 && overlay.contains("data-source=\"tracks\""), "{overlay}");

    let rehearsed = downloaded(&ann, "/dashboard/overlay/scene.json?rehearse=1").await;
    assert!(rehearsed["settings"]["url"].as_str().expect("a URL").ends_with("/now-playing?demo=1"));
    goes_private(&ann).await;
    house.rolls_key("ann").await;
    let private = downloaded(&ann, "/dashboard/overlay/scene.json?style=bar").await;
    assert!(private["settings"]["url"].as_str().expect("a URL").contains("/overlay/k/"), "{private}");
    house.closes().await;
}
