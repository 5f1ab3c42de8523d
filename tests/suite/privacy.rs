//! Who leaves is gone: at once, everywhere, for good, and nobody else suffers from it.

use crate::house::House;
use crate::house::browser::{Browser, Scheme};
use crate::house::database::on_both;
use crate::house::person::Person;
use crate::house::secrets::Eavesdropper;
use crate::house::sweep::named_plays;
use airlog::base::clock::Clock as _;
use airlog::config::Allow;
use airlog::db::Db;
use reqwest::Method;
use serde_json::Value;

const ANN: &str = "annabel_the_streamer";

async fn for_anyone() -> House {
    House::with(|config| config.accounts.allow = Allow::Anyone).await
}

async fn leaves(person: &Person) -> Value {
    let (status, answer) = person.asks(Method::DELETE, "/api/v1/me", "").await;
    assert_eq!(status, 200, "{answer}");
    answer["deleted"].clone()
}

/// Whatever others have of ann: a role, and lines in their log.
const AT_BOBS: &str = "
    INSERT INTO moderators (user_id, login, twitch_id, inserted_at)
        SELECT bob.id, ann.login, ann.twitch_id, bob.inserted_at FROM users AS bob, users AS ann
        WHERE bob.login = 'bob' AND ann.login = 'annabel_the_streamer';
    INSERT INTO audit (id, user_id, actor, actor_id, actor_name, deed, about, inserted_at)
        SELECT 'line', bob.id, 'moderator', ann.id, ann.login, 'moderator_named', ann.login, bob.inserted_at
        FROM users AS bob, users AS ann WHERE bob.login = 'bob' AND ann.login = 'annabel_the_streamer'";

async fn who_leaves_leaves_no_trace() {
    let eavesdropper = Eavesdropper::listens();
    let house = for_anyone().await;
    let (_bob, ann) = (house.set_up("bob").await, house.set_up(ANN).await);
    house.goes_live(ANN).await;
    let titles = [house.plays_noticed(ANN, 0).await, house.plays_noticed(ANN, 1).await];
    house.does(AT_BOBS).await;
    let id = house.id_of(ANN).await.to_string();
    let sealed = house.sql("SELECT access_token FROM twitch_grants").await;
    let theirs = house.sql("SELECT twitch_id FROM users WHERE login = 'annabel_the_streamer'").await;
    let token = house.grants().last_token(house.id_of(ANN).await).await.expect("a token");
    let (mut viewer, mut staff) = (house.viewer(ANN).await, house.staff(&ann).await);
    let before = eavesdropper.heard().len();
    let deleted = leaves(&ann).await;
    assert_eq!(
        (&deleted["plays"], &deleted["roles"], &deleted["spotify_links"]),
        (&2.into(), &1.into(), &1.into())
    );
    assert_eq!((viewer.closed_with().await, staff.closed_with().await), (1008, 1008));
    assert_eq!(house.get(&format!("/streamers/{ANN}/tracks/today")).await.0, 404);
    assert_eq!(ann.asks(Method::GET, "/api/v1/me", "").await.0, 401);
    house
        .eventually("tracking has ended", async || (house.counted("airlog_sessions") == 0).then_some(()))
        .await;
    house
        .eventually("Twitch tells of them no more", async || {
            house.enabled_about(ANN).is_empty().then_some(())
        })
        .await;
    let is_good = || {
        use airlog::twins::Company;
        use secrecy::ExposeSecret as _;
        house.twins.with(|world, now| world.bearer(Company::Twitch, token.expose_secret(), now).is_ok())
    };
    house.eventually("the token is given back", async || (!is_good()).then_some(())).await;
    let traces: Vec<&str> = [ANN, "Annabel", &id]
        .into_iter()
        .chain(titles.iter().map(String::as_str))
        .chain(sealed.iter().map(String::as_str).skip(1))
        .collect();
    let found = async || {
        let stored = house.everything_stored().await;
        traces.iter().copied().filter(|trace| stored.contains(*trace)).map(str::to_owned).collect::<Vec<_>>()
    };
    house
        .eventually("nothing is left of them in any file", async || found().await.is_empty().then_some(()))
        .await;
    assert_eq!(house.holding(&theirs[0]).await, Vec::<String>::new(), "Twitch's id");
    let logged = eavesdropper.heard()[before..].to_owned();
    for trace in &titles {
        assert!(!logged.contains(trace.as_str()), "{trace} is logged");
    }
    house.closes().await;
}

