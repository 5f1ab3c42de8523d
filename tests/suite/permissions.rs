//! Who may do what: a table of every route, and a walk along it as a stranger, as another streamer and as the streamer
//! whose it is. Her list is private, so that all three are told apart.

use crate::house::House;
use crate::house::person::Person;
use airlog::config::Allow;
use reqwest::Method;
use std::collections::BTreeSet;
use std::path::Path;

/// Method, route, the body, and what a stranger, another streamer and the streamer herself are answered.
type Row = (&'static str, &'static str, &'static str, [u16; 3]);

const ROUTES: &[Row] = &[
    ("GET", "/", "", [200, 200, 200]),
    ("GET", "/docs", "", [200, 200, 200]),
    ("GET", "/static/{name}", "", [404, 404, 404]),
    ("GET", "/api/openapi.json", "", [200, 200, 200]),
    ("GET", "/health/live", "", [200, 200, 200]),
    ("GET", "/health/ready", "", [200, 200, 200]),
    ("GET", "/metrics", "", [200, 200, 200]),
    // A private list.
    ("GET", "/streamers/{login}", "", [404, 404, 307]),
    ("GET", "/streamers/{login}/tracks/{date}", "", [404, 404, 200]),
    ("GET", "/streamers/{login}/streams/{id}", "", [404, 404, 200]),
    ("GET", "/api/v1/streamers/{login}", "", [404, 404, 200]),
    ("GET", "/api/v1/streamers/{login}/tracks", "", [404, 404, 200]),
    ("GET", "/api/v1/streamers/{login}/now.txt", "", [404, 404, 200]),
    ("GET", "/api/v1/streamers/{login}/live", "", [404, 404, 400]),
    ("GET", "/api/v1/streamers/{login}/events", "", [404, 404, 200]),
    // It says nothing about anybody, and its socket is the one above.
    ("GET", "/overlay/{login}/now-playing", "", [200, 200, 200]),
    // Everybody's own.
    ("GET", "/dashboard", "", [401, 200, 200]),
    ("GET", "/dashboard/status", "", [401, 200, 200]),
    ("POST", "/dashboard/settings", "key=enabled&value=on", [401, 403, 403]),
    ("POST", "/dashboard/tracking", "action=auto", [401, 403, 403]),
    ("POST", "/dashboard/ignore", "kind=artist&value=x", [401, 403, 403]),
    ("POST", "/dashboard/heed", "rule=x", [401, 403, 403]),
    ("GET", "/dashboard/spotify", "", [401, 200, 200]),
    ("POST", "/dashboard/spotify/test", "", [401, 403, 403]),
    ("POST", "/dashboard/spotify/app", "client_id=x", [401, 403, 403]),
    ("POST", "/dashboard/spotify/forget", "", [401, 403, 403]),
    ("POST", "/dashboard/unlink", "plays=delete", [401, 403, 403]),
    ("GET", "/api/v1/me", "", [401, 200, 200]),
    ("GET", "/api/v1/me/settings", "", [401, 200, 200]),
    ("PATCH", "/api/v1/me/settings", "{}", [401, 200, 200]),
    ("POST", "/api/v1/me/tracking", "{\"action\":\"auto\"}", [401, 200, 200]),
    ("GET", "/api/v1/me/live", "", [401, 400, 400]),
    // The way in and out.
    ("GET", "/auth/twitch", "", [303, 303, 303]),
    ("POST", "/auth/twitch", "code=x", [403, 403, 403]),
    ("GET", "/auth/twitch/callback", "", [400, 400, 400]),
    ("GET", "/auth/spotify", "", [401, 303, 303]),
    ("GET", "/auth/spotify/callback", "", [401, 400, 400]),
    ("POST", "/auth/logout", "", [401, 403, 403]),
    // A house without an owner: whoever holds the setup code.
    ("GET", "/setup", "", [200, 200, 200]),
    ("POST", "/setup", "step=code&code=x", [403, 403, 403]),
    // Twitch signs what it says.
    ("POST", "/webhooks/twitch", "{}", [403, 403, 403]),
];

/// The routes that the sources name.
fn routes(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("twins") {
            routes(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            found.extend(
                text.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned),
            );
        }
    }
}

#[test]
fn the_table_has_every_route() {
    let mut there = BTreeSet::new();
    routes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut there);
    let told: BTreeSet<String> = ROUTES.iter().map(|(_, path, ..)| (*path).to_owned()).collect();
    assert_eq!(told, there);
}

#[tokio::test]
async fn nobody_may_do_more_than_the_table_says() {
    let house = House::with(|config| config.accounts.allow = Allow::Anyone).await;
    let people = [house.person("stranger"), house.logged_in("bob").await, house.set_up("ann").await];
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    let private = people[2].asks(Method::PATCH, "/api/v1/me/settings", r#"{"visibility":"private"}"#).await;
    assert_eq!(private.0, 200);
    let stream = house.sql("SELECT id FROM streams").await.remove(0);
    let mut wrong = Vec::new();
    for (method, route, body, expected) in ROUTES {
        let path = route.replace("{login}", "ann").replace("{date}", "today").replace("{id}", &stream);
        for (person, expected) in people.iter().zip(expected) {
            let status = person.status_of(method, &path.replace("{name}", "nothing"), body).await;
            if status != *expected {
                wrong.push(format!("{method} {route} as {}: {status}, not {expected}", person.login));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_settings_stand(&people).await;
    house.closes().await;
}

/// Whatever the walk has tried, nobody changed anything of anybody else.
async fn assert_settings_stand(people: &[Person; 3]) {
    let (_, bob) = people[1].asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!((bob["login"].as_str(), bob["settings"]["enabled"].as_bool()), (Some("bob"), Some(false)));
    let (_, ann) = people[2].asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!(
        (ann["settings"]["visibility"].as_str(), ann["spotify"]["status"].as_str()),
        (Some("private"), Some("connected"))
    );
}
