//! Asking Twitch for webhook subscriptions.

use crate::accounts::User;
use crate::clients::twitch::{Helix, Subscription, TwitchError};
use secrecy::SecretString;

/// The events we want of each streamer, with the version of their shape.
const WANTED: [(&str, &str); 2] = [("stream.online", "1"), ("stream.offline", "1")];

/// Subscribes streamers.
#[derive(Debug, Clone)]
pub struct Subscriber {
    /// Twitch.
    pub helix: Helix,
    /// Where Twitch delivers: the public URL of `/webhooks/twitch`.
    pub callback: String,
    /// What deliveries are signed with: 10 to 100 ASCII characters.
    pub secret: SecretString,
}

impl Subscriber {
    /// Subscribes to a streamer's events; what is subscribed already stays.
    ///
    /// # Errors
    /// When Twitch refuses or does not answer.
    pub async fn subscribe(&self, user: &User) -> Result<(), TwitchError> {
        for (kind, version) in WANTED {
            let (broadcaster_user_id, callback) = (user.twitch_id.as_str(), self.callback.as_str());
            let wanted = Subscription { kind, version, broadcaster_user_id, callback };
            match self.helix.subscribe(&wanted, &self.secret).await {
                Ok(()) | Err(TwitchError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