async fn a_long_list_goes_behind_their_back_and_after_a_stop() {
    let mut house = for_anyone().await;
    let (ann, bob) = (house.set_up("ann").await, house.set_up("bob").await);
    house.does(&named_plays("ann", "heard", 20_000, house.clock.now())).await;
    house.goes_live("bob").await;
    let asked = tokio::time::Instant::now();
    assert_eq!(leaves(&ann).await["plays"], 20_000);
    assert!(asked.elapsed() < std::time::Duration::from_secs(15), "nobody waits for all of it");
    assert_eq!(house.get("/streamers/ann/tracks/today").await.0, 404);
    house.plays_noticed("bob", 0).await;
    house.stops().await;
    house.opens().await;
    let gone = async || (house.sql("SELECT id FROM users").await.len() == 1).then_some(());
    house.eventually("the last of ann is gone", gone).await;
    assert_eq!(house.stored().await.len(), 1, "bob's");
    assert_eq!(bob.asks(Method::GET, "/api/v1/me", "").await.0, 200);
    // They may come back, and begin anew.
    let again = house.logged_in("ann").await;
    assert!(again.opens("/dashboard").await.body.contains("Ann"));
    house.closes().await;
}

async fn the_house_waits_for_an_owner_again_and_the_old_code_is_no_good() {
    let mut house = House::with(|config| config.accounts.allow = Allow::Owner).await;
    let old = house.setup_code().await.expect("a code");
    let ann = house.person("ann");
    ann.posts("/auth/twitch", &[("code", &old)]).await;
    assert_eq!(ann.logs_in().await.path, "/dashboard");
    assert!(ann.opens("/dashboard/account").await.body.contains("This house is yours"));
    assert_eq!(leaves(&ann).await["owner"], 1);
    let new = house.setup_code().await.expect("it waits again");
    assert_ne!(old, new);
    house.stops().await;
    house.opens().await;
    assert_eq!(house.setup_code().await, Some(new.clone()), "the same after each start");
    let bob = house.person("bob");
    assert_eq!(bob.posts("/auth/twitch", &[("code", &old)]).await.status, 403);
    assert_eq!(bob.posts("/auth/twitch", &[("code", &new)]).await.status, 200);
    assert_eq!(bob.logs_in().await.path, "/dashboard");
    house.closes().await;
}

async fn an_owner_who_is_removed_by_hand_leaves_no_trace_and_the_old_code_is_no_good() {
    let mut house = House::with(|config| config.accounts.allow = Allow::Owner).await;
    let old = house.setup_code().await.expect("a code");
    let ann = house.person("ann");
    ann.posts("/auth/twitch", &[("code", &old)]).await;
    ann.logs_in().await;
    house.has_streamer("bob").await;
    house.does(AT_BOBS).await;
    house.does(&named_plays("ann", "heard", 1_200, house.clock.now())).await;
    let user = house.accounts().by_login("ann").await.expect("an answer").expect("ann");
    let now = house.clock.now();
    let gone = airlog::privacy::remove(house.db(), &user, None, now).await.expect("gone").expect("there");
    assert!(gone.was_owner && gone.deleted.contains(&("plays", 1_200)), "{gone:?}");
    assert_eq!(house.sql("SELECT login FROM users").await, ["bob"]);
    assert!(house.stored().await.is_empty());
    assert!(!house.everything_stored().await.contains("Ann"));
    assert_eq!(house.holding(&user.twitch_id).await, Vec::<String>::new(), "Twitch's id");
    house.stops().await;
    house.opens().await;
    assert!(house.setup_code().await.is_some_and(|new| new != old));
    house.closes().await;
}

async fn the_page_asks_for_the_login_and_says_what_went() {
    let house = for_anyone().await;
    let ann = house.set_up("ann").await;
    let other = house.logged_in("ann").await;
    let page = ann.opens("/dashboard/account").await;
    assert!(
        page.body.contains("/api/v1/me/export") && !page.body.contains("This house is yours"),
        "{}",
        page.body
    );
    let wrong = ann.fills_in("/dashboard/account/delete", &[("login", "anna")]).await;
    assert!(wrong.status == 400 && wrong.body.contains("Nothing was deleted"), "{}", wrong.body);
    assert_eq!(other.opens("/dashboard").await.status, 200);
    assert_eq!(ann.fills_in("/dashboard/account/logout", &[]).await.path, "/");
    assert_eq!((ann.opens("/dashboard").await.status, other.opens("/dashboard").await.status), (401, 401));
    assert_eq!(ann.logs_in().await.path, "/dashboard");
    let gone = ann.fills_in("/dashboard/account/delete", &[("login", " Ann ")]).await;
    assert!(gone.status == 200 && gone.body.contains("1 link to Spotify"), "{}", gone.body);
    assert_eq!((ann.cookies().contains("airlog="), ann.opens("/dashboard").await.status), (false, 401));
    house
        .eventually("nobody is left", async || {
            house.sql("SELECT id FROM users").await.is_empty().then_some(())
        })
        .await;
    house.closes().await;
}

