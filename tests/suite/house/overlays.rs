//! What streamers do about their overlays, without the pages on which they do it.

use super::House;
use airlog::audit::By;
use airlog::base::id::PresetId;
use airlog::overlay::{NewPreset, Overlays, Preset, PresetError, Source};
use secrecy::{ExposeSecret as _, SecretString};

impl House {
    pub fn overlays(&self) -> &Overlays {
        &self.home().overlays
    }

    /// Gives a streamer a new key for private overlays.
    pub async fn rolls_key(&self, login: &str) -> String {
        let user = self.streamer(login).await;
        let key = self.overlays().roll_key(&By::Streamer, user.id).await.expect("a key");
        key.expose_secret().to_owned()
    }

    /// The login of whoever holds this key.
    pub async fn holder_of(&self, key: &str) -> Option<String> {
        let holder = self.overlays().holder(&SecretString::from(key)).await.expect("an answer")?;
        self.accounts().by_id(holder).await.expect("an answer").map(|user| user.login)
    }

    /// Saves a preset of a streamer's for what plays now.
    pub async fn saves(&self, login: &str, name: &str, query: &str, css: &str) -> Preset {
        self.tries_to_save(login, None, name, query, css).await.expect("a preset")
    }

    /// The same, in place of the one with this id if one is given.
    pub async fn tries_to_save(
        &self,
        login: &str,
        id: Option<PresetId>,
        name: &str,
        query: &str,
        css: &str,
    ) -> Result<Preset, PresetError> {
        let (name, query, css) = (name.to_owned(), query.to_owned(), css.to_owned());
        let new = NewPreset { id, name, source: Source::NowPlaying, query, css };
        self.overlays().save_preset(&By::Streamer, self.streamer(login).await.id, new).await
    }
}
