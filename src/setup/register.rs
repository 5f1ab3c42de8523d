//! The register of our own apps: what the config says, what was entered, and the cells that everybody else looks into.

use super::model::{Company, Entry, Given};
use super::rules::in_use;
use super::store::{self, SealedApp};
use crate::base::clock::SharedClock;
use crate::base::seal::SealingKey;
use crate::clients::{AppCell, Apps, OwnApp};
use crate::config::Config;
use crate::db::Db;
use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Our own apps.
#[derive(Debug, Clone)]
pub struct Register {
    db: Db,
    key: Arc<SealingKey>,
    clock: SharedClock,
    twitch: Given,
    spotify: Given,
    apps: Apps,
    /// One change at a time, so that what is stored and what is used are the same.
    changing: Arc<Mutex<()>>,
}

impl Register {
    /// The apps of a house with this config and database, each in its cell.
    ///
    /// # Errors
    /// When the database does not answer, or a stored secret does not open.
    pub async fn open(
        config: &Config,
        db: Db,
        key: Arc<SealingKey>,
        clock: SharedClock,
    ) -> anyhow::Result<Self> {
        let given = |id: &Option<String>, secret: &Option<SecretString>| Given {
            client_id: id.clone(),
            client_secret: secret.clone(),
        };
        let twitch = given(&config.twitch.client_id, &config.twitch.client_secret);
        let spotify = given(&config.spotify.client_id, &config.spotify.client_secret);
        let (apps, changing) = (Apps::default(), Arc::default());
        let register = Self { db, key, clock, twitch, spotify, apps, changing };
        for company in [Company::Twitch, Company::Spotify] {
            let stored = register.stored(company).await?;
            register.use_from_now_on(company, in_use(register.given(company), stored.as_ref()));
        }
        Ok(register)
    }

    /// The cells that everybody looks into.
    #[must_use]
    pub fn apps(&self) -> &Apps {
        &self.apps
    }

    /// What the config says.
    #[must_use]
    pub fn given(&self, company: Company) -> &Given {
        match company {
            Company::Twitch => &self.twitch,
            Company::Spotify => &self.spotify,
        }
    }

    /// The app in use, if there is one.
    #[must_use]
    pub fn in_use(&self, company: Company) -> Option<Arc<OwnApp>> {
        self.cell(company).get()
    }

    /// What was entered, opened.
    ///
    /// # Errors
    /// When the database does not answer, or the secret does not open.
    pub(super) async fn stored(&self, company: Company) -> anyhow::Result<Option<Entry>> {
        let stored = store::app(&self.db, company).await.context("reading our apps")?;
        let Some(SealedApp { client_id, client_secret }) = stored else { return Ok(None) };
        let row = store::seal_row(company);
        let open = |sealed: String| self.key.open(&row, &sealed);
        let client_secret = client_secret.map(open).transpose().context("opening the secret of our app")?;
        Ok(Some(Entry { client_id, client_secret }))
    }

    /// Stores an app, and has it used from now on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn put(&self, company: Company, entry: Entry) -> anyhow::Result<()> {
        let _one_at_a_time = self.changing.lock().await;
        let row = store::seal_row(company);
        let client_secret = entry.client_secret.as_ref().map(|secret| self.key.seal(&row, secret));
        let sealed = SealedApp { client_id: entry.client_id.clone(), client_secret };
        store::put_app(&self.db, company, &sealed, self.clock.now()).await.context("storing our app")?;
        self.use_from_now_on(company, in_use(self.given(company), Some(&entry)));
        Ok(())
    }

    /// The same app once more disturbs nobody.
    fn use_from_now_on(&self, company: Company, entry: Option<Entry>) {
        let cell = self.cell(company);
        let is_same = cell.get().zip(entry.as_ref()).is_some_and(|(old, new)| {
            let text = |secret: &Option<SecretString>| {
                secret.as_ref().map(|secret| secret.expose_secret().to_owned())
            };
            old.client_id == new.client_id && text(&old.client_secret) == text(&new.client_secret)
        });
        if !is_same {
            cell.put(entry.map(|Entry { client_id, client_secret }| OwnApp { client_id, client_secret }));
        }
    }

    fn cell(&self, company: Company) -> &AppCell {
        match company {
            Company::Twitch => &self.apps.twitch,
            Company::Spotify => &self.apps.spotify,
        }
    }
}
