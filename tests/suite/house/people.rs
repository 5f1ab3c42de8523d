//! Who streams here: people linked to Spotify.

use super::House;
use airlog::accounts::{NewStreamer, User};
use airlog::base::clock::Clock as _;
use airlog::twins::SPOTIFY_CLIENT_ID;
use chrono_tz::Tz;

impl House {
    /// Puts a streamer in, linked to Spotify.
    pub async fn has_streamer(&self, login: &str) -> User {
        self.has_streamer_in(login, Tz::UTC).await
    }

    /// Puts a streamer in who lives in this time zone.
    pub async fn has_streamer_in(&self, login: &str, timezone: Tz) -> User {
        self.has_streamer_with(login, timezone, SPOTIFY_CLIENT_ID).await
    }

    /// Puts a streamer in who is linked through a Spotify app of their own.
    pub async fn has_streamer_with_app(&self, login: &str, client_id: &str) -> User {
        self.has_streamer_with(login, Tz::UTC, client_id).await
    }

    async fn has_streamer_with(&self, login: &str, timezone: Tz, client_id: &str) -> User {
        let person = self.twins.with(|world, _| world.add_person(login).clone());
        let tokens = self.twins.grant(login);
        let streamer = NewStreamer {
            twitch_id: person.twitch_id,
            login: person.login,
            name: Some(person.name),
            timezone: Some(timezone),
            retention_days: Some(7),
            client_id: client_id.into(),
            access_token: tokens.access_token.into(),
            refresh_token: tokens.refresh_token.expect("a refresh token").into(),
        };
        self.home().accounts.add(&streamer, self.clock.now()).await.expect("a streamer")
    }
}
