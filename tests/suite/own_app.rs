//! A streamer's own Spotify app: brought in five steps, tested live, and each thing that can be wrong with it named with
//! what to do about it.

mod browser;
mod troubles;

use crate::house::House;
use crate::house::database::on_both;
use crate::house::person::{Page, Person};
use airlog::config::Allow;
use airlog::twins::{App, Company, Deed, SPOTIFY_CLIENT_ID};
use std::time::Duration;

/// An app that somebody has made, and its secret.
const APP: &str = "0a11ce0000c0ffee0000c0ffee000001";
const SECRET: &str = "a secret of ann's own";

/// A house in which everybody may log in, and beside it an app that is not the house's.
async fn house() -> House {
    let house = House::with(|config| {
        config.accounts.allow = Allow::Anyone;
        // A test that comes sooner after another is told the same.
        config.tracking.min_gap = Duration::from_micros(10);
    })
    .await;
    makes_app(&house, APP);
    house
}

fn makes_app(house: &House, id: &str) {
    let app = App { company: Company::Spotify, id: id.into(), secret: SECRET.into() };
    house.twins.with(|world, _| world.add_app(app));
}

impl Person {
    async fn brings(&self, id: &str, secret: &str) -> Page {
        self.fills_in("/dashboard/spotify/app", &[("client_id", id), ("client_secret", secret)]).await
    }

    async fn tests(&self) -> Page {
        let page = self.fills_in("/dashboard/spotify/test", &[]).await;
        assert_eq!((page.status, page.path.as_str()), (200, "/dashboard/spotify"), "{}", page.body);
        page
    }

    /// Links through an app of their own that is entered already.
    async fn links_through_own(&self) -> Page {
        let page = self.links_spotify().await;
        assert_eq!((page.status, page.path.as_str()), (200, "/dashboard/spotify"), "{}", page.body);
        page
    }
}

impl Page {
    #[track_caller]
    fn says(&self, text: &str) {
        assert!(self.body.contains(text), "not {text:?} in {}", self.body);
    }

    #[track_caller]
    fn does_not_say(&self, text: &str) {
        assert!(!self.body.contains(text), "{text:?} in {}", self.body);
    }
}

/// Ann has brought her app with its secret and linked through it.
async fn linked_through_own(house: &House) -> Person {
    let ann = house.logged_in("ann").await;
    ann.brings(APP, SECRET).await.says("Saved, and Spotify knows the app.");
    ann.links_through_own().await;
    ann
}

async fn an_own_app_is_brought_linked_and_tested_at_once() {
    let house = house().await;
    let ann = house.logged_in("ann").await;
    let page = ann.opens("/dashboard/spotify").await;
    page.says(&house.url("/auth/spotify/callback"));
    page.says("https://developer.spotify.com/dashboard");
    let saved = ann.brings(&format!(" {APP} "), SECRET).await;
    saved.says("Saved, and Spotify knows the app.");
    saved.says(APP);
    saved.does_not_say(SECRET);
    let title = house.plays("ann", 0);
    let linked = ann.links_through_own().await;
    linked.says("It works: this is playing");
    linked.says(&title);
    linked.says("It goes through your own app (0a11ce00…).");
    linked.does_not_say(SECRET);
    assert_eq!(house.looks("ann"), 1, "one look, and nobody else looks");
    ann.opens("/dashboard/spotify?linked=1").await.says("It works: this is playing");
    assert_eq!(house.looks("ann"), 1, "a link that was tested is not tested again by itself");

    assert_eq!(house.sql("SELECT client_id FROM spotify_links").await, [APP]);
    let sealed = house
        .sql("SELECT client_secret FROM spotify_links UNION ALL SELECT client_secret FROM spotify_apps")
        .await;
    assert!(sealed.len() == 2 && sealed.iter().all(|sealed| sealed.starts_with("v1.")), "{sealed:?}");
    assert!(house.sql("SELECT name FROM stream_tracks").await.is_empty(), "a test lists nothing");
    house.closes().await;
}

async fn a_link_goes_on_through_the_app_it_was_made_with() {
    let house = house().await;
    house.twins.with(|world, _| world.change_secret(APP, SECRET));
    let ann = linked_through_own(&house).await;
    ann.fills_in("/dashboard/spotify/forget", &[]).await.says("Your app is removed.");
    assert!(house.sql("SELECT client_id FROM spotify_apps").await.is_empty());
    // What renews the link has gone with it, and Spotify wants to see it.
    house.act("ann", Deed::ExpireToken);
    let page = ann.tests().await;
    page.says("It works, and nothing is playing");
    page.says("It goes through an app that is entered nowhere any more");
    page.says("Your next link goes through the app of this Airlog.");
    assert_eq!(house.refreshes("ann"), 1);
    let back = ann.links_spotify().await;
    assert_eq!((back.status, back.path.as_str()), (200, "/dashboard"));
    assert_eq!(house.sql("SELECT client_id FROM spotify_links").await, [SPOTIFY_CLIENT_ID]);
    assert!(
        house.sql("SELECT client_id FROM spotify_links WHERE client_secret IS NOT NULL").await.is_empty()
    );
    house.closes().await;
}

async fn an_earlier_link_is_there_until_the_new_one_has_succeeded() {
    let house = house().await;
    let ann = house.set_up("ann").await;
    let page = ann.brings(APP, "").await;
    page.says("It goes through the app of this Airlog");
    page.says("Your next link goes through your own app.");
    let links = house.sql("SELECT id FROM spotify_links").await;
    assert_eq!(ann.opens_saying_no("/auth/spotify").await.status, 400);
    assert_eq!(house.sql("SELECT id FROM spotify_links").await, links);
    ann.tests().await.says("It works, and nothing is playing");
    house.goes_live("ann").await;
    let first = house.plays_noticed("ann", 0).await;
    ann.links_through_own().await.says("It works: this is playing");
    assert_eq!(house.sql("SELECT client_id FROM spotify_links").await, [APP]);
    let second = house.plays_noticed("ann", 1).await;
    house.lists("ann", &[&first, &second]).await;
    house.closes().await;
}

async fn a_new_secret_renews_the_link_that_is_there() {
    let house = house().await;
    let ann = linked_through_own(&house).await;
    house.twins.with(|world, _| world.change_secret(APP, "a newer secret"));
    house.act("ann", Deed::ExpireToken);
    let page = ann.tests().await;
    page.says("Spotify does not know this app");
    page.says("Compare both with the app’s settings");
    ann.brings(APP, "a newer secret").await.says("Saved, and Spotify knows the app.");
    ann.tests().await.says("It works, and nothing is playing");
    // Without a secret the one that is known stays.
    ann.brings(APP, "").await.says("Its secret is kept here too, sealed.");
    house.act("ann", Deed::ExpireToken);
    ann.tests().await.says("It works, and nothing is playing");
    house.closes().await;
}

on_both! {
    an_own_app_is_brought_linked_and_tested_at_once,
    a_link_goes_on_through_the_app_it_was_made_with,
    an_earlier_link_is_there_until_the_new_one_has_succeeded,
    a_new_secret_renews_the_link_that_is_there,
}
