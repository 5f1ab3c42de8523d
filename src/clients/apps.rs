//! The apps that this instance is at Twitch and Spotify. They can be entered while the program runs, so whoever speaks for
//! one asks its cell each time.

use secrecy::SecretString;
use std::sync::Arc;
use tokio::sync::watch;

/// An app of this instance's own.
#[derive(Debug, Clone)]
pub struct OwnApp {
    /// Its client id.
    pub client_id: String,
    /// Its secret; a public client has none.
    pub client_secret: Option<SecretString>,
}

/// Why a company does not take an app as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppFault {
    /// It knows no app of this client id.
    #[error("the client id is not known")]
    UnknownId,
    /// The secret is not that app's.
    #[error("the client secret is wrong")]
    WrongSecret,
    /// The app has a secret, and it is not given.
    #[error("the client secret is missing")]
    NeedsSecret,
    /// It refuses the app in words of its own.
    #[error("refused: {0}")]
    Refused(String),
    /// It could not be asked.
    #[error("no answer: {0}")]
    NoAnswer(String),
}

/// Where an app of our own stands, if there is one; clones share it.
#[derive(Debug, Clone, Default)]
pub struct AppCell(watch::Sender<Option<Arc<OwnApp>>>);

/// The apps of this instance's own; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Apps {
    /// Where people log in.
    pub twitch: AppCell,
    /// For streamers who bring no app of their own.
    pub spotify: AppCell,
}

impl AppCell {
    /// A cell that holds this app.
    #[must_use]
    pub fn new(app: Option<OwnApp>) -> Self {
        let cell = Self::default();
        cell.put(app);
        cell
    }

    /// The app as it is now. Cheap.
    #[must_use]
    pub fn get(&self) -> Option<Arc<OwnApp>> {
        self.0.borrow().clone()
    }

    /// The app's client id as it is now.
    #[must_use]
    pub fn client_id(&self) -> Option<String> {
        self.0.borrow().as_ref().map(|app| app.client_id.clone())
    }

    /// Whether there is an app, and it has a secret.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        self.0.borrow().as_ref().is_some_and(|app| app.client_secret.is_some())
    }

    /// Puts an app in place of the one that was there: it is used from the next call on.
    pub fn put(&self, app: Option<OwnApp>) {
        self.0.send_replace(app.map(Arc::new));
    }

    /// Is told when another app is put in place.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<Option<Arc<OwnApp>>> {
        self.0.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_shares_a_cell_speaks_for_the_new_app_at_once() {
        let cell = AppCell::default();
        let shared = cell.clone();
        assert!(shared.client_id().is_none() && !shared.has_secret());
        cell.put(Some(OwnApp { client_id: "new".into(), client_secret: Some("secret".into()) }));
        assert!(shared.client_id().as_deref() == Some("new") && shared.has_secret());
    }
}