on_both! {
    who_leaves_leaves_no_trace,
    a_long_list_goes_behind_their_back_and_after_a_stop,
    the_house_waits_for_an_owner_again_and_the_old_code_is_no_good,
    an_owner_who_is_removed_by_hand_leaves_no_trace_and_the_old_code_is_no_good,
    the_page_asks_for_the_login_and_says_what_went,
}

#[tokio::test]
async fn everybody_reads_what_is_kept_and_how_long() {
    let house = House::start().await;
    for (language, words) in [
        ("en", ["<h1>Privacy", "180 days", "24 hours"]),
        ("fr", ["<h1>Confidentialité", "180 jours", "24 heures"]),
    ] {
        let (status, page) = house.get(&format!("/privacy?lang={language}")).await;
        assert_eq!(status, 200);
        assert!(words.iter().all(|word| page.contains(word)), "{page}");
    }
    assert!(house.get("/").await.1.contains("href=\"/privacy\""), "the footer leads there");
    house.closes().await;
}

#[tokio::test]
async fn a_streamer_leaves_by_browser_and_everything_fits_a_phone() {
    let Some(browser) = Browser::start().await else { return };
    let house = for_anyone().await;
    house.person("ann");
    browser.open(&house.url("/auth/twitch")).await;
    browser.enters("button[value=ann]").await;
    browser.wait_for("#dashboard").await;
    for (path, place) in [("/privacy", ".kept"), ("/dashboard/account", "#delete")] {
        for (width, scheme, language) in WAYS {
            browser.size(width, 900).await;
            browser.scheme(scheme).await;
            browser.open(&house.url(&format!("{path}?lang={language}"))).await;
            browser.wait_for(place).await;
            let fits = browser.eval("document.documentElement.scrollWidth <= window.innerWidth").await;
            assert_eq!(fits, true, "{path} sticks out at {width}");
            if let Ok(folder) = std::env::var("SHOTS") {
                browser
                    .screenshot(format!("{folder}{}-{width}-{language}.png", path.replace('/', "_")))
                    .await;
                browser.eval("window.scrollTo(0, document.body.scrollHeight)").await;
                browser
                    .screenshot(format!("{folder}{}-{width}-{language}-end.png", path.replace('/', "_")))
                    .await;
            }
        }
    }
    browser.open(&house.url("/dashboard/account?lang=en")).await;
    browser.eval("void (document.querySelector('#login').value = 'ann')").await;
    browser.enters("#delete button.danger").await;
    browser.wait_until("document.querySelector('h1').innerText === 'You are gone'").await;
    if let Ok(folder) = std::env::var("SHOTS") {
        browser.screenshot(format!("{folder}gone.png")).await;
    }
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.open(&house.url("/dashboard")).await;
    browser.wait_gone("#dashboard").await;
    browser.close().await;
    house.closes().await;
}

const WAYS: [(u32, Scheme, &str); 3] =
    [(320, Scheme::Dark, "fr"), (320, Scheme::Light, "en"), (1440, Scheme::Light, "fr")];

impl House {
    /// The columns, anywhere in the database, that hold exactly this.
    async fn holding(&self, text: &str) -> Vec<String> {
        let columns = match self.db() {
            Db::Sqlite(_) => {
                "SELECT tables.name || '.' || columns.name FROM sqlite_master AS tables,
                    pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
            }
            Db::Postgres(_) => {
                "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
            }
        };
        let mut found = Vec::new();
        for place in self.sql(columns).await {
            let (table, column) = place.split_once('.').expect("a column");
            let count =
                format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table} WHERE CAST({column} AS TEXT) = '{text}'");
            if self.sql_of(&count).await != ["0"] {
                found.push(place);
            }
        }
        found
    }
}
