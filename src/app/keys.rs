//! `airlog keys rotate`: seals every secret anew, under another key. It can be killed anywhere and run again: the new key
//! is written down before it is used, each text is replaced by itself, and the old key goes last.

use super::options::WithConfig;
use crate::base::seal::SealingKey;
use crate::config::{self, Config, DatabaseUrl};
use crate::db::sealed::{self, SEALED, Sealed, Secret};
use crate::db::{self, Db};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use secrecy::SecretString;
use std::io::{IsTerminal as _, Read as _};
use std::path::PathBuf;
use tokio::net::TcpListener;

/// How many texts are read at a time.
const BATCH: u16 = 100;
/// How often it is looked for what a server that still runs has sealed meanwhile.
const ROUNDS: u32 = 3;

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Seals all tokens and secrets in the database anew, under another key, and refuses the old one from then on.
    ///
    /// Stop the server first. It may be interrupted at any moment: run it again and it goes on. Whoever is logged in
    /// stays so, and nobody has to link again. What is made from the key changes with it: the setup code, and the secret
    /// of webhooks unless the config sets one. Twitch goes on with the old one until it has given those subscriptions up,
    /// which are then made anew; meanwhile it is asked each minute who is live.
    Rotate(Rotate),
}

#[derive(Debug, Args)]
pub(super) struct Rotate {
    /// Where secrets.key is set, the new key comes from this file, or from standard input: 32 bytes as base64
    #[arg(long, value_name = "FILE")]
    new_key_file: Option<PathBuf>,
    #[command(flatten)]
    config: WithConfig,
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    let Command::Rotate(Rotate { new_key_file, config }) = command;
    let config = config.load()?;
    // Held to the end, so that no server starts meanwhile either.
    let _nobody_serves = nobody_serves(&config).await?;
    let db = db::open(config.database.url.expose()).await?;
    db::migrate(&db).await.context("migrating the database")?;
    let done = if config.secrets.key.is_some() {
        given(&config, &db, new_key_file).await
    } else {
        filed(&config.database.url, &config, &db).await
    };
    db.close().await;
    done
}

/// A server that runs would go on sealing under the old key.
async fn nobody_serves(config: &Config) -> anyhow::Result<TcpListener> {
    let address = config.server.listen;
    TcpListener::bind(address).await.with_context(|| {
        format!("somebody listens on {address}: stop Airlog before its key is changed, and start it again afterwards")
    })
}

/// The key lives in a file of ours.
async fn filed(url: &DatabaseUrl, config: &Config, db: &Db) -> anyhow::Result<()> {
    let (file, next) = (config::key_file(url), config::next_key_file(url));
    anyhow::ensure!(
        file.exists(),
        "there is no {}: nothing was sealed yet, or put it back from your copy",
        file.display()
    );
    let (old, new) = (config::sealing_key(config)?, config::next_key(url)?);
    let count = rotate(db, &old, &new).await?;
    config::promote_next_key(url).with_context(|| format!("giving {} its name", next.display()))?;
    println!("{count} secrets are sealed under the new key {}, which is in {}", new.id(), file.display());
    println!(
        "The old key {} opens nothing any more. Keep a copy of the new one apart from the database.",
        old.id()
    );
    Ok(())
}

/// The key comes from the config: its holder has the new one, too.
async fn given(config: &Config, db: &Db, new_key_file: Option<PathBuf>) -> anyhow::Result<()> {
    let (old, new) = (config::sealing_key(config)?, new_key(new_key_file)?);
    anyhow::ensure!(
        old.id() != new.id(),
        "the new key is the one that is in use; make another: openssl rand -base64 32"
    );
    let count = rotate(db, &old, &new).await?;
    println!("{count} secrets are sealed under the new key {}", new.id());
    println!(
        "Now set secrets.key (AIRLOG_SECRETS__KEY) to it: the old key {} is refused from now on.",
        old.id()
    );
    Ok(())
}

fn new_key(file: Option<PathBuf>) -> anyhow::Result<SealingKey> {
    if let Some(file) = file {
        return Ok(config::key_in(&file)?);
    }
    let (mut input, mut text) = (std::io::stdin(), String::new());
    if input.is_terminal() {
        eprintln!(
            "secrets.key is set, so the new key is yours to give: 32 bytes as base64, then the end of input (Ctrl-D)"
        );
    }
    input.read_to_string(&mut text).context("reading the new key from standard input")?;
    config::key_of(&SecretString::from(text)).context(
        "standard input holds no key, which is 32 bytes as base64, as `openssl rand -base64 32` prints them; give it there \
         or with --new-key-file",
    )
}

/// Seals everything under `new` that is sealed under `old`, and gives the number of texts. What is sealed under `new`
/// already stays.
async fn rotate(db: &Db, old: &SealingKey, new: &SealingKey) -> anyhow::Result<usize> {
    let keys = sealed::keys(db).await.context("reading under which keys secrets are sealed")?;
    if let Some(other) = keys.iter().find(|id| *id != old.id() && *id != new.id()) {
        anyhow::bail!(
            "some secrets are sealed under key {other}, which is neither the one in use ({}) nor the new one ({}); put \
             the right one in its place",
            old.id(),
            new.id()
        );
    }
    let mut count = 0;
    for _ in 0..ROUNDS {
        for place in SEALED {
            count += rotate_column(db, place, old, new).await?;
        }
        if sealed::keys(db).await.context("looking whether all is done")?.iter().all(|id| id == new.id()) {
            return Ok(count);
        }
    }
    anyhow::bail!(
        "somebody goes on sealing under the old key: stop every Airlog on this database, then run this again"
    )
}

async fn rotate_column(db: &Db, place: &Sealed, old: &SealingKey, new: &SealingKey) -> anyhow::Result<usize> {
    let mut count = 0;
    loop {
        let some = sealed::under(db, place, old.id(), BATCH).await.context("reading sealed secrets")?;
        if some.is_empty() {
            return Ok(count);
        }
        for secret in &some {
            renew(db, place, secret, old, new).await?;
            count += 1;
        }
    }
}

async fn renew(
    db: &Db,
    place: &Sealed,
    secret: &Secret,
    old: &SealingKey,
    new: &SealingKey,
) -> anyhow::Result<()> {
    let row = place.row(&secret.key);
    let open = old.open(&row, &secret.sealed).with_context(|| format!("opening {row}"))?;
    let sealed = new.seal(&row, &open);
    sealed::replace(db, place, secret, &sealed).await.with_context(|| format!("replacing {row}"))
}
