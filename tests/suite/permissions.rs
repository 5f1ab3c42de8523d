//! Who may do what: a table of every route, and a walk along it as everybody there is: a stranger, another streamer, a
//! moderator, programs with keys, and the streamer whose it is. Her list is private, so that all of them are told apart.

use crate::house::House;
use crate::house::person::Person;
use crate::house::text;
use airlog::config::Allow;
use reqwest::Method;
use std::collections::BTreeSet;
use std::path::Path;

/// Method, route, the body, and what is answered to a stranger, another streamer, a moderator of the streamer's, a key
/// that may read, a key that may do everything, and the streamer herself. The moderator names her wherever one can.
pub type Row = (&'static str, &'static str, &'static str, [u16; 6]);

pub const ROUTES: &[Row] = &[
    ("GET", "/", "", [200; 6]),
    ("GET", "/docs", "", [200; 6]),
    ("GET", "/static/{name}", "", [404; 6]),
    ("GET", "/favicon.ico", "", [200; 6]),
    ("GET", "/manifest.webmanifest", "", [200; 6]),
    ("GET", "/share.png", "", [200; 6]),
    ("GET", "/api/openapi.json", "", [200; 6]),
    ("GET", "/health/live", "", [200; 6]),
    ("GET", "/health/ready", "", [200; 6]),
    ("GET", "/metrics", "", [200; 6]),
    // A private list.
    ("GET", "/streamers/{login}", "", [404, 404, 200, 404, 404, 200]),
    ("GET", "/streamers/{login}/tracks/{date}", "", [404, 404, 200, 404, 404, 200]),
    ("GET", "/streamers/{login}/streams/{id}", "", [404, 404, 200, 404, 404, 200]),
    ("GET", "/streamers/{login}/share.png", "", [404, 404, 200, 404, 404, 200]),
    ("GET", "/streamers/{login}/tracks/{date}/share.png", "", [404, 404, 200, 404, 404, 200]),
    ("GET", "/streamers/{login}/streams/{id}/share.png", "", [404, 404, 200, 404, 404, 200]),
    ("GET", "/api/v1/streamers/{login}", "", [404, 404, 200, 404, 404, 200]),
    ("GET", "/api/v1/streamers/{login}/tracks", "", [404, 404, 200, 404, 404, 200]),
    ("GET", "/api/v1/streamers/{login}/now.txt", "", [404, 404, 200, 404, 404, 200]),
    ("GET", "/api/v1/streamers/{login}/live", "", [404, 404, 400, 404, 404, 400]),
    ("GET", "/api/v1/streamers/{login}/events", "", [404, 404, 200, 404, 404, 200]),
    // Nobody holds this key.
    ("GET", "/api/v1/overlay/{key}/live", "", [404; 6]),
    // They say nothing about anybody, and their sockets are those above.
    ("GET", "/overlay/{login}/now-playing", "", [200; 6]),
    ("GET", "/overlay/{login}/tracks", "", [200; 6]),
    ("GET", "/overlay/k/{key}/now-playing", "", [200; 6]),
    ("GET", "/overlay/k/{key}/tracks", "", [200; 6]),
    ("GET", "/overlay/css/{preset}", "", [200; 6]),
    // The streamer's own, and what those who help her may do for her.
    ("GET", "/dashboard", "", [401, 200, 200, 401, 401, 200]),
    ("GET", "/dashboard/status", "", [401, 200, 200, 401, 401, 200]),
    ("GET", "/dashboard/banner", "", [401, 200, 200, 401, 401, 200]),
    ("POST", "/dashboard/settings", "key=enabled&value=on", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/tracking", "action=auto", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/ignore", "kind=artist&value=x", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/heed", "rule=x", [401, 403, 403, 401, 401, 403]),
    // The list by hand; the id is nobody's play.
    ("GET", "/dashboard/list", "", [401, 200, 200, 401, 401, 200]),
    ("POST", "/dashboard/list", "action=hide&track=x", [401, 403, 403, 401, 401, 403]),
    ("GET", "/dashboard/panic", "", [401, 200, 200, 401, 401, 200]),
    ("POST", "/dashboard/panic", "action=ghost_on", [401, 403, 403, 401, 401, 403]),
    ("GET", "/api/v1/me/tracks", "", [401, 200, 200, 200, 200, 200]),
    ("POST", "/api/v1/me/tracks", "{}", [401, 400, 400, 403, 400, 400]),
    ("PATCH", "/api/v1/me/tracks/{id}", "{}", [401, 404, 404, 403, 404, 404]),
    ("DELETE", "/api/v1/me/tracks/{id}", "", [401, 404, 404, 403, 404, 404]),
    ("POST", "/api/v1/me/tracks/{id}/restore", "", [401, 404, 404, 403, 404, 404]),
    ("GET", "/api/v1/me/panic", "", [401, 200, 200, 200, 200, 200]),
    ("POST", "/api/v1/me/panic", "{\"action\":\"boo\"}", [401, 400, 400, 403, 400, 400]),
    ("GET", "/privacy", "", [200; 6]),
    ("POST", "/dashboard/unlink", "plays=delete", [401, 403, 403, 401, 401, 403]),
    ("GET", "/api/v1/me", "", [401, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/me/settings", "", [401, 200, 200, 200, 200, 200]),
    ("PATCH", "/api/v1/me/settings", "{}", [401, 200, 403, 403, 200, 200]),
    ("POST", "/api/v1/me/tracking", "{\"action\":\"auto\"}", [401, 200, 200, 403, 200, 200]),
    ("GET", "/api/v1/me/live", "", [401, 400, 400, 400, 400, 400]),
    // Hers alone: no moderator and no key gets there.
    ("GET", "/dashboard/spotify", "", [401, 200, 403, 401, 401, 200]),
    ("POST", "/dashboard/spotify/test", "", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/spotify/app", "client_id=x", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/spotify/forget", "", [401, 403, 403, 401, 401, 403]),
    ("GET", "/dashboard/alerts", "", [401, 200, 403, 401, 401, 200]),
    ("POST", "/dashboard/alerts", "kind=ntfy&url=https://ntfy.sh/x", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/alerts/test", "target=x", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/alerts/remove", "target=x", [401, 403, 403, 401, 401, 403]),
    ("GET", "/dashboard/overlay", "", [401, 200, 403, 401, 401, 200]),
    ("GET", "/dashboard/overlay/scene.json", "", [401, 200, 403, 401, 401, 200]),
    ("POST", "/dashboard/overlay/presets", "name=x", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/overlay/presets/remove", "preset=x", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/overlay/key", "", [401, 403, 403, 401, 401, 403]),
    ("GET", "/dashboard/account", "", [401, 200, 403, 401, 401, 200]),
    ("POST", "/dashboard/account/delete", "login=ann", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/account/logout", "", [401, 403, 403, 401, 401, 403]),
    ("GET", "/api/v1/me/export", "", [401, 200, 403, 403, 403, 200]),
    ("GET", "/dashboard/team", "", [401, 200, 403, 401, 401, 200]),
    ("POST", "/dashboard/team/moderators", "login=x", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/team/moderators/remove", "login=mod", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/team/keys", "name=x&read=on", [401, 403, 403, 401, 401, 403]),
    ("POST", "/dashboard/team/keys/revoke", "key=x", [401, 403, 403, 401, 401, 403]),
    ("GET", "/api/v1/me/keys", "", [401, 200, 403, 403, 403, 200]),
    ("POST", "/api/v1/me/keys", r#"{"name":"x","scopes":["read"]}"#, [401, 201, 403, 403, 403, 201]),
    ("DELETE", "/api/v1/me/keys/{id}", "", [401, 404, 403, 403, 403, 404]),
    ("GET", "/api/v1/me/audit", "", [401, 200, 403, 403, 403, 200]),
    // The way in and out.
    ("GET", "/auth/twitch", "", [303; 6]),
    ("POST", "/auth/twitch", "code=x", [403; 6]),
    // With a secret there is no need of a code.
    ("GET", "/auth/twitch/device", "", [303; 6]),
    ("POST", "/auth/twitch/device", "", [303; 6]),
    ("GET", "/auth/twitch/device/status", "", [200; 6]),
    ("GET", "/auth/twitch/paste", "", [200; 6]),
    ("POST", "/auth/twitch/paste", "address=x", [400; 6]),
    ("GET", "/auth/twitch/callback", "", [400; 6]),
    ("GET", "/auth/spotify", "", [401, 303, 303, 401, 401, 303]),
    ("GET", "/auth/spotify/callback", "", [401, 400, 400, 401, 401, 400]),
    ("GET", "/auth/spotify/paste", "", [401, 200, 200, 401, 401, 200]),
    ("POST", "/auth/spotify/paste", "address=x", [401, 403, 403, 401, 401, 403]),
    ("POST", "/auth/logout", "", [401, 403, 403, 401, 401, 403]),
    // A house without an owner: whoever holds the setup code.
    ("GET", "/setup", "", [200; 6]),
    ("POST", "/setup", "step=code&code=x", [403; 6]),
    // Twitch signs what it says.
    ("POST", "/webhooks/twitch", "{}", [403; 6]),
];

/// What nobody can do anything after.
const LAST: &[Row] = &[("DELETE", "/api/v1/me", "", [401, 200, 403, 403, 403, 200])];

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

/// Each from an address of their own, so that nobody is over a limit for what another asked.
fn from(person: Person, number: u8) -> Person {
    person.saying("x-forwarded-for", &format!("192.0.2.{number}"))
}

/// Everybody there is, in the order of the table, and the stream that is on air.
async fn everybody(house: &House) -> ([Person; 6], String) {
    let (stranger, bob) = (house.person("stranger"), house.logged_in("bob").await);
    let ann = house.set_up("ann").await;
    house.goes_live("ann").await;
    house.plays_noticed("ann", 0).await;
    let private = ann.asks(Method::PATCH, "/api/v1/me/settings", r#"{"visibility":"private"}"#).await;
    assert_eq!(private.0, 200);
    let moderator = house.logged_in("mod").await;
    assert_eq!(ann.names("mod").await.status, 200);
    let [read, all] = [&["read"][..], &["read", "curate", "track", "settings"]];
    let read = house.program(&text(&ann.makes_key("read", read).await["key"]));
    let all = house.program(&text(&ann.makes_key("all", all).await["key"]));
    let people = [stranger, bob, moderator, read, all, ann];
    let stream = house.sql("SELECT id FROM streams").await.remove(0);
    let mut number = 0;
    let people = people.map(|person| {
        number += 1;
        from(person, number)
    });
    (people, stream)
}

/// Where the moderator names the streamer.
fn is_about_me(route: &str) -> bool {
    route.starts_with("/api/v1/me") || route.starts_with("/dashboard")
}

#[tokio::test]
async fn nobody_may_do_more_than_the_table_says() {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        config.server.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
    })
    .await;
    let (people, stream) = everybody(&house).await;
    assert_walk(ROUTES, &people, &stream).await;
    assert_settings_stand(&people).await;
    assert_walk(LAST, &people, &stream).await;
    house.closes().await;
}

/// Where a route leads in the house of ann, who has this stream.
pub fn path_of(route: &str, stream: &str) -> String {
    let path = route.replace("{login}", "ann").replace("{date}", "today").replace("{id}", stream);
    path.replace("{name}", "nothing").replace("{key}", "nothing").replace("{preset}", "nothing")
}

async fn assert_walk(rows: &[Row], people: &[Person; 6], stream: &str) {
    let mut wrong = Vec::new();
    for (method, route, body, expected) in rows {
        let path = path_of(route, stream);
        for (place, (person, expected)) in people.iter().zip(expected).enumerate() {
            let names_her = person.login == "mod" && is_about_me(route);
            let path = if names_her { format!("{path}?streamer=ann") } else { path.clone() };
            let status = person.status_of(method, &path, body).await;
            if status != *expected {
                wrong.push(format!("{method} {path} in place {place}: {status}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whatever the walk has tried, nobody changed anything of anybody else.
async fn assert_settings_stand([_, bob, moderator, .., ann]: &[Person; 6]) {
    for (person, login) in [(bob, "bob"), (moderator, "mod")] {
        let (_, me) = person.asks(Method::GET, "/api/v1/me", "").await;
        assert_eq!((me["login"].as_str(), me["settings"]["enabled"].as_bool()), (Some(login), Some(false)));
    }
    let (_, me) = ann.asks(Method::GET, "/api/v1/me", "").await;
    assert_eq!(
        (me["settings"]["visibility"].as_str(), me["spotify"]["status"].as_str()),
        (Some("private"), Some("connected"))
    );
    assert!(ann.opens("/dashboard/team").await.body.contains("<bdi>mod</bdi>"));
}
