//! `[spotify]`: the instance's own application at Spotify, and where Spotify is.

use super::fields::Visit;
use super::kind::{Identifier, Optional, Secret};
use super::url::{Base, BaseUrl};
use secrecy::SecretString;

const API: &str = "https://api.spotify.com/v1";
const ACCOUNTS: &str = "https://accounts.spotify.com";

/// The instance's own application at Spotify, and where Spotify is.
#[derive(Debug, Clone)]
pub struct Spotify {
    /// The client id for streamers who bring none of their own.
    pub client_id: Option<String>,
    /// Its secret. None: PKCE, which needs none.
    pub client_secret: Option<SecretString>,
    /// The Web API.
    pub api_url: BaseUrl,
    /// Where tokens come from.
    pub accounts_url: BaseUrl,
}

impl Default for Spotify {
    fn default() -> Self {
        Self {
            client_id: None,
            client_secret: None,
            api_url: BaseUrl::known(API),
            accounts_url: BaseUrl::known(ACCOUNTS),
        }
    }
}

impl Spotify {
    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        visit.field("spotify.client_id", &Optional::empty(Identifier), &mut self.client_id);
        visit.field("spotify.client_secret", &Optional::empty(Secret(1..=200)), &mut self.client_secret);
        visit.field("spotify.api_url", &Base::http(API), &mut self.api_url);
        visit.field("spotify.accounts_url", &Base::http(ACCOUNTS), &mut self.accounts_url);
    }
}
