//! Setup: how a house without credentials gets them. Whoever holds the setup code, and later the owner, enters an app of
//! Twitch's and one of Spotify's; each is tested at once, stored sealed, and in use from then on, without a restart. What
//! the config says comes before all of it.

mod model;
mod pages;
mod register;
mod rules;
pub mod store;
mod view;
mod words;

pub use model::{Company, Entry, Given, Refusal, Typed};
pub use pages::{Desk, lead, router};
pub use register::Register;

use crate::accounts::{Accounts, Flows};
use crate::clients::{AppFault, OwnApp};
use crate::db::DbError;

/// The room's facade.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Our apps.
    pub register: Register,
    /// Knows whose house this is, asks the companies.
    pub flows: Flows,
    /// Tells whoever goes by people that they can log in now.
    pub accounts: Accounts,
}

/// Why an app that was entered is not used.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// Something is wrong with it.
    #[error("{0:?}")]
    Refused(Refusal),
    /// The database does not answer, or a defect.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl Setup {
    /// Whether there is nothing to log in with, and nobody yet to whom that would be news.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_first(&self) -> Result<bool, DbError> {
        Ok(self.register.in_use(Company::Twitch).is_none() && self.flows.owner().await?.is_none())
    }

    /// Takes what was typed: tested at the company, stored, in use. What is in use already stays when something is wrong.
    ///
    /// # Errors
    /// [`EnterError`]
    pub async fn enter(&self, company: Company, typed: &Typed) -> Result<(), EnterError> {
        let (given, stored) = (self.register.given(company), self.register.stored(company).await?);
        let wanted = rules::wanted(company, given, stored.as_ref(), typed).map_err(EnterError::Refused)?;
        self.try_out(company, &wanted).await.map_err(|fault| EnterError::Refused(fault.into()))?;
        if let Some(entry) = rules::to_store(given, &wanted) {
            self.register.put(company, entry).await?;
            tracing::info!(%company, "an app was entered at the setup");
            self.accounts.changed();
        }
        Ok(())
    }

    async fn try_out(&self, company: Company, entry: &Entry) -> Result<(), AppFault> {
        let Entry { client_id, client_secret } = entry.clone();
        let app = OwnApp { client_id, client_secret };
        match company {
            Company::Twitch => self.flows.twitch.try_out(&app).await,
            Company::Spotify => self.flows.spotify.try_out(&app).await,
        }
    }
}

impl From<AppFault> for Refusal {
    fn from(fault: AppFault) -> Self {
        match fault {
            AppFault::UnknownId => Self::UnknownId,
            AppFault::WrongSecret => Self::WrongSecret,
            AppFault::NeedsSecret => Self::NeedsSecret,
            AppFault::Refused(said) => Self::Refused(said),
            AppFault::NoAnswer(said) => Self::NoAnswer(said),
        }
    }
}
