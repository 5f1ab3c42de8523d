//! The vault: tokens that are refreshed once, sealed, and not lost when the database or the program goes away.

use crate::house::PATIENCE;
use airlog::accounts::{Accounts, Links, NewLink, NewStreamer, TokenError, User};
use airlog::base::clock::{Clock as _, SystemClock};
use airlog::base::id::{LinkId, UserId};
use airlog::base::seal::SealingKey;
use airlog::clients::AppCell;
use airlog::clients::spotify::SpotifyAccounts;
use airlog::db::{self, Db};
use airlog::twins::{Company, Endpoint, Rotation, SPOTIFY_CLIENT_ID, Twins, World};
use chrono_tz::Tz;
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::time::timeout;

/// Accounts and links on a database of their own, beside the twins, without the rest of a server.
struct Vault {
    twins: Twins,
    db: Db,
    key: Arc<SealingKey>,
    accounts: Accounts,
    links: Links,
    _data: TempDir,
}

impl Vault {
    async fn new() -> Self {
        let any = "127.0.0.1:0".parse().expect("an address");
        let twins = Twins::start(any, World::new(7), SystemClock::shared()).await.expect("twins");
        let data = TempDir::with_prefix("airlog-vault-").expect("a folder");
        let url = format!("sqlite://{}", data.path().join("airlog.db").display());
        let db = db::open(&url).await.expect("a database");
        db::migrate(&db).await.expect("a schema");
        let key = Arc::new(SealingKey::random());
        let accounts = Accounts::new(db.clone(), Arc::clone(&key));
        let links = links(&twins, &db, &key);
        Self { twins, db, key, accounts, links, _data: data }
    }

    /// What a program that is started anew would have: nothing but the database.
    fn restarted(&self) -> Links {
        links(&self.twins, &self.db, &self.key)
    }

    /// Puts ann in; gives her link and the access token she came with.
    async fn has_ann(&self) -> (LinkId, SecretString) {
        let streamer = self.ann();
        self.adds(&streamer).await;
        (self.link().await, streamer.access_token)
    }

    async fn adds(&self, streamer: &NewStreamer) -> User {
        self.accounts.add(streamer, SystemClock.now()).await.expect("a streamer")
    }

    fn ann(&self) -> NewStreamer {
        let person = self.twins.with(|world, _| world.add_person("ann").clone());
        let tokens = self.twins.grant("ann");
        NewStreamer {
            twitch_id: person.twitch_id,
            login: person.login,
            name: Some(person.name),
            timezone: Some(Tz::UTC),
            retention_days: Some(7),
            client_id: SPOTIFY_CLIENT_ID.into(),
            access_token: tokens.access_token.into(),
            refresh_token: tokens.refresh_token.expect("a refresh token").into(),
        }
    }

    async fn link(&self) -> LinkId {
        self.accounts.linked(UserId::FIRST, 9).await.expect("a database").pop().expect("a link").1.id
    }

    fn rotates(&self, rotation: Rotation) {
        self.twins.with(|world, _| world.set_rotation(Company::Spotify, rotation));
    }

    fn refreshes(&self) -> u64 {
        self.twins.with(|world, _| world.calls_of("ann", Endpoint::RefreshGrant))
    }

    async fn sql(&self, statement: &'static str) {
        let Db::Sqlite(pool) = &self.db else { panic!("the vault is on SQLite") };
        sqlx::query(statement).execute(pool).await.expect("a statement that is understood");
    }

    /// From now on the database reads, but fails to write tokens.
    async fn cannot_store_tokens(&self) {
        self.sql("CREATE TRIGGER down BEFORE UPDATE ON spotify_links BEGIN SELECT RAISE(FAIL, 'down'); END")
            .await;
    }

    async fn can_store_tokens(&self) {
        self.sql("DROP TRIGGER down").await;
    }

    async fn settles(&self) {
        timeout(PATIENCE, self.links.settled()).await.expect("the links settle in time");
    }
}

fn links(twins: &Twins, db: &Db, key: &Arc<SealingKey>) -> Links {
    let http = airlog::clients::http_client(PATIENCE).expect("a client");
    let service = SpotifyAccounts::new(http, &twins.spotify_accounts_url(), AppCell::default());
    Links::new(db.clone(), Arc::clone(key), service, SystemClock::shared())
}

async fn refresh(links: &Links, link: LinkId, refused: &SecretString) -> SecretString {
    links.refresh(link, refused.clone()).await.expect("a fresh token")
}

async fn holds(links: &Links, link: LinkId, token: &SecretString) {
    let held = links.access_token(link).await.expect("a token");
    assert_eq!(held.expose_secret(), token.expose_secret());
}

#[tokio::test]
async fn a_rotated_pair_outlives_a_database_that_does_not_write_for_long() {
    let vault = Vault::new().await;
    let (link, first) = vault.has_ann().await;
    vault.rotates(Rotation::Always);
    vault.cannot_store_tokens().await;
    let mut newest = first.clone();
    for _ in 0..3 {
        newest = refresh(&vault.links, link, &newest).await;
        holds(&vault.links, link, &newest).await;
    }
    holds(&vault.restarted(), link, &first).await;
    vault.can_store_tokens().await;
    vault.settles().await;
    let restarted = vault.restarted();
    holds(&restarted, link, &newest).await;
    refresh(&restarted, link, &newest).await;
    assert_eq!(vault.refreshes(), 4, "each refresh token was used once");
}

