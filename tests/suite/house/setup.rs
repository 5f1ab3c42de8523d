//! A house that nobody has set up yet.

use super::House;
use super::person::{Page, Person};
use airlog::config::{Allow, Config, EventSub};
use secrecy::ExposeSecret as _;

impl House {
    /// A house without credentials, which hears of streams over sockets.
    pub async fn without_credentials(allow: Allow) -> Self {
        Self::with(|config| {
            config.accounts.allow = allow;
            config.twitch.eventsub = EventSub::Websocket;
            (config.twitch.client_id, config.twitch.client_secret) = (None, None);
            (config.spotify.client_id, config.spotify.client_secret) = (None, None);
        })
        .await
    }

    /// What stands in the terminal of whoever started it.
    pub fn code(&self) -> String {
        self.home().flows.setup_code().expose_secret().to_owned()
    }

    /// Has another config from the next start on.
    pub fn is_configured(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config);
    }
}

impl Person {
    /// Types the setup code.
    pub async fn types(&self, code: &str) -> Page {
        self.posts("/setup", &[("step", "code"), ("code", code)]).await
    }

    /// Enters an app at the setup.
    pub async fn enters(&self, company: &str, client_id: &str, client_secret: &str) -> Page {
        let fields = [("step", company), ("client_id", client_id), ("client_secret", client_secret)];
        self.posts("/setup", &fields).await
    }
}
