//! The doctor: looks at a configuration and everything it needs, and says in a sentence each how it is and what to do.
//!
//! It changes nothing: the database is opened to be read, and what it asks other machines leaves nothing behind there. A
//! check that cannot be made says so.

mod model;
mod reach;
pub mod report;
mod rules;
mod shelf;
pub mod store;
mod wire;

pub use model::{Entered, Finding, Grant, Link, Verdict, exit_code, worst};

use crate::base::clock::{Clock, SharedClock};
use crate::base::seal::SealingKey;
use crate::clients;
use crate::config::Config;
use crate::db::Db;
use reqwest::{Client, Url};
use secrecy::SecretString;
use std::time::Duration;
use tokio::time::timeout;
use wire::App;

/// How long one question to another machine may take.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);
/// How long one check may take.
const CHECKED_WITHIN: Duration = Duration::from_secs(20);

/// Looks at everything, most of it at the same time.
///
/// # Errors
/// When the machine's certificate store cannot be read.
pub async fn examine(config: &Config, clock: &SharedClock) -> anyhow::Result<Vec<Finding>> {
    let http = clients::http_client(ANSWERED_WITHIN)?;
    let public_url = config.server.effective_public_url(config.server.listen);
    let shelf = within("database", shelf::open(config)).await;
    let shelf = shelf.unwrap_or_else(|late| shelf::Shelf { findings: vec![late], db: None });
    let db = shelf.db.as_ref();
    let (key, sealing) = within("key", shelf::key(config, db)).await.unwrap_or_else(|late| (late, None));
    let grants = people(db).await;
    let exam = Exam {
        config,
        http: &http,
        db,
        key: sealing.as_ref(),
        grants: grants.as_deref(),
        public_url: &public_url,
    };
    let (time, twitch, spotify, links, door) = tokio::join!(
        one("clock", reach::clock(config, &http, clock.as_ref())),
        exam.twitch(),
        exam.spotify(),
        one("links", exam.links(clock.as_ref())),
        one("public_url", reach::public_url(&http, &public_url)),
    );
    let found = [config_read(config)].into_iter().chain([key]).chain(shelf.findings).chain([time]);
    let found = found.chain(twitch).chain(spotify).chain([exam.logins(), links]);
    let ours = [rules::redirects(&public_url), rules::proxies(&config.server, &public_url)];
    let found: Vec<Finding> = found.chain(ours).chain([door]).collect();
    if let Some(db) = shelf.db {
        db.close().await;
    }
    Ok(found)
}

fn config_read(config: &Config) -> Finding {
    Finding::ok(
        "config",
        format!("The config is read; {} in it differ from the defaults.", settings(config.given())),
    )
}

fn settings(count: usize) -> String {
    if count == 1 { "1 setting".to_owned() } else { format!("{count} settings") }
}

/// What the checks of elsewhere need.
struct Exam<'a> {
    config: &'a Config,
    http: &'a Client,
    db: Option<&'a Db>,
    key: Option<&'a SealingKey>,
    /// Everybody here; none when that cannot be read.
    grants: Option<&'a [Grant]>,
    public_url: &'a Url,
}

impl Exam<'_> {
    async fn twitch(&self) -> Vec<Finding> {
        let twitch = &self.config.twitch;
        let app = match self.app("twitch", twitch.client_id.as_ref(), twitch.client_secret.as_ref()).await {
            Ok(app) => app,
            Err(unread) => return vec![unread],
        };
        let grants = self.grants.unwrap_or_default();
        let check = reach::twitch(self.config, self.http, app, grants, self.public_url);
        within("twitch", check).await.unwrap_or_else(|late| vec![late])
    }

    async fn spotify(&self) -> Vec<Finding> {
        let spotify = &self.config.spotify;
        let app = match self.app("spotify", spotify.client_id.as_ref(), spotify.client_secret.as_ref()).await
        {
            Ok(app) => app,
            Err(unread) => return vec![unread],
        };
        vec![one("spotify", reach::spotify(self.config, self.http, app)).await]
    }

    /// The app that this instance speaks for: the config's, else the one that was entered at the setup.
    async fn app(
        &self,
        provider: &'static str,
        client_id: Option<&String>,
        client_secret: Option<&SecretString>,
    ) -> Result<Option<App>, Finding> {
        if let Some(client_id) = client_id {
            return Ok(Some(App { client_id: client_id.clone(), client_secret: client_secret.cloned() }));
        }
        let Some(db) = self.db else { return Ok(None) };
        let Ok(Some(entered)) = store::entered(db, provider).await else { return Ok(None) };
        let open = |sealed: String| {
            let opened = self.key.and_then(|key| key.open(&store::sealed_for(provider), &sealed).ok());
            opened.ok_or_else(|| {
                Finding::failure(
                    provider,
                    "The secret that was entered at the setup does not open under this key.",
                    "Put the right key back, or enter the secret again at /setup.",
                )
            })
        };
        let client_secret = entered.client_secret.map(open).transpose()?;
        Ok(Some(App { client_id: entered.client_id, client_secret }))
    }

    async fn links(&self, clock: &dyn Clock) -> Finding {
        const NAME: &str = "links";
        let Some(db) = self.db else { return unread(NAME) };
        match store::links(db).await {
            Ok(links) => rules::links(&links, clock.now()),
            Err(error) => {
                Finding::failure(NAME, format!("The links cannot be read: {error}."), "Look at the database.")
            }
        }
    }

    fn logins(&self) -> Finding {
        let needs_each = self.config.twitch.eventsub == crate::config::EventSub::Websocket;
        self.grants.map_or_else(|| unread("logins"), |grants| rules::logins(grants, needs_each))
    }
}

/// Everybody here; none when that cannot be read.
async fn people(db: Option<&Db>) -> Option<Vec<Grant>> {
    store::grants(db?).await.ok()
}

fn unread(name: &'static str) -> Finding {
    Finding::note(name, "Not looked at: the database is not there, or not at the newest schema.")
}

async fn one(name: &'static str, check: impl Future<Output = Finding>) -> Finding {
    within(name, check).await.unwrap_or_else(|late| late)
}

/// What a check gives, if it ends in time.
async fn within<T>(name: &'static str, check: impl Future<Output = T>) -> Result<T, Finding> {
    let seconds = CHECKED_WITHIN.as_secs();
    timeout(CHECKED_WITHIN, check).await.map_err(|_| {
        Finding::warning(
            name,
            format!("This check did not end within {seconds} s."),
            "Try again; look at what hangs.",
        )
    })
}
