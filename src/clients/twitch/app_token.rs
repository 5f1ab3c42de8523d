//! The app access token (client credentials): fetched when first needed, shared, thrown away when Twitch refuses it.

use super::error::TwitchError;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::Mutex;

#[derive(Debug)]
pub(super) struct AppToken {
    http: reqwest::Client,
    url: String,
    client_id: String,
    client_secret: SecretString,
    token: Mutex<Option<Arc<SecretString>>>,
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: SecretString,
}

impl AppToken {
    pub(super) fn new(
        http: reqwest::Client,
        id_url: &str,
        client_id: &str,
        client_secret: SecretString,
    ) -> Self {
        let url = format!("{id_url}/token");
        Self { http, url, client_id: client_id.to_owned(), client_secret, token: Mutex::new(None) }
    }

    /// The token; the lock makes one fetch of many that ask at once.
    pub(super) async fn get(&self) -> Result<Arc<SecretString>, TwitchError> {
        let mut token = self.token.lock().await;
        if let Some(token) = token.as_ref() {
            return Ok(Arc::clone(token));
        }
        let fresh = Arc::new(self.fetch().await?);
        *token = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// Forgets the token that Twitch refused, unless another task has replaced it meanwhile.
    pub(super) async fn discard(&self, refused: &Arc<SecretString>) {
        let mut token = self.token.lock().await;
        if token.as_ref().is_some_and(|current| Arc::ptr_eq(current, refused)) {
            *token = None;
        }
    }

    async fn fetch(&self) -> Result<SecretString, TwitchError> {
        let form = [
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose_secret()),
            ("grant_type", "client_credentials"),
        ];
        let response = self.http.post(&self.url).form(&form).send().await?;
        let status = response.status().as_u16();
        if status != 200 {
            let message = "check twitch.client_id and twitch.client_secret".to_owned();
            return Err(TwitchError::Status { status, message });
        }
        Ok(response.json::<TokenBody>().await?.access_token)
    }
}
