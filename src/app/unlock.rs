//! The sealing key, checked at the start against what it will have to open: a lost key is told before an evening needs it.

use crate::accounts;
use crate::base::seal::SealingKey;
use crate::config::{self, Config};
use crate::db::{Db, DbError};
use crate::setup;
use anyhow::Context as _;
use std::sync::Arc;

/// The key of this instance. It is made only where no token waits for another one.
///
/// # Errors
/// Says which key is missing and where it belongs.
pub(super) async fn unlock(config: &Config, db: &Db) -> anyhow::Result<Arc<SealingKey>> {
    let sealed_under = sealed_under(db).await.context("reading which key sealed the tokens")?;
    let file = config::key_file(&config.database.url);
    if let Some(id) = &sealed_under {
        anyhow::ensure!(
            config.secrets.key.is_some() || file.exists(),
            "the tokens in {} are sealed under key {id}, but there is no {}; put it back from your copy, or set \
             secrets.key",
            config.database.url,
            file.display()
        );
    }
    let key = config::sealing_key(config)?;
    if let Some(id) = sealed_under.filter(|id| id != key.id()) {
        anyhow::bail!(
            "the tokens in {} are sealed under key {id}, but the key in use is {}; put the right one into {}, or set \
             secrets.key",
            config.database.url,
            key.id(),
            file.display()
        );
    }
    Ok(Arc::new(key))
}

async fn sealed_under(db: &Db) -> Result<Option<String>, DbError> {
    match accounts::sealed_under(db).await? {
        Some(id) => Ok(Some(id)),
        None => setup::sealed_under(db).await,
    }
}
