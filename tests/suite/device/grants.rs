//! The tokens of a public client, each good for one renewal: what is stored when, and what a crash may cost.

use crate::house::PATIENCE;
use airlog::accounts::{Accounts, GrantStatus, Grants, NewUser, TokenError, User, store};
use airlog::base::clock::{Clock as _, SystemClock};
use airlog::base::seal::SealingKey;
use airlog::clients::oauth::Granted;
use airlog::clients::twitch::TwitchAccounts;
use airlog::clients::{AppCell, OwnApp};
use airlog::db::{self, Db};
use airlog::twins::{Company, Grant, TWITCH_PUBLIC_CLIENT_ID, Twins, World};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use tempfile::TempDir;

/// Ann's grant in a database of its own, beside the twins.
struct Vault {
    twins: Twins,
    db: Db,
    key: Arc<SealingKey>,
    ann: User,
    access: SecretString,
    _data: TempDir,
}

impl Vault {
    async fn with_ann() -> (Self, Grants) {
        let any = "127.0.0.1:0".parse().expect("an address");
        let twins = Twins::start(any, World::new(7), SystemClock::shared()).await.expect("twins");
        let data = TempDir::with_prefix("airlog-grants-").expect("a folder");
        let url = format!("sqlite://{}", data.path().join("airlog.db").display());
        let db = db::open(&url).await.expect("a database");
        db::migrate(&db).await.expect("a schema");
        let Grant { access_token, refresh_token, expires_in, .. } = twins.with(|world, now| {
            let bearer = world.bearer_for("ann", TWITCH_PUBLIC_CLIENT_ID, &[]);
            world.grant(Company::Twitch, bearer, now)
        });
        let twitch_id = twins.with(|world, _| world.add_person("ann").twitch_id.clone());
        let ann = NewUser {
            twitch_id,
            login: "ann".into(),
            name: "Ann".into(),
            timezone: None,
            retention_days: None,
        };
        let ann = store::greet(&db, &ann, SystemClock.now()).await.expect("ann");
        let (key, access) = (Arc::new(SealingKey::random()), SecretString::from(access_token));
        let vault = Self { twins, db, key, ann, access: access.clone(), _data: data };
        let refresh_token = refresh_token.map(Into::into);
        let granted = Granted { access_token: access, refresh_token, expires_in, scopes: Vec::new() };
        let grants = vault.started();
        grants.put(vault.ann.id, granted).await.expect("kept");
        (vault, grants)
    }

    /// What a program that is started has: nothing but the database.
    fn started(&self) -> Grants {
        let http = airlog::clients::http_client(PATIENCE).expect("a client");
        let app = OwnApp { client_id: TWITCH_PUBLIC_CLIENT_ID.into(), client_secret: None };
        let (id, api) = (self.twins.twitch_id_url(), self.twins.twitch_api_url());
        let service = TwitchAccounts::new(http, &id, &api, AppCell::new(Some(app)));
        Grants::new(Accounts::new(self.db.clone(), Arc::clone(&self.key)), service, SystemClock::shared())
    }

    async fn sql(&self, statement: &'static str) {
        let Db::Sqlite(pool) = &self.db else { panic!("the vault is on SQLite") };
        sqlx::query(statement).execute(pool).await.expect("a statement that is understood");
    }

    async fn status(&self) -> Option<GrantStatus> {
        store::grant_status(&self.db, self.ann.id).await.expect("an answer")
    }
}

#[tokio::test]
async fn a_new_pair_is_stored_before_anybody_gets_it() {
    let (vault, grants) = Vault::with_ann().await;
    let mut token = vault.access.clone();
    for _ in 0..3 {
        let fresh = grants.refresh(vault.ann.id, token.clone()).await.expect("a fresh token");
        assert_ne!(fresh.expose_secret(), token.expose_secret());
        // Killed at this very moment, the next start has the same pair, and its refresh token is good.
        let next = vault.started();
        assert_eq!(
            next.access_token(vault.ann.id).await.expect("a token").expose_secret(),
            fresh.expose_secret()
        );
        token = next.refresh(vault.ann.id, fresh).await.expect("it is not used up");
        // The program that was killed uses nothing any more; it would read anew.
        assert_eq!(
            grants.access_token(vault.ann.id).await.expect("a token").expose_secret(),
            token.expose_secret()
        );
    }
    vault.twins.stop().await;
}

#[tokio::test]
async fn while_the_database_does_not_write_the_pair_is_used_from_memory_and_stored_as_soon_as_it_does() {
    let (vault, grants) = Vault::with_ann().await;
    vault
        .sql("CREATE TRIGGER down BEFORE UPDATE ON twitch_grants BEGIN SELECT RAISE(FAIL, 'down'); END")
        .await;
    let fresh = grants.refresh(vault.ann.id, vault.access.clone()).await.expect("a fresh token");
    assert_eq!(grants.unsaved_pairs(), 1);
    let newest = grants.refresh(vault.ann.id, fresh).await.expect("the pair in memory is renewed");
    vault.sql("DROP TRIGGER down").await;
    tokio::time::timeout(PATIENCE, grants.settled()).await.expect("stored in time");
    let next = vault.started();
    assert_eq!(
        next.access_token(vault.ann.id).await.expect("a token").expose_secret(),
        newest.expose_secret()
    );
    next.refresh(vault.ann.id, newest).await.expect("it is not used up");
    vault.twins.stop().await;
}

#[tokio::test]
async fn a_crash_between_twitchs_answer_and_the_store_costs_a_login_and_nothing_else() {
    let (vault, grants) = Vault::with_ann().await;
    drop(grants);
    // Twitch has handed out a new pair, and the program was killed before it could store it.
    let old = store::grant_tokens(&vault.db, vault.ann.id).await.expect("an answer").expect("a pair");
    let refresh =
        vault.key.open(&format!("twitch_grants/{}/refresh", vault.ann.id), &old.refresh).expect("open");
    let renewed = vault.twins.with(|world, now| {
        world.refresh(Company::Twitch, refresh.expose_secret(), TWITCH_PUBLIC_CLIENT_ID, now)
    });
    assert!(renewed.is_some());
    let next = vault.started();
    let held = next.access_token(vault.ann.id).await.expect("the old access token is good until it ends");
    let refused = next.refresh(vault.ann.id, held).await;
    assert!(matches!(refused, Err(TokenError::Refused)), "{refused:?}");
    assert_eq!(vault.status().await, Some(GrantStatus::Refused), "she is told to log in again");
    let ann = store::by_id(&vault.db, vault.ann.id).await.expect("an answer").expect("ann");
    assert_eq!(ann, vault.ann, "everything else of hers is there");
    let fresh = vault.twins.with(|world, now| {
        let bearer = world.bearer_for("ann", TWITCH_PUBLIC_CLIENT_ID, &[]);
        world.grant(Company::Twitch, bearer, now)
    });
    let granted = Granted {
        access_token: fresh.access_token.into(),
        refresh_token: fresh.refresh_token.map(Into::into),
        expires_in: fresh.expires_in,
        scopes: Vec::new(),
    };
    next.put(vault.ann.id, granted).await.expect("logged in again");
    assert_eq!(vault.status().await, Some(GrantStatus::Valid));
    vault.twins.stop().await;
}
