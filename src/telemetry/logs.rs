//! Logs go to standard error: one line an event, text or JSON. Each error is logged once, where it ends.

use crate::config::{Log, LogFormat};
use anyhow::Context as _;
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Starts logging; a second call changes nothing.
///
/// # Errors
/// When `log.filter` is not a filter, like `info` or `airlog=debug,warn`.
pub fn init(log: &Log) -> anyhow::Result<()> {
    // The actors' own spans name them by numbers that say nothing; who wants them names them in the filter.
    let filter = EnvFilter::try_new(format!("ractor=warn,{}", log.filter)).context("log.filter")?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // An error says that logging runs already, as in tests.
    let _ = match log.format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    Ok(())
}