#[tokio::test]
async fn a_stop_waits_for_a_refresh_whose_caller_is_gone() {
    let vault = Vault::new().await;
    let (link, first) = vault.has_ann().await;
    vault.rotates(Rotation::Always);
    tokio::select! {
        biased;
        _ = vault.links.refresh(link, first.clone()) => panic!("nobody refreshes that fast"),
        () = std::future::ready(()) => {}
    }
    vault.settles().await;
    assert_eq!(vault.refreshes(), 1);
    let stored = vault.restarted().access_token(link).await.expect("a token");
    assert_ne!(stored.expose_secret(), first.expose_secret(), "the new pair is stored");
    let late = vault.links.refresh(link, stored).await;
    assert!(matches!(late, Err(TokenError::Stopping)), "nothing begins that nobody would wait for");
    assert_eq!(vault.refreshes(), 1);
}

#[tokio::test]
async fn nobody_looks_through_a_link_that_has_been_replaced() {
    let vault = Vault::new().await;
    let (earlier, first) = vault.has_ann().await;
    let held = vault.links.token_at_hand(earlier).await.expect("a token");
    assert_eq!(held.expose_secret(), first.expose_secret());
    let ann = vault.accounts.by_login("ann").await.expect("a database").expect("ann");
    let (client_id, expires_at) = (SPOTIFY_CLIENT_ID.into(), None);
    let new = NewLink { client_id, expires_at, scopes: Vec::new() };
    vault.links.link(ann.id, new, &"other".into(), &"another".into(), None).await.expect("a link");
    let gone = vault.links.token_at_hand(earlier).await;
    assert!(matches!(gone, Err(TokenError::Gone)), "{gone:?}");
    let held = vault.links.token_at_hand(vault.link().await).await.expect("a token");
    assert_eq!(held.expose_secret(), "other");
}

#[tokio::test]
async fn new_tokens_leave_what_a_streamer_has_chosen() {
    let vault = Vault::new().await;
    let paris = NewStreamer { timezone: Some(Tz::Europe__Paris), ..vault.ann() };
    let first = vault.adds(&paris).await;
    assert_eq!((first.name.as_str(), first.retention_days, first.enabled), ("Ann", Some(7), true));
    vault.sql("UPDATE users SET enabled = FALSE, visibility = 'private', retention_days = 30, delay_seconds = 5").await;

    let chosen = vault.accounts.by_login("ann").await.expect("a database").expect("ann");
    let tokens_only = NewStreamer { name: None, timezone: None, retention_days: None, ..vault.ann() };
    assert_eq!(vault.adds(&tokens_only).await, chosen);

    let moved = NewStreamer {
        login: "ann_b".into(),
        name: Some("Ann B".into()),
        timezone: Some(Tz::Asia__Tokyo),
        ..tokens_only
    };
    let expected = User { login: "ann_b".into(), name: "Ann B".into(), timezone: Tz::Asia__Tokyo, ..chosen };
    assert_eq!(vault.adds(&moved).await, expected, "what is given is taken");
}

#[tokio::test]
async fn a_new_streamer_without_name_and_zone_gets_the_login_and_utc() {
    let vault = Vault::new().await;
    let bare = NewStreamer { login: "Ann".into(), name: None, timezone: None, ..vault.ann() };
    let ann = vault.adds(&bare).await;
    assert_eq!((ann.name.as_str(), ann.timezone), ("ann", Tz::UTC));
}

#[tokio::test]
async fn a_streamer_is_added_to_the_end_when_the_caller_is_dropped() {
    let vault = Vault::new().await;
    let ann = vault.ann();
    tokio::select! {
        biased;
        _ = vault.accounts.add(&ann, SystemClock.now()) => panic!("no database is that fast"),
        () = std::future::ready(()) => {}
    }
    let added = async {
        while vault.accounts.linked(UserId::FIRST, 9).await.expect("a database").is_empty() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, added).await.expect("she is there in time");
}

/// Twenty looks that are refused at once, with one token.
async fn twenty_are_refused(rotation: Rotation) {
    let vault = Vault::new().await;
    let (link, first) = vault.has_ann().await;
    vault.rotates(rotation);
    let refused = (0..20).map(|_| refresh(&vault.links, link, &first));
    let fresh = futures_util::future::join_all(refused).await;
    assert_eq!(vault.refreshes(), 1, "one call to the token endpoint, {rotation:?}");
    assert_ne!(fresh[0].expose_secret(), first.expose_secret());
    for token in &fresh {
        assert_eq!(token.expose_secret(), fresh[0].expose_secret(), "all get the same token");
    }
    holds(&vault.restarted(), link, &fresh[0]).await;
    assert_sealed(&vault, link, &fresh[0]).await;
    refresh(&vault.restarted(), link, &fresh[0]).await;
}

/// The new pair stands in the database sealed, each token for its own column.
async fn assert_sealed(vault: &Vault, link: LinkId, access: &SecretString) {
    let Db::Sqlite(pool) = &vault.db else { panic!("the vault is on SQLite") };
    let query = "SELECT access_token, refresh_token FROM spotify_links";
    let (sealed, other): (String, String) = sqlx::query_as(query).fetch_one(pool).await.expect("a link");
    for text in [&sealed, &other] {
        assert!(text.starts_with("v1.") && !text.contains(access.expose_secret()), "{text} is not sealed");
    }
    let row = |column: &str| format!("spotify_links/{link}/{column}");
    let opened = vault.key.open(&row("access"), &sealed).expect("the seal of this row");
    assert_eq!(opened.expose_secret(), access.expose_secret());
    assert!(vault.key.open(&row("refresh"), &sealed).is_err(), "it opens for its own column only");
    assert!(vault.key.open(&row("refresh"), &other).is_ok());
}

#[tokio::test]
async fn twenty_refusals_make_one_refresh_whose_pair_is_sealed() {
    twenty_are_refused(Rotation::Never).await;
    twenty_are_refused(Rotation::Always).await;
}
