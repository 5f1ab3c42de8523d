//! `airlog doctor`: what is in order and what is not, for people or for programs.

use super::options::WithConfig;
use crate::base::clock::SystemClock;
use crate::config::ConfigErrors;
use crate::doctor::{self, Finding, exit_code, report, worst};
use std::io::IsTerminal as _;

/// How it is told.
#[derive(Debug, clap::Args)]
pub(super) struct Doctor {
    /// Prints JSON: an array, one object a check
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: WithConfig,
}

/// Something is not in order: all is told, and the program ends with this code.
#[derive(Debug, thiserror::Error)]
#[error("not everything is in order")]
pub(super) struct Unwell(pub(super) u8);

impl Doctor {
    /// Looks, tells, and ends with what is worst.
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let findings = match self.config.read() {
            Ok(config) => Box::pin(doctor::examine(&config, &SystemClock::shared())).await?,
            // As everywhere; but a program that asked for JSON gets that.
            Err(errors) if self.json => vec![unread(&errors)],
            Err(errors) => return Err(errors.into()),
        };
        if self.json {
            println!("{}", report::json(&findings));
        } else {
            let is_coloured = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            print!("{}", report::text(&findings, is_coloured));
        }
        match exit_code(worst(&findings)) {
            0 => Ok(()),
            code => Err(Unwell(code).into()),
        }
    }
}

fn unread(errors: &ConfigErrors) -> Finding {
    Finding::failure("config", errors.to_string(), "Correct what is named.")
}
