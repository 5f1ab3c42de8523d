//! The configuration: defaults, then the TOML file, then the environment, read and checked once at the start.
//!
//! Each section is a file of this folder and names each of its keys once, in `visit`; reading, printing and the
//! list of known keys all walk the same fields. Whoever gets a [`Config`] may rely on every value being valid.

mod accounts;
mod alerts;
mod check;
mod database;
mod duration;
mod environment;
mod error;
mod fields;
mod file;
mod key;
mod kind;
mod limits;
mod load;
mod log;
mod network;
mod pages;
mod print;
mod raw;
mod retention;
mod secrets;
mod server;
mod spotify;
mod suggest;
mod tracking;
mod twitch;
mod url;

pub use accounts::{Accounts, Allow};
pub use alerts::Alerts;
pub use database::{Database, DatabaseUrl, Engine};
pub use environment::environment;
pub use error::{Cause, ConfigErrors, Place, Problem};
pub use key::{KeyError, key_file, key_in, key_of, next_key, next_key_file, promote_next_key, sealing_key};
pub use limits::Limits;
pub use load::load;
pub use log::{Log, LogFormat};
pub use network::Network;
pub use pages::Pages;
pub use retention::Retention;
pub use secrets::Secrets;
pub use server::Server;
pub use spotify::Spotify;
pub use tracking::Tracking;
pub use twitch::{EventSub, Twitch};
pub use url::BaseUrl;

use fields::Visit;
use std::collections::BTreeMap;

/// Everything that can be set, by section. `Config::default()` is what holds without file and environment.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Where the server listens and how it is reached.
    pub server: Server,
    /// Where the data lives.
    pub database: Database,
    /// The key that seals tokens at rest.
    pub secrets: Secrets,
    /// Who may log in.
    pub accounts: Accounts,
    /// The Twitch application and its endpoints.
    pub twitch: Twitch,
    /// The Spotify application and its endpoints.
    pub spotify: Spotify,
    /// How players are followed.
    pub tracking: Tracking,
    /// How long plays are kept.
    pub retention: Retention,
    /// How much one visitor may ask for.
    pub limits: Limits,
    /// Where messages about troubles may go.
    pub alerts: Alerts,
    /// What people see.
    pub pages: Pages,
    /// What is logged.
    pub log: Log,
    /// Where each value that was given came from, by its dotted name.
    origins: BTreeMap<&'static str, Place>,
}

impl Config {
    /// How many settings were given, by the file or the environment.
    #[must_use]
    pub fn given(&self) -> usize {
        self.origins.len()
    }

    /// Shows every field to `visit`, in the order of the shipped file.
    fn visit(&mut self, visit: &mut impl Visit) {
        self.server.visit(visit);
        self.database.visit(visit);
        self.secrets.visit(visit);
        self.accounts.visit(visit);
        self.twitch.visit(visit);
        self.spotify.visit(visit);
        self.tracking.visit(visit);
        self.retention.visit(visit);
        self.limits.visit(visit);
        self.alerts.visit(visit);
        self.pages.visit(visit);
        self.log.visit(visit);
    }
}
