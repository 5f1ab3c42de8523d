//! Options that several commands share.

use crate::config::{self, Config, ConfigErrors};
use crate::telemetry;
use std::path::PathBuf;

/// Where the config is.
#[derive(Debug, clap::Args)]
pub(super) struct WithConfig {
    /// The config file; without it ./config.toml if there is one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl WithConfig {
    /// Reads the config and starts logging as it says.
    pub(super) fn load(&self) -> anyhow::Result<Config> {
        let config = self.read()?;
        telemetry::init_logs(&config.log)?;
        Ok(config)
    }

    /// Reads the config, and logs nothing.
    pub(super) fn read(&self) -> Result<Config, ConfigErrors> {
        config::load(self.config.as_deref(), config::environment())
    }
}
