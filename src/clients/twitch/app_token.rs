//! The app access token (client credentials): fetched when first needed, shared, thrown away when Twitch refuses it or
//! the app is another one.

use super::error::TwitchError;
use crate::clients::{AppCell, OwnApp};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::Mutex;

#[derive(Debug)]
pub(super) struct AppToken {
    http: reqwest::Client,
    url: String,
    app: AppCell,
    held: Mutex<Option<Held>>,
}

/// A token, and the app that it was given to.
#[derive(Debug)]
struct Held {
    app: Arc<OwnApp>,
    token: Arc<SecretString>,
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: SecretString,
}

impl AppToken {
    pub(super) fn new(http: reqwest::Client, id_url: &str, app: AppCell) -> Self {
        Self { http, url: format!("{id_url}/token"), app, held: Mutex::new(None) }
    }

    /// The token; the lock makes one fetch of many that ask at once.
    pub(super) async fn get(&self) -> Result<Arc<SecretString>, TwitchError> {
        let mut held = self.held.lock().await;
        let app = self.app.get().ok_or(TwitchError::NoApp)?;
        if let Some(held) = held.as_ref().filter(|held| Arc::ptr_eq(&held.app, &app)) {
            return Ok(Arc::clone(&held.token));
        }
        let token = Arc::new(self.fetch(&app).await?);
        *held = Some(Held { app, token: Arc::clone(&token) });
        Ok(token)
    }

    /// Forgets the token that Twitch refused, unless another task has replaced it meanwhile.
    pub(super) async fn discard(&self, refused: &Arc<SecretString>) {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|held| Arc::ptr_eq(&held.token, refused)) {
            *held = None;
        }
    }

    async fn fetch(&self, app: &OwnApp) -> Result<SecretString, TwitchError> {
        let secret = app.client_secret.as_ref().ok_or(TwitchError::NoApp)?;
        let form = [
            ("client_id", app.client_id.as_str()),
            ("client_secret", secret.expose_secret()),
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
