//! The sealing key, checked at the start against what it will have to open: a lost key is told before an evening needs it.

use crate::base::seal::SealingKey;
use crate::config::{self, Config};
use crate::db::{Db, sealed};
use anyhow::Context as _;
use std::sync::Arc;

/// The key of this instance. It is made only where no secret waits for another one.
///
/// # Errors
/// Says which key is missing and where it belongs, or that a rotation of keys has to be finished first.
pub(super) async fn unlock(config: &Config, db: &Db) -> anyhow::Result<Arc<SealingKey>> {
    let sealed_under = sealed::keys(db).await.context("reading which key sealed the tokens")?;
    let url = &config.database.url;
    let (file, next) = (config::key_file(url), config::next_key_file(url));
    anyhow::ensure!(
        sealed_under.len() < 2 && !(config.secrets.key.is_none() && next.exists()),
        "a rotation of keys was begun and not finished: run `airlog keys rotate` once more, with the same new key if \
         you gave one"
    );
    let sealed_under = sealed_under.into_iter().next();
    if let Some(id) = &sealed_under {
        anyhow::ensure!(
            config.secrets.key.is_some() || file.exists(),
            "the tokens in {url} are sealed under key {id}, but there is no {}; put it back from your copy, or set \
             secrets.key",
            file.display()
        );
    }
    let key = config::sealing_key(config)?;
    if let Some(id) = sealed_under.filter(|id| id != key.id()) {
        anyhow::bail!(
            "the tokens in {url} are sealed under key {id}, but the key in use is {}; put the right one into {}, or set \
             secrets.key",
            key.id(),
            file.display()
        );
    }
    Ok(Arc::new(key))
}
