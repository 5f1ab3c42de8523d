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

pub use model::{Finding, Grant, Link, Verdict, exit_code, worst};

use crate::base::clock::SharedClock;
use crate::base::seal::SealingKey;
use crate::clients::{self, AppCell, Apps, OwnApp};
use crate::config::Config;
use crate::db::Db;
use crate::setup::Register;
use reqwest::{Client, Url};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

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
    let (apps, unopened) = apps(config, db, sealing, clock).await;
    let exam = Exam { config, http: &http, db, clock, grants: grants.as_deref(), public_url: &public_url };
    let (time, twitch, spotify, links, door) = tokio::join!(
        one("clock", reach::clock(config, &http, clock.as_ref())),
        exam.twitch(&apps),
        one("spotify", reach::spotify(config, &http, apps.spotify.clone())),
        one("links", exam.links()),
        one("public_url", reach::public_url(&http, &public_url)),
    );
    let found = [config_read(config)].into_iter().chain([key]).chain(shelf.findings).chain([time]);
    let found = found.chain(unopened).chain(twitch).chain([spotify]).chain([exam.logins(), links]);
    let ours = [
        rules::redirects(&public_url, config.server.listen.port()),
        rules::proxies(&config.server, &public_url),
    ];
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
    clock: &'a SharedClock,
    /// Everybody here; none when that cannot be read.
    grants: Option<&'a [Grant]>,
    public_url: &'a Url,
}

impl Exam<'_> {
    async fn twitch(&self, apps: &Apps) -> Vec<Finding> {
        let about = (self.grants.unwrap_or_default(), self.public_url);
        let check = reach::twitch(self.config, self.http, apps.twitch.clone(), self.clock.clone(), about);
        within("twitch", check).await.unwrap_or_else(|late| vec![late])
    }

    async fn links(&self) -> Finding {
        const NAME: &str = "links";
        let Some(db) = self.db else { return unread(NAME) };
        match store::links(db).await {
            Ok(links) => rules::links(&links, self.clock.now()),
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

/// The apps that this instance speaks for; what is in the way of reading them.
async fn apps(
    config: &Config,
    db: Option<&Db>,
    key: Option<SealingKey>,
    clock: &SharedClock,
) -> (Apps, Option<Finding>) {
    let Some((db, key)) = db.zip(key) else { return (given(config), None) };
    match Register::open(config, db.clone(), Arc::new(key), clock.clone()).await {
        Ok(register) => (register.apps().clone(), None),
        Err(error) => {
            let sentence = format!("What was entered at /setup cannot be read: {error:#}.");
            let remedy = "Put the right key back, or enter the apps again at /setup.";
            (given(config), Some(Finding::failure("setup", sentence, remedy)))
        }
    }
}

/// The apps of the config alone.
fn given(config: &Config) -> Apps {
    let app = |id: &Option<String>, secret: &Option<SecretString>| {
        let own = |client_id: &String| OwnApp { client_id: client_id.clone(), client_secret: secret.clone() };
        AppCell::new(id.as_ref().map(own))
    };
    let (twitch, spotify) = (&config.twitch, &config.spotify);
    Apps {
        twitch: app(&twitch.client_id, &twitch.client_secret),
        spotify: app(&spotify.client_id, &spotify.client_secret),
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
