//! People, their settings and their links.

use crate::base::id::{LinkId, UserId};
use chrono_tz::Tz;
use secrecy::SecretString;
use std::fmt;
use std::str::FromStr;

/// A streamer and their settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Our id.
    pub id: UserId,
    /// Twitch's id, which outlives a change of login.
    pub twitch_id: String,
    /// Twitch login, lower case.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Whether they want to be followed.
    pub enabled: bool,
    /// Who may read the list.
    pub visibility: Visibility,
    /// How many days the list is kept; none keeps it for ever.
    pub retention_days: Option<i64>,
    /// Where their days begin and end.
    pub timezone: Tz,
    /// How long the public waits for what the streamer hears, in seconds.
    pub delay_seconds: i64,
}

/// Who may read a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// The streamer and their moderators.
    Private,
    /// Everybody.
    Public,
}

/// A streamer to be put in, with the tokens of their Spotify account. For one who is known already, what is none here
/// stays as it is.
#[derive(Debug, Clone)]
pub struct NewStreamer {
    /// Twitch's id.
    pub twitch_id: String,
    /// Twitch login, in any case of letters.
    pub login: String,
    /// Display name; the login for a new streamer without one.
    pub name: Option<String>,
    /// Where their days begin and end; UTC for a new streamer without one.
    pub timezone: Option<Tz>,
    /// How many days the list of a new streamer is kept, none keeps it for ever. One who is known has chosen already.
    pub retention_days: Option<u16>,
    /// The Spotify app through which the account was linked.
    pub client_id: String,
    /// Access token; may be expired already.
    pub access_token: SecretString,
    /// Refresh token.
    pub refresh_token: SecretString,
}

/// A streamer's connection to a Spotify account, without its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpotifyLink {
    /// Our id.
    pub id: LinkId,
    /// The Spotify app it was made through: budgets and cooldowns are counted on it.
    pub client_id: String,
    /// Whether it works.
    pub status: LinkStatus,
}

/// Whether a link works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStatus {
    /// It does, as far as we know.
    Connected,
    /// The streamer has to link again.
    ReconnectNeeded,
}

/// A text in the database that is none of the known states.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a known state")]
pub struct UnknownState(String);

macro_rules! states {
    ($type:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $text),* })
            }
        }
        impl FromStr for $type {
            type Err = UnknownState;
            fn from_str(text: &str) -> Result<Self, UnknownState> {
                match text { $($text => Ok(Self::$variant),)* _ => Err(UnknownState(text.to_owned())) }
            }
        }
    };
}

states!(Visibility { Private = "private", Public = "public" });
states!(LinkStatus { Connected = "connected", ReconnectNeeded = "reconnect_needed" });
