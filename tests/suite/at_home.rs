//! The whole way at home, in browsers: a house without credentials is set up without a secret, its owner tracks, brings
//! an app of their own and mends it, a moderator hides a track, and the owner undoes it while a viewer looks on.

use crate::house::House;
use crate::house::browser::Browser;
use airlog::config::Allow;
use airlog::twins::{App, BroadcastKind, Company, Deed, SPOTIFY_CLIENT_ID, TWITCH_PUBLIC_CLIENT_ID, World};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// The app that ann makes for herself at Spotify.
const APP: &str = "0a11ce0000c0ffee0000c0ffee000006";
/// The rows that are not hidden, on the streamer's page and on the viewer's.
const ROWS: &str = "li.play:not([data-hidden])";
/// What everybody is promised between the first page and the first track.
const PROMISE: Duration = Duration::from_mins(5);

/// A house, and whoever is at it with a browser.
struct Walk {
    house: House,
    ann: Browser,
    moderator: Browser,
    /// Confirms codes at Twitch like a phone, and watches the list like anybody.
    other: Browser,
}

impl Walk {
    /// Somebody has started Airlog for the first time; none where no browser is driven.
    async fn begins() -> Option<Self> {
        let (ann, moderator, other) = tokio::join!(Browser::start(), Browser::start(), Browser::start());
        let (ann, moderator, other) = (ann?, moderator?, other?);
        let house = House::without_credentials(Allow::Owner).await;
        house.twins.with(|world, _| {
            world.pace.device_interval = Duration::from_secs(1);
            world.add_person("ann");
            world.add_person("mod");
            world.add_app(App { company: Company::Spotify, id: APP.into(), secret: "unused".into() });
        });
        Some(Self { house, ann, moderator, other })
    }

    /// From the code in the terminal to two apps, neither with a secret.
    async fn sets_up(&self) {
        self.ann.open(&self.house.url("/")).await;
        submits(&self.ann, "#code", &self.house.code()).await;
        self.ann.wait_for("#twitch-id").await;
        submits(&self.ann, "#twitch-id", TWITCH_PUBLIC_CLIENT_ID).await;
        self.ann.wait_for("#twitch [data-ready=true]").await;
        submits(&self.ann, "#spotify-id", SPOTIFY_CLIENT_ID).await;
        self.ann.wait_for("#spotify [data-ready=true]").await;
    }

    /// The code on this page is confirmed on a phone, and the page goes on by itself.
    async fn logs_in(&self, browser: &Browser, login: &str) {
        browser.wait_for(".ticket a.do").await;
        let link = browser.attributes(".ticket a.do", "href").await.concat();
        self.other.open(&link).await;
        presses(&self.other, &format!("button[value={login}]")).await;
        self.other.wait_until("document.querySelector('h1').textContent === 'Done'").await;
        browser.wait_until("location.pathname === '/dashboard'").await;
    }

    /// Links Spotify, switches tracking on, goes live and sees the first track in the list.
    async fn tracks(&self) -> String {
        presses(&self.ann, "#spotify a.do").await;
        presses(&self.ann, "button[value=ann]").await;
        self.ann.wait_for("#spotify details").await;
        self.ann.eval("document.getElementById('enabled').click()").await;
        heads(&self.ann, "#status h2", "Waiting for your stream").await;
        self.house.subscribes("ann").await;
        self.house.act("ann", Deed::GoLive { kind: BroadcastKind::Live });
        heads(&self.ann, "#status h2", "Tracking").await;
        let title = self.house.plays("ann", 0);
        presses(&self.ann, ".ways-nav a[href='/dashboard/list']").await;
        self.ann.wait_count(ROWS, 1).await;
        assert_eq!(self.ann.texts(&format!("{ROWS} b")).await, [title.as_str()]);
        title
    }

    /// Enters an app of her own and links through it, while nobody has been added at Spotify.
    async fn brings_an_app(&self) {
        presses(&self.ann, ".ways-nav a[href='/dashboard/spotify']").await;
        self.ann.wait_for("#client-id").await;
        submits(&self.ann, "#client-id", APP).await;
        self.ann.wait_for(".said[role=status]").await;
        self.knows_at_spotify(|world| world.list_users(APP, &[]));
        presses(&self.ann, ".steps a.do").await;
        presses(&self.ann, "button[value=ann]").await;
        heads(&self.ann, "#test h2", "Your account is not on the app’s list").await;
    }

    /// Follows what the page says until the app is good; she is tracked through it.
    async fn mends_it(&self) -> String {
        self.knows_at_spotify(|world| {
            world.list_users(APP, &["ann"]);
            world.set_lapsed(APP, true);
        });
        self.tests("The app has no Premium owner").await;
        self.knows_at_spotify(|world| world.set_lapsed(APP, false));
        self.tests("It works: this is playing").await;
        assert_eq!(self.house.sql("SELECT client_id FROM spotify_links").await, [APP]);
        self.house.plays_noticed("ann", 1).await
    }

