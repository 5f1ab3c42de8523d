//! Every duration of the world is data, so that a test can live through an evening in a second.

use std::time::Duration;

/// How long things take.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Life of a Spotify access token (1 h).
    pub spotify_token: Duration,
    /// Life of a Spotify refresh token, counted from the authorization (half a year).
    pub spotify_refresh: Duration,
    /// Life of a Twitch user token (about 4 h).
    pub twitch_user_token: Duration,
    /// Life of a Twitch app token (about 60 days).
    pub twitch_app_token: Duration,
    /// Life of the refresh token of a public Twitch app, counted from when it was given out (30 days).
    pub twitch_public_refresh: Duration,
    /// Life of an authorization code (10 min).
    pub code: Duration,
    /// Life of a device code (30 min).
    pub device_code: Duration,
    /// How often an app may ask what has become of a device code, in whole seconds (5 s).
    pub device_interval: Duration,
    /// How far Get Streams lags behind the truth (not at all).
    pub streams_lag: Duration,
    /// How long a webhook receiver may take (5 s).
    pub delivery_timeout: Duration,
    /// Wait before the first redelivery; doubled each time (1 s).
    pub delivery_retry: Duration,
    /// How often a message is sent at most (5).
    pub delivery_tries: u32,
    /// Messages in a row that reach nobody until a subscription is given up (10).
    pub delivery_failures: u32,
    /// Silence between keepalives of the `EventSub` `WebSocket`, when set; else what the client asked for.
    pub keepalive: Option<Duration>,
    /// How soon a `WebSocket` must be subscribed (10 s).
    pub socket_unused: Duration,
    /// How long an old `WebSocket` may stay after a reconnect was asked for (30 s).
    pub reconnect_grace: Duration,
    /// How long a hanging answer hangs (2 min).
    pub hang: Duration,
    /// Points a Twitch client may spend in a minute (800).
    pub twitch_points: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            spotify_token: Duration::from_hours(1),
            spotify_refresh: Duration::from_hours(24 * 182),
            twitch_user_token: Duration::from_secs(14_124),
            twitch_app_token: Duration::from_hours(24 * 60),
            twitch_public_refresh: Duration::from_hours(24 * 30),
            code: Duration::from_mins(10),
            device_code: Duration::from_mins(30),
            device_interval: Duration::from_secs(5),
            streams_lag: Duration::ZERO,
            delivery_timeout: Duration::from_secs(5),
            delivery_retry: Duration::from_secs(1),
            delivery_tries: 5,
            delivery_failures: 10,
            keepalive: None,
            socket_unused: Duration::from_secs(10),
            reconnect_grace: Duration::from_secs(30),
            hang: Duration::from_mins(2),
            twitch_points: 800,
        }
    }
}
