//! `airlog migrate`: the schema up to date, or back to an older one.

use crate::config::Config;
use crate::db::{self, Db, Loss};
use anyhow::Context as _;

/// Brings the database to the newest schema.
pub(super) async fn up(config: &Config) -> anyhow::Result<()> {
    let db = db::open(config.database.url.expose()).await?;
    db::migrate(&db).await.context("migrating")?;
    finish(config, &db).await
}

/// Takes the schema back to migration `version`; where data would be lost, only if that is wanted.
pub(super) async fn down(config: &Config, version: i64, lose_data: bool) -> anyhow::Result<()> {
    let latest = db::latest_version();
    anyhow::ensure!(
        (0..=latest).contains(&version),
        "there is no migration {version}; use a number from 0 to {latest}"
    );
    let db = db::open(config.database.url.expose()).await?;
    let going = || format!("going back to migration {version}");
    if !lose_data {
        let losses = db::losses(&db, version).await.with_context(going)?;
        anyhow::ensure!(losses.is_empty(), "{}", refusal(version, &losses));
    }
    db::revert_to(&db, version).await.with_context(going)?;
    finish(config, &db).await
}

fn refusal(version: i64, losses: &[Loss]) -> String {
    let losses: Vec<_> = losses.iter().map(ToString::to_string).collect();
    format!(
        "going back to migration {version} would lose data: {}; nothing was changed; add --lose-data if it may go",
        losses.join(", ")
    )
}

async fn finish(config: &Config, db: &Db) -> anyhow::Result<()> {
    println!("{} is at migration {}", config.database.url, db::version(db).await?);
    db.close().await;
    Ok(())
}