    fn knows_at_spotify(&self, change: impl FnOnce(&mut World)) {
        self.house.twins.with(|world, _| change(world));
    }

    async fn tests(&self, verdict: &str) {
        presses(&self.ann, "form[action='/dashboard/spotify/test'] button").await;
        heads(&self.ann, "#test h2", verdict).await;
    }

    /// The owner names who helps, and hands them the code that lets them in.
    async fn names_a_moderator(&self) {
        presses(&self.ann, ".ways-nav a[href='/dashboard/team']").await;
        self.ann.wait_for("#login").await;
        submits(&self.ann, "#login", "mod").await;
        self.ann.wait_for("#moderators li code").await;
        let code = self.ann.texts("#moderators li code").await.concat();
        self.moderator.open(&self.house.url("/auth/twitch")).await;
        submits(&self.moderator, "#code", &code).await;
        presses(&self.moderator, "a.do").await;
        self.logs_in(&self.moderator, "mod").await;
        presses(&self.moderator, "a[href='/dashboard?streamer=ann']").await;
        presses(&self.moderator, ".ways-nav a[href='/dashboard/list?streamer=ann']").await;
        self.moderator.wait_count(ROWS, 2).await;
    }

    /// The moderator hides the last track; the owner undoes it; the viewer's page and theirs follow at once.
    async fn hides_and_undoes(&self, first: &str, second: &str) {
        self.ann.open(&self.house.url("/dashboard/list")).await;
        self.other.open(&self.house.url("/streamers/ann/tracks/today")).await;
        for page in [&self.ann, &self.other] {
            page.wait_count(ROWS, 2).await;
            page.eval("void (window.never_reloaded = true)").await;
        }
        presses(&self.moderator, "#panic button[value=hide_last]").await;
        self.other.wait_count(ROWS, 1).await;
        assert_eq!(self.other.texts(&format!("{ROWS} b")).await, [first]);
        self.ann.wait_count("li[data-hidden]", 1).await;
        presses(&self.ann, ".acts button").await;
        self.other.wait_count(ROWS, 2).await;
        assert_eq!(self.other.texts(&format!("{ROWS} b")).await, [second, first]);
        self.moderator.wait_count("li[data-hidden]", 0).await;
        for page in [&self.ann, &self.other] {
            assert_eq!(page.eval("window.never_reloaded").await, true, "the page was reloaded");
        }
    }

    /// The log says who did it, the newest line first.
    async fn is_told_who(&self, second: &str) {
        presses(&self.ann, ".ways-nav a[href='/dashboard/team']").await;
        self.ann.wait_for("#audit .log").await;
        let (who, what) = (self.ann.texts("#audit .whom").await, self.ann.texts("#audit .what").await);
        assert_eq!(who[..3], ["You", "mod", "mod"]);
        assert!(what[0].starts_with("Undone: ") && what[0].ends_with(second), "{what:?}");
        assert!(what[1].starts_with("Track hidden: ") && what[1].ends_with(second), "{what:?}");
        assert_eq!(what[2], "Logged in");
    }

    async fn ends(self) {
        for browser in [self.ann, self.moderator, self.other] {
            let errors = browser.console_errors().await;
            // Of pages on which nobody is logged in yet.
            let unexpected: Vec<_> = errors.iter().filter(|error| !error.contains("401")).collect();
            assert!(unexpected.is_empty(), "{unexpected:?}");
            browser.close().await;
        }
        self.house.closes().await;
    }
}

/// Waits for an element and presses Enter on it.
async fn presses(browser: &Browser, css: &str) {
    browser.wait_for(css).await;
    browser.enters(css).await;
}

/// Types into a field and presses Enter.
async fn submits(browser: &Browser, css: &str, text: &str) {
    browser.wait_for(css).await;
    browser.eval(&format!("void (document.querySelector({}).value = {})", json!(css), json!(text))).await;
    browser.enters(css).await;
}

async fn heads(browser: &Browser, css: &str, title: &str) {
    let (css, title) = (json!(css), json!(title));
    browser.wait_until(&format!("document.querySelector({css})?.textContent.trim() === {title}")).await;
}

#[tokio::test]
async fn a_new_owner_walks_from_the_setup_to_a_list_that_a_moderator_helps_with() {
    let Some(walk) = Walk::begins().await else { return };
    let begun = Instant::now();
    walk.sets_up().await;
    presses(&walk.ann, ".next a.do").await;
    walk.logs_in(&walk.ann, "ann").await;
    let first = walk.tracks().await;
    let took = begun.elapsed();
    assert!(took < PROMISE, "the first track took {took:?}");
    walk.brings_an_app().await;
    let second = walk.mends_it().await;
    walk.names_a_moderator().await;
    walk.hides_and_undoes(&first, &second).await;
    walk.is_told_who(&second).await;
    walk.ends().await;
}
