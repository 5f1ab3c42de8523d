//! The checks of what lies on this machine: the database, its schema, the key.

use super::model::Finding;
use crate::base::seal::SealingKey;
use crate::config::{self, Config, Engine};
use crate::db::{self, Db, sealed};
use std::collections::BTreeSet;
use std::path::Path;

/// What is known of the database.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) findings: Vec<Finding>,
    /// Open for reading, if its schema is ours.
    pub(super) db: Option<Db>,
}

/// Opens the database for reading and looks at its schema.
pub(super) async fn open(config: &Config) -> Shelf {
    const NAME: &str = "database";
    let (url, file) = (&config.database.url, config.database.url.sqlite_file());
    if let Some(file) = file.filter(|file| !file.exists()) {
        let sentence = format!("There is no {} yet; it is made at the first start.", file.display());
        return Shelf {
            findings: vec![missing_folder(&file).unwrap_or(Finding::note(NAME, sentence))],
            db: None,
        };
    }
    match db::open_to_read(url.expose()).await {
        Ok(db) => {
            let opened = Finding::ok(NAME, format!("{url} opens and answers."));
            let (schema, is_ours) = schema(&db).await;
            Shelf { findings: vec![opened, schema], db: is_ours.then_some(db) }
        }
        Err(error) => {
            let remedy = match url.engine() {
                Engine::Sqlite => {
                    "Check that the file is an SQLite database and that this account may read it."
                }
                Engine::Postgres => "Check database.url, and that the server runs and lets us in.",
            };
            // The cause may repeat the URL with its password.
            let why = error.to_string();
            Shelf {
                findings: vec![Finding::failure(NAME, format!("{url} does not open: {why}."), remedy)],
                db: None,
            }
        }
    }
}

fn missing_folder(file: &Path) -> Option<Finding> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists())?;
    let sentence = format!("The folder {} of the database does not exist.", folder.display());
    Some(Finding::failure("database", sentence, "Make it, or correct database.url."))
}

/// Whether the schema is the one that this program knows.
async fn schema(db: &Db) -> (Finding, bool) {
    const NAME: &str = "schema";
    let known = db::latest_version();
    match db::version_to_read(db).await {
        Ok(0) => (Finding::note(NAME, "The database is empty; it is set up at the first start."), false),
        Ok(version) if version == known => {
            (Finding::ok(NAME, format!("The schema is at migration {version}, the newest.")), true)
        }
        Ok(version) if version < known => (
            Finding::warning(
                NAME,
                format!("The schema is at migration {version}, and this program knows {known}."),
                "Make a copy of the database; then the next start, or `airlog migrate`, brings it there.",
            ),
            false,
        ),
        Ok(version) => (
            Finding::failure(
                NAME,
                format!("The schema is at migration {version}, and this program knows none after {known}."),
                format!(
                    "Start the newer version that was here before, or have it go back with `airlog migrate --down-to {known}`."
                ),
            ),
            false,
        ),
        Err(error) => (
            Finding::failure(NAME, format!("The schema cannot be read: {error}."), "Look at the database."),
            false,
        ),
    }
}

/// The key, and whether it is the one that the tokens were sealed under.
pub(super) async fn key(config: &Config, db: Option<&Db>) -> (Finding, Option<SealingKey>) {
    const NAME: &str = "key";
    let file = config::key_file(&config.database.url);
    let sealed_under = match db {
        Some(db) => sealed::keys(db).await.unwrap_or_default(),
        None => BTreeSet::new(),
    };
    if sealed_under.len() > 1
        || config.secrets.key.is_none() && config::next_key_file(&config.database.url).exists()
    {
        let remedy = "Run `airlog keys rotate` once more, with the same new key if you gave one.";
        return (Finding::failure(NAME, "A rotation of keys was begun and not finished.", remedy), None);
    }
    let sealed_under = sealed_under.into_iter().next();
    if config.secrets.key.is_none() && !file.exists() {
        let finding = match sealed_under {
            None => Finding::note(
                NAME,
                format!("There is no {} yet; it is made at the first start.", file.display()),
            ),
            Some(id) => Finding::failure(
                NAME,
                format!("The tokens are sealed under key {id}, but there is no {}.", file.display()),
                "Put the file back from your copy, or set secrets.key.",
            ),
        };
        return (finding, None);
    }
    // The file is there, or not needed: nothing is made.
    match config::sealing_key(config) {
        Err(error) => {
            (Finding::failure(NAME, format!("{error}."), "Put the right key back, or set secrets.key."), None)
        }
        Ok(key) => match sealed_under.filter(|id| id != key.id()) {
            Some(id) => (
                Finding::failure(
                    NAME,
                    format!("The tokens are sealed under key {id}, but the key in use is {}.", key.id()),
                    format!("Put the right key into {}, or set secrets.key.", file.display()),
                ),
                None,
            ),
            None => (kept_private(config, &file, &key), Some(key)),
        },
    }
}

/// Whether nobody else on this machine reads the key.
fn kept_private(config: &Config, file: &Path, key: &SealingKey) -> Finding {
    const NAME: &str = "key";
    if config.secrets.key.is_some() {
        return Finding::ok(NAME, format!("The key {} comes from the config.", key.id()));
    }
    if others_may_read(file) {
        return Finding::warning(
            NAME,
            format!("Others on this machine may read {}.", file.display()),
            format!("chmod 600 {}", file.display()),
        );
    }
    Finding::ok(
        NAME,
        format!("The key {} lies in {}, and nobody else may read it.", key.id(), file.display()),
    )
}

#[cfg(unix)]
fn others_may_read(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}
